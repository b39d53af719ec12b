//! Something beside its floor, measured in turn.

use std::time::Duration;

use anyhow::Result;

use crate::measure::median;

/// A floor and what stands on it, over some rounds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Compared {
    /// The floor, its median.
    pub floor: Duration,
    /// What it really costs, its median.
    pub cost: Duration,
    /// The median of floor by cost, each of one round: what makes the machine slow for a while makes both slow.
    pub share: f64,
}

impl Compared {
    /// Measures rounds; each gives the floor and the cost.
    ///
    /// # Errors
    /// Those of a round.
    pub fn over(rounds: usize, mut round: impl FnMut() -> Result<(Duration, Duration)>) -> Result<Self> {
        let rounds: Vec<_> = (0..rounds.max(1)).map(|_| round()).collect::<Result<_>>()?;
        Ok(Self {
            floor: median(rounds.iter().map(|(floor, _)| *floor).collect()),
            cost: median(rounds.iter().map(|(_, cost)| *cost).collect()),
            share: middle(rounds.iter().map(|(floor, cost)| times(*floor, *cost)).collect()),
        })
    }

    /// Both, as people read them.
    pub fn figure(&self) -> String {
        format!("{} over a floor of {}", micros(self.cost), micros(self.floor))
    }
}

/// How often one goes into another.
pub fn times(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// The middle one of some numbers; no number of none.
pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// `311 µs`.
pub fn micros(duration: Duration) -> String {
    let micros = duration.as_secs_f64() * 1e6;
    if micros < 100.0 { format!("{micros:.1} µs") } else { format!("{micros:.0} µs") }
}

/// What one of so many has cost.
pub fn each(all: Duration, number: usize) -> Duration {
    all / u32::try_from(number.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_the_medians() {
        let micros = Duration::from_micros;
        let mut rounds =
            [(90, 100), (10, 100), (180, 200)].into_iter().map(|(one, other)| (micros(one), micros(other)));
        let compared = Compared::over(3, || Ok(rounds.next().unwrap())).unwrap();
        assert_eq!(compared, Compared { floor: micros(90), cost: micros(100), share: 0.9 });
    }

    #[test]
    fn a_round_that_fails_is_told() {
        assert!(Compared::over(3, || anyhow::bail!("refused")).is_err());
    }

    #[test]
    fn nothing_has_no_middle() {
        assert!(middle(Vec::new()).is_nan());
        assert_eq!(middle(vec![3.0, 1.0, 2.0]), 2.0);
    }

    #[test]
    fn times_are_told_in_microseconds() {
        assert_eq!(micros(Duration::from_nanos(12_340)), "12.3 µs");
        assert_eq!(micros(Duration::from_micros(311)), "311 µs");
        assert_eq!(each(Duration::from_secs(2), 4), Duration::from_millis(500));
    }
}
