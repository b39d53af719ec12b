//! DeleteEvent (SGP.22 §5.9.2, §3.6.3), forwarded to the Root SM-DS where the event was (§5.10.2).

use protocol::es12::{Caller, DeleteEvent, Function};
use protocol::function_call::CallHeader;
use protocol::status::{Refusal, StatusCode};
use service::failure::Failure;

use super::register_event::under_way;
use crate::domain::{EventRecord, EventState};
use crate::root::{RootSmds, in_time};
use crate::server::Smds;
use crate::store::{Ending, Store};

impl<S: Store, R: RootSmds> Smds<S, R> {
    pub(super) async fn delete(&self, caller: &Caller, event: &DeleteEvent) -> Result<(), Failure> {
        let tracer = self.tracer.with_eid(&event.eid);
        // SGP.22 §5.9.2: caller and EventID make the record known; the EID is not compared.
        let record = self.store.event_of_caller(caller.oid.clone(), event.event_id.clone()).await?;
        let record =
            tracer.check("SGP.22 §5.9.2", "the caller has such an event", standing(record, event))?;
        if record.state == EventState::Forwarding {
            // Its lease runs out, and what nobody works on any more is undone.
            return Err(under_way().into());
        }
        self.delete_at_root(&record).await?;
        if !self.store.end_event(record.number, Ending::Deleted, self.clock.now()).await? {
            // Another call has deleted it, or its time has run out, since we looked.
            return Err(unknown(event).into());
        }
        tracer.state("event", &record.state, &EventState::Deleted);
        Ok(())
    }

    /// Before the event is deleted here: if the Root does not do it, the record stays, and the caller tries again.
    async fn delete_at_root(&self, record: &EventRecord) -> Result<(), Failure> {
        let Some(event_id) = &record.forwarded_as else { return Ok(()) };
        let Some(root) = &self.root else {
            let message = "the event is at a Root SM-DS, and this SM-DS is configured without one";
            return Err(Refusal::configuration(message).into());
        };
        let header = CallHeader {
            function_requester_identifier: self.config.requester.clone(),
            function_call_identifier: format!("{event_id}-deleted"),
        };
        let event = DeleteEvent { eid: record.eid, event_id: event_id.clone() };
        let patience = self.config.limits.root_patience;
        let outcome = in_time(patience, root.delete_event(header, event)).await;
        self.metrics.count_root_call(Function::DeleteEvent, &outcome);
        match outcome {
            // SGP.22 §5.9.2: that the Root does not know the event is no error.
            Err(error) if !error.is(StatusCode::EVENT_UNKNOWN) => Err(Refusal::from(error).into()),
            _ => Ok(()),
        }
    }
}

/// A record that its caller can still delete, or whose registration is under way.
fn standing(record: Option<EventRecord>, event: &DeleteEvent) -> Result<EventRecord, Refusal> {
    record.filter(|record| record.ended.is_none()).ok_or_else(|| unknown(event))
}

fn unknown(event: &DeleteEvent) -> Refusal {
    let message = format!("this caller has no event {:?} here", event.event_id.as_str());
    Refusal::incompatible(StatusCode::EVENT_UNKNOWN, message)
}
