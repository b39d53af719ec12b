//! Event records (SGP.22 §3.6.1).

use std::fmt;

use certs::Oid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId, ServerAddress};

use super::EventState;

/// The store's number of an event record. Later ones have higher numbers: an LPA gets its events in this order (SGP.22
/// §3.6.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventNumber(pub i64);

impl fmt::Display for EventNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An event that is to be registered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEvent {
    /// Who registers it: the OID of its TLS certificate. Nobody else may delete it.
    pub caller: Oid,
    /// The eUICC.
    pub eid: Eid,
    /// The caller's name for the event, EventID1 of a cascade.
    pub event_id: EventId,
    /// Where the LPA finds the event.
    pub rsp_server_address: ServerAddress,
    /// EventID2, if the event is to be registered at the Root SM-DS too: never used before.
    pub forwarded_as: Option<EventId>,
    /// When it comes.
    pub at: Timestamp,
    /// Until when the Root SM-DS has time to answer; whoever finds the record unanswered after that undoes it.
    pub forward_until: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
}

/// An event as the store keeps it. Its row outlives the event, so that its EventID is not taken again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRecord {
    /// The store's number.
    pub number: EventNumber,
    /// Who registered it.
    pub caller: Oid,
    /// The eUICC.
    pub eid: Eid,
    /// The caller's name for it.
    pub event_id: EventId,
    /// Where the LPA finds it.
    pub rsp_server_address: ServerAddress,
    /// EventID2, under which it is known at the Root SM-DS.
    pub forwarded_as: Option<EventId>,
    /// How far it has come.
    pub state: EventState,
    /// When it came.
    pub registered: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it was deleted, or expired.
    pub ended: Option<Timestamp>,
}
