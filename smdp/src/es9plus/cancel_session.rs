//! CancelSession (SGP.22 §5.6.5).

use asn1::{CancelSessionReason, CancelSessionRequestEs9};
use protocol::mutual_authentication::unknown_transaction;
use protocol::smdp_session::{Stage, verify_cancel_session};
use protocol::status::StatusCode;
use protocol::types::MatchingId;
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};

use super::tell_state;
use crate::domain::Event;
use crate::faults::{Call, Involved};
use crate::observe::of_order;
use crate::server::{Smdp, Step};
use crate::store::Store;

const WHAT: &str = "ES9+.CancelSession";

impl<S: Store> Smdp<S> {
    pub(super) async fn cancel(&self, request: &CancelSessionRequestEs9, call: &Call) -> Result<(), Failure> {
        let tracer = of_transaction(&self.tracer, &request.transaction_id);
        tracer.object("CancelSessionResponse", request.cancel_session_response.bytes());
        self.at_hand.forget(&request.transaction_id);
        let (mut session, order) = self.session_with_order(&request.transaction_id).await?;
        // The eUICC is known from AuthenticateClient on, and only until the session has ended.
        let (Stage::Offered(offered) | Stage::Delivered(offered)) = session.stage.clone() else {
            return Err(unknown_transaction(&request.transaction_id).into());
        };
        let client = offered.client;
        let tracer = of_eid(&tracer, &client.eid);
        let tracer = session.order.map_or(tracer.clone(), |order| of_order(&tracer, order));
        let identity = self.identity_under(&client.ci)?;
        let cancellation =
            verify_cancel_session(identity, &client, request, self.identities.engine(), &tracer)?;

        let matching_id = order.as_ref().and_then(|order| order.matching_id.as_ref());
        let involved = Involved { eid: Some(client.eid), matching_id: matching_id.map(MatchingId::as_str) };
        self.disturbed(call, involved)?;

        let stage = session.stage.name();
        let order = order.filter(|_| cancellation.is_terminal());
        // An order that was offered to several eUICCs and went to another is not this one's to end.
        let mut order = order.filter(|order| order.check_eid(&client.eid).is_ok());
        let before = order.as_ref().map(|order| order.state);
        if let Some(order) = &mut order
            && order.enter(Event::SessionCancelled)
        {
            // SGP.22 §5.6.5: the step that was reached.
            let step = match session.stage {
                Stage::Delivered(_) => Step::reported(WHAT, |points| points.cancelled_after_download),
                _ => Step::reported(WHAT, |points| points.cancelled_before_download),
            };
            self.note(order, step.of(client.eid).failed(reported_code(cancellation.reason)));
        }
        let after = order.as_ref().map(|order| order.state);
        session.stage = match session.stage {
            Stage::Delivered(_) if !cancellation.is_terminal() => Stage::Postponed(client),
            _ => Stage::Ended(Some(client)),
        };
        self.store.end_session(session, order).await?;
        tracer.state("session", &stage, &format_args!("cancelled: {}", cancellation.reason));
        if let (Some(before), Some(after)) = (before, after) {
            tell_state(&tracer, before, after);
        }
        Ok(())
    }
}

/// What the operator is told of a reason (SGP.22 §5.3.5, table 32b).
fn reported_code(reason: CancelSessionReason) -> StatusCode {
    match reason {
        CancelSessionReason::END_USER_REJECTION => StatusCode::ORDER_REFUSED,
        CancelSessionReason::PPR_NOT_ALLOWED => StatusCode::PPR_NOT_ALLOWED,
        CancelSessionReason::METADATA_MISMATCH => StatusCode::METADATA_CHANGED,
        CancelSessionReason::LOAD_BPP_EXECUTION_ERROR => StatusCode::BPP_EXECUTION_ERROR,
        _ => StatusCode::RSP_EXECUTION_ERROR,
    }
}
