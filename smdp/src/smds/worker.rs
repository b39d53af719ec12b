//! Telling the SM-DSs what they are to know.

use std::future::Future;
use std::sync::Arc;

use protocol::es2plus::CallHeader;
use protocol::es12::{DeleteEvent, Function, RegisterEvent};
use protocol::status::StatusCode;
use protocol::types::ServerAddress;
use tokio::task::{JoinError, JoinSet};

use super::{EventSender, FirstTry, Outcome};
use crate::domain::{EventFailure, EventTry, FailureKind, SmdsEvent, SmdsEventStage};
use crate::outbox::{Peers, Schedule};
use crate::server::Smdp;
use crate::store::{Store, StoreError};

/// Registers and deletes events until `shutdown`; what is under way then is finished, if it is not long. `requester` is
/// how this SM-DP+ calls itself (SGP.22 §6.5.1.3).
pub async fn keep_events<S: Store, T: EventSender>(
    smdp: Arc<Smdp<S>>,
    sender: Arc<T>,
    requester: String,
    schedule: Schedule,
    shutdown: impl Future<Output = ()>,
) {
    let worker = Arc::new(Worker { smdp, sender, requester, schedule });
    let mut under_way = JoinSet::new();
    let mut peers = Peers::default();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        worker.take_up(&mut under_way, &mut peers).await;
        tokio::select! {
            biased;
            () = shutdown.as_mut() => break,
            Some(ended) = under_way.join_next() => worker.ended(ended, &mut peers),
            () = worker.smdp.events.something_due() => {}
            () = tokio::time::sleep(schedule.poll) => {}
        }
    }
    // What is cut off here is taken up again when its lease has run out.
    let finish = async { while under_way.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(schedule.shutdown, finish).await;
}

/// One try that has ended: with which SM-DS, and whether that is there and well.
struct Tried {
    smds: ServerAddress,
    answered: bool,
}

struct Worker<S, T> {
    smdp: Arc<Smdp<S>>,
    sender: Arc<T>,
    requester: String,
    schedule: Schedule,
}

impl<S: Store, T: EventSender> Worker<S, T> {
    /// Begins with what is due, as far as there is room.
    async fn take_up(self: &Arc<Self>, under_way: &mut JoinSet<Tried>, peers: &mut Peers) {
        let schedule = &self.schedule;
        let room = schedule.at_once.saturating_sub(u32::try_from(under_way.len()).unwrap_or(u32::MAX));
        // So few that one claim cannot give an SM-DS more than twice its share.
        let room = room.min(schedule.at_once_to_one);
        if room == 0 {
            return;
        }
        let now = self.smdp.clock.now();
        let closed = peers.closed(now, schedule);
        self.smdp.events.left_alone(peers.paused(now));
        match self.smdp.store.claim_smds_events(now, now.plus(schedule.lease), room, closed).await {
            Ok(claimed) => {
                for event in claimed {
                    peers.begin(event.smds.to_string());
                    let worker = self.clone();
                    under_way.spawn(async move { worker.tell(event).await });
                }
            }
            Err(error) => {
                tracing::error!(%error, "the events for SM-DSs cannot be read");
                self.smdp.metrics.count_store_error();
            }
        }
    }

    fn ended(&self, ended: Result<Tried, JoinError>, peers: &mut Peers) {
        match ended {
            Ok(Tried { smds, answered }) => {
                peers.end(smds.to_string(), answered, self.smdp.clock.now(), &self.schedule);
            }
            Err(error) => {
                // Its lease runs out; which SM-DS it was is not known any more, so all begin anew.
                tracing::error!(%error, "a call to an SM-DS fell over");
                *peers = Peers::default();
            }
        }
    }

