//! The release of an order that names an SM-DS (SGP.22 §5.3.2, §5.3.4): its event is written with it, and the operator hears
//! how the first try to register it has ended, if that is known soon.
//!
//! The call is durable before anybody waits: who is cut off here leaves a released order whose event is registered by and by.

use std::time::{Duration, Instant};

use protocol::status::{Refusal, StatusCode};
use protocol::types::{EventId, ServerAddress};
use service::failure::Failure;

use crate::config::Unreachable;
use crate::domain::{CallKey, ExecutedCall, Happening, Order, SmdsEvent, SmdsEventStage};
use crate::server::Smdp;
use crate::smds::{FirstTry, Waiting};
use crate::store::{SmdsEventFilter, Store, StoreError};

impl<S: Store> Smdp<S> {
    /// SGP.22 §5.3.2: the SM-DS that an order names, as this SM-DP+ writes its address.
    pub(super) fn known_smds(&self, address: &ServerAddress) -> Result<ServerAddress, Refusal> {
        let known = &self.config.smds.servers;
        if let Some(smds) = known.iter().find(|smds| *smds == address) {
            return Ok(smds.clone());
        }
        let message = match known.is_empty() {
            true => {
                format!("smdsAddress: this SM-DP+ is configured for no SM-DS, so {address} is not reached")
            }
            false => {
                format!("smdsAddress: {address} is none of the SM-DSs that this SM-DP+ is configured for")
            }
        };
        Err(Refusal::incompatible(StatusCode::SMDS_INACCESSIBLE, message))
    }

    /// Writes an order that `call` has changed from `before`, and answers for its event where that releases it. `in_use`
    /// says what a MatchingID or EventID means that is not free.
    pub(super) async fn change_order_with_event(
        &self,
        before: Order,
        after: Order,
        call: ExecutedCall,
        in_use: fn(StoreError) -> Failure,
    ) -> Result<(), Failure> {
        let releases = after.is_pending() && !before.is_pending();
        let (Some(smds), Some(matching_id), true) = (&after.smds_address, &after.matching_id, releases)
        else {
            return self.store.change_order(after, Some(call)).await.map_err(in_use);
        };
        let (smds, event) = (smds.clone(), EventId::from(matching_id.clone()));
        let key = call.key.clone();
        // Before anybody can see the event: the first try may be over sooner than we ask.
        let mut waiting = self.events.wait_for(event, key.clone());
        let what = after.happened.last().map_or("ES2+", |happening| happening.what);
        self.store.change_order(after, Some(call)).await.map_err(in_use)?;
        self.events.wake();
        if self.config.smds.unreachable == Unreachable::Retry && self.events.is_left_alone(&smds) {
            return Ok(());
        }
        let Err(refusal) = self.answer_for_event(&mut waiting).await else { return Ok(()) };
        self.take_back(before, what, key, refusal).await
    }

    /// What the operator is told of the event: nothing, or why its order cannot be released.
    async fn answer_for_event(&self, waiting: &mut Waiting) -> Result<(), Refusal> {
        match self.first_try(waiting).await {
            Some(FirstTry::Registered) => Ok(()),
            Some(FirstTry::Failed(failure)) if failure.kind.is_refusal() => Err(Refusal::incompatible(
                StatusCode::SMDS_EXECUTION_ERROR,
                format!("smdsAddress: the SM-DS refused the event, {failure}"),
            )),
            missed => match self.config.smds.unreachable {
                Unreachable::Retry => Ok(()),
                Unreachable::Refuse => {
                    let why = match missed {
                        Some(FirstTry::Failed(failure)) => failure.to_string(),
                        _ => format!("no answer within {:?}", self.config.smds.wait),
                    };
                    let message = format!("smdsAddress: the SM-DS cannot be told of the event, {why}");
                    Err(Refusal::incompatible(StatusCode::SMDS_INACCESSIBLE, message))
                }
            },
        }
    }

    /// How the first try has ended, if it ends soon enough.
    async fn first_try(&self, waiting: &mut Waiting) -> Option<FirstTry> {
        /// So often the store is asked: another node may have taken the event up, and tells nobody here.
        const LOOK: Duration = Duration::from_millis(500);
        let end = Instant::now() + self.config.smds.wait;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if let Ok(told) = tokio::time::timeout(left.min(LOOK), waiting.told()).await {
                return Some(told);
            }
            let filter = SmdsEventFilter {
                event_id: Some(waiting.event().clone()),
                limit: 1,
                ..SmdsEventFilter::default()
            };
            match self.store.smds_events(filter).await {
                Ok(found) => {
                    if let Some(known) = outcome_of(found.into_iter().next()) {
                        return Some(known);
                    }
                }
                Err(error) => tracing::error!(%error, "the events for SM-DSs cannot be read"),
            }
            if Instant::now() >= end {
                return None;
            }
        }
    }

    /// The order is as it was before the call, and the call was never made; unless somebody has used the order meanwhile.
    async fn take_back(
        &self,
        before: Order,
        what: &'static str,
        call: CallKey,
        refusal: Refusal,
    ) -> Result<(), Failure> {
        let happening = Happening {
            at: self.clock.now(),
            eid: before.eid,
            what,
            detail: Some(format!("taken back: {}", refusal.code)),
            report: None,
        };
        let order = Order { version: before.version + 1, happened: vec![happening], ..before };
        match self.store.take_back_release(order, call).await {
            Ok(()) => Err(refusal.into()),
            Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the store knows of the first try; `None` where it has not ended.
fn outcome_of(event: Option<SmdsEvent>) -> Option<FirstTry> {
    match event {
        Some(SmdsEvent { stage: SmdsEventStage::Registering, failure, .. }) => failure.map(FirstTry::Failed),
        // Registered; or its order has ended already, and nothing is left to take back.
        _ => Some(FirstTry::Registered),
    }
}
