//! Any bytes as a tree of TLVs with the names of the objects, for traces and for people with a hex dump.
//!
//! Nothing is refused here and nothing panics: what is not a TLV is shown as bytes. Secrets are not recognised; callers
//! that print do the redaction.

use std::fmt;

use crate::tlv::{self, Tag, TlvError};

/// Levels shown; deeper values are shown as bytes.
const DEPTH: usize = 32;
/// Nodes made at most; what follows is shown as bytes.
const NODES: usize = 20_000;
/// Octets of one value that Display prints.
const SHOWN: usize = 64;

/// One TLV, or bytes that are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The tag; `None` for bytes that are no TLV.
    pub tag: Option<Tag>,
    /// Octets of the value.
    pub len: usize,
    /// The object's name in its specification, where tag and surrounding object tell.
    pub name: Option<&'static str>,
    /// What it holds.
    pub content: Content,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The TLVs in a constructed value.
    Children(Vec<Node>),
    /// The value of a primitive, or of what is not taken apart.
    Bytes(Vec<u8>),
    /// Bytes that do not form a TLV, and why.
    NotTlv(Vec<u8>, TlvError),
}

/// The TLVs that `bytes` consists of.
pub fn tree(bytes: &[u8]) -> Vec<Node> {
    nodes(bytes, None, 0, &mut 0)
}

/// [`tree`] as text, one line per TLV.
pub fn display(bytes: &[u8]) -> String {
    tree(bytes).iter().map(Node::to_string).collect()
}

fn nodes(bytes: &[u8], parent: Option<Tag>, depth: usize, made: &mut usize) -> Vec<Node> {
    let mut list = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        *made += 1;
        match tlv::read(rest) {
            Ok(_) if *made > NODES => {
                list.push(Node {
                    tag: None,
                    len: rest.len(),
                    name: None,
                    content: Content::Bytes(rest.to_vec()),
                });
                break;
            }
            Ok((tlv, behind)) => {
                let content = if tlv.tag.is_constructed() && depth < DEPTH {
                    Content::Children(nodes(tlv.value, Some(tlv.tag), depth + 1, made))
                } else {
                    Content::Bytes(tlv.value.to_vec())
                };
                let name = name(parent, tlv.tag);
                list.push(Node { tag: Some(tlv.tag), len: tlv.value.len(), name, content });
                rest = behind;
            }
            Err(error) => {
                let content = Content::NotTlv(rest.to_vec(), error);
                list.push(Node { tag: None, len: rest.len(), name: None, content });
                break;
            }
        }
    }
    list
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Node {
    fn write(&self, f: &mut fmt::Formatter<'_>, level: usize) -> fmt::Result {
        write!(f, "{:width$}", "", width = level * 2)?;
        match self.tag {
            Some(tag) => write!(f, "{tag} [{}]", self.len)?,
            None => write!(f, "-- [{}]", self.len)?,
        }
        if let Some(name) = self.name {
            write!(f, " {name}")?;
        }
        match &self.content {
            Content::Children(children) => {
                writeln!(f)?;
                children.iter().try_for_each(|child| child.write(f, level + 1))
            }
            Content::Bytes(bytes) => {
                write_value(f, bytes)?;
                writeln!(f)
            }
            Content::NotTlv(bytes, error) => {
                write!(f, " ({error})")?;
                write_value(f, bytes)?;
                writeln!(f)
            }
        }
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    if bytes.is_empty() {
        return Ok(());
    }
    write!(f, ": ")?;
    bytes.iter().take(SHOWN).try_for_each(|octet| write!(f, "{octet:02X}"))?;
    if bytes.len() > SHOWN { write!(f, "…") } else { Ok(()) }
}

/// What an object is called. Tags of the context class mean something only inside their object.
fn name(parent: Option<Tag>, tag: Tag) -> Option<&'static str> {
    let inside = parent.and_then(|parent| member(parent.0, tag.0));
    inside.or_else(|| object(tag.0))
}

