//! What the card tells of itself (SGP.22 §5.7.8).

use std::fmt;
use std::str::FromStr;

use asn1::UiccCapability;
use serde::{Deserialize, Serialize};

use super::rules::PolicyRules;

/// The fixed part of EUICCInfo2.
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
    /// Whether LoadCRL is supported (crlSupport of RSPCapability).
    #[serde(default)]
    pub crl: bool,
    /// What is told as UICCCapability; `None`: what the profile package interpreter says of itself. The interpreter
    /// takes the same packages whatever is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uicc_capability: Option<Vec<UiccService>>,
    /// The category, where one is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<Category>,
    /// Rules told as forbidden whatever the Rules Authorisation Table allows.
    #[serde(skip_serializing_if = "PolicyRules::are_none", default)]
    pub forbidden_policy_rules: PolicyRules,
    /// Where the certification of the platform can be looked up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub certification_data: Option<CertificationData>,
    /// What the tamper resistant element is, of SGP.22 v2.4 and later.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tre_properties: Option<TreProperties>,
    /// The product name of the tamper resistant element, of SGP.22 v2.4 and later.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tre_product_reference: Option<String>,
    /// Further versions of the profile package specification, of SGP.22 v2.4 and later.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub additional_profile_versions: Vec<Version>,
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
            crl: true,
            uicc_capability: None,
            category: None,
            forbidden_policy_rules: PolicyRules::default(),
            certification_data: None,
            tre_properties: None,
            tre_product_reference: None,
            additional_profile_versions: Vec::new(),
        }
    }
}

/// euiccCategory (SGP.22 §5.7.8).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// None of the others.
    Other,
    /// A basic eUICC.
    Basic,
    /// A medium eUICC.
    Medium,
    /// A contactless eUICC.
    Contactless,
}

/// certificationDataObject: GlobalPlatform DLOA.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificationData {
    /// The platform's label.
    pub platform_label: String,
    /// Where its registrar is found.
    pub discovery_base_url: String,
}

/// treProperties.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TreProperties {
    /// A chip of its own.
    pub discrete: bool,
    /// Part of another chip.
    pub integrated: bool,
    /// It keeps its data in memory outside.
    pub remote_memory: bool,
}

/// One service of UICCCapability, a bit number; written by its name in the specification, such as `usimSupport`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UiccService(usize);

impl UiccService {
    /// The highest bit that has a name.
    const LAST: usize = UiccCapability::IOTMINIMAL;

    /// The number of the bit.
    pub fn bit(self) -> usize {
        self.0
    }
}

impl TryFrom<String> for UiccService {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let named = |bit: &usize| UiccCapability::bit_name(*bit) == Some(text.as_str());
        let bit = (0..=Self::LAST).find(named);
        bit.map(Self).ok_or_else(|| format!("{text:?} is no service of UICCCapability"))
    }
}

impl From<UiccService> for String {
    fn from(service: UiccService) -> Self {
        UiccCapability::bit_name(service.0).unwrap_or_default().to_owned()
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
