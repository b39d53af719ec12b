//! Profile download and installation (SGP.22 §3.1.2, §3.1.3): from an activation code to a Profile Installation Result.
//!
//! An RSP session that fails is ended with the reason that fits (see [`Failure`]); whatever remains in the eUICC after
//! a server has vanished is swept away by the next attempt, which begins with a new challenge (SGP.22 §5.7.7).
//!
//! The Profile Installation Result is not sent from here: it waits in the eUICC as a notification, maybe behind older
//! ones for the same server, and SGP.22 §3.5 wants those sent first. [`crate::notifications::process`] does that.

mod cancellation;
mod confirmation;
mod error;
mod installation;
mod metadata;
mod offer;
mod policy;
mod request;
mod user;

use asn1::{Aid, Iccid, ProfileInstallationResult, Raw, StoreMetadataRequest, TransactionId};
use protocol::es9plus::Es9Plus;

pub use crate::authentication::{Mismatch, ServerKind};
pub use crate::device::Device;
pub use crate::progress::{Progress, Step};
pub use error::{CancelOutcome, Cancellation, Declined, DownloadError, Failure, LoadError};
pub use policy::{AdmittedRule, PolicyRefusal, PolicyRule};
pub use request::Request;
pub use user::{ConfirmationCode, Decision, Offer, User};

use crate::authentication::{Opened, Session};
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
    let mut run = Run { session: Session::new(isd_r, user), server, request };
    match run.procedure().await {
        Ok(downloaded) => Ok(downloaded),
        Err(failure) => Err(Box::new(run.give_up(failure).await)),
    }
}

/// The same from the point where the server has shown itself: that of an event is known as an SM-DP+ only then.
pub(crate) async fn download_opened<C: Card, S: Es9Plus, U: User + ?Sized>(
    session: Session<'_, C, U>,
    server: &S,
    request: &Request,
    opened: Opened,
) -> Result<Downloaded, Box<DownloadError<S::Error>>> {
    let mut run = Run { session, server, request };
    match run.procedure_opened(opened).await {
        Ok(downloaded) => Ok(downloaded),
        Err(failure) => Err(Box::new(run.give_up(failure).await)),
    }
}

/// One download on its way.
struct Run<'a, C: Card, S, U: ?Sized> {
    session: Session<'a, C, U>,
    server: &'a S,
    request: &'a Request,
}

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    async fn procedure(&mut self) -> Result<Downloaded, Failure<S::Error>> {
        let opened = self.open().await?;
        self.procedure_opened(opened).await
    }

    async fn procedure_opened(&mut self, opened: Opened) -> Result<Downloaded, Failure<S::Error>> {
        let authenticated = self.authenticate_server(opened)?;
        let offer = self.authenticate_client(authenticated).await?;
        let hash_cc = self.confirm(&offer)?;
        let prepared = self.prepare_download(&offer, hash_cc)?;
        let bpp = self.get_bound_profile_package(&offer.transaction_id, prepared).await?;
        self.install(offer.transaction_id, offer.metadata, &bpp)
    }
}
