//! What is measured below HTTP, as `cargo bench` measures it too: the [`subjects`].

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use crate::measure::{mean, median};
use crate::subjects::compared::{micros, middle, times};
use crate::subjects::{self, Ready, SIZES, ratios};

/// Under session keys.
pub static BIND: [Goal; 1] = [Goal {
    name: "bind",
    what: "bind a 12 KB package under session keys, P-256, below HTTP",
    bound: Bound::AtLeast(0.90, Unit::Share),
}];

/// Ahead of time.
pub static AHEAD: [Goal; 2] = [
    Goal {
        name: "ahead",
        what: "bind a package protected ahead of time: 512 KB against 12 KB, less the copy of the bytes",
        bound: Bound::AtMost(1.10, Unit::Times),
    },
    Goal {
        name: "ahead-whole",
        what: "all of GetBoundProfilePackage below HTTP for it: the same, less reading it out of the store too",
        bound: Bound::AtMost(1.10, Unit::Times),
    },
];

/// A download below HTTP.
pub static SESSION: [Goal; 1] = [Goal {
    name: "session",
    what: "whole session below HTTP, SQLite in memory",
    bound: Bound::AtLeast(0.75, Unit::Share),
}];

/// What an eUICC does.
pub static CARD: [Goal; 1] = [Goal {
    name: "card",
    what: "card: install a 12 KB profile with all checks, beside the floor of its own engine",
    bound: Bound::AtLeast(0.70, Unit::Share),
}];

/// The eUICC's answer verified, a one-time key made, the package bound.
pub fn bind(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &BIND;
    beside_its_floor(bench, goal, "binding/session-keys/12KB/P-256")
}

/// Everything from the decoded request to the answer, the store included.
pub fn session(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &SESSION;
    beside_its_floor(bench, goal, "es9plus/session/session-keys/12KB/P-256")
}

/// ES10b.LoadBoundProfilePackage.
pub fn card(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &CARD;
    beside_its_floor(bench, goal, "card/install/12KB/P-256")
}

/// The line of the subject with this name.
///
/// # Errors
/// Where there is none, or it fails.
pub fn beside_its_floor(bench: &Bench, goal: &'static Goal, name: &str) -> Result<Vec<Row>> {
    bench.stay_on_the_servers_processor();
    let all = subjects::all();
    let subject = all.iter().find(|subject| subject.name == name);
    let subject = subject.with_context(|| format!("there is no subject {name}"))?;
    let ratio = ratios::ratio(&all, subject, bench.options.rounds)?;
    Ok(vec![goal.measured(ratio.share, ratio.figure())])
}

/// The smallest size and the largest: first binding alone, then all of GetBoundProfilePackage.
pub fn ahead(bench: &Bench) -> Result<Vec<Row>> {
    bench.stay_on_the_servers_processor();
    let [bind_goal, whole_goal] = &AHEAD;
    let binding = |name: &str| format!("binding/profile-protection-keys/{name}/P-256");
    let whole = |name: &str| format!("es9plus/getBoundProfilePackage/profile-protection-keys/{name}");
    let reading = |name: &str| format!("es9plus/storedPackage/profile-protection-keys/{name}");
    let alone = BySize::measured(bench, 20, |name| (binding(name), None))?;
    // Each call leaves a package in the store, which is in memory.
    let whole = BySize::measured(bench, 4, |name| (whole(name), Some(reading(name))))?;
    Ok(vec![bind_goal.measured(alone.ratio, alone.figure), whole_goal.measured(whole.ratio, whole.figure)])
}

/// The largest size against the smallest.
struct BySize {
    ratio: f64,
    figure: String,
}

impl BySize {
    /// With so many calls in a round. `names` gives a subject of a size and, where it has one in it, that which reads the package
    /// out of the store.
    fn measured(bench: &Bench, calls: u32, names: impl Fn(&str) -> (String, Option<String>)) -> Result<Self> {
        let [(small, small_name), .., (large, large_name)] = SIZES;
        let mut small = AheadOfTime::new(calls, small, names(small_name))?;
        let mut large = AheadOfTime::new(calls, large, names(large_name))?;
        let rounds = (0..bench.options.rounds.max(1)).map(|_| Ok((small.cost()?, large.cost()?)));
        let (small, large): (Vec<Cost>, Vec<Cost>) = rounds.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let ratios = large.iter().zip(&small).map(|(large, small)| times(large.rest(), small.rest()));
        let ratio = middle(ratios.collect());
        let [of_large, of_small] = [large, small].map(Cost::median);
        Ok(Self { ratio, figure: format!("{large_name} in {of_large}, {small_name} in {of_small}") })
    }
}

/// A package that was protected under keys of its own before anybody asked for it.
struct AheadOfTime {
    calls: u32,
    whole: Ready,
    reading: Option<Ready>,
    bytes: Vec<u8>,
}

/// And what of it cannot but grow with the package.
#[derive(Clone, Copy)]
struct Cost {
    whole: Duration,
    /// Out of the store, where it is in one.
    reading: Option<Duration>,
    /// The one that is sent.
    copy: Duration,
}

impl AheadOfTime {
    fn new(calls: u32, size: usize, (whole, reading): (String, Option<String>)) -> Result<Self> {
        let all = subjects::all();
        let ready = |name: String| {
            let subject = all.iter().find(|subject| subject.name == name);
            let mut ready = subject.with_context(|| format!("there is no subject {name}"))?.ready()?;
            ready.spent(calls.into())?;
            anyhow::Ok(ready)
        };
        let (whole, reading) = (ready(whole)?, reading.map(ready).transpose()?);
        Ok(Self { calls, whole, reading, bytes: vec![0x5A; size] })
    }

    fn cost(&mut self) -> Result<Cost> {
        let calls = self.calls;
        let mean_of = |ready: &mut Ready| anyhow::Ok(ready.spent(calls.into())? / calls);
        Ok(Cost {
            whole: mean_of(&mut self.whole)?,
            reading: self.reading.as_mut().map(mean_of).transpose()?,
            copy: mean(calls, || _ = black_box(black_box(&self.bytes).clone())),
        })
    }
}

impl Cost {
    fn rest(&self) -> Duration {
        self.whole.saturating_sub(self.copy).saturating_sub(self.reading.unwrap_or_default())
    }

    /// Of each part.
    fn median(rounds: Vec<Self>) -> Self {
        let part = |part: fn(&Self) -> Duration| median(rounds.iter().map(part).collect());
        Self {
            whole: part(|round| round.whole),
            reading: rounds
                .iter()
                .all(|round| round.reading.is_some())
                .then(|| part(|round| round.reading.unwrap_or_default())),
            copy: part(|round| round.copy),
        }
    }
}

/// `311 µs less 20.1 µs to read it and 2.1 µs to copy it`.
impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} less ", micros(self.whole))?;
        if let Some(reading) = self.reading {
            write!(f, "{} to read it and ", micros(reading))?;
        }
        write!(f, "{} to copy it", micros(self.copy))
    }
}
