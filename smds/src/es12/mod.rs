//! ES12 and ES15 as this SM-DS offers them (SGP.22 §5.9, §5.10): one file per function.
//!
//! An event belongs to the OID in its caller's TLS certificate. A call that comes again is a second call: SGP.22 §5.9.1
//! answers it with 8.9.5/3.3, by which its caller knows that the first has arrived.

mod delete_event;
mod register_event;

use protocol::es12::{Caller, DeleteEvent, Es12, Function, RegisterEvent};
use protocol::function_call::{Call, CallHeader};
use protocol::status::Refusal;
use protocol::types::{Eid, EventId};
use service::failure::until_undisturbed;
use service::observe::observed;
use tracing::{Instrument, Span};

use crate::root::RootSmds;
use crate::server::Smds;
use crate::store::Store;

/// What stands on every line of the log that a call leads to.
fn span(function: Function, caller: &Caller, header: &CallHeader, eid: &Eid, event_id: &EventId) -> Span {
    tracing::error_span!(
        "ES12",
        function = function.name(),
        caller = %caller,
        // The caller's own text.
        call = ?header.function_call_identifier,
        eid = %eid,
        event_id = ?event_id.as_str(),
    )
}

impl<S: Store, R: RootSmds> Es12 for Smds<S, R> {
    async fn register_event(&self, caller: &Caller, call: Call<RegisterEvent>) -> Result<(), Refusal> {
        let event = &call.content;
        let span = span(Function::RegisterEvent, caller, &call.header, &event.eid, &event.event_id);
        let work = until_undisturbed(|| self.register(caller, event));
        observed(&*self.metrics, Function::RegisterEvent, work).instrument(span).await
    }

    async fn delete_event(&self, caller: &Caller, call: Call<DeleteEvent>) -> Result<(), Refusal> {
        let event = &call.content;
        let span = span(Function::DeleteEvent, caller, &call.header, &event.eid, &event.event_id);
        let work = until_undisturbed(|| self.delete(caller, event));
        observed(&*self.metrics, Function::DeleteEvent, work).instrument(span).await
    }
}
