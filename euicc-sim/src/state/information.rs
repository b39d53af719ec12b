//! What the card tells of itself (SGP.22 §5.7.8).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The fixed part of EUICCInfo2. UICCCapability is what the profile package interpreter says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Information {
    /// The version of SGP.22 supported.
    pub svn: Version,
    /// The version of the profile package specification supported.
    pub profile_version: Version,
    /// The firmware.
    pub firmware_version: Version,
    /// The version of ETSI TS 102 241, where Java Card is supported.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ts102241_version: Option<Version>,
    /// The version of the GlobalPlatform Card Specification.
    pub globalplatform_version: Version,
    /// The version of the GSMA protection profile the card was certified against.
    pub protection_profile_version: Version,
    /// The SAS accreditation number of the EUM, at most 64 characters.
    pub sas_accreditation_number: String,
    /// Free volatile memory told in extCardResource, bytes.
    pub free_volatile_memory: u32,
}

impl Default for Information {
    fn default() -> Self {
        Self {
            svn: Version([2, 2, 2]),
            profile_version: Version([2, 3, 1]),
            firmware_version: Version([1, 0, 0]),
            ts102241_version: None,
            globalplatform_version: Version([2, 3, 0]),
            protection_profile_version: Version([0, 0, 1]),
            sas_accreditation_number: "RSPLAB-TEST-0001".to_owned(),
            free_volatile_memory: 5_856,
        }
    }
}

/// Major, minor and revision; written `2.2.2`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(pub [u8; 3]);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, revision] = self.0;
        write!(f, "{major}.{minor}.{revision}")
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<u8>, _> = text.split('.').map(str::parse).collect();
        let version = numbers.ok().and_then(|numbers| numbers.try_into().ok());
        version.map(Self).ok_or_else(|| format!("{text:?} is not a version such as 2.2.2"))
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}
