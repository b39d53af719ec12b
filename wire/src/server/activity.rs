//! Whether a connection is at work, and since when it is not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Counts the requests in flight on one connection.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    in_flight: usize,
    quiet_since: Instant,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { in_flight: 0, quiet_since: Instant::now() })))
    }

    /// A request begins; it ends when the returned value is dropped.
    pub(super) fn begin(&self) -> Busy {
        self.state().in_flight += 1;
        Busy(self.clone())
    }

    /// Whether no more than one is in flight.
    pub(super) fn is_single(&self) -> bool {
        self.state().in_flight <= 1
    }

    /// How long nothing has been in flight; `None` while something is.
    pub(super) fn quiet_for(&self) -> Option<Duration> {
        let state = self.state();
        (state.in_flight == 0).then(|| state.quiet_since.elapsed())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request in flight.
pub(super) struct Busy(Activity);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.in_flight -= 1;
        state.quiet_since = Instant::now();
    }
}
