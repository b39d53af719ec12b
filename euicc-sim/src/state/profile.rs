//! A profile on the card (SGP.22 §2.4.4, §2.4.5).

use std::fmt;
use std::sync::Arc;

use asn1::{Iccid, Raw, StoreMetadataRequest, SubjectKeyIdentifier};
use serde::{Deserialize, Serialize};

use super::hex;
use super::rules::PolicyRules;
use crate::profile_package::Installed;

/// Whether a profile is in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileState {
    /// Not selectable by the device.
    Disabled,
    /// The device's profile.
    Enabled,
}

impl fmt::Display for ProfileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
        })
    }
}

/// The class a profile was given (SGP.22 §2.4.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileClass {
    /// For tests of the device.
    Test,
    /// To fetch other profiles with.
    Provisioning,
    /// For the subscriber.
    Operational,
}

impl ProfileClass {
    /// The class with this number; what StoreMetadata lets through is one of the three (SGP.22 §5.5.3).
    pub(crate) fn of(class: asn1::ProfileClass) -> Self {
        match class {
            asn1::ProfileClass::TEST => Self::Test,
            asn1::ProfileClass::PROVISIONING => Self::Provisioning,
            _ => Self::Operational,
        }
    }

    /// The number of ProfileClass.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Test => 0,
            Self::Provisioning => 1,
            Self::Operational => 2,
        }
    }
}

/// A profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The AID of its ISD-P.
    pub isdp_aid: Aid,
    /// Its ICCID.
    #[serde(with = "hex")]
    pub iccid: Iccid,
    /// Whether it is in use.
    pub state: ProfileState,
    /// Its class.
    pub class: ProfileClass,
    /// The name the user gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nickname: Option<String>,
    /// The eSIM port it is on: 0, the only one there is today.
    pub port: u8,
    /// Its Profile Policy Rules; those of the metadata, as long as none was cleared.
    pub policy_rules: PolicyRules,
    /// The metadata as the SM-DP+ sent it (StoreMetadata, a TLV BF25).
    #[serde(with = "hex")]
    pub metadata: Raw<StoreMetadataRequest>,
    /// SM-DP+ proprietary data of ConfigureISDP, a TLV B8.
    #[serde(with = "hex::option", skip_serializing_if = "Option::is_none", default)]
    pub dp_proprietary_data: Option<Vec<u8>>,
    /// The CI whose eUICC key was used in its download; its notifications are signed with that key (SGP.22 §5.7.10).
    #[serde(with = "hex")]
    pub euicc_ci_pk_id: SubjectKeyIdentifier,
    /// Whether it came by download rather than from the maker of the card.
    pub field_loaded: bool,
    /// Bytes of memory it takes.
    pub size: u32,
    /// What its package made: file system, PINs, keys. Shared between copies of the state until it is written.
    pub installed: Arc<Installed>,
}

/// A change of profile that is decided and not yet carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileChange {
    /// Enable this profile, and disable the one that is enabled.
    Enable(Aid),
    /// Disable this profile.
    Disable(Aid),
}

/// The application identifier of an ISD-P.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Aid(#[serde(with = "hex")] [u8; 16]);

impl Aid {
    /// An AID of these bytes.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The AIDs of ISD-Ps, which differ in the two bytes before the last (SGP.02 annex H). The first, 0010, belongs
    /// to no download on the cards seen.
    pub(crate) fn isd_p_range() -> impl Iterator<Item = Self> {
        (0x0011..=u16::MAX).map(|number| {
            let [high, low] = number.to_be_bytes();
            Self([0xA0, 0, 0, 0x05, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, high, low, 0])
        })
    }
}

impl fmt::Display for Aid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXUPPER.encode(&self.0))
    }
}

impl fmt::Debug for Aid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isd_p_aids_begin_as_those_of_real_cards() {
        let first = Aid::isd_p_range().next().unwrap();
        assert_eq!(first.to_string(), "A0000005591010FFFFFFFF8900001100");
    }
}
