//! What an SM-DS deals in: event records and RSP sessions, free of store and interfaces.

mod event;
mod root_deletion;
mod session;
mod state;

pub use event::{EventNumber, EventRecord, NewEvent};
pub use root_deletion::{RootDeletion, RootDeletionNumber};
pub use session::SessionRecord;
pub use state::EventState;
