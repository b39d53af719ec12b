//! Where event records, RSP sessions and errands to the Root SM-DS are kept.
//!
//! The trait speaks the words of the domain; what has to be atomic is written beside each function. Every function that
//! changes something returns when the change is durable: only then does the server answer.
//!
//! Two data bases stand behind it. What is asked of them is the same SQL, in `sql`; `sqlite` and `postgres` only run it.

mod postgres;
mod query;
mod sql;
mod sqlite;

use std::future::Future;

use asn1::TransactionId;
use certs::Oid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId, ServerAddress};

use crate::domain::{EventNumber, EventRecord, NewEvent, RootDeletion, RootDeletionNumber, SessionRecord};

pub use postgres::PostgresStore;
pub use query::{Counts, Ending, EventFilter, Pruned, Registration, Retention, Retrieval};
pub use service::database::StoreError;
pub use sqlite::SqliteStore;

/// The store of an SM-DS.
pub trait Store: Send + Sync + 'static {
    // ---- sessions ------------------------------------------------------------------------------------------------

    /// Opens a session. One whose TransactionID exists is [`StoreError::Taken`].
    fn open_session(&self, session: SessionRecord) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The session of a TransactionID.
    fn session(
        &self,
        transaction_id: TransactionId,
    ) -> impl Future<Output = Result<Option<SessionRecord>, StoreError>> + Send;

    /// Ends a session without telling any events; whether there was one.
    fn end_session(
        &self,
        transaction_id: TransactionId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Ends a session and gives the events that its eUICC asks for, in the order in which they were registered (SGP.22
    /// §5.8.2). `None` where the session has ended already.
    ///
    /// Atomic: of two AuthenticateClient in one session one is answered.
    fn retrieve_events(
        &self,
        transaction_id: TransactionId,
        retrieval: Retrieval,
    ) -> impl Future<Output = Result<Option<Vec<EventRecord>>, StoreError>> + Send;

    // ---- event records -------------------------------------------------------------------------------------------

    /// Stores an event: Registered, or Forwarding if it has an EventID2.
    ///
    /// Atomic: of several registrations of one EventID by one caller, one is taken. One that was forwarded, and that nobody
    /// works on any more, is undone in the same commit.
    fn register_event(
        &self,
        event: NewEvent,
    ) -> impl Future<Output = Result<Registration, StoreError>> + Send;

    /// The Root SM-DS has registered an event: Forwarding becomes Registered. [`StoreError::Conflict`] where it was undone
    /// meanwhile.
    fn event_forwarded(&self, number: EventNumber) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Undoes an event in state Forwarding; whether it was in that state. Its EventID is free again. If the Root SM-DS may
    /// have registered it, `given_up` says when its answer was waited for no more, and an errand deletes it there.
    ///
    /// Atomic; nothing is done where it is in another state.
    fn undo_event(
        &self,
        number: EventNumber,
        now: Timestamp,
        given_up: Option<Timestamp>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The event that a caller has registered under this EventID, whatever became of it.
    fn event_of_caller(
        &self,
        caller: Oid,
        event_id: EventId,
    ) -> impl Future<Output = Result<Option<EventRecord>, StoreError>> + Send;

    /// Ends a Registered event; whether it was one. Its EventID stays taken.
    ///
    /// Atomic, also with the errand to the Root SM-DS, where the ending needs one.
    fn end_event(
        &self,
        number: EventNumber,
        ending: Ending,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Undoes registrations that nobody works on any more and ends events whose time has run out, a thousand of each at
    /// most; how many that were.
    ///
    /// Atomic, with the errands to the Root SM-DS.
    fn sweep_events(&self, now: Timestamp) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// One event.
    fn event(
        &self,
        number: EventNumber,
    ) -> impl Future<Output = Result<Option<EventRecord>, StoreError>> + Send;

    /// Events, in the order of their numbers.
    fn events(
        &self,
        filter: EventFilter,
    ) -> impl Future<Output = Result<Vec<EventRecord>, StoreError>> + Send;

    // ---- errands to the Root SM-DS -------------------------------------------------------------------------------

    /// One more errand: an event that the Root SM-DS may have, and that is not here.
    fn add_root_deletion(
        &self,
        eid: Eid,
        event_id: EventId,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes errands that are due, at most `limit`: nobody else gets them until `until`.
    ///
    /// Atomic: of several nodes, one takes an errand.
    fn claim_root_deletions(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<RootDeletion>, StoreError>> + Send;

    /// Errands, in the order of their numbers.
    fn root_deletions(
        &self,
        after: Option<RootDeletionNumber>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<RootDeletion>, StoreError>> + Send;

    /// The Root SM-DS does not have the event any more.
    fn root_deletion_done(
        &self,
        number: RootDeletionNumber,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// It is tried again at `next`.
    fn root_deletion_failed(
        &self,
        number: RootDeletionNumber,
        next: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    // ---- operation -----------------------------------------------------------------------------------------------

    /// Notes which Root SM-DS this is an Alternative of, if it is one. Where another one was noted that may still have events
    /// of this store, nothing is noted, and that one is given: nobody would delete them there any more.
    ///
    /// Atomic.
    fn adopt_root(
        &self,
        root: Option<ServerAddress>,
    ) -> impl Future<Output = Result<Option<ServerAddress>, StoreError>> + Send;

    /// Removes some of what is older than it has to be kept, a thousand of each kind at most; nothing is left where it
    /// removes nothing.
    fn prune(&self, retention: Retention) -> impl Future<Output = Result<Pruned, StoreError>> + Send;

    /// How much there is, for metrics.
    fn counts(&self) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// Whether the store can be written to.
    fn check_writable(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
