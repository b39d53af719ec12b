//! Times, collected: what the recorder and whoever else measures writes into a result.

use std::time::Duration;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

use super::result::Latency;

/// Longer than this nothing takes: it would be written as this long.
const LONGEST: Duration = Duration::from_secs(3600);

/// An HDR histogram of times in microseconds, to three digits.
#[derive(Clone)]
pub struct Samples(Histogram<u64>);

impl Samples {
    /// None yet.
    ///
    /// # Errors
    /// None that these bounds would raise.
    pub fn new() -> Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, micros(LONGEST), 3)?))
    }

    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.0.saturating_record(micros(time));
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The time, in microseconds, that this share of them did not exceed.
    pub fn quantile(&self, share: f64) -> u64 {
        self.0.value_at_quantile(share)
    }

    /// What they would have been, had there been one in each interval (microseconds): each that took longer than two
    /// intervals stands for those, too, that it kept from beginning.
    #[must_use]
    pub fn corrected(&self, interval: u64) -> Self {
        Self(self.0.clone_correct(interval))
    }

    /// The numbers of a result.
    pub fn latency(&self) -> Latency {
        if self.0.is_empty() {
            return Latency::default();
        }
        Latency {
            min: self.0.min(),
            mean: self.0.mean(),
            p50: self.quantile(0.5),
            p90: self.quantile(0.9),
            p99: self.quantile(0.99),
            p999: self.quantile(0.999),
            max: self.0.max(),
        }
    }

    /// V2 deflated, in base64.
    ///
    /// # Errors
    /// None that memory would raise.
    pub fn encoded(&self) -> Result<String> {
        let mut bytes = Vec::new();
        V2DeflateSerializer::new().serialize(&self.0, &mut bytes)?;
        Ok(STANDARD.encode(bytes))
    }
}

/// Whole microseconds.
fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::Deserializer;

    use super::*;

    fn of(millis: &[u64]) -> Samples {
        let mut samples = Samples::new().unwrap();
        millis.iter().for_each(|millis| samples.add(Duration::from_millis(*millis)));
        samples
    }

    #[test]
    fn quantiles_are_those_of_what_was_added_to_three_digits() {
        let samples = of(&(1..=1000).collect::<Vec<_>>());
        let latency = samples.latency();
        for (told, expected) in [
            (latency.min, 1_000),
            (latency.p50, 500_000),
            (latency.p90, 900_000),
            (latency.p99, 990_000),
            (latency.p999, 999_000),
            (latency.max, 1_000_000),
        ] {
            assert!(told.abs_diff(expected) <= expected / 1000, "{told} for {expected}");
        }
    }

    #[test]
    fn what_took_too_long_is_kept_as_the_longest() {
        let samples = of(&[24 * 3_600_000]);
        assert_eq!(samples.count(), 1);
        assert!(samples.latency().max.abs_diff(micros(LONGEST)) <= micros(LONGEST) / 1000);
    }

    #[test]
    fn nothing_is_told_as_zeros() {
        assert_eq!(of(&[]).latency(), Latency::default());
    }

    /// One stall of a second, where one attempt is expected each 10 ms, stands for a hundred.
    #[test]
    fn a_stall_stands_for_those_that_it_kept_from_beginning() {
        let corrected = of(&[10, 10, 10, 1000]).corrected(10_000);
        assert_eq!(corrected.count(), 3 + 100);
        assert!(corrected.quantile(0.5) > 400_000);
        assert_eq!(of(&[10, 10, 12, 19]).corrected(10_000).count(), 4);
    }

    #[test]
    fn the_written_histogram_is_read_again() {
        let samples = of(&[1, 2, 3]);
        let bytes = STANDARD.decode(samples.encoded().unwrap()).unwrap();
        let read: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        assert_eq!(read, samples.0);
    }
}