fn member(parent: u32, tag: u32) -> Option<&'static str> {
    Some(match (parent, tag) {
        (0xBF23, 0x82) => "remoteOpId",
        (0xBF23 | 0xBF27 | 0xBF39 | 0xBF3A | 0xBF3B | 0xBF41, 0x80) => "transactionId",
        (0xBF23, 0xA6) => "controlRefTemplate",
        (0xA6, 0x80) => "keyType",
        (0xA6, 0x81) => "keyLen",
        (0xA6, 0x84) => "hostId",
        (0xBF36, 0xA0) => "firstSequenceOf87",
        (0xBF36, 0xA1) => "sequenceOf88",
        (0xBF36, 0xA2) => "secondSequenceOf87",
        (0xBF36, 0xA3) => "sequenceOf86",
        (0xBF25 | 0xBF2A | 0xE3, 0x91) => "serviceProviderName",
        (0xBF25 | 0xBF2A | 0xE3, 0x92) => "profileName",
        (0xBF25 | 0xBF2A | 0xE3, 0x93) => "iconType",
        (0xBF25 | 0xBF2A | 0xE3, 0x94) => "icon",
        (0xBF25 | 0xE3, 0x95) => "profileClass",
        (0xBF25 | 0xBF2A | 0xE3, 0xB6) => "notificationConfigurationInfo",
        (0xBF25 | 0xE3, 0xB7) => "profileOwner",
        (0xBF24 | 0xE3, 0xB8) => "dpProprietaryData",
        (0xBF25 | 0xBF2A | 0xE3, 0x99) => "profilePolicyRules",
        (0xBF25 | 0xBF2A | 0xE3, 0xBF22) => "serviceSpecificDataStoredInEuicc",
        (0xBF25, 0xBF23) => "serviceSpecificDataNotStoredInEuicc",
        (0xE3 | 0xBF29, 0x90) => "profileNickname",
        (0xBF20 | 0xBF22 | 0xE0, 0x82) => "svn",
        (0xBF20 | 0xBF22, 0xA9) => "euiccCiPKIdListForVerification",
        (0xBF20 | 0xBF22, 0xAA) => "euiccCiPKIdListForSigning",
        (0xBF22, 0x81) => "profileVersion",
        (0xBF22, 0x83) => "euiccFirmwareVer",
        (0xBF22, 0x84) => "extCardResource",
        (0xBF22, 0x85) => "uiccCapability",
        (0xBF22, 0x86) => "ts102241Version",
        (0xBF22, 0x87) => "globalplatformVersion",
        (0xBF22, 0x88) => "rspCapability",
        (0xBF22, 0x8B) => "euiccCategory",
        (0xBF22, 0x99) => "forbiddenProfilePolicyRules",
        (0xBF22, 0x04) => "ppVersion",
        (0xBF22, 0x0C) => "sasAcreditationNumber",
        (0xBF22, 0xAC) => "certificationDataObject",
        (0xBF2F | 0xBF30, 0x80) => "seqNumber",
        (0xBF2F | 0xBF28, 0x81) => "profileManagementOperation",
        (0xBF2F, 0x0C) => "notificationAddress",
        (0xBF27, 0x06) => "smdpOid",
        (0xBF27, 0xA2) => "finalResult",
        (0xBF2E, 0x80) | (0xBF39, 0x81) => "euiccChallenge",
        (0xBF39, 0x83) => "smdpAddress",
        (0xBF31 | 0xBF32, 0xA0) => "profileIdentifier",
        (0xBF3E, 0x5A) => "eidValue",
        (0xBF3C, 0x80) | (0xBF3F, 0x80) => "defaultDpAddress",
        (0xBF3C, 0x81) => "rootDsAddress",
        _ => return None,
    })
}

fn object(tag: u32) -> Option<&'static str> {
    Some(match tag {
        0x4F => "aid",
        0x5A => "iccid",
        0x5C => "tagList",
        0x6F => "fileControlInformation",
        0x86 => "segment86",
        0x87 => "segment87",
        0x88 => "segment88",
        0xE0 => "ISDRProprietaryApplicationTemplate",
        0xE3 => "ProfileInfo",
        0x5F37 => "signature",
        0x5F49 => "one-time public key",
        0x9F70 => "profileState",
        0xBF20 => "EUICCInfo1",
        0xBF21 => "PrepareDownload",
        0xBF22 => "EUICCInfo2",
        0xBF23 => "InitialiseSecureChannel",
        0xBF24 => "ConfigureISDP",
        0xBF25 => "StoreMetadata",
        0xBF26 => "ReplaceSessionKeys",
        0xBF27 => "profileInstallationResultData",
        0xBF28 => "ListNotification",
        0xBF29 => "SetNickname",
        0xBF2A => "UpdateMetadata",
        0xBF2B => "RetrieveNotificationsList",
        0xBF2D => "GetProfilesInfo",
        0xBF2E => "GetEUICCChallenge",
        0xBF2F => "NotificationMetadata",
        0xBF30 => "RemoveNotificationFromList",
        0xBF31 => "EnableProfile",
        0xBF32 => "DisableProfile",
        0xBF33 => "DeleteProfile",
        0xBF34 => "eUICCMemoryReset",
        0xBF35 => "LoadCRL",
        0xBF36 => "BoundProfilePackage",
        0xBF37 => "ProfileInstallationResult",
        0xBF38 => "AuthenticateServer",
        0xBF39 => "InitiateAuthentication",
        0xBF3A => "GetBoundProfilePackage",
        0xBF3B => "AuthenticateClient",
        0xBF3C => "GetEuiccConfiguredAddresses",
        0xBF3D => "HandleNotification",
        0xBF3E => "GetEID",
        0xBF3F => "SetDefaultDpAddress",
        0xBF40 => "AuthenticateClient (ES11)",
        0xBF41 => "CancelSession",
        0xBF42 => "LpaeActivation",
        0xBF43 => "GetRAT",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        data_encoding::HEXUPPER.decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn objects_and_their_members_are_named() {
        let text = display(&hex("BF2312820101800201025F3703AABBCC5A03112233"));
        assert_eq!(
            text,
            "BF23 [18] InitialiseSecureChannel\n  82 [1] remoteOpId: 01\n  80 [2] transactionId: 0102\n  \
             5F37 [3] signature: AABBCC\n  5A [3] iccid: 112233\n"
        );
    }

    #[test]
    fn bytes_that_are_no_tlv_are_shown_as_they_are() {
        let nodes = tree(&hex("3003020105300580"));
        assert_eq!(nodes.len(), 2);
        assert_eq!(nodes[1].content, Content::NotTlv(hex("300580"), TlvError::Truncated));
        assert!(display(&hex("3080")).contains("indefinite length"));
    }

    #[test]
    fn depth_and_number_of_nodes_are_bounded() {
        let mut nested = Vec::new();
        for _ in 0..1000 {
            nested = tlv::wrap(0x30, &nested);
        }
        assert_eq!(display(&nested).lines().count(), DEPTH + 1);
        let flat = hex("0400").repeat(NODES + 100);
        assert_eq!(tree(&flat).len(), NODES + 1);
    }
}
