//! Elements of which a file-system card needs little: header decoded, contents kept.

use super::element::ElementKind;
use super::header::PeHeader;
use super::members::{ElementError, Member};
use crate::SecretOctets;
use crate::tlv;

/// `cdmaParameter`, `securityDomain`, `rfm`, `application` or `nonStandard`.
///
/// The contents hold keys, so they are not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherElement {
    /// Which element it is.
    pub kind: ElementKind,
    /// Its PEHeader.
    pub header: PeHeader,
    /// The members after the PEHeader, a row of well-formed TLVs.
    pub content: SecretOctets,
}

/// `[APPLICATION 15]`: an application identifier.
const AID: u32 = 0x4F;

impl OtherElement {
    pub(super) fn read(kind: ElementKind, member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "the PEHeader")?)?;
        let mut content = Vec::new();
        while let Some(member) = members.next()? {
            member.check_all()?;
            content.extend_from_slice(member.tlv.raw);
        }
        Ok(Self { kind, header, content: SecretOctets::from(content) })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        out.extend_from_slice(self.content.bytes());
    }

    /// AIDs of the instances that the element creates: of the security domain, of the applications, of the RFM
    /// application.
    pub fn instance_aids(&self) -> Vec<Vec<u8>> {
        match self.kind {
            // instance [1] ApplicationInstance
            ElementKind::SecurityDomain => tlv::find(self.content.bytes(), 0xA1)
                .and_then(|instance| instance_aid(instance.value))
                .into_iter()
                .collect(),
            // instanceList [2] SEQUENCE OF ApplicationInstance
            ElementKind::Application => tlv::find(self.content.bytes(), 0xA2)
                .into_iter()
                .flat_map(|list| tlv::children(list.value).map_while(Result::ok))
                .filter_map(|instance| instance_aid(instance.value))
                .collect(),
            // instanceAID is the first of its two AIDs.
            ElementKind::Rfm => aids(self.content.bytes()).take(1).collect(),
            _ => Vec::new(),
        }
    }

    /// AID of the load package that an application element carries.
    pub fn load_package_aid(&self) -> Option<Vec<u8>> {
        // loadBlock [1] ApplicationLoadPackage
        let block =
            tlv::find(self.content.bytes(), 0xA1).filter(|_| self.kind == ElementKind::Application)?;
        aids(block.value).next()
    }

    /// `authenticationKey`: the A-key of a CDMA element.
    pub fn cdma_authentication_key(&self) -> Option<SecretOctets> {
        let key =
            tlv::find(self.content.bytes(), 0x81).filter(|_| self.kind == ElementKind::CdmaParameter)?;
        Some(SecretOctets::from(key.value.to_vec()))
    }
}

/// ApplicationInstance names load package, class and instance, in this order.
fn instance_aid(instance: &[u8]) -> Option<Vec<u8>> {
    aids(instance).nth(2)
}

fn aids(value: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    tlv::children(value)
        .map_while(Result::ok)
        .filter(|tlv| tlv.tag.0 == AID && (5..=16).contains(&tlv.value.len()))
        .map(|tlv| tlv.value.to_vec())
}