    /// Makes the one call that an event needs now, and keeps how it ended.
    async fn tell(&self, event: SmdsEvent) -> Tried {
        let (function, outcome) = self.call(&event).await;
        let failure = match outcome.into_failure() {
            Some(failure) if is_as_wanted(&event, &failure) => None,
            other => other,
        };
        self.smdp.metrics.count_smds_call(function, failure.as_ref().into());
        let smds = event.smds.clone();
        let answered = failure.as_ref().is_none_or(|failure| answers(&failure.kind));
        if let Some(failure) = &failure {
            tracing::warn!(
                function = function.name(), %smds, event = %event.event_id, eid = %event.eid, order = %event.order,
                failures = event.failures + 1, %failure, "an SM-DS could not be told"
            );
        } else {
            tracing::info!(
                function = function.name(), %smds, event = %event.event_id, eid = %event.eid, order = %event.order,
                "an SM-DS was told"
            );
        }
        let first = match &failure {
            None => FirstTry::Registered,
            Some(failure) => FirstTry::Failed(failure.clone()),
        };
        let outcome = match failure {
            None => EventTry::Done,
            Some(failure) => EventTry::Failed { failure, next: self.next_try(&event) },
        };
        self.keep(&event, outcome).await;
        if function == Function::RegisterEvent {
            self.smdp.events.tell(&event.event_id, first);
        }
        Tried { smds, answered }
    }

    /// SGP.22 §3.6.1, §3.6.3: for a profile download, the registration is forwarded to the Root.
    async fn call(&self, event: &SmdsEvent) -> (Function, Outcome) {
        let function = match event.stage {
            SmdsEventStage::Registering | SmdsEventStage::Registered => Function::RegisterEvent,
            SmdsEventStage::Deleting | SmdsEventStage::Deleted | SmdsEventStage::GivenUp => {
                Function::DeleteEvent
            }
        };
        let header = CallHeader {
            function_requester_identifier: self.requester.clone(),
            function_call_identifier: format!("{}-{}-{}", event.order, event.id, event.attempts),
        };
        let (eid, event_id) = (event.eid, event.event_id.clone());
        let calling = async {
            match function {
                Function::RegisterEvent => {
                    let rsp_server_address = self.smdp.config.address.clone();
                    let content =
                        RegisterEvent { eid, rsp_server_address, event_id, forwarding_indicator: true };
                    self.sender.register(&event.smds, header, content).await
                }
                Function::DeleteEvent => {
                    self.sender.delete(&event.smds, header, DeleteEvent { eid, event_id }).await
                }
            }
        };
        // Half the lease, so that nobody else begins before this one has let go.
        let outcome = tokio::time::timeout(self.schedule.lease / 2, calling).await;
        (function, outcome.unwrap_or_else(|_| Outcome::Unknown("no answer in time".to_owned())))
    }

    /// Only a deletion is ever given up: an order that waits for its eUICC waits for the SM-DS as well.
    fn next_try(&self, event: &SmdsEvent) -> Option<protocol::clock::Timestamp> {
        let now = self.smdp.clock.now();
        let given_up =
            event.stage == SmdsEventStage::Deleting && now >= event.changed.plus(self.schedule.give_up_after);
        (!given_up).then(|| now.plus(self.schedule.pause(event.failures)))
    }

    async fn keep(&self, event: &SmdsEvent, outcome: EventTry) {
        const ROUNDS: u32 = 3;
        for _ in 0..ROUNDS {
            let now = self.smdp.clock.now();
            match self.smdp.store.note_smds_event_try(event.clone(), outcome.clone(), now).await {
                Ok(()) => return,
                // Its order was being removed.
                Err(StoreError::Conflict) => {}
                Err(error) => {
                    // Its lease runs out, and it is tried again: the SM-DS says that it knows.
                    tracing::error!(%error, event = %event.event_id, "the events for SM-DSs cannot be written");
                    self.smdp.metrics.count_store_error();
                    return;
                }
            }
        }
    }
}

/// Whether the SM-DS refuses because it is as it should be: an earlier call was executed, and its answer lost.
fn is_as_wanted(event: &SmdsEvent, failure: &EventFailure) -> bool {
    let FailureKind::Refused(code) = &failure.kind else { return false };
    match event.stage {
        // SGP.22 §5.9.1: 8.9.5/3.3. Where no earlier call can have been executed, the EventID is somebody else's.
        SmdsEventStage::Registering => event.known && *code == StatusCode::EVENT_IN_USE.to_string(),
        // SGP.22 §5.9.2: 8.9.5/3.9.
        _ => *code == StatusCode::EVENT_UNKNOWN.to_string(),
    }
}

/// Whether the SM-DS is there and well, though it may have said no, or not yet.
fn answers(kind: &FailureKind) -> bool {
    matches!(kind, FailureKind::Refused(_))
}
