//! The same work on several threads, for a while.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use crate::measure::processor_time;

/// What one thread does.
pub(super) trait Work: Send {
    /// Does some of it; gives how many packages that was.
    fn some(&mut self) -> Result<u64>;

    /// Ends what it has begun.
    fn finish(self) -> Result<()>
    where
        Self: Sized,
    {
        Ok(())
    }
}

/// What was done.
pub(super) struct Done {
    pub(super) packages: u64,
    pub(super) elapsed: Duration,
    pub(super) processor: Duration,
}

/// Each piece of work on a thread of its own, until `duration` is over or somebody says stop; each does some at least. `seen`
/// is told now and then, and at the end, how many packages are done.
///
/// # Errors
/// Those of the work, and where it was stopped.
pub(super) fn together<W: Work>(
    works: Vec<W>,
    duration: Duration,
    stop: &AtomicBool,
    mut seen: impl FnMut(u64),
) -> Result<Done> {
    let packages = AtomicU64::new(0);
    let (begun, spent) = (Instant::now(), processor_time());
    let ended = thread::scope(|scope| {
        let start = |work| started(scope, work, begun + duration, stop, &packages);
        let workers: Vec<_> = works.into_iter().map(start).collect();
        loop {
            let over = workers.iter().all(ScopedJoinHandle::is_finished);
            seen(packages.load(Ordering::Relaxed));
            if over {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        workers.into_iter().map(joined).collect::<Result<Vec<Instant>>>()
    })?;
    ensure!(!stop.load(Ordering::Relaxed), "it was interrupted");
    let last = ended.into_iter().max().unwrap_or(begun);
    Ok(Done { packages: packages.into_inner(), elapsed: last - begun, processor: processor_time() - spent })
}

fn started<'scope, W: Work + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut work: W,
    until: Instant,
    stop: &'scope AtomicBool,
    packages: &'scope AtomicU64,
) -> ScopedJoinHandle<'scope, Result<Instant>> {
    scope.spawn(move || {
        loop {
            packages.fetch_add(work.some()?, Ordering::Relaxed);
            if Instant::now() >= until || stop.load(Ordering::Relaxed) {
                break;
            }
        }
        work.finish()?;
        Ok(Instant::now())
    })
}

fn joined(worker: ScopedJoinHandle<'_, Result<Instant>>) -> Result<Instant> {
    worker.join().map_err(|_| anyhow!("a thread died"))?
}
