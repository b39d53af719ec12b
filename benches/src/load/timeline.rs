//! Second by second.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::result::Second;
use super::samples::Samples;

/// What happened in each second. An attempt counts as due in the second in which it was due, and with its end in the one in
/// which it ended.
pub(super) struct Timeline {
    from: Instant,
    seconds: Vec<Second>,
    /// The latencies of those that ended in one second: the last in which one did.
    latencies: Samples,
    of: usize,
}

impl Timeline {
    pub(super) fn new(from: Instant) -> Result<Self> {
        Ok(Self { from, seconds: Vec::new(), latencies: Samples::new()?, of: 0 })
    }

    pub(super) fn due(&mut self, at: Instant) {
        self.count(at, |second| second.due += 1);
    }

    /// Moments of ends come in their order.
    pub(super) fn succeeded(&mut self, at: Instant, latency: Duration) {
        let index = self.index(at);
        if index > self.of {
            self.tell_latencies();
            self.of = index;
        }
        self.latencies.add(latency);
        self.count(at, |second| second.succeeded += 1);
    }

    pub(super) fn busy(&mut self, at: Instant) {
        self.count(at, |second| second.busy += 1);
    }

    pub(super) fn failed(&mut self, at: Instant) {
        self.count(at, |second| second.failed += 1);
    }

    pub(super) fn finish(mut self) -> Vec<Second> {
        self.tell_latencies();
        self.seconds
    }

    fn tell_latencies(&mut self) {
        if let Some(second) = self.seconds.get_mut(self.of)
            && self.latencies.count() > 0
        {
            second.p50 = self.latencies.quantile(0.5);
            second.p99 = self.latencies.quantile(0.99);
            self.latencies.clear();
        }
    }

    fn count(&mut self, at: Instant, count: impl FnOnce(&mut Second)) {
        let index = self.index(at);
        while self.seconds.len() <= index {
            self.seconds.push(Second { second: self.seconds.len() as u64, ..Second::default() });
        }
        if let Some(second) = self.seconds.get_mut(index) {
            count(second);
        }
    }

    fn index(&self, at: Instant) -> usize {
        usize::try_from(at.saturating_duration_since(self.from).as_secs()).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_counts_where_it_was_due_and_where_it_ended() {
        let from = Instant::now();
        let at = |millis| from + Duration::from_millis(millis);
        let mut timeline = Timeline::new(from).unwrap();
        timeline.due(at(0));
        timeline.due(at(999));
        timeline.succeeded(at(500), Duration::from_millis(500));
        timeline.busy(at(600));
        timeline.succeeded(at(2100), Duration::from_millis(1101));
        timeline.failed(at(2200));
        let seconds = timeline.finish();
        let told: Vec<_> = seconds.iter().map(|s| (s.second, s.due, s.succeeded, s.busy, s.failed)).collect();
        assert_eq!(told, [(0, 2, 1, 1, 0), (1, 0, 0, 0, 0), (2, 0, 1, 0, 1)]);
        assert!(seconds[0].p50.abs_diff(500_000) <= 500);
        assert_eq!((seconds[1].p50, seconds[1].p99), (0, 0));
        assert!(seconds[2].p99.abs_diff(1_101_000) <= 1101);
    }
}
