//! Attempts by the clock, whether earlier ones have ended or not.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use super::arrival::Rate;
use super::attempts::Attempts;
use super::pace::Pace;
use super::result::Ended;
use super::target::Target;

/// Begins each attempt at its moment, or as soon after it as a connection is free. The moments stay what they are, so an attempt
/// that has to wait is late by all that it waited: that is the correction for coordinated omission.
pub(super) async fn drive<T: Target>(attempts: Arc<Attempts<T>>, rate: Rate, connections: usize) -> Ended {
    let slots = Slots(Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS))));
    let mut going_on = JoinSet::new();
    let mut pace = Pace::new();
    // Since when this loop has waited for nothing but the clock.
    let mut ready = attempts.begun;
    for offset in rate.moments(attempts.seed) {
        let due = attempts.begun.checked_add(offset).filter(|due| !attempts.are_over(*due));
        let Some(due) = due else { return end(going_on, Ended::Time).await };
        let Some(attempt) = attempts.next() else { return end(going_on, Ended::Orders).await };
        pace.until(due).await;
        let slot = match slots.free() {
            Some(slot) => Some(slot),
            None => {
                let slot = slots.wait(attempts.until).await;
                ready = Instant::now();
                slot
            }
        };
        let slot = match slot {
            Some(slot) if !attempts.are_over(Instant::now()) => slot,
            // It had to wait for nobody: the generator alone came to it too late.
            Some(_) if ready <= due => return end(going_on, Ended::Time).await,
            // What has waited until the end is not begun after it.
            _ => {
                attempts.leave(due);
                continue;
            }
        };
        let attempt = attempts.clone().make(attempt, due, Some(due.max(ready)));
        going_on.spawn(async move {
            attempt.await;
            drop(slot);
        });
        while going_on.try_join_next().is_some() {}
    }
    end(going_on, Ended::Time).await
}

/// What goes on when nothing more is due is waited for.
async fn end(mut going_on: JoinSet<()>, ended: Ended) -> Ended {
    while going_on.join_next().await.is_some() {}
    ended
}

/// As many attempts may go on at once as there are slots.
struct Slots(Arc<Semaphore>);

impl Slots {
    fn free(&self) -> Option<OwnedSemaphorePermit> {
        self.0.clone().try_acquire_owned().ok()
    }

    /// The next one; none where the run is over before.
    async fn wait(&self, until: Option<Instant>) -> Option<OwnedSemaphorePermit> {
        let slot = self.0.clone().acquire_owned();
        match until {
            Some(until) => timeout_at(until.into(), slot).await.ok()?.ok(),
            None => slot.await.ok(),
        }
    }
}
