//! How the processing of an event ends that does not succeed.

use thiserror::Error;

use super::event::{Event, MalformedEvent};
use crate::authentication;
use crate::download::{self, CancelOutcome, DownloadError, LoadError};
use crate::error::{Blame, EuiccError};
use crate::progress::Step;

/// An SM-DS that gave no events. `E` is what the client of the server fails with.
#[derive(Debug, Error)]
#[error("{step}: {failure}")]
pub struct RetrievalError<E> {
    /// The step that failed.
    pub step: Step,
    /// Why.
    pub failure: authentication::Failure<E>,
}

impl<E> RetrievalError<E> {
    /// Who has to act so that it goes better next time.
    pub fn blame(&self) -> Blame {
        self.failure.blame()
    }
}

/// An event that came to nothing.
#[derive(Debug, Error)]
pub enum EventError<E> {
    /// The SM-DS told nonsense.
    #[error("{0}")]
    Malformed(MalformedEvent),
    /// The server was not reached, did not show who it is, or is an SM-DS that gave no events.
    #[error("{0}")]
    Retrieval(RetrievalError<E>),
    /// The SM-DP+ gave no profile, or the eUICC did not take it.
    #[error("{0}")]
    Download(Box<DownloadError<E>>),
}

impl<E> EventError<E> {
    /// Who has to act so that it goes better next time.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Malformed(_) => Blame::Server,
            Self::Retrieval(error) => error.blame(),
            Self::Download(error) => error.blame(),
        }
    }

    /// Whether the card failed, so that every other event would fail too.
    pub(super) fn is_of_the_card(&self) -> bool {
        match self {
            Self::Malformed(_) => false,
            Self::Retrieval(RetrievalError { step, failure: authentication::Failure::Euicc(error) }) => {
                // Up to here nothing has come from a server. Later, what a server sends may be what the eUICC chokes on,
                // and must not cost the other events.
                *step == Step::OpenEuiccSession || is_gone(error)
            }
            Self::Retrieval(_) => false,
            Self::Download(error) => {
                let cancelled = error.cancellation.as_ref().map(|cancellation| &cancellation.outcome);
                let failed = match &error.failure {
                    download::Failure::Euicc(error)
                    | download::Failure::Load(LoadError::Segment { error, .. }) => is_gone(error),
                    _ => false,
                };
                failed || matches!(cancelled, Some(CancelOutcome::EuiccFailed(error)) if is_gone(error))
            }
        }
    }
}

fn is_gone(error: &EuiccError) -> bool {
    matches!(error, EuiccError::Card(_))
}

/// A discovery that the card brought to its end. What still waits was not looked at.
#[derive(Debug, Error)]
#[error("{error}")]
pub struct Stopped<E> {
    /// The event in whose course it happened.
    pub event: Event,
    /// What happened.
    pub error: EventError<E>,
}
