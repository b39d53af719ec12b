//! RegisterEvent (SGP.22 §5.9.1, §3.6.1), and its way on to the Root SM-DS (§3.6.1.2, §5.10.1).

use data_encoding::BASE32_NOPAD;
use protocol::es12::{Caller, CallerKind, Function, RegisterEvent};
use protocol::function_call::CallHeader;
use protocol::status::{Fault, Refusal, StatusCode};
use protocol::types::{Eid, EventId};
use service::failure::Failure;

use crate::domain::{EventNumber, NewEvent};
use crate::root::{RootError, RootSmds, in_time};
use crate::server::Smds;
use crate::store::{Registration, Store, StoreError};

impl<S: Store, R: RootSmds> Smds<S, R> {
    pub(super) async fn register(&self, caller: &Caller, event: &RegisterEvent) -> Result<(), Failure> {
        let tracer = self.tracer.with_eid(&event.eid);
        tracer.check("SGP.22 §5.9.1", "the event is at another server", self.is_elsewhere(event))?;
        let root = self.root.as_deref().filter(|_| is_forwarded(caller, event));
        let forwarded_as = root.map(|_| self.new_event_id()).transpose()?;
        let now = self.clock.now();
        let new = NewEvent {
            caller: caller.oid.clone(),
            eid: event.eid,
            event_id: event.event_id.clone(),
            rsp_server_address: event.rsp_server_address.clone(),
            forwarded_as: forwarded_as.clone(),
            at: now,
            forward_until: self.config.limits.forward_until(now),
            expires: self.config.limits.event_end(now),
        };
        let registration = self.store.register_event(new).await?;
        let number = stored(registration, caller, event);
        let number = tracer.check("SGP.22 §5.9.1", "the caller has not used the EventID", number)?;
        match root.zip(forwarded_as) {
            None => tracer.state("event", &"none", &"Registered"),
            Some((root, event_id)) => {
                tracer.state("event", &"none", &"Forwarding");
                match self.forward(root, number, event.eid, event_id).await {
                    Ok(()) => tracer.state("event", &"Forwarding", &"Registered"),
                    Err(failure) => {
                        tracer.state("event", &"Forwarding", &"none");
                        return Err(failure);
                    }
                }
            }
        }
        Ok(())
    }

    /// An event that an LPA would have to look for here would lead it in a circle.
    fn is_elsewhere(&self, event: &RegisterEvent) -> Result<(), Refusal> {
        if event.rsp_server_address != self.config.address {
            return Ok(());
        }
        let message = "rspServerAddress: it is this SM-DS, which has no more to tell about the event";
        Err(Refusal::misbehaved(StatusCode::INVALID_PARAMETER, message))
    }

    /// Registers a stored event at the Root; if that fails, the record goes, and what the Root may have of it.
    async fn forward(
        &self,
        root: &R,
        number: EventNumber,
        eid: Eid,
        event_id: EventId,
    ) -> Result<(), Failure> {
        let header = CallHeader {
            function_requester_identifier: self.config.requester.clone(),
            function_call_identifier: format!("{event_id}-registered"),
        };
        let event = RegisterEvent {
            eid,
            // SGP.22 §3.6.1.2 step 5: the LPA comes here first, with EventID2.
            rsp_server_address: self.config.address.clone(),
            event_id: event_id.clone(),
            forwarding_indicator: false,
        };
        let patience = self.config.limits.root_patience;
        let outcome = in_time(patience, root.register_event(header, event)).await;
        self.metrics.count_root_call(Function::RegisterEvent, &outcome);
        match outcome {
            Ok(()) => match self.store.event_forwarded(number).await {
                // It took so long that somebody else has undone the record.
                Err(StoreError::Conflict) => {
                    self.store.add_root_deletion(eid, event_id, self.clock.now()).await?;
                    Err(Refusal::from(RootError::Unknown("it took too long".to_owned())).into())
                }
                other => Ok(other?),
            },
            Err(error) => {
                let now = self.clock.now();
                let given_up = error.may_be_registered().then_some(now);
                let undone = self.store.undo_event(number, now, given_up).await?;
                if !undone && given_up.is_some() {
                    self.store.add_root_deletion(eid, event_id, now).await?;
                }
                Err(Refusal::from(error).into())
            }
        }
    }

    /// EventID2: 100 random bits, so never one that was there before (SGP.22 §3.6.1.2).
    fn new_event_id(&self) -> Result<EventId, Failure> {
        let text: String = BASE32_NOPAD.encode(&self.random::<13>()).chars().take(20).collect();
        text.parse().map_err(|_| Failure::Conflict)
    }
}

/// Whether it goes on to a Root SM-DS, where there is one. From an Alternative SM-DS this one *is* the Root, and ignores the
/// indicator (SGP.22 §3.6.1.1): so an event goes on once, whichever way SM-DSs are connected.
fn is_forwarded(caller: &Caller, event: &RegisterEvent) -> bool {
    event.forwarding_indicator && caller.kind == CallerKind::Smdp
}

fn stored(
    registration: Registration,
    caller: &Caller,
    event: &RegisterEvent,
) -> Result<EventNumber, Refusal> {
    match registration {
        Registration::Stored(number) => Ok(number),
        Registration::InUse => Err(Refusal::incompatible(
            StatusCode::EVENT_IN_USE,
            format!("{caller} has used the EventID {:?} already", event.event_id.as_str()),
        )),
        Registration::UnderWay => Err(under_way()),
    }
}

/// An earlier call for the same event waits for the Root: nobody can tell yet what becomes of it.
pub(super) fn under_way() -> Refusal {
    let message = "the event is just being registered at the Root SM-DS".into();
    Refusal { code: StatusCode::BUSY, fault: Fault::PeerIncompatible, message }
}
