//! What has to be done from time to time: removing what need not be kept.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::Clock;

use crate::store::{Pruned, Retention, Store, StoreError};

/// How long what is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetentionPeriods {
    /// RSP sessions that lapsed or ended.
    pub sessions: Duration,
    /// The history of orders.
    pub happenings: Duration,
    /// ES2+ calls: as long, the same call is not executed again.
    pub calls: Duration,
    /// Notifications of eUICCs: as long, the same notification has no second effect.
    pub notifications: Duration,
    /// How often is looked.
    pub every: Duration,
}

impl Default for RetentionPeriods {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            sessions: Duration::from_secs(60 * 60),
            happenings: 90 * DAY,
            calls: 30 * DAY,
            notifications: 365 * DAY,
            every: Duration::from_secs(10 * 60),
        }
    }
}

/// Removes everything that is old, piece by piece.
///
/// # Errors
/// Where the store fails.
pub async fn prune<S: Store>(
    store: &S,
    clock: &dyn Clock,
    periods: &RetentionPeriods,
) -> Result<Pruned, StoreError> {
    let before = |period: Duration| clock.now().minus(period);
    let retention = Retention {
        sessions: before(periods.sessions),
        happenings: before(periods.happenings),
        calls: before(periods.calls),
        notifications: before(periods.notifications),
    };
    let mut all = Pruned::default();
    loop {
        let some = store.prune(retention).await?;
        if some == Pruned::default() {
            return Ok(all);
        }
        all += some;
        // Those who wait for the store come first.
        tokio::task::yield_now().await;
    }
}

/// Prunes now and then until `shutdown`.
pub async fn keep_pruned<S: Store>(
    store: Arc<S>,
    clock: Arc<dyn Clock>,
    periods: RetentionPeriods,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        match prune(&*store, &*clock, &periods).await {
            Ok(pruned) if pruned != Pruned::default() => tracing::info!(?pruned, "removed what was old"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "what is old cannot be removed"),
        }
        tokio::select! {
            biased;
            () = shutdown.as_mut() => return,
            () = tokio::time::sleep(periods.every) => {}
        }
    }
}
