//! Profile download and installation (SGP.22 §3.1.2, §3.1.3): from an activation code to a Profile Installation Result.
//!
//! An RSP session that fails is ended with the reason that fits (see [`Failure`]); whatever remains in the eUICC after
//! a server has vanished is swept away by the next attempt, which begins with a new challenge (SGP.22 §5.7.7).
//!
//! The Profile Installation Result is not sent from here: it waits in the eUICC as a notification, maybe behind older
//! ones for the same server, and SGP.22 §3.5 wants those sent first. [`crate::notifications::process`] does that.

mod authentication;
mod cancellation;
mod confirmation;
mod error;
mod installation;
mod metadata;
mod policy;
mod request;
mod user;

use asn1::{Aid, Iccid, ProfileInstallationResult, Raw, StoreMetadataRequest, TransactionId};
use protocol::es9plus::{Es9Plus, Function};
use protocol::trace::Tracer;

pub use error::{CancelOutcome, Cancellation, Declined, DownloadError, Failure, LoadError, Mismatch};
pub use policy::{AdmittedRule, PolicyRefusal, PolicyRule};
pub use request::{Device, Request};
pub use user::{ConfirmationCode, Decision, Offer, Progress, Step, User};

use crate::card::Card;
use crate::isd_r::IsdR;

/// A profile that is installed, disabled, and not yet reported to the SM-DP+.
#[derive(Clone, Debug)]
pub struct Downloaded {
    /// The RSP session.
    pub transaction_id: TransactionId,
    /// The profile.
    pub iccid: Iccid,
    /// Its ISD-P.
    pub isdp_aid: Aid,
    /// The metadata that the user agreed to.
    pub metadata: Raw<StoreMetadataRequest>,
    /// What the eUICC says about it, signed. It also waits in the eUICC as a notification.
    pub profile_installation_result: Raw<ProfileInstallationResult>,
}

/// Downloads a profile and installs it.
///
/// # Errors
/// [`DownloadError`]: the step, why it failed, and how the session was ended.
pub async fn download<C: Card, S: Es9Plus, U: User + ?Sized>(
    isd_r: &mut IsdR<C>,
    server: &S,
    request: &Request,
    user: &mut U,
) -> Result<Downloaded, Box<DownloadError<S::Error>>> {
    let tracer = isd_r.tracer().clone();
    let mut run = Run { isd_r, server, request, user, step: Step::OpenEuiccSession, session: None };
    let outcome = match run.procedure().await {
        Ok(downloaded) => Ok(downloaded),
        Err(failure) => Err(Box::new(run.give_up(failure).await)),
    };
    run.isd_r.set_tracer(tracer);
    outcome
}

/// One download on its way.
struct Run<'a, C, S, U: ?Sized> {
    isd_r: &'a mut IsdR<C>,
    server: &'a S,
    request: &'a Request,
    user: &'a mut U,
    step: Step,
    /// The RSP session that the eUICC may hold: what there is to cancel.
    session: Option<TransactionId>,
}

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    async fn procedure(&mut self) -> Result<Downloaded, Failure<S::Error>> {
        let (transaction_id, authenticated) = self.authenticate_server().await?;
        let offer = self.authenticate_client(&transaction_id, authenticated).await?;
        let hash_cc = self.confirm(&offer)?;
        let prepared = self.prepare_download(&offer, hash_cc)?;
        let bpp = self.get_bound_profile_package(&transaction_id, prepared).await?;
        self.install(transaction_id, offer.metadata, &bpp)
    }

    fn begin(&mut self, step: Step) {
        self.step = step;
        self.user.progress(Progress::Step(step));
    }

    fn tracer(&self) -> &Tracer {
        self.isd_r.tracer()
    }

    /// A check of ours on what the server answered; tells the trace how it went.
    fn require(
        &self,
        section: &'static str,
        subject: &str,
        function: Function,
        outcome: Result<(), Mismatch>,
    ) -> Result<(), Failure<S::Error>> {
        let outcome = self.tracer().check(section, subject, outcome);
        outcome.map_err(|mismatch| Failure::ServerAnswer { function, mismatch })
    }

    /// Each answer has to be for the session (SGP.22 §5.6: the TransactionID identifies it).
    fn require_transaction(
        &self,
        subject: &str,
        function: Function,
        expected: &TransactionId,
        found: &TransactionId,
    ) -> Result<(), Failure<S::Error>> {
        let outcome = if expected == found {
            Ok(())
        } else {
            Err(Mismatch::TransactionId { expected: expected.clone(), found: found.clone() })
        };
        self.require("SGP.22 §3.1.2", subject, function, outcome)
    }
}
