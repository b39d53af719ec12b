//! The shape of a table of metadata.

use serde::Deserialize;
use toml::Spanned;

/// What the user sees of the profile.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metadata {
    pub service_provider_name: Option<Spanned<String>>,
    pub profile_name: Option<Spanned<String>>,
    /// The name of an image file.
    pub icon: Option<Spanned<String>>,
    #[serde(default)]
    pub class: Class,
    pub profile_owner: Option<Owner>,
    pub policy_rules: Option<Spanned<Vec<PolicyRule>>>,
    #[serde(default)]
    pub notifications: Vec<Notification>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    Test,
    Provisioning,
    #[default]
    Operational,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Owner {
    /// MCC and MNC in digits, `00101` or `001001`.
    pub mcc_mnc: Spanned<String>,
    pub gid1: Option<Spanned<String>>,
    pub gid2: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Deserialize)]
pub(crate) enum PolicyRule {
    #[serde(rename = "PPR1")]
    Ppr1,
    #[serde(rename = "PPR2")]
    Ppr2,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notification {
    pub event: Event,
    pub address: Spanned<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Event {
    Install,
    Enable,
    Disable,
    Delete,
}
