//! CancelSession (SGP.22 §5.6.5).

use asn1::CancelSessionRequestEs9;
use protocol::smdp_session::{Stage, unknown_transaction, verify_cancel_session};

use super::{Failure, Smdp};
use crate::store::Store;

impl<S: Store> Smdp<S> {
    pub(super) async fn cancel(&self, request: &CancelSessionRequestEs9) -> Result<(), Failure> {
        let tracer = self.tracer.with_transaction(&request.transaction_id);
        tracer.object("CancelSessionResponse", request.cancel_session_response.bytes());
        let mut session = self.session(&request.transaction_id).await?;
        // The eUICC is known from AuthenticateClient on, and only until the session has ended.
        let (Stage::Offered(offered) | Stage::Delivered(offered)) = session.stage.clone() else {
            return Err(unknown_transaction(&request.transaction_id).into());
        };
        let client = offered.client;
        let tracer = tracer.with_eid(&client.eid);
        let identity = self.identity_under(&client.ci)?;
        let cancellation =
            verify_cancel_session(identity, &client, request, self.identities.engine(), &tracer)?;

        let stage = session.stage.name();
        let order = match session.order {
            Some(id) if cancellation.is_terminal() => self.store.order(id).await?,
            _ => None,
        };
        // An order that was offered to several eUICCs and went to another is not this one's to end.
        let mut order = order.filter(|order| order.check_eid(&client.eid).is_ok());
        let before = order.as_ref().map(|order| order.state);
        if let Some(order) = &mut order {
            order.terminate();
        }
        let after = order.as_ref().map(|order| order.state);
        session.stage = match session.stage {
            Stage::Delivered(_) if !cancellation.is_terminal() => Stage::Postponed(client),
            _ => Stage::Ended(Some(client)),
        };
        self.store.end_session(session, order).await?;
        tracer.state("session", &stage, &format_args!("cancelled: {}", cancellation.reason));
        if let (Some(before), Some(after)) = (before, after) {
            tracer.state("profile", &before, &after);
        }
        Ok(())
    }
}
