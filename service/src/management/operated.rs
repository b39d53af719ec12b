//! What the frame asks of a server.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::database::StoreError;
use crate::metrics::CallMetrics;

/// A store that takes longer is as good as none.
const PATIENCE: Duration = Duration::from_secs(2);

/// What comes later, from a function behind a pointer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A server that somebody operates.
pub trait Operated: Send + Sync {
    /// What it counts.
    fn calls(&self) -> &CallMetrics;

    /// What it does wrong because somebody asked for it, for `/ready`.
    fn faults_in_force(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether its store can be written to.
    fn check_writable(&self) -> Answer<'_, Result<(), StoreError>>;

    /// What it has counted, and what its store holds, for `/metrics`; the store is asked with [`in_time`].
    fn exposition(&self) -> Answer<'_, Result<String, fmt::Error>>;
}

/// What a store says, if it says it soon.
pub async fn in_time<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store failed a probe");
            None
        }
        Err(_) => {
            tracing::warn!("the store does not answer a probe");
            None
        }
    }
}
