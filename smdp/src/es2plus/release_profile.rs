//! ReleaseProfile (SGP.22 §5.3.4).

use protocol::es2plus::ReleaseProfile;
use protocol::status::{Refusal, StatusCode};

use crate::domain::{CallKey, Event, ProfileState};
use crate::failure::Failure;
use crate::server::{Smdp, Step};
use crate::store::Store;

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
        let before = order.state;
        // SGP.22 §5.3.4: what is released already is left as it is.
        if before != ProfileState::Released {
            order.enter(Event::ReleaseProfile);
            self.note(&mut order, Step::silent("ES2+.ReleaseProfile"));
        }
        let after = order.state;
        self.store.change_order(order, Some(call)).await?;
        if before != after {
            tracer.state("profile", &before, &after);
        }
        Ok(())
    }
}
