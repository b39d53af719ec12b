//! Where a card differs from what the specification asks for. Strict is the default; each quirk is data in the card's
//! state.
//!
//! What they do stands in three places: `behaviour` for APDUs, `es10` below for ES10 commands, `card` for what only the
//! card as a whole can do: split an answer, run out of channels, fall silent.

pub(crate) mod es10;
mod known;
mod settings;

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

pub use known::{KNOWN, Quirk, QuirkError};
pub use settings::{Delays, ForcedResult, Function, InstallFailure, PowerLoss, Refresh};

/// The quirks of a card. A card whose quirks are the default is strict.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quirks {
    /// The largest data field it takes, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub max_command_data: Option<NonZeroU8>,
    /// The most response data it gives at once, in bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub max_response_data: Option<NonZeroU8>,
    /// Whether Le has to be exact.
    #[serde(skip_serializing_if = "is_default")]
    pub exact_length: bool,
    /// Whether response data comes at once and whole.
    #[serde(skip_serializing_if = "is_default")]
    pub direct_answers: bool,
    /// How many commands after a reset find it not ready.
    #[serde(skip_serializing_if = "is_default")]
    pub not_ready: u8,
    /// How many selections by name fail after a reset.
    #[serde(skip_serializing_if = "is_default")]
    pub checksum_errors: u8,
    /// The logical channels it has beside the basic one, 3 at most.
    #[serde(skip_serializing_if = "is_default")]
    pub logical_channels: Option<u8>,
    /// Whether it knows nothing of logical channels.
    #[serde(skip_serializing_if = "is_default")]
    pub no_logical_channels: bool,
    /// Whether ES10 is closed to devices that have not sent TERMINAL CAPABILITY.
    #[serde(skip_serializing_if = "is_default")]
    pub terminal_capability_required: bool,
    /// The time it takes.
    #[serde(skip_serializing_if = "is_default")]
    pub delays: Option<Delays>,
    /// What it does when a change of profile asks for a REFRESH.
    #[serde(skip_serializing_if = "is_default")]
    pub refresh: Option<Refresh>,
    /// Whether GetEID answers under tag 80.
    #[serde(skip_serializing_if = "is_default")]
    pub eid_tag_80: bool,
    /// Whether GetEUICCChallenge answers under tag 04.
    #[serde(skip_serializing_if = "is_default")]
    pub challenge_tag_04: bool,
    /// The error code told in place of an empty list of notifications.
    #[serde(skip_serializing_if = "is_default")]
    pub empty_notifications_error: Option<u8>,
    /// Whether the list of profiles stands in a SEQUENCE of its own.
    #[serde(skip_serializing_if = "is_default")]
    pub nested_profiles_info: bool,
    /// Whether GetProfilesInfo takes a criterion without its tag A0.
    #[serde(skip_serializing_if = "is_default")]
    pub bare_search_criterion: bool,
    /// Where in a package it loses power.
    #[serde(skip_serializing_if = "is_default")]
    pub power_loss: Option<PowerLoss>,
    /// Where in a package it gives up.
    #[serde(skip_serializing_if = "is_default")]
    pub install_failure: Option<InstallFailure>,
    /// Results that it gives without doing anything.
    #[serde(skip_serializing_if = "is_default")]
    pub results: Vec<ForcedResult>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Quirks {
    /// Whether the card is strict.
    pub fn are_none(&self) -> bool {
        is_default(self)
    }
}
