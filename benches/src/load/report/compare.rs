//! Two runs beside each other, for a terminal.

use super::table::Table;
use super::{caution, told, units};
use crate::load::result::{Latency, LoadResult, StepResult};

/// Writes what differs between an old run and a new one: first what was asked for, then what came of it. A ratio is the new figure
/// by the old.
pub fn write(old: &LoadResult, new: &LoadResult) -> String {
    let mut text = Table::of_facts([("old", told::title(old)), ("new", told::title(new))]).write();
    let asked = asked_otherwise(old, new);
    if asked.is_empty() {
        text.push_str("\nThe same was asked for.\n");
    } else {
        text.push_str("\nNot the same was asked for, so the figures tell of that too:\n");
        text.push_str(&Table::of_facts(asked).write());
    }
    text.push_str(&format!("\n{}", figures(old, new)));
    for (which, result) in [("old", old), ("new", new)] {
        for caution in caution::of(result) {
            text.push_str(&format!("\nCAUTION, the {which} run: {caution}\n"));
        }
    }
    text
}

/// What was not the same: the plan, whom it was carried out against, and where.
fn asked_otherwise(old: &LoadResult, new: &LoadResult) -> Vec<(&'static str, String)> {
    let asked = |result: &LoadResult| {
        let mut asked = told::plan(&result.plan);
        asked.push(("target", told::printable(&result.target)));
        asked.push(("what", told::printable(&result.what)));
        asked.push(("generator ran on", told::machine(&result.machine)));
        asked
    };
    let (old, new) = (asked(old), asked(new));
    let of = |asked: &[(&str, String)], name: &str| {
        let told = asked.iter().find(|(other, _)| *other == name).map(|(_, told)| told.clone());
        told.unwrap_or(told::NOTHING.to_owned())
    };
    let only_new = new.iter().filter(|(name, _)| old.iter().all(|(other, _)| other != name));
    let names: Vec<&'static str> = old.iter().chain(only_new).map(|(name, _)| *name).collect();
    let both = names.into_iter().map(|name| (name, of(&old, name), of(&new, name)));
    let different = both.filter(|(_, old, new)| old != new);
    different.map(|(name, old, new)| (name, format!("{old} → {new}"))).collect()
}

fn figures(old: &LoadResult, new: &LoadResult) -> String {
    let mut table = Table::with_head(["", "old", "new", "new / old"]);
    let mut row = |name: &str, of: [Option<f64>; 2], unit: fn(f64) -> String| {
        let [before, after] = of.map(|value| value.map_or(told::NOTHING.to_owned(), unit));
        let ratio = match of {
            [Some(before), Some(after)] => units::ratio(after, before),
            _ => None,
        };
        table.row([name.to_owned(), before, after, ratio.unwrap_or(told::NOTHING.to_owned())]);
    };
    row("throughput", [old, new].map(|result| Some(result.throughput)), units::rate);
    row("failed", [old, new].map(|result| Some(failed(result))), units::percent);
    for name in names(old, new) {
        let steps = [old, new].map(|result| step(result, name));
        for (percentile, of) in PERCENTILES {
            let values = steps.map(|step| measured(step).map(|step| of(&step.latency) as f64));
            row(&told::printable(format_args!("{name} {percentile}")), values, units::duration);
        }
    }
    row(
        "generator, each attempt",
        [old, new].map(|result| Some(result.generator.per_attempt)),
        units::duration,
    );
    table.write()
}

/// A percentile's name, and where it is.
type Percentile = (&'static str, fn(&Latency) -> u64);

/// What is compared of each step.
const PERCENTILES: [Percentile; 6] = [
    ("min", |latency| latency.min),
    ("p50", |latency| latency.p50),
    ("p90", |latency| latency.p90),
    ("p99", |latency| latency.p99),
    ("p99.9", |latency| latency.p999),
    ("max", |latency| latency.max),
];

/// The share of attempts that did not succeed.
fn failed(result: &LoadResult) -> f64 {
    let StepResult { succeeded, failed, .. } = result.whole;
    failed as f64 / succeeded.saturating_add(failed).max(1) as f64
}

/// The steps of either run, those of the old one first.
fn names<'a>(old: &'a LoadResult, new: &'a LoadResult) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for step in told::steps_and_whole(old).into_iter().chain(told::steps_and_whole(new)) {
        if !names.contains(&step.name.as_str()) {
            names.push(&step.name);
        }
    }
    names
}

fn step<'a>(result: &'a LoadResult, name: &str) -> Option<&'a StepResult> {
    told::steps_and_whole(result).into_iter().find(|step| step.name == name)
}

/// A step that has latencies.
fn measured(step: Option<&StepResult>) -> Option<&StepResult> {
    step.filter(|step| step.succeeded > 0)
}
