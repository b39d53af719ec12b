//! The latencies of a step, all of them.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;

use crate::load::result::StepResult;

/// The histogram of a step, microseconds.
///
/// # Errors
/// Where it is none: a result may come out of any file.
pub(in crate::load) fn of(step: &StepResult) -> Result<Histogram<u64>> {
    let bytes = BASE64_STANDARD.decode(&step.histogram).context("a histogram that is no base64")?;
    Deserializer::new().deserialize(&mut bytes.as_slice()).context("no HDR histogram")
}

/// A point of a distribution.
pub(super) struct Percentile {
    /// How many nines: 1 for 90 %, 2 for 99 %, 0.3 for the middle.
    pub(super) nines: f64,
    /// That many were at most so slow, microseconds.
    pub(super) micros: u64,
}

/// Percentiles as far as the number of values tells them apart, twenty between one more nine and the next.
pub(super) fn percentiles(histogram: &Histogram<u64>) -> Vec<Percentile> {
    const STEPS: u32 = 20;
    let last = (histogram.len().max(1) as f64).log10() * f64::from(STEPS);
    let at = |step: u32| {
        let nines = f64::from(step) / f64::from(STEPS);
        Percentile { nines, micros: histogram.value_at_quantile(1.0 - 10_f64.powf(-nines)) }
    };
    (0..=last.ceil() as u32).map(at).collect()
}
