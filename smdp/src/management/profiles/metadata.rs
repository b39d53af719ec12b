//! The Profile Metadata in JSON: the table of a seed file or an import, and read by the same code.

use asn1::{Iccid, ProfileClass, Raw};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use service::management::Problem;
use utoipa::ToSchema;

use crate::import::MetadataDefaults;
use crate::import::metadata::Metadata as Table;

/// What the user sees of a profile (SGP.22 §4.4). What is left out has a value that says where it comes from.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMetadata)]
pub(super) struct Metadata {
    #[schema(example = "rsplab")]
    service_provider_name: Option<String>,
    #[schema(example = "Test profile")]
    profile_name: Option<String>,
    /// PNG or JPEG of 64 × 64 pixels in at most 1024 bytes, in base64.
    icon: Option<String>,
    #[serde(default)]
    class: Class,
    profile_owner: Option<Owner>,
    /// They need a `profile_owner`.
    #[serde(default)]
    policy_rules: Vec<PolicyRule>,
    #[serde(default)]
    notifications: Vec<Notification>,
}

/// profileClass.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ProfileClass)]
pub(super) enum Class {
    Test,
    Provisioning,
    #[default]
    Operational,
}

impl Class {
    pub fn of(class: ProfileClass) -> Option<Self> {
        match class {
            ProfileClass::TEST => Some(Self::Test),
            ProfileClass::PROVISIONING => Some(Self::Provisioning),
            ProfileClass::OPERATIONAL => Some(Self::Operational),
            _ => None,
        }
    }
}

/// profileOwner.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileOwner)]
pub(super) struct Owner {
    /// MCC and MNC in digits.
    #[schema(example = "00101")]
    pub mcc_mnc: String,
    /// Hex.
    pub gid1: Option<String>,
    /// Hex.
    pub gid2: Option<String>,
}

/// One of profilePolicyRules.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) enum PolicyRule {
    /// The profile cannot be disabled.
    #[serde(rename = "PPR1")]
    Ppr1,
    /// The profile cannot be deleted.
    #[serde(rename = "PPR2")]
    Ppr2,
}

/// Who is to hear of an operation.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationConfiguration)]
pub(super) struct Notification {
    pub event: Event,
    /// An FQDN, with a port where it is not 443.
    #[schema(example = "smdp.example.com")]
    pub address: String,
}

/// An operation that eUICCs notify of.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = NotificationEvent)]
pub(in crate::management) enum Event {
    Install,
    Enable,
    Disable,
    Delete,
}

impl Metadata {
    /// The StoreMetadataRequest TLV.
    pub fn request(&self, iccid: &Iccid) -> Result<Vec<u8>, Problem> {
        let bad = |field: &str, reason: String| Problem::bad(format!("metadata.{field}"), reason);
        // The same members have the same names and values there.
        let table = toml::to_string(self).map_err(|error| error.to_string());
        let table =
            table.and_then(|table| toml::from_str::<Table>(&table).map_err(|error| error.to_string()));
        let table = table.map_err(|reason| Problem::bad("metadata", reason))?;
        let icon = |_: &str| {
            let text = self.icon.as_deref().unwrap_or_default();
            BASE64.decode(text.as_bytes()).map_err(|_| "this is not base64".to_owned())
        };
        let metadata =
            MetadataDefaults::of(&table, &icon).map_err(|mistake| bad(mistake.field, mistake.reason))?;
        Ok(Raw::new(metadata.request(iccid)).into_bytes())
    }
}
