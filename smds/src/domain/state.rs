//! The states of an event record.
//!
//! RegisterEvent makes a record: Registered, or Forwarding until the Root SM-DS has answered. A registration that the Root did
//! not acknowledge leaves no record. Out of Registered lead DeleteEvent, the lifetime of events and the management API; from
//! there nothing leads on: an EventID that was registered is never free again (SGP.22 §3.6.1).

use std::fmt;
use std::str::FromStr;

/// The state of an event record. That there is none, because its EventID was never taken from this caller, is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EventState {
    /// Stored, and being registered at the Root SM-DS. The caller has no answer yet.
    Forwarding,
    /// Registered: the LPA of its eUICC is told of it.
    Registered,
    /// Its caller has deleted it.
    Deleted,
    /// It was older than events may be.
    Expired,
    /// Those who run the SM-DS have removed it.
    Removed,
}

impl EventState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Forwarding, Self::Registered, Self::Deleted, Self::Expired, Self::Removed];

    /// The name in store, logs and management API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forwarding => "Forwarding",
            Self::Registered => "Registered",
            Self::Deleted => "Deleted",
            Self::Expired => "Expired",
            Self::Removed => "Removed",
        }
    }
}

impl fmt::Display for EventState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EventState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or(())
    }
}
