//! ES9+ as this SM-DP+ offers it: one file per function.

mod authenticate_client;
mod cancel_session;
mod get_bound_profile_package;
mod handle_notification;
mod initiate_authentication;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, SubjectKeyIdentifier, TransactionId,
};
use protocol::clock::Clock;
use protocol::es9plus::Es9Plus;
use protocol::smdp_session::{Identities, Identity, Stage, unknown_transaction};
use protocol::status::{Fault, Refusal, StatusCode};
use protocol::trace::Tracer;

use crate::config::Config;
use crate::domain::SessionRecord;
use crate::store::{Store, StoreError};

/// Where the server's randomness comes from.
pub type BoxedRng = Box<dyn rand_core::CryptoRng + Send>;

/// What an SM-DP+ is made of.
pub struct Parts<S> {
    /// What its operator chose.
    pub config: Config,
    /// Its certificates and keys.
    pub identities: Identities,
    /// Its store.
    pub store: Arc<S>,
    /// Randomness: challenges, TransactionIDs, one-time keys.
    pub rng: BoxedRng,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where it tells what it does.
    pub tracer: Tracer,
}

/// An SM-DP+.
pub struct Smdp<S> {
    config: Config,
    identities: Identities,
    store: Arc<S>,
    rng: Mutex<BoxedRng>,
    clock: Arc<dyn Clock>,
    tracer: Tracer,
}

impl<S: Store> Smdp<S> {
    /// Puts an SM-DP+ together.
    pub fn new(parts: Parts<S>) -> Self {
        let Parts { config, identities, store, rng, clock, tracer } = parts;
        Self { config, identities, store, rng: Mutex::new(rng), clock, tracer }
    }

    /// The store, for those who look at what happened.
    pub fn store(&self) -> &Arc<S> {
        &self.store
    }

    fn rng(&self) -> MutexGuard<'_, BoxedRng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng().fill_bytes(&mut bytes);
        bytes
    }

    /// The session of a message, unless it has lapsed.
    async fn session(&self, transaction_id: &TransactionId) -> Result<SessionRecord, Failure> {
        let session = self.store.session(transaction_id.clone()).await?;
        let lifetime = self.config.limits.session_seconds;
        session
            .filter(|session| !session.has_lapsed(self.clock.now(), lifetime))
            .ok_or_else(|| unknown_transaction(transaction_id).into())
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

/// Why a function ended early.
enum Failure {
    /// The peer is told.
    Refused(Refusal),
    /// Another request changed the same order or session first: the function begins again.
    Conflict,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::Refused(Refusal::storage())
            }
        }
    }
}

/// Runs a function again while others change what it read; whoever was first has already made progress.
async fn until_undisturbed<T, F>(mut function: impl FnMut() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Failure>>,
{
    const ROUNDS: usize = 8;
    for _ in 0..ROUNDS {
        match function().await {
            Ok(value) => return Ok(value),
            Err(Failure::Refused(refusal)) => return Err(refusal),
            Err(Failure::Conflict) => {}
        }
    }
    let message = "too many requests for the same order at once".into();
    Err(Refusal { code: StatusCode::BUSY, fault: Fault::OurStorage, message })
}

impl<S: Store> Es9Plus for Smdp<S> {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        until_undisturbed(|| self.initiate(&request)).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        until_undisturbed(|| self.authenticate(&request)).await
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        until_undisturbed(|| self.deliver(&request)).await
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Refusal> {
        until_undisturbed(|| self.notify(&request)).await
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Refusal> {
        until_undisturbed(|| self.cancel(&request)).await
    }
}
