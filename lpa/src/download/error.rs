//! How a download ends that does not succeed.

use asn1::{
    AuthenticateErrorCode, CancelSessionReason, CancelSessionResponseError, DownloadErrorCode, ErrorResult,
    ProfileInstallationResult, Raw,
};
use protocol::bpp::BppError;
use protocol::es9plus::Function;
use thiserror::Error;

use super::policy::PolicyRefusal;
use crate::authentication::{self, Mismatch};
use crate::error::{Blame, EuiccError};
use crate::progress::Step;

/// A download that did not succeed. `E` is what the client of the server fails with.
#[derive(Debug, Error)]
#[error("{step}: {failure}")]
pub struct DownloadError<E> {
    /// The step that failed.
    pub step: Step,
    /// Why.
    pub failure: Failure<E>,
    /// How the RSP session was ended; `None` where there was none to end any more, or yet.
    pub cancellation: Option<Cancellation<E>>,
}

impl<E> DownloadError<E> {
    /// Who has to act so that it goes better next time.
    pub fn blame(&self) -> Blame {
        self.failure.blame()
    }
}

/// Why a download did not succeed.
#[derive(Debug, Error)]
pub enum Failure<E> {
    /// The eUICC could not be talked to, or its answer not be read.
    #[error(transparent)]
    Euicc(EuiccError),
    /// The server refused or could not be reached.
    #[error("{} failed: {error}", function.name())]
    Server {
        /// The ES9+ function.
        function: Function,
        /// What its client says.
        error: E,
    },
    /// The answer of the server does not fit the session.
    #[error("the answer of {} is not acceptable: {mismatch}", function.name())]
    ServerAnswer {
        /// The ES9+ function.
        function: Function,
        /// What does not fit.
        mismatch: Mismatch,
    },
    /// The eUICC did not accept the server (SGP.22 §5.7.13).
    #[error("the eUICC does not accept the server: {0}")]
    AuthenticateServer(AuthenticateErrorCode),
    /// The eUICC did not accept the offer (SGP.22 §5.7.5).
    #[error("the eUICC does not accept the offer: {0}")]
    PrepareDownload(DownloadErrorCode),
    /// The user declined.
    #[error("{0}")]
    Declined(Declined),
    /// The Profile Policy Rules of the profile are not allowed.
    #[error("the profile may not be installed: {0}")]
    Policy(#[from] PolicyRefusal),
    /// The Profile Policy Rules in the package are not those that were offered (SGP.22 §3.1.3.2 step 12).
    #[error("the Profile Policy Rules in the Bound Profile Package are not those that were offered")]
    PolicyRulesChanged,
    /// The metadata in the package is not what was offered (SGP.22 §3.1.3.2 step 12).
    #[error("the Profile Metadata in the Bound Profile Package is not what was offered")]
    MetadataChanged,
    /// The package could not be loaded (SGP.22 §3.1.3.3).
    #[error(transparent)]
    Load(LoadError),
    /// The eUICC processed the package and reports an error. The result also waits in it as a notification.
    #[error("the eUICC could not install the profile: {} during {}", error.error_reason, error.bpp_command_id)]
    Installation {
        /// The command that failed, and why.
        error: ErrorResult,
        /// All of it, signed.
        result: Box<Raw<ProfileInstallationResult>>,
    },
}

/// The authentication that a download begins with.
impl<E> From<authentication::Failure<E>> for Failure<E> {
    fn from(failure: authentication::Failure<E>) -> Self {
        use authentication::Failure as F;
        match failure {
            F::Euicc(error) => Self::Euicc(error),
            F::Server { function, error } => Self::Server { function, error },
            F::ServerAnswer { function, mismatch } => Self::ServerAnswer { function, mismatch },
            F::AuthenticateServer(code) => Self::AuthenticateServer(code),
        }
    }
}

/// Why a package could not be loaded.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum LoadError {
    /// It cannot be cut into segments.
    #[error(transparent)]
    Segmentation(#[from] BppError),
    /// A segment was not taken.
    #[error("segment {number} of {of}: {error}")]
    Segment {
        /// Its number, from 1.
        number: usize,
        /// Segments in all.
        of: usize,
        /// What went wrong.
        error: EuiccError,
    },
    /// All segments were taken, but no Profile Installation Result came.
    #[error("the eUICC took all {0} segments and gave no Profile Installation Result")]
    NoResult(usize),
}

/// How the user declined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum Declined {
    /// No.
    #[error("the user rejected the profile")]
    Rejected,
    /// Not now.
    #[error("the user postponed the download")]
    Postponed,
    /// No answer.
    #[error("the user did not answer in time")]
    TimedOut,
    /// Without the confirmation code it cannot go on; the order stays.
    #[error("the download needs a confirmation code and none was given")]
    NoConfirmationCode,
}

