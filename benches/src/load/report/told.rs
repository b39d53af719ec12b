//! What all forms say alike.

use super::printable::Printable;
use super::units;
use crate::load::result::{
    ArrivalTold, Ended, Generator, Latency, LoadResult, Machine, PlanTold, Spread, StepResult,
};

/// What is written where there is nothing to tell.
pub(super) const NOTHING: &str = "–";

/// A text that others may have written.
pub(super) fn printable(text: impl std::fmt::Display) -> String {
    Printable(text).to_string()
}

/// What was measured, of whom, and when.
pub(super) fn title(result: &LoadResult) -> String {
    let LoadResult { what, target, began, .. } = result;
    printable(format_args!("{what}: {target}, {began}"))
}

/// How attempts arrive.
fn arrival(plan: &PlanTold) -> String {
    let spread = match plan.spread {
        Some(Spread::Poisson) => ", as those of many who know nothing of each other",
        Some(Spread::Even) | None => "",
    };
    match plan.arrival {
        ArrivalTold::Rate(rate) => format!("{} due in a second{spread}", units::figures(rate)),
        ArrivalTold::Concurrency(number) => format!("{} at a time", units::count(number as u64)),
    }
}

/// What was asked for, each with its name. Two runs for which the same was asked are told alike.
pub(super) fn plan(plan: &PlanTold) -> Vec<(&'static str, String)> {
    let number = |number: usize| units::count(number as u64);
    let until =
        plan.asked_seconds.map_or("until there is nothing left to attempt".to_owned(), units::seconds);
    let count = plan.count.map_or("as many as there is time for".to_owned(), units::count);
    let again = if plan.again { ", again and again" } else { "" };
    let new = if plan.new_connections { ", a new one for each attempt" } else { "" };
    let mut told = vec![
        ("arrival", arrival(plan)),
        ("warm-up", units::seconds(plan.warm_up)),
        ("to measure", until),
        ("attempts at most", format!("{count}{again}")),
        ("eUICCs", format!("{}, {}", number(plan.euiccs), printable(&plan.curve))),
        ("connections at most", format!("{}{new}", number(plan.connections))),
        ("binding", printable(&plan.binding)),
    ];
    // Challenges follow from it, too, which make no difference.
    if plan.spread == Some(Spread::Poisson) {
        told.push(("seed", plan.seed.to_string()));
    }
    told
}

/// How the run went on, each with its name.
pub(super) fn course(result: &LoadResult) -> Vec<(&'static str, String)> {
    let ended = match result.ended {
        Ended::Time => "its time was over",
        Ended::Orders => "there was nothing left to attempt",
        Ended::Interrupted => "it was interrupted",
    };
    let mut told =
        vec![("measured", units::seconds(result.plan.seconds)), ("ended because", ended.to_owned())];
    if let Some(used) = result.orders_used {
        told.push(("orders used", format!("{} to {}", used.first, used.last)));
    }
    told
}

/// Where it ran, on one line.
pub(super) fn machine(machine: &Machine) -> String {
    let Machine { processor, processors, system } = machine;
    let plural = if *processors == 1 { "processor" } else { "processors" };
    printable(format_args!("{processor}, {processors} {plural}, {system}"))
}

/// What the latencies of a result are.
pub(super) fn latency_heading(result: &LoadResult) -> String {
    match result.corrected_by {
        Some(interval) => format!("Latency, corrected as if one came each {}", units::micros(interval)),
        None => "Latency, from when it was due".to_owned(),
    }
}

/// What the other clock measured.
pub(super) const SERVICE_HEADING: &str = "Service time, from when it really began";

/// A time of a step, which has none where it never succeeded.
pub(super) fn micros(step: &StepResult, micros: u64) -> String {
    if step.succeeded > 0 { units::micros(micros) } else { NOTHING.to_owned() }
}

/// How late the generator was; nothing where attempts come one after the other, and none is late.
pub(super) fn lag(result: &LoadResult) -> Option<&Latency> {
    matches!(result.plan.arrival, ArrivalTold::Rate(_)).then_some(&result.generator.lag)
}

/// The steps, then the whole; the whole alone where it is the only step.
pub(super) fn steps_and_whole(result: &LoadResult) -> Vec<&StepResult> {
    let steps: Vec<_> = match result.steps.as_slice() {
        [only] if only.name == result.whole.name => Vec::new(),
        steps => steps.iter().collect(),
    };
    steps.into_iter().chain([&result.whole]).collect()
}

/// Each way in which attempts ended: how often, and which share of all.
pub(super) fn outcomes(result: &LoadResult) -> impl Iterator<Item = (String, u64, f64)> {
    let all: u64 = result.outcomes.iter().map(|outcome| outcome.count).fold(0, u64::saturating_add);
    result.outcomes.iter().map(move |outcome| {
        let share = outcome.count as f64 / all.max(1) as f64;
        (printable(&outcome.name), outcome.count, share)
    })
}

/// What was told of the first attempt of each kind that failed; nothing of those whose name says all.
pub(super) fn firsts(result: &LoadResult) -> impl Iterator<Item = (String, String)> {
    let said = result.outcomes.iter().filter(|outcome| !outcome.first.is_empty());
    said.map(|outcome| (printable(&outcome.name), printable(&outcome.first)))
}

/// What the generator itself cost, each with its name.
pub(super) fn generator(result: &LoadResult) -> [(&'static str, String); 4] {
    let Generator { processor_seconds, share, per_attempt, euicc_per_attempt, .. } = &result.generator;
    let late = lag(result).map_or(NOTHING.to_owned(), |lag| {
        let [p50, p99, max] = [lag.p50, lag.p99, lag.max].map(units::micros);
        format!("p50 {p50}, p99 {p99}, at most {max}")
    });
    [
        (
            "processor time",
            format!(
                "{} s, {} of what it may use",
                units::figures(*processor_seconds),
                units::percent(*share)
            ),
        ),
        ("for each attempt", units::duration(*per_attempt)),
        ("of that the eUICC", units::duration(*euicc_per_attempt)),
        ("began late", late),
    ]
}
