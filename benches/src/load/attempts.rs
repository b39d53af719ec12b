//! The attempts of a run: which order and which eUICC each has, and what came of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Result;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::arrival::Rate;
use super::fleet::Fleet;
use super::orders::{Orders, Presented};
use super::plan::{Plan, What};
use super::progress::Counts;
use super::recorder::{Collected, Recorder};
use super::result::OrdersUsed;
use super::session::{Oids, Session};
use super::stopwatch::Stopwatch;
use super::target::Target;

/// What the attempts of a run share.
pub(super) struct Attempts<T> {
    what: What,
    orders: Orders,
    fleet: Arc<Fleet>,
    target: T,
    /// When the run began.
    pub(super) begun: Instant,
    /// When the warm-up ends.
    pub(super) from: Instant,
    /// When no attempt is due any more; where that is not said, there is one for each order.
    pub(super) until: Option<Instant>,
    taken: AtomicU64,
    /// How many of those that are due by the clock were begun or given up, one after the other.
    settled: AtomicU64,
    pub(super) seed: u64,
    oids: Oids,
    /// Taken when the run is over.
    recorder: Mutex<Option<Recorder>>,
}

/// One attempt to be.
pub(super) struct Attempt {
    number: u64,
    presented: Presented,
}

impl<T: Target> Attempts<T> {
    pub(super) fn new(plan: Plan, fleet: Arc<Fleet>, target: T) -> Result<Self> {
        let begun = Instant::now();
        let from = begun + plan.warm_up;
        let until = plan.duration.map(|duration| from + duration);
        Ok(Self {
            recorder: Mutex::new(Some(Recorder::new(plan.what, from, until)?)),
            what: plan.what,
            orders: plan.orders,
            fleet,
            target,
            begun,
            from,
            until,
            taken: AtomicU64::new(0),
            settled: AtomicU64::new(0),
            seed: plan.seed,
            oids: Oids::default(),
        })
    }

    /// The next attempt; none where there are no orders left.
    pub(super) fn next(&self) -> Option<Attempt> {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        Some(Attempt { number, presented: self.orders.at(number)? })
    }

    /// Whether nothing is due at that moment any more.
    pub(super) fn are_over(&self, moment: Instant) -> bool {
        self.until.is_some_and(|until| moment >= until)
    }

    /// Makes an attempt that was due then. It counts as begun when this is called, and is told to have begun so much later than
    /// it could have: since `ready`, where it came by the clock.
    pub(super) fn make(
        self: Arc<Self>,
        attempt: Attempt,
        due: Instant,
        ready: Option<Instant>,
    ) -> impl Future<Output = ()> + Send + 'static {
        self.settled.fetch_add(1, Ordering::Relaxed);
        self.with_recorder(|recorder| recorder.begins(due));
        async move {
            let mut watch = Stopwatch::start();
            let lag = ready.map(|ready| watch.begun().saturating_duration_since(ready));
            let Some(euicc) = self.fleet.at(attempt.number) else { return };
            let session = Session {
                line: self.target.line(),
                address: self.target.address(),
                euicc,
                challenge: challenge(self.seed, attempt.number),
                matching_id: attempt.presented.0,
                sequence_number: attempt.number + 1,
                oids: &self.oids,
            };
            let ending = session.run(self.what.last(), &mut watch).await;
            self.with_recorder(|recorder| recorder.ends(due, lag, &watch, ending));
        }
    }

    /// An attempt that was due then came too late to be made.
    pub(super) fn leave(&self, due: Instant) {
        self.settled.fetch_add(1, Ordering::Relaxed);
        self.with_recorder(|recorder| recorder.is_not_begun(due));
    }

    /// A run by the clock was stopped at that moment, and nobody begins attempts any more: what was due until then and has not
    /// been begun came too late.
    pub(super) fn leave_what_was_due(&self, rate: Rate, stopped: Instant) {
        let settled = self.settled.load(Ordering::Relaxed);
        let left =
            (settled..).zip(rate.moments(self.seed).skip(usize::try_from(settled).unwrap_or(usize::MAX)));
        for (number, offset) in left {
            let due = self.begun.checked_add(offset).filter(|due| *due < stopped && !self.are_over(*due));
            match due.filter(|_| self.orders.at(number).is_some()) {
                Some(due) => self.leave(due),
                None => return,
            }
        }
    }

    /// The orders that were presented so far.
    pub(super) fn orders_used(&self) -> Option<OrdersUsed> {
        self.orders.used(self.taken.load(Ordering::Relaxed))
    }

    /// What came of them so far.
    pub(super) fn counts(&self) -> Counts {
        lock(&self.recorder).as_ref().map(Recorder::counts).unwrap_or_default()
    }

    /// Which share of the run is done: of its time or of its orders, whichever is more.
    pub(super) fn done(&self, now: Instant) -> f64 {
        let time = self.until.map(|until| {
            now.duration_since(self.begun).as_secs_f64() / until.duration_since(self.begun).as_secs_f64()
        });
        let orders = self
            .orders
            .attempts()
            .map(|attempts| self.taken.load(Ordering::Relaxed) as f64 / attempts.max(1) as f64);
        time.into_iter().chain(orders).fold(0.0, f64::max).min(1.0)
    }

    /// What came of them. What ends later is not looked at any more.
    pub(super) fn finish(&self, one_after_the_other: bool) -> Result<Collected> {
        let recorder = lock(&self.recorder).take();
        recorder.ok_or_else(|| anyhow::anyhow!("a run ends once"))?.finish(one_after_the_other)
    }

    fn with_recorder(&self, record: impl FnOnce(&mut Recorder)) {
        if let Some(recorder) = lock(&self.recorder).as_mut() {
            record(recorder);
        }
    }
}

fn challenge(seed: u64, number: u64) -> [u8; 16] {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(number);
    let mut challenge = [0; 16];
    rng.fill_bytes(&mut challenge);
    challenge
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