/// A session that was ended before its time.
#[derive(Debug)]
pub struct Cancellation<E> {
    /// The reason that was given.
    pub reason: CancelSessionReason,
    /// How that went.
    pub outcome: CancelOutcome<E>,
}

/// Who knows that the session is over.
#[derive(Debug)]
pub enum CancelOutcome<E> {
    /// eUICC and server.
    Complete,
    /// The eUICC; the server was not to be told, so that the order stays as it is.
    EuiccOnly,
    /// The eUICC; the server could not be told.
    ServerFailed(E),
    /// Nobody: the eUICC knows of no such session.
    EuiccRefused(CancelSessionResponseError),
    /// Nobody: the eUICC cannot be talked to.
    EuiccFailed(EuiccError),
}

/// Whom to tell that a session is over, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cancel {
    /// There is no session in the eUICC.
    Nobody,
    /// The eUICC only: what the server does with the order is not ours to decide.
    Euicc(CancelSessionReason),
    /// The eUICC, then the server (SGP.22 §3.1.3.1).
    Both(CancelSessionReason),
}

impl<E> Failure<E> {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Euicc(error) | Self::Load(LoadError::Segment { error, .. }) => error.blame(),
            Self::Server { .. }
            | Self::ServerAnswer { .. }
            | Self::PolicyRulesChanged
            | Self::MetadataChanged
            | Self::Load(LoadError::Segmentation(_)) => Blame::Server,
            Self::AuthenticateServer(_)
            | Self::PrepareDownload(_)
            | Self::Policy(_)
            | Self::Load(LoadError::NoResult(_))
            | Self::Installation { .. } => Blame::Euicc,
            Self::Declined(_) => Blame::User,
        }
    }

    /// How a session ends that fails so, once the eUICC has authenticated the server.
    pub(super) fn cancel(&self) -> Cancel {
        use CancelSessionReason as Reason;
        match self {
            // SGP.22 §3.1.3.1: the reasons of the rejection sub-procedure.
            Self::Declined(Declined::Rejected) => Cancel::Both(Reason::END_USER_REJECTION),
            Self::Declined(Declined::Postponed | Declined::NoConfirmationCode) => {
                Cancel::Both(Reason::POSTPONED)
            }
            Self::Declined(Declined::TimedOut) => Cancel::Both(Reason::TIMEOUT),
            Self::Policy(_) | Self::PolicyRulesChanged => Cancel::Both(Reason::PPR_NOT_ALLOWED),
            Self::MetadataChanged => Cancel::Both(Reason::METADATA_MISMATCH),
            Self::Load(_) => Cancel::Both(Reason::LOAD_BPP_EXECUTION_ERROR),
            // SGP.22 §3.1.5: the LPA may try again, so the order has to survive; with this reason the eUICC may keep
            // its one-time key, which saves the server from binding again (SGP.22 §5.7.14).
            Self::Server { .. } => Cancel::Euicc(Reason::TIMEOUT),
            // SGP.22 §3.1.3.2 step 2: the procedure stops. The server is not told: this reason would end the order, and
            // no reason that spares it would be true.
            Self::PrepareDownload(_) | Self::ServerAnswer { .. } | Self::Euicc(_) => {
                Cancel::Euicc(Reason::UNDEFINED_REASON)
            }
            // SGP.22 §5.7.13, §2.5.6: no session was opened, or it has ended with the result.
            Self::AuthenticateServer(_) | Self::Installation { .. } => Cancel::Nobody,
        }
    }
}
