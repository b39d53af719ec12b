//! ES10a addresses.

use serde::{Deserialize, Serialize};

/// Addresses the eUICC is configured with (SGP.22 §5.7.3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredAddresses {
    /// The default SM-DP+, where one is set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub default_smdp: Option<String>,
    /// The default SM-DP+ the card was made with, to which eUICCMemoryReset goes back (SGP.22 §5.7.19).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub initial_default_smdp: Option<String>,
    /// The root SM-DS.
    pub root_smds: String,
}
