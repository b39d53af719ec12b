//! CancelOrder (SGP.22 §5.3.3).

use protocol::es2plus::{CancelOrder, FinalProfileStatus};
use protocol::status::{Refusal, StatusCode};
use service::failure::Failure;

use crate::domain::{CallKey, Event, Order, ProfileState};
use crate::server::{Smdp, Step};
use crate::store::Store;

impl<S: Store> Smdp<S> {
    pub(super) async fn cancel_order_of(
        &self,
        caller: &str,
        key: &CallKey,
        request: &CancelOrder,
    ) -> Result<(), Failure> {
        if let Some(answer) = self.earlier(key).await? {
            return Ok(answer);
        }
        let profile = self.own_profile(caller, request.iccid).await?;
        let mut order = self.order_of(&profile).await?.ok_or_else(|| not_cancellable(profile.state))?;
        let tracer = self.of_order(&order, request.eid);
        let before = order.state;
        let event = match request.final_profile_status {
            FinalProfileStatus::Available => Event::CancelToAvailable,
            FinalProfileStatus::Unavailable => Event::CancelToUnavailable,
        };
        // SGP.22 §5.3.3: allocated and not yet downloaded, then MatchingID and EID.
        if before.after(event).is_none() {
            return Err(not_cancellable(before).into());
        }
        check_associations(&order, request)?;
        order.enter(event);
        self.note(&mut order, Step::silent("ES2+.CancelOrder"));
        let after = order.state;
        let call = self.executed(key.clone(), &());
        self.store.close_order(order, Some(call)).await?;
        tracer.state("profile", &before, &after);
        Ok(())
    }
}

/// SGP.22 §5.3.3: MatchingID and EID of the order have to be given, where it has them.
fn check_associations(order: &Order, request: &CancelOrder) -> Result<(), Refusal> {
    if let Some(linked) = &order.matching_id {
        let (code, message) = match request.matching_id.as_deref().filter(|given| !given.is_empty()) {
            Some(given) if linked.as_str() == given => return check_eid(order, request),
            Some(_) => (StatusCode::MATCHING_ID_INVALID_ASSOCIATION, "matchingId: the order has another"),
            None => (StatusCode::MATCHING_ID_MISSING, "matchingId: the order has one, which has to be given"),
        };
        return Err(Refusal::incompatible(code, message));
    }
    check_eid(order, request)
}

fn check_eid(order: &Order, request: &CancelOrder) -> Result<(), Refusal> {
    let message = match (order.eid, request.eid) {
        (None, _) => return Ok(()),
        (Some(linked), Some(given)) if linked == given => return Ok(()),
        (Some(_), Some(given)) => format!("eid: the order is not linked to {given}"),
        (Some(_), None) => "eid: the order is linked to one, which has to be given".to_owned(),
    };
    Err(Refusal::incompatible(StatusCode::ICCID_INVALID_ASSOCIATION, message))
}

fn not_cancellable(state: ProfileState) -> Refusal {
    let code = match state {
        // SGP.22 table 30.
        ProfileState::Downloaded | ProfileState::Installed => StatusCode::ICCID_IN_USE,
        // No code of its own: there is no order to cancel.
        _ => StatusCode::ICCID_INVALID_TRANSITION,
    };
    Refusal::incompatible(
        code,
        format!("the profile is in state {state}, and has no order that can be cancelled"),
    )
}
