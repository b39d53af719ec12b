//! What has to be done from time to time: undoing what nobody finished, ending what is too old, removing what need not be kept.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::Clock;

use crate::metrics::Metrics;
use crate::store::{Pruned, Retention, Store, StoreError};

/// How long what is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetentionPeriods {
    /// RSP sessions that no message ended.
    pub sessions: Duration,
    /// Event records that have ended: as long, their EventIDs are not taken again. `None` keeps them for ever, as SGP.22
    /// §3.6.1 has it.
    pub ended_events: Option<Duration>,
    /// How often is looked.
    pub every: Duration,
}

impl Default for RetentionPeriods {
    fn default() -> Self {
        Self { sessions: Duration::from_secs(60 * 60), ended_events: None, every: Duration::from_secs(5) }
    }
}

/// Does everything that is due once.
///
/// # Errors
/// Where the store fails.
pub async fn sweep<S: Store>(
    store: &S,
    clock: &dyn Clock,
    periods: &RetentionPeriods,
) -> Result<(u64, Pruned), StoreError> {
    let (mut swept, mut pruned) = (0, Pruned::default());
    loop {
        let now = clock.now();
        let events = store.sweep_events(now).await?;
        let ended_events = periods.ended_events.map(|period| now.minus(period));
        let retention = Retention { sessions: now.minus(periods.sessions), ended_events };
        let removed = store.prune(retention).await?;
        if events == 0 && removed == Pruned::default() {
            return Ok((swept, pruned));
        }
        swept += events;
        pruned += removed;
        // Those who wait for the store come first.
        tokio::task::yield_now().await;
    }
}

/// Sweeps now and then until `shutdown`.
pub async fn keep_swept<S: Store>(
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    periods: RetentionPeriods,
    metrics: Arc<Metrics>,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        match sweep(&*store, &*clock, &periods).await {
            Ok((events, pruned)) if events > 0 || pruned != Pruned::default() => {
                tracing::info!(events, ?pruned, "ended or removed what was old");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "what is old cannot be removed");
                metrics.count_store_error();
            }
        }
        tokio::select! {
            biased;
            () = shutdown.as_mut() => return,
            () = tokio::time::sleep(periods.every) => {}
        }
    }
}
