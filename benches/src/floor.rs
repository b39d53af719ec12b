//! What the protocol makes unavoidable, measured now: the [`primitives`], as fast as this machine computes them.
//!
//! [`subjects`](crate::subjects) name what a floor consists of; here it is timed without criterion, and by the clock that a
//! measurement goes by.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result};
use crypto::Curve;

use crate::measure::{median, processor_time};
use crate::subjects::{Ready, Sum, Work, binding, es9plus, primitives};

/// The time of each primitive on a curve.
#[derive(Clone, PartialEq, Debug)]
pub struct Primitives {
    curve: Curve,
    times: BTreeMap<String, Duration>,
}

impl Primitives {
    /// Measures them by processor time: the medians of `rounds`, in each of which each is computed `calls` times.
    ///
    /// # Errors
    /// Where an engine fails.
    pub fn measure(curve: Curve, rounds: usize, calls: u32) -> Result<Self> {
        Self::measure_by(processor_time, curve, rounds, calls)
    }

    /// The same by another clock.
    ///
    /// # Errors
    /// The same.
    pub fn measure_by(
        clock: impl Fn() -> Duration + Copy,
        curve: Curve,
        rounds: usize,
        calls: u32,
    ) -> Result<Self> {
        let (subjects, floor) = (primitives::subjects(), es9plus::session_floor(curve, None));
        let names: BTreeSet<&str> = floor.names().collect();
        let mut times = BTreeMap::new();
        for name in names {
            let subject = subjects.iter().find(|subject| subject.name == name);
            let mut ready = subject.with_context(|| format!("there is no primitive {name}"))?.ready()?;
            times.insert(name.to_owned(), median(in_rounds(&mut ready, clock, rounds, calls)?));
        }
        Ok(Self { curve, times })
    }

    /// What binding one package takes besides protecting it (SGP.22 §5.6.2), and that.
    pub fn binding(&self, protection: Duration) -> Duration {
        self.sum(&binding::floor(self.curve, None)) + protection
    }

    /// What one download takes of an SM-DP+ that has met the EUM before, the protection of its package with it.
    pub fn download(&self, protection: Duration) -> Duration {
        self.sum(&es9plus::session_floor(self.curve, None)) + protection
    }

    fn sum(&self, sum: &Sum) -> Duration {
        let seconds = sum.of(|name| self.times.get(name).map(Duration::as_secs_f64));
        Duration::from_secs_f64(seconds.unwrap_or_default())
    }
}

/// A package protected as it is bound, by whoever does it faster; the mean of so many calls, by processor time.
pub fn protection(package: &[u8], calls: u32) -> Duration {
    protection_by(processor_time, package, calls)
}

/// The same by another clock.
pub fn protection_by(clock: impl Fn() -> Duration + Copy, package: &[u8], calls: u32) -> Duration {
    let ways: [Box<dyn Work>; 2] = [
        Box::new(primitives::protect(package.to_vec())),
        Box::new(primitives::encrypt_and_mac(package.to_vec())),
    ];
    let means = ways.map(|way| in_rounds(&mut Ready::new(way, calls), clock, 1, calls));
    means.into_iter().filter_map(Result::ok).flatten().min().unwrap_or_default()
}

/// The mean of so many calls, of each round.
fn in_rounds(
    ready: &mut Ready,
    clock: impl Fn() -> Duration + Copy,
    rounds: usize,
    calls: u32,
) -> Result<Vec<Duration>> {
    ready.spent(1)?;
    (0..rounds.max(1)).map(|_| Ok(ready.spent_by(clock, calls.into())? / calls.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_takes_more_than_binding_and_both_take_the_protection() {
        for curve in Curve::ALL {
            let primitives = Primitives::measure(curve, 1, 1).unwrap();
            let protection = Duration::from_secs(1);
            assert!(primitives.binding(protection) > protection, "{curve}");
            assert!(primitives.download(protection) > primitives.binding(protection), "{curve}");
        }
    }

    #[test]
    fn protection_takes_time() {
        assert!(protection(&[0x5A; 4096], 10) > Duration::ZERO);
    }
}
