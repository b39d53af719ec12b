//! So many attempts at a time, the next when one ends.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use super::attempts::Attempts;
use super::result::Ended;
use super::target::Target;

/// Goes on until the time is over or there are no orders left.
pub(super) async fn drive<T: Target>(attempts: Arc<Attempts<T>>, concurrency: usize) -> Ended {
    let mut loops = JoinSet::new();
    for _ in 0..concurrency {
        loops.spawn(one_after_the_other(attempts.clone()));
    }
    let mut ended = Ended::Time;
    while let Some(joined) = loops.join_next().await {
        ended = ended.max(joined.unwrap_or(ended));
    }
    ended
}

async fn one_after_the_other<T: Target>(attempts: Arc<Attempts<T>>) -> Ended {
    loop {
        let due = Instant::now();
        if attempts.are_over(due) {
            return Ended::Time;
        }
        let Some(attempt) = attempts.next() else { return Ended::Orders };
        attempts.clone().make(attempt, due, None).await;
    }
}
