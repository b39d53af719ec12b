//! The time in a laboratory.

use std::sync::atomic::{AtomicI64, Ordering};

use protocol::clock::{Clock, Timestamp};

use crate::pki::NOW;

/// A millisecond goes by each time it is asked: time passes as at a server, and the same in every run.
pub struct PassingClock(AtomicI64);

impl Default for PassingClock {
    /// Begins when the PKI was made.
    fn default() -> Self {
        Self(AtomicI64::new(Timestamp::from_unix_seconds(NOW.0).unix_millis()))
    }
}

impl Clock for PassingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}
