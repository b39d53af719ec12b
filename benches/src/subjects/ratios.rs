//! Subjects beside their floors: in each round everything that enters a ratio is measured, one after the other, and the middle
//! one of the rounds' ratios counts. What the machine does besides meets floor and subject alike.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};

use super::compared::Compared;
use super::{Ready, Subject};
use crate::measure::processor_time;

/// How many rounds there are unless somebody asks for another number.
pub const ROUNDS: usize = 11;

/// How long one subject is measured in one round.
const SLICE: Duration = Duration::from_millis(4);

/// One of these subjects beside its floor: the processor time of one call, less what others did in it.
///
/// # Errors
/// Where it has no floor, or one that is not among them, or fails.
pub fn ratio(subjects: &[Subject], subject: &Subject, rounds: usize) -> Result<Compared> {
    let mut measured: BTreeMap<&str, Paced> = BTreeMap::new();
    for name in subject.terms().chain([subject.name.as_str()]) {
        if !measured.contains_key(name) {
            let found = subjects.iter().find(|subject| subject.name == name);
            let found = found.with_context(|| format!("there is no subject {name}"))?;
            measured.insert(name, Paced::new(found)?);
        }
    }
    Compared::over(rounds, || round(subject, &mut measured))
}

/// The floor and the cost of one call.
fn round(subject: &Subject, all: &mut BTreeMap<&str, Paced>) -> Result<(Duration, Duration)> {
    let mut figures = BTreeMap::new();
    for (name, paced) in all {
        figures.insert(*name, paced.one_call()?);
    }
    let figure = |name: &str| figures.get(name).copied();
    let whole = figure(&subject.name).context("the subject was not measured")?;
    let floor = subject.floor.of(figure).with_context(|| format!("{} has no floor", subject.name))?;
    let others = subject.others.of(figure).unwrap_or_default();
    Ok((seconds(floor), seconds(whole - others)))
}

/// None where what others do has come to more than the whole.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// A subject, and how often it has to be called for a slice.
struct Paced {
    ready: Ready,
    calls: u64,
}

impl Paced {
    fn new(subject: &Subject) -> Result<Self> {
        /// More is not needed of anything.
        const MOST: u64 = 1 << 14;

        let mut ready = subject.ready()?;
        // The first calls are slower than all others.
        ready.spent(subject.calls.into())?;
        let mut calls = 1;
        loop {
            let begun = processor_time();
            let spent = ready.spent(calls)?;
            // What is dear to prepare is measured less.
            let all = processor_time() - begun;
            if spent >= SLICE || all >= 4 * SLICE || calls >= MOST {
                return Ok(Self { ready, calls });
            }
            calls *= 2;
        }
    }

    /// Seconds of processor time.
    fn one_call(&mut self) -> Result<f64> {
        Ok(self.ready.spent(self.calls)?.as_secs_f64() / self.calls as f64)
    }
}

/// One line, to stand below [`HEADING`].
pub fn line(name: &str, Compared { floor, cost, share }: &Compared) -> String {
    let micros = |time: &Duration| format!("{:.2} µs", time.as_secs_f64() * 1e6);
    format!("{name:<58} {:>14} {:>14} {:>7.1} %", micros(cost), micros(floor), share * 100.0)
}

/// What stands above ratios.
pub const HEADING: &str =
    "subject                                                      processor time          floor  floor/it";

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::super::{Repeated, Sum};
    use super::*;

    fn spinning(name: &str, rounds: u32) -> Subject {
        Subject::new(name, 10, move || {
            Ok(Repeated(move || {
                (0..rounds).for_each(|round| _ = black_box(round));
                Ok(())
            }))
        })
    }

    #[test]
    fn a_ratio_needs_its_floor_among_the_subjects() {
        let sum = |name: &str| Sum::times(2, name);
        let subjects = [spinning("floor", 1000), spinning("whole", 4000).beside(sum("floor"))];
        let [floor, whole] = &subjects;
        let ratio_of_whole = ratio(&subjects, whole, 3).unwrap();
        assert!(ratio_of_whole.share > 0.0 && ratio_of_whole.floor > Duration::ZERO);
        assert!(ratio(&subjects, floor, 3).is_err(), "a floor has none of its own");
        let orphan = spinning("orphan", 1).beside(sum("nobody"));
        assert!(ratio(&subjects, &orphan, 3).is_err());
    }
}
