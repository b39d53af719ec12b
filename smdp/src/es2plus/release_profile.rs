//! ReleaseProfile (SGP.22 §5.3.4).

use protocol::es2plus::ReleaseProfile;
use protocol::status::{Refusal, StatusCode};
use service::failure::Failure;

use crate::domain::{CallKey, Event, ProfileState};
use crate::server::{Smdp, Step};
use crate::store::{Store, StoreError};

impl<S: Store> Smdp<S> {
    pub(super) async fn release(
        &self,
        caller: &str,
        key: &CallKey,
        request: &ReleaseProfile,
    ) -> Result<(), Failure> {
        if let Some(answer) = self.earlier(key).await? {
            return Ok(answer);
        }
        let profile = self.own_profile(caller, request.iccid).await?;
        let order = self.order_of(&profile).await?;
        let order = order.filter(|order| order.state.after(Event::ReleaseProfile).is_some());
        let Some(mut order) = order else {
            let message = format!("the profile is in state {}, not Confirmed", profile.state);
            return Err(Refusal::incompatible(StatusCode::ICCID_INVALID_TRANSITION, message).into());
        };
        let call = self.executed(key.clone(), &());
        let tracer = self.of_order(&order, None);
        let (confirmed, before) = (order.clone(), order.state);
        // SGP.22 §5.3.4: what is released already is left as it is.
        if before != ProfileState::Released {
            order.enter(Event::ReleaseProfile);
            self.note(&mut order, Step::silent("ES2+.ReleaseProfile"));
        }
        let after = order.state;
        self.change_order_with_event(confirmed, order, call, event_used_up).await?;
        if before != after {
            tracer.state("profile", &before, &after);
        }
        Ok(())
    }
}

/// An order that was released before and taken back has lost its event at the SM-DS, and no SM-DS takes an EventID twice
/// (SGP.22 §3.6.1).
fn event_used_up(error: StoreError) -> Failure {
    match error {
        StoreError::Taken(_) => {
            let message =
                "the event of this order was deleted at the SM-DS: cancel the order, and place another";
            Refusal::incompatible(StatusCode::SMDS_EXECUTION_ERROR, message).into()
        }
        other => other.into(),
    }
}
