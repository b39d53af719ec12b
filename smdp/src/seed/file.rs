//! The shape of a seed file.

use serde::Deserialize;
use toml::Spanned;

pub(crate) use crate::import::metadata::Metadata;

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
    /// Whose profile it is over ES2+.
    pub operator: Option<String>,
    #[serde(default = "generic")]
    pub profile_type: String,
    #[serde(default)]
    pub protection: Protection,
    pub package: Option<Spanned<String>>,
    pub subscriber: Option<Spanned<Subscriber>>,
    #[serde(default)]
    pub metadata: Metadata,
}

fn generic() -> String {
    "generic".to_owned()
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
