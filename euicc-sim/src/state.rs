//! All that outlives power, as one value.
//!
//! It serialises with serde, binary members as hex. A command works on a copy and the copy replaces the value only
//! once the memory has taken it, so that a command either commits whole or leaves no trace.

mod addresses;
pub(crate) mod hex;
mod identity;
mod information;
mod installation;
mod manufacture;
mod notifications;
mod platform;
mod preload;
mod profile;
mod revocation;
mod rules;
pub mod sealed;

use protocol::types::Eid;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::quirks::Quirks;

pub use addresses::ConfiguredAddresses;
pub use identity::{IdentityRecord, Secret};
pub use information::{Category, CertificationData, Information, TreProperties, UiccService, Version};
pub use installation::{OpenInstallation, RetainedOneTimeKey};
pub use manufacture::{ManufactureError, manufacture};
pub use notifications::{Event, Notification, NotificationStore};
pub use platform::Platform;
pub use preload::{PreloadError, preload};
pub use profile::{Aid, Profile, ProfileChange, ProfileClass, ProfileState};
pub use revocation::RevocationLists;
pub(crate) use revocation::Unwanted;
pub use rules::{Owner, PolicyRules, Rule};

/// The number of the format that this code writes. It reads all from 1: a later one only adds members.
pub const FORMAT: u32 = 2;

/// The state of one card.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardState {
    /// The format of this value; a newer one is refused by name.
    pub format: Format,
    /// The eUICC identifier.
    pub eid: Eid,
    /// The eUICC's key and certificates under each CI, most preferred first (SGP.22 §2.4.2).
    pub identities: Vec<IdentityRecord>,
    /// The certificates of the CIs whose servers are believed, most preferred first; DER as hex.
    #[serde(with = "hex::list")]
    pub trusted_ci_certificates: Vec<Vec<u8>>,
    /// What its maker fixed below the eUICC: answer to reset, names of the ISD-R.
    #[serde(default)]
    pub platform: Platform,
    /// Where it differs from what the specification asks for; nowhere, unless somebody said so.
    #[serde(skip_serializing_if = "Quirks::are_none", default)]
    pub quirks: Quirks,
    /// What EUICCInfo1 and EUICCInfo2 tell beside keys and memory.
    pub information: Information,
    /// Addresses an LPA asks for.
    pub addresses: ConfiguredAddresses,
    /// Revoked certificates, as LoadCRL brought them.
    #[serde(skip_serializing_if = "RevocationLists::is_empty", default)]
    pub revocation: RevocationLists,
    /// The Rules Authorisation Table, in order (SGP.22 §2.9.2); empty means that every Profile Policy Rule is forbidden.
    pub rules_authorisation_table: Vec<Rule>,
    /// The profiles, in order of installation.
    pub profiles: Vec<Profile>,
    /// Installation results and other notifications that wait for an LPA.
    pub notifications: NotificationStore,
    /// Bytes of memory for profiles, used or not.
    pub memory_size: u32,
    /// The operational profile that was enabled before a test profile was (SGP.22 §5.7.16).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operational_before_test: Option<Aid>,
    /// A change of profile that waits for the terminal's REFRESH or a reset (SGP.22 §5.7.16).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pending_change: Option<ProfileChange>,
    /// The one-time key of a session that was prepared and not used up (SGP.22 §5.7.7).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retained_one_time_key: Option<RetainedOneTimeKey>,
    /// An installation that has begun and is not concluded; found at power-up, it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub open_installation: Option<OpenInstallation>,
}

impl CardState {
    /// The profile that is enabled, if any.
    pub fn enabled_profile(&self) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.state == ProfileState::Enabled)
    }

    /// The profile that is enabled, to be changed.
    pub(crate) fn enabled_profile_mut(&mut self) -> Option<&mut Profile> {
        self.profiles.iter_mut().find(|profile| profile.state == ProfileState::Enabled)
    }

    /// The profile with this AID.
    pub fn profile(&self, aid: &Aid) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.isdp_aid == *aid)
    }

    /// The profile with this AID, to be changed.
    pub(crate) fn profile_mut(&mut self, aid: &Aid) -> Option<&mut Profile> {
        self.profiles.iter_mut().find(|profile| profile.isdp_aid == *aid)
    }

    /// Bytes left for profiles and revocation lists.
    pub fn free_memory(&self) -> u32 {
        let free = self.memory_size.saturating_sub(self.revocation.size());
        self.profiles.iter().fold(free, |free, profile| free.saturating_sub(profile.size))
    }

    /// The AID the next ISD-P gets: the lowest that no profile has (SGP.02 annex H gives the range).
    pub(crate) fn free_isdp_aid(&self) -> Option<Aid> {
        Aid::isd_p_range().find(|aid| self.profile(aid).is_none())
    }
}

/// The format number of a serialised state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Format(());

impl Format {
    /// The format this code writes.
    pub const CURRENT: Self = Self(());
}

impl TryFrom<u32> for Format {
    type Error = StateError;

    fn try_from(number: u32) -> Result<Self, StateError> {
        match number {
            1..=FORMAT => Ok(Self::CURRENT),
            newer if newer > FORMAT => Err(StateError::NewerFormat(newer)),
            other => Err(StateError::UnknownFormat(other)),
        }
    }
}

impl From<Format> for u32 {
    fn from(_: Format) -> Self {
        FORMAT
    }
}

/// Our configuration: why a value cannot be the state of a card.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// Written by a later version of this program.
    #[error(
        "the card state has format {0}, this program knows format {FORMAT} and older: use a newer program"
    )]
    NewerFormat(u32),
    /// Never written by any version of this program.
    #[error("the card state has format {0}, which does not exist")]
    UnknownFormat(u32),
    /// No key to sign with.
    #[error("the card state holds no eUICC key")]
    NoIdentity,
    /// A certificate cannot be read.
    #[error("{what} of the card state cannot be read: {source}")]
    Certificate {
        /// Which one.
        what: &'static str,
        /// Why.
        source: certs::CertError,
    },
    /// A key cannot be used.
    #[error("an eUICC key of the card state cannot be used: {0}")]
    Key(#[from] crypto::CryptoError),
    /// A key and a certificate do not belong together.
    #[error("an eUICC key of the card state does not belong to its certificate")]
    KeyMismatch,
    /// A certificate that is trusted as a CI's is none.
    #[error("a CI certificate of the card state cannot be trusted: {0}")]
    CiCertificate(Box<certs::Reason>),
    /// An EUM certificate that names no issuer's key leads to no CI.
    #[error("an EUM certificate of the card state does not name the key that signed it")]
    NoIssuer,
    /// More than one profile is enabled.
    #[error("the card state has more than one enabled profile")]
    SeveralEnabled,
}
