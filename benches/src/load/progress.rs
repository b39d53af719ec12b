//! How a run gets on.

use std::time::Duration;

/// So far.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Progress {
    /// Since the run began, warm-up included.
    pub elapsed: Duration,
    /// Whether nothing is measured yet.
    pub warming_up: bool,
    /// Which share of the run is done, as far as it can be told.
    pub done: f64,
    /// Attempts that have succeeded in the last second.
    pub per_second: f64,
    /// What came of attempts so far.
    pub counts: Counts,
}

/// What came of attempts after the warm-up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// That have begun and not ended.
    pub in_flight: u64,
    /// That succeeded.
    pub succeeded: u64,
    /// That were answered with 503.
    pub busy: u64,
    /// That ended otherwise.
    pub failed: u64,
    /// The middle latency of those that succeeded, microseconds.
    pub p50: u64,
    /// The 99th percentile.
    pub p99: u64,
}
