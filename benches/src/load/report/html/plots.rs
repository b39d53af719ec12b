//! The charts of a run.

use maud::{Markup, html};

use super::super::histogram::{self, Percentile};
use super::super::printable::Printable;
use super::super::units;
use super::axis::Axis;
use super::chart::{Chart, Line};
use crate::load::result::{Second, StepResult};

/// A line's name, its class in the style sheet, and its value in a second.
type OfSecond = (&'static str, &'static str, fn(&Second) -> u64);

/// What was due in each second, and how it ended.
pub(super) fn throughput(timeline: &[Second]) -> Markup {
    const LINES: [OfSecond; 4] = [
        ("due", "faint", |second| second.due),
        ("failed", "bad", |second| second.failed),
        ("busy (503)", "weak", |second| second.busy),
        ("succeeded", "good", |second| second.succeeded),
    ];
    let largest = LINES.iter().flat_map(|(_, _, of)| timeline.iter().map(of)).max().unwrap_or_default();
    let lines = LINES.iter().map(|(name, class, of)| Line {
        name,
        class: (*class).to_owned(),
        points: points(timeline, |second| Some(of(second))),
    });
    let chart = Chart {
        description: "Attempts due, succeeded, busy and failed in each second",
        x: seconds(timeline),
        y: Axis::from_zero("in a second", largest as f64, |value| units::count(value as u64)),
        lines: lines.collect(),
    };
    chart.markup()
}

/// The middle and the 99th percentile of each second; no line where nothing succeeded.
pub(super) fn latency(timeline: &[Second]) -> Markup {
    const LINES: [OfSecond; 2] = [("p99", "s1", |second| second.p99), ("p50", "s0", |second| second.p50)];
    let largest = LINES.iter().flat_map(|(_, _, of)| timeline.iter().map(of)).max().unwrap_or_default();
    let lines = LINES.iter().map(|(name, class, of)| Line {
        name,
        class: (*class).to_owned(),
        points: points(timeline, |second| (second.succeeded > 0).then(|| of(second))),
    });
    let chart = Chart {
        description: "The middle latency and the 99th percentile in each second",
        x: seconds(timeline),
        y: Axis::from_zero("latency", largest as f64, units::duration),
        lines: lines.collect(),
    };
    chart.markup()
}

/// The latency of each step by percentile. A step whose histogram cannot be read has no line, and that is said.
pub(super) fn distribution(steps: &[&StepResult]) -> Markup {
    /// How many colours there are.
    const COLOURS: usize = 7;
    let mut lines = Vec::new();
    let mut unread = Vec::new();
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.succeeded > 0) {
        match histogram::of(step) {
            Ok(histogram) => {
                lines.push((step.name.as_str(), number % COLOURS, histogram::percentiles(&histogram)))
            }
            Err(_) => unread.push(Printable(&step.name).to_string()),
        }
    }
    let all = || lines.iter().flat_map(|(_, _, percentiles)| percentiles);
    let nines = all().map(|one| one.nines).fold(1.0, f64::max);
    let (min, max) = (all().map(|one| one.micros).min(), all().map(|one| one.micros).max());
    let axis_of = |value: Option<u64>| value.unwrap_or_default() as f64;
    let chart = Chart {
        description: "Latency of each step by percentile",
        x: Axis::percentiles("so many were at most so slow", nines),
        y: Axis::logarithmic("latency", axis_of(min), axis_of(max), units::duration),
        lines: lines.iter().map(|(name, colour, percentiles)| step(name, *colour, percentiles)).collect(),
    };
    html! {
        (chart.markup())
        @for name in unread { p.caution { "There is no line for " (name) ": its histogram cannot be read." } }
    }
}

fn step<'a>(name: &'a str, colour: usize, percentiles: &[Percentile]) -> Line<'a> {
    let points = percentiles.iter().map(|one| (one.nines, Some(one.micros as f64)));
    Line { name, class: format!("s{colour}"), points: points.collect() }
}

fn seconds(timeline: &[Second]) -> Axis {
    let last = timeline.iter().map(|second| second.second).max().unwrap_or_default();
    Axis::until("seconds since the warm-up", last as f64, |value| units::count(value as u64))
}

fn points(timeline: &[Second], of: impl Fn(&Second) -> Option<u64>) -> Vec<(f64, Option<f64>)> {
    timeline.iter().map(|second| (second.second as f64, of(second).map(|value| value as f64))).collect()
}
