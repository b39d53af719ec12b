//! What the store asks of its data base: one SQL that both understand, written once.
//!
//! Each function of [`Store`](super::Store) is a function here, over any [`Transaction`]. Placeholders are `$1`, `$2` …;
//! numbers are 64-bit integers, times milliseconds since the Unix epoch.

mod events;
mod operation;
mod root_deletions;
mod sessions;

pub use self::events::{
    end_event, event, event_forwarded, event_of_caller, events, register_event, sweep_events, undo_event,
};
pub use self::operation::{adopt_root, check_writable, counts, prune};
pub use self::root_deletions::{
    add_root_deletion, claim_root_deletions, root_deletion_done, root_deletion_failed, root_deletions,
};
pub use self::sessions::{end_session, open_session, retrieve_events, session};

/// The functions of [`Store`](super::Store), for a back end: first those that it has to run in a transaction each, then those that
/// write by one statement which may be executed twice, then those that look something up by one statement, then those that read
/// much and may take long.
macro_rules! store_functions {
    ($run:ident) => {
        $run! {{
            end_session(transaction_id: TransactionId) -> bool;
            retrieve_events(transaction_id: TransactionId, retrieval: Retrieval) -> Option<Vec<EventRecord>>;
            register_event(event: NewEvent) -> Registration;
            event_forwarded(number: EventNumber) -> ();
            undo_event(number: EventNumber, now: Timestamp, given_up: Option<Timestamp>) -> bool;
            end_event(number: EventNumber, ending: Ending, now: Timestamp) -> bool;
            sweep_events(now: Timestamp) -> u64;
            add_root_deletion(eid: Eid, event_id: EventId, now: Timestamp) -> ();
            claim_root_deletions(now: Timestamp, until: Timestamp, limit: u32) -> Vec<RootDeletion>;
            root_deletion_done(number: RootDeletionNumber) -> ();
            root_deletion_failed(number: RootDeletionNumber, next: Timestamp) -> ();
            adopt_root(root: Option<ServerAddress>) -> Option<ServerAddress>;
            prune(retention: Retention) -> Pruned;
        } {
            open_session(session: SessionRecord) -> ();
            check_writable() -> ();
        } {
            session(transaction_id: TransactionId) -> Option<SessionRecord>;
            event_of_caller(caller: Oid, event_id: EventId) -> Option<EventRecord>;
            event(number: EventNumber) -> Option<EventRecord>;
        } {
            events(filter: EventFilter) -> Vec<EventRecord>;
            root_deletions(after: Option<RootDeletionNumber>, limit: u32) -> Vec<RootDeletion>;
            counts() -> Counts;
        }}
    };
}
pub(super) use store_functions;
