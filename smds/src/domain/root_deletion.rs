//! What is still to be deleted at the Root SM-DS.

use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};

/// The store's number of an errand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RootDeletionNumber(pub i64);

/// An errand: an event that the Root SM-DS may have, and that is no longer here. It is deleted there, however often that has
/// to be tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RootDeletion {
    /// The store's number.
    pub number: RootDeletionNumber,
    /// The eUICC.
    pub eid: Eid,
    /// EventID2.
    pub event_id: EventId,
    /// Since then nobody waits any more for a registration at the Root SM-DS. One that was sent may still arrive for a while:
    /// as long, that the Root does not know the event means nothing.
    pub given_up: Timestamp,
    /// When it is tried next; while it is being tried, when that counts as given up.
    pub due: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}
