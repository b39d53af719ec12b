//! GetBoundProfilePackage (SGP.22 §5.6.2).

use asn1::{
    BoundProfilePackageTlv, GetBoundProfilePackageOk, GetBoundProfilePackageRequest, PrepareDownloadResponse,
    Raw,
};
use protocol::bpp::BppError;
use protocol::mutual_authentication::unknown_transaction;
use protocol::smdp_session::{Offered, Stage, verify_prepare_download};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;
use protocol::types::{Eid, MatchingId};
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};

use super::binding::{Earlier, Receiver, refused};
use super::tell_state;
use crate::catalogue::{is_of_catalogue, rewind};
use crate::config::Rebinding;
use crate::domain::{Event, Order, ProfileState, SessionRecord};
use crate::faults::{Call, Involved};
use crate::observe::of_order;
use crate::server::{Smdp, Step};
use crate::store::Store;

const SECTION: &str = "SGP.22 §5.6.2";

impl<S: Store> Smdp<S> {
    pub(super) async fn deliver(
        &self,
        request: &GetBoundProfilePackageRequest,
        call: &Call,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        let tracer = of_transaction(&self.tracer, &request.transaction_id);
        trace_answer(&tracer, &request.prepare_download_response);
        let (session, order) = match self.offered_at_hand(&request.transaction_id) {
            Some((session, order)) => (session, Some(order)),
            None => self.session_with_order(&request.transaction_id).await?,
        };
        let (Stage::Offered(offered), Some(order)) = (session.stage.clone(), order) else {
            return Err(unknown_transaction(&request.transaction_id).into());
        };
        let tracer = of_order(&of_eid(&tracer, &offered.client.eid), order.id);
        let outcome = self.deliver_in(session.clone(), offered, order, request, call, &tracer).await;
        self.ended_by_refusal(session, outcome, &tracer).await
    }

    async fn deliver_in(
        &self,
        mut session: SessionRecord,
        offered: Offered,
        mut order: Order,
        request: &GetBoundProfilePackageRequest,
        call: &Call,
        tracer: &Tracer,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        let eid = offered.client.eid;
        let prepared = verify_prepare_download(&offered, request, self.identities.engine(), tracer)?;
        let matching_id = order.matching_id.clone();
        let involved = Involved { eid: Some(eid), matching_id: matching_id.as_ref().map(MatchingId::as_str) };
        let fault = self.disturbed(call, involved)?;
        if is_of_catalogue(&order) {
            // Others may have come meanwhile: it is for all of them.
            rewind(&mut order);
        }
        tracer.check(SECTION, "the order has not expired", order.check_not_expired(self.clock.now()))?;
        // Before the code: whom the order is not for any more has no tries to spend on it.
        let available = order.check_available_to(&eid);
        tracer.check(SECTION, "the profile is to be had for this eUICC", available)?;

        if let Some(code) = order.confirmation_code.clone() {
            let before = order.state;
            let limit = self.config.limits.confirmation_code_attempts;
            let checked = order
                .check_confirmation_code_attempts(limit)
                .and_then(|()| prepared.check_confirmation_code(&code, &request.transaction_id));
            if let Err(refusal) = tracer.check("SGP.22 §3.1.3.2", "the confirmation code", checked) {
                return Err(self.refuse_confirmation_code(order, before, eid, refusal, tracer).await);
            }
        }
        let identity = self.identity_under(&offered.client.ci)?;
        let receiver = Receiver {
            eid: &eid,
            identity,
            transaction_id: &request.transaction_id,
            euicc_otpk: &prepared.euicc_otpk,
        };
        let earlier = Earlier::of(&order, receiver);
        if earlier == Earlier::OtherKey && self.config.rebinding == Rebinding::Refuse {
            return Err(self.refuse_rebinding(order, tracer).await);
        }
        let before = order.state;
        order.deliver_to(eid)?;
        self.note(&mut order, Step::reported("ES9+.GetBoundProfilePackage", |points| points.download));
        let (bound, package) = self.bind(&order, earlier, receiver, tracer).await?;
        let spoiled = self.spoiled(&order, fault, receiver, tracer).await?;
        // Whatever cannot be sent is found out before it counts as handed out.
        let bound_profile_package = BoundProfilePackageTlv::from_own(spoiled.unwrap_or(package))
            .ok_or_else(|| refused(BppError::Malformed("a package of ours is no BF36")))?;

        session.stage = Stage::Delivered(offered);
        let after = order.state;
        let to = bound.to.clone();
        self.store.hand_out(order.clone(), session.clone(), bound).await?;
        self.at_hand.delivered(session, order, to);
        tell_state(tracer, before, after);
        tracer.state("session", &"offered", &"delivered");
        Ok(GetBoundProfilePackageOk {
            transaction_id: request.transaction_id.clone(),
            bound_profile_package,
            unknown: Default::default(),
        })
    }

    /// SGP.22 §3.1.3.2 step 7: a wrong code is counted, one too many has ended the order; a missing one is no try.
    async fn refuse_confirmation_code(
        &self,
        mut order: Order,
        before: ProfileState,
        eid: Eid,
        refusal: Refusal,
        tracer: &Tracer,
    ) -> Failure {
        const WHAT: &str = "ES9+.GetBoundProfilePackage";
        let step = match refusal.code {
            StatusCode::CONFIRMATION_CODE_REFUSED => {
                order.count_wrong_confirmation_code();
                Step::silent(WHAT)
            }
            StatusCode::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED => {
                Step::reported(WHAT, |points| points.confirmation_failed)
            }
            _ => return refusal.into(),
        };
        self.note(&mut order, step.of(eid).failed(refusal.code));
        let after = order.state;
        if let Err(error) = self.store.record_confirmation_code_try(order).await {
            return error.into();
        }
        tell_state(tracer, before, after);
        refusal.into()
    }

    /// SGP.22 §5.6.2: a profile that was bound to one key need not be bound to another; then its order ends (§3.1.6).
    async fn refuse_rebinding(&self, mut order: Order, tracer: &Tracer) -> Failure {
        let refusal = Refusal::incompatible(
            StatusCode::PROFILE_UNAVAILABLE,
            "the profile is bound to another one-time key of this eUICC, and is not bound again",
        );
        let before = order.state;
        if order.enter(Event::RebindingRefused) {
            let after = order.state;
            let step = Step::reported("ES9+.GetBoundProfilePackage", |points| points.download);
            self.note(&mut order, step.failed(refusal.code));
            if let Err(error) = self.store.record_refused_attempt(order).await {
                return error.into();
            }
            tell_state(tracer, before, after);
        }
        tracer.refused(SECTION, "the profile can be bound for this key", &refusal.message);
        refusal.into()
    }
}

/// A short confirmation code is soon guessed from hashCc, so an answer that carries one is told as a secret.
fn trace_answer(tracer: &Tracer, response: &Raw<PrepareDownloadResponse>) {
    match response.value() {
        PrepareDownloadResponse::DownloadResponseOk(ok) if ok.euicc_signed2.hash_cc.is_some() => {
            tracer.secret("PrepareDownloadResponse", response.bytes());
        }
        _ => tracer.object("PrepareDownloadResponse", response.bytes()),
    }
}
