//! ES9+ as this SM-DP+ offers it: one file per function.

mod at_hand;
mod authenticate_client;
mod binding;
mod cancel_session;
mod get_bound_profile_package;
mod handle_notification;
mod initiate_authentication;

use std::future::Future;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, SubjectKeyIdentifier, TransactionId,
};
use protocol::es9plus::{Es9Plus, Function};
use protocol::mutual_authentication::unknown_transaction;
use protocol::smdp_session::{Identity, Stage};
use protocol::status::{Fault, Refusal};
use protocol::trace::Tracer;
use service::failure::{Failure, until_undisturbed};
use service::observe::observed;
use tracing::Instrument;
use tracing::field::Empty;

pub(crate) use self::at_hand::AtHand;
use crate::domain::{Order, ProfileState, SessionRecord};
use crate::faults::Call;
use crate::server::Smdp;
use crate::store::Store;

impl<S: Store> Smdp<S> {
    /// One call: counted, and in a span of the log that says what it belongs to as soon as that is known.
    async fn call<T>(
        &self,
        function: Function,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let span = tracing::error_span!(
            "ES9+",
            function = function.name(),
            transaction_id = Empty,
            eid = Empty,
            order = Empty,
        );
        observed(&*self.metrics, function, work).instrument(span).await
    }

    /// The session of AuthenticateClient, unless it has lapsed.
    async fn session(&self, transaction_id: &TransactionId) -> Result<SessionRecord, Failure> {
        let session = match self.at_hand.take_opened(transaction_id) {
            Some(session) => Some(session),
            None => self.store.session(transaction_id.clone()).await?,
        };
        session
            .filter(|session| !self.has_lapsed(session))
            .ok_or_else(|| unknown_transaction(transaction_id).into())
    }

    /// The session of a message with the order that it is for, unless it has lapsed.
    async fn session_with_order(
        &self,
        transaction_id: &TransactionId,
    ) -> Result<(SessionRecord, Option<Order>), Failure> {
        let found = self.store.session_with_order(transaction_id.clone()).await?;
        found
            .filter(|(session, _)| !self.has_lapsed(session))
            .ok_or_else(|| unknown_transaction(transaction_id).into())
    }

    /// The session of GetBoundProfilePackage with its order, where this node has both at hand.
    fn offered_at_hand(&self, transaction_id: &TransactionId) -> Option<(SessionRecord, Order)> {
        let found = self.at_hand.take_offered(transaction_id, self.clock.now());
        found.filter(|(session, _)| !self.has_lapsed(session))
    }

    fn has_lapsed(&self, session: &SessionRecord) -> bool {
        session.has_lapsed(self.clock.now(), self.config.limits.session_seconds)
    }

    /// A refusal stops the procedure (SGP.22 §3.1.2, §3.1.3.2), so it ends the session: an LPA that cancels after it
    /// finds none, and the order stays for the next try. A fault of ours leaves the session as it was.
    async fn ended_by_refusal<T>(
        &self,
        mut session: SessionRecord,
        outcome: Result<T, Failure>,
        tracer: &Tracer,
    ) -> Result<T, Failure> {
        let peers_fault =
            |refusal: &Refusal| matches!(refusal.fault, Fault::PeerMisbehaved | Fault::PeerIncompatible);
        if matches!(&outcome, Err(Failure::Refused(refusal)) if peers_fault(refusal)) {
            let stage = session.stage.name();
            session.stage = Stage::Ended(session.stage.authenticated().cloned());
            self.store.end_session(session, None).await?;
            tracer.state("session", &stage, &"ended");
        }
        outcome
    }

    /// The identity that opened a session.
    fn identity_under(&self, ci: &[u8]) -> Result<&Identity, Failure> {
        let ci = SubjectKeyIdentifier::try_from(ci).ok();
        ci.and_then(|ci| self.identities.under(&ci)).ok_or_else(|| {
            Refusal::configuration("the certificate that opened this session is no longer configured").into()
        })
    }
}

/// Tells the trace where a profile went, if it went anywhere.
fn tell_state(tracer: &Tracer, before: ProfileState, after: ProfileState) {
    if before != after {
        tracer.state("profile", &before, &after);
    }
}

impl<S: Store> Es9Plus for Smdp<S> {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        let call = Call::of(Function::InitiateAuthentication);
        let work = until_undisturbed(|| self.initiate(&request, &call));
        self.call(Function::InitiateAuthentication, work).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        let call = Call::of(Function::AuthenticateClient);
        let work = until_undisturbed(|| self.authenticate(&request, &call));
        self.call(Function::AuthenticateClient, work).await
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        let call = Call::of(Function::GetBoundProfilePackage);
        let work = until_undisturbed(|| self.deliver(&request, &call));
        self.call(Function::GetBoundProfilePackage, work).await
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Refusal> {
        let call = Call::of(Function::HandleNotification);
        let work = until_undisturbed(|| self.notify(&request, &call));
        self.call(Function::HandleNotification, work).await
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Refusal> {
        let call = Call::of(Function::CancelSession);
        let work = until_undisturbed(|| self.cancel(&request, &call));
        self.call(Function::CancelSession, work).await
    }
}
