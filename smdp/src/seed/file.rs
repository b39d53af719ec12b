//! The shape of a seed file.

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub order: Vec<Spanned<Entry>>,
}

/// One order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub iccid: Spanned<String>,
    pub matching_id: Option<Spanned<String>>,
    pub eid: Option<Spanned<String>>,
    pub confirmation_code: Option<Spanned<String>>,
    pub expires: Option<Spanned<toml::value::Datetime>>,
    #[serde(default)]
    pub protection: Protection,
    pub package: Option<Spanned<String>>,
    pub subscriber: Option<Spanned<Subscriber>>,
    #[serde(default)]
    pub metadata: Metadata,
}

/// Which keys protect the profile elements.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    #[default]
    SessionKeys,
    ProfileProtectionKeys,
}

/// The data of the built-in profile template.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscriber {
    pub imsi: Spanned<String>,
    pub ki: Spanned<String>,
    pub opc: Spanned<String>,
}

/// What the user sees of the profile.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    pub service_provider_name: Option<Spanned<String>>,
    pub profile_name: Option<Spanned<String>>,
    #[serde(default)]
    pub class: Class,
    pub profile_owner: Option<Owner>,
    #[serde(default)]
    pub policy_rules: Vec<PolicyRule>,
    #[serde(default)]
    pub notifications: Vec<Notification>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    Test,
    Provisioning,
    #[default]
    Operational,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// MCC and MNC in digits, `00101` or `001001`.
    pub mcc_mnc: Spanned<String>,
    pub gid1: Option<Spanned<String>>,
    pub gid2: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Deserialize)]
pub enum PolicyRule {
    #[serde(rename = "PPR1")]
    Ppr1,
    #[serde(rename = "PPR2")]
    Ppr2,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    pub event: Event,
    pub address: Spanned<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    Install,
    Enable,
    Disable,
    Delete,
}
