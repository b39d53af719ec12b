//! InitiateAuthentication (SGP.22 §5.6.1, §5.8.1).

use std::fmt;

use asn1::tlv::wrap;
use asn1::{SubjectKeyIdentifier, VersionType, der};
use protocol::es9plus::Function as Es9Plus;

use super::{asn1_request, told};
use crate::server::euicc::VirtualEuicc;
use crate::server::message::{Function, Message, Value};

/// How InitiateAuthentication is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Initiate {
    /// As it should be.
    Good,
    /// The server's address in upper case.
    UpperCaseAddress,
    /// The address of another server.
    OtherAddress,
    /// An empty address.
    NoAddress,
    /// An eUICC of this version.
    Svn([u8; 3]),
    /// An eUICC that signs below an unknown CI only.
    UnknownCiForSigning,
    /// An eUICC that verifies below an unknown CI only.
    UnknownCiForVerification,
    /// An eUICC that names an unknown CI first, and the known one after it.
    KnownCiSecond,
    /// An eUICC that names no CI at all.
    NoCi,
    /// euiccInfo1 with members that a later version adds.
    UnknownMembers,
    /// A challenge of 15 bytes.
    ShortChallenge,
    /// The challenge of the session before, again.
    SameChallenge,
    /// EUICCInfo2 where EUICCInfo1 is due.
    Info2,
}

/// A CI that nobody knows.
const UNKNOWN_CI: [u8; 20] = [0xC1; 20];

impl Initiate {
    /// The request.
    pub fn message(self, euicc: &VirtualEuicc, address: &str, challenge: [u8; 16]) -> Message {
        let address = match self {
            Self::UpperCaseAddress => address.to_ascii_uppercase(),
            Self::OtherAddress => "smdp.example.invalid".to_owned(),
            Self::NoAddress => String::new(),
            _ => address.to_owned(),
        };
        let length = if self == Self::ShortChallenge { 15 } else { 16 };
        let challenge: Vec<u8> = challenge.iter().copied().take(length).collect();
        let info1 = match self {
            Self::Info2 => der::encode(&euicc.info2()),
            _ => self.info1(euicc),
        };
        let members = [wrap(0x81, &challenge), wrap(0x83, address.as_bytes()), info1.clone()];
        Message {
            function: Function::Es9Plus(Es9Plus::InitiateAuthentication),
            header: None,
            members: vec![
                ("euiccChallenge", Value::Bytes(challenge)),
                ("euiccInfo1", Value::Bytes(info1)),
                ("smdpAddress", Value::Text(address)),
            ],
            asn1: Some(asn1_request(0xBF39, &members)),
        }
    }

    fn info1(self, euicc: &VirtualEuicc) -> Vec<u8> {
        let unknown = || SubjectKeyIdentifier::new(UNKNOWN_CI).unwrap_or_else(|_| euicc.ci.clone());
        let mut info = euicc.info1();
        match self {
            Self::Svn(svn) => info.svn = VersionType::from(svn),
            Self::UnknownCiForSigning => info.euicc_ci_pk_id_list_for_signing = vec![unknown()],
            Self::UnknownCiForVerification => info.euicc_ci_pk_id_list_for_verification = vec![unknown()],
            Self::KnownCiSecond => {
                info.euicc_ci_pk_id_list_for_signing.insert(0, unknown());
                info.euicc_ci_pk_id_list_for_verification.insert(0, unknown());
            }
            Self::NoCi => {
                info.euicc_ci_pk_id_list_for_signing.clear();
                info.euicc_ci_pk_id_list_for_verification.clear();
            }
            _ => {}
        }
        let info = der::encode(&info);
        if self == Self::UnknownMembers { with_later_members(&info) } else { info }
    }
}

/// v3.1 adds euiccRspCapability `88` and highestSvn `93`.
fn with_later_members(info: &[u8]) -> Vec<u8> {
    let value = asn1::tlv::read(info).map_or(&[][..], |(info, _)| info.value);
    wrap(0xBF20, &[value, &wrap(0x88, &[0x05, 0x20]), &wrap(0x93, &[3, 1, 0])].concat())
}

impl fmt::Display for Initiate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let svn;
        let how = match self {
            Self::Good => None,
            Self::UpperCaseAddress => Some("with the address in upper case"),
            Self::OtherAddress => Some("with the address of another server"),
            Self::NoAddress => Some("with an empty address"),
            Self::Svn([major, minor, revision]) => {
                svn = format!("of an eUICC of SGP.22 v{major}.{minor}.{revision}");
                Some(svn.as_str())
            }
            Self::UnknownCiForSigning => Some("of an eUICC that signs below an unknown CI only"),
            Self::UnknownCiForVerification => Some("of an eUICC that verifies below an unknown CI only"),
            Self::KnownCiSecond => Some("of an eUICC that prefers an unknown CI"),
            Self::NoCi => Some("of an eUICC that names no CI"),
            Self::UnknownMembers => Some("with members of a later version in euiccInfo1"),
            Self::ShortChallenge => Some("with a challenge of 15 bytes"),
            Self::SameChallenge => Some("with the challenge of the session before"),
            Self::Info2 => Some("with EUICCInfo2 where EUICCInfo1 is due"),
        };
        told(f, "InitiateAuthentication", how)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_later_version_stand_behind_the_others() {
        let info = wrap(0xBF20, &wrap(0x82, &[2, 2, 2]));
        let more = with_later_members(&info);
        assert_eq!(more[..8], [0xBF, 0x20, 0x0E, 0x82, 3, 2, 2, 2]);
        assert!(der::check(&more, &der::Limits::default()).is_ok());
    }
}
