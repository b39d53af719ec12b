//! When attempts are due.

use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

pub use super::result::Spread;

/// So many attempts a second, whether earlier ones have ended or not.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// Attempts a second: more than none.
    pub per_second: f64,
    /// How they are spread.
    pub spread: Spread,
}

impl Rate {
    /// The moments at which attempts are due, counted from the beginning; the first is due at once. What is left to chance
    /// follows from the seed.
    pub fn moments(self, seed: u64) -> Moments {
        let rng = match self.spread {
            Spread::Even => None,
            Spread::Poisson => Some(ChaCha20Rng::seed_from_u64(seed)),
        };
        Moments { per_second: self.per_second, rng, number: 0, seconds: 0.0 }
    }
}

/// Moments without an end, in their order.
pub struct Moments {
    per_second: f64,
    rng: Option<ChaCha20Rng>,
    number: u64,
    seconds: f64,
}

impl Iterator for Moments {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let moment = match &mut self.rng {
            // Counted, not added up: what is rounded does not grow.
            None => self.number as f64 / self.per_second,
            Some(_) if self.number == 0 => 0.0,
            Some(rng) => {
                self.seconds += gap(rng) / self.per_second;
                self.seconds
            }
        };
        self.number += 1;
        Duration::try_from_secs_f64(moment).ok()
    }
}

/// An exponentially distributed number with the mean 1.
fn gap(rng: &mut ChaCha20Rng) -> f64 {
    /// 53 bits make a number from 0 up to, but not, 1.
    const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
    let uniform = (rng.next_u64() >> 11) as f64 * SCALE;
    -(1.0 - uniform).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_attempts_are_due_at_exact_moments_that_do_not_drift() {
        let rate = Rate { per_second: 3000.0, spread: Spread::Even };
        let moments: Vec<_> = rate.moments(1).take(3_000_001).collect();
        assert_eq!(moments[0], Duration::ZERO);
        assert_eq!(moments[3], Duration::from_millis(1));
        assert_eq!(moments[3_000_000], Duration::from_secs(1000));
    }

    #[test]
    fn a_rate_may_be_less_than_one_a_second() {
        let rate = Rate { per_second: 0.5, spread: Spread::Even };
        let moments: Vec<_> = rate.moments(1).take(3).collect();
        assert_eq!(moments, [0, 2, 4].map(Duration::from_secs));
    }

    #[test]
    fn poisson_attempts_have_the_rate_and_the_spread_of_their_process() {
        let rate = Rate { per_second: 100.0, spread: Spread::Poisson };
        let moments: Vec<_> = rate.moments(1).take(100_001).collect();
        assert_eq!(moments[0], Duration::ZERO);
        let gaps: Vec<f64> = moments.windows(2).map(|two| (two[1] - two[0]).as_secs_f64()).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        // The deviation of an exponential distribution is its mean.
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        assert!((mean * 100.0 - 1.0).abs() < 0.02, "{mean}");
        assert!((variance.sqrt() * 100.0 - 1.0).abs() < 0.02, "{variance}");
        assert!(moments.is_sorted());
    }

    #[test]
    fn the_same_seed_gives_the_same_moments() {
        let of = |seed| {
            Rate { per_second: 10.0, spread: Spread::Poisson }.moments(seed).take(50).collect::<Vec<_>>()
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
