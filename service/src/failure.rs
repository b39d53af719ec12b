//! Why a function of an interface ends early, and when it begins again.

use std::future::Future;
use std::time::Duration;

use protocol::status::{Fault, Refusal, StatusCode};

use crate::database::StoreError;

/// Why a function ended early.
pub enum Failure {
    /// The peer is told.
    Refused(Refusal),
    /// Another request changed the same record first: the function begins again.
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
///
/// # Errors
/// The refusal in which it ends, or that it was disturbed too often ([`StatusCode::BUSY`]).
pub async fn until_undisturbed<T, F>(mut function: impl FnMut() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Failure>>,
{
    const ROUNDS: u32 = 32;
    for round in 0..ROUNDS {
        // Boxed, since it is large and is moved into what surrounds it, more than once.
        match Box::pin(function()).await {
            Ok(value) => return Ok(value),
            Err(Failure::Refused(refusal)) => return Err(refusal),
            // The first rounds are over at once; after that, those who race get out of each other's way.
            Err(Failure::Conflict) => tokio::time::sleep(Duration::from_millis((round / 4).into())).await,
        }
    }
    let message = "too many requests for the same record at once".into();
    Err(Refusal { code: StatusCode::BUSY, fault: Fault::OurStorage, message })
}
