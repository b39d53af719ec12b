//! What the store is asked, and what it says to that.

use std::ops::AddAssign;

use certs::Oid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};

use crate::domain::{EventNumber, EventState};

/// Which events an LPA asks for (SGP.22 §5.8.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retrieval {
    /// The eUICC, authenticated.
    pub eid: Eid,
    /// The one event under this EventID; all of the eUICC where it is `None`.
    pub event_id: Option<String>,
    /// Those that have expired by now are not there.
    pub now: Timestamp,
}

/// What became of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registration {
    /// It is stored.
    Stored(EventNumber),
    /// The caller has used this EventID already (SGP.22 §5.9.1).
    InUse,
    /// An earlier call with this EventID is being forwarded just now.
    UnderWay,
}

/// How an event ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Its caller has deleted it; the Root SM-DS does not have it any more, if it had it.
    Deleted,
    /// Those who run the SM-DS have removed it; the Root SM-DS is told later, if it has it.
    Removed,
}

impl Ending {
    /// The state that it leads to.
    pub const fn state(self) -> EventState {
        match self {
            Self::Deleted => EventState::Deleted,
            Self::Removed => EventState::Removed,
        }
    }
}

/// Which events to list; what is `None` is not asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EventFilter {
    /// Those of this eUICC.
    pub eid: Option<Eid>,
    /// Those of this caller.
    pub caller: Option<Oid>,
    /// Those with this EventID, EventID1 of a cascade.
    pub event_id: Option<EventId>,
    /// Those in this state.
    pub state: Option<EventState>,
    /// Those that have not ended.
    pub standing: bool,
    /// Those behind this one.
    pub after: Option<EventNumber>,
    /// At most so many.
    pub limit: u32,
}

/// What has to be kept: what is older than its moment may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// RSP sessions that began before.
    pub sessions: Timestamp,
    /// Event records that ended before; with them goes the memory that their EventIDs were used. `None` keeps them.
    pub ended_events: Option<Timestamp>,
}

/// How much was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pruned {
    /// RSP sessions.
    pub sessions: u64,
    /// Event records.
    pub ended_events: u64,
}

impl AddAssign for Pruned {
    fn add_assign(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.ended_events += other.ended_events;
    }
}

/// How much there is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Event records by state.
    pub events: Vec<(EventState, u64)>,
    /// RSP sessions.
    pub sessions: u64,
    /// Errands to the Root SM-DS.
    pub root_deletions: u64,
}
