//! For a terminal.

use super::table::Table;
use super::{caution, told, units};
use crate::load::result::{Latency, LoadResult, StepResult};

/// Writes a result.
pub fn write(result: &LoadResult) -> String {
    let mut text = format!("{}\n\n{}", told::title(result), facts(result));
    let clocks: [(String, Clock); 2] = [
        (told::latency_heading(result), |step| &step.latency),
        (told::SERVICE_HEADING.to_owned(), |step| &step.service),
    ];
    for (heading, clock) in clocks {
        text.push_str(&format!("\n{heading}\n{}", steps(result, clock)));
    }
    text.push_str(&format!("\nHow attempts ended\n{}", outcomes(result)));
    text.push_str(&format!("\nWhat the generator itself cost\n{}", generator(result)));
    for caution in caution::of(result) {
        text.push_str(&format!("\nCAUTION: {caution}\n"));
    }
    text
}

/// What one of the two clocks measured of a step.
type Clock = fn(&StepResult) -> &Latency;

fn facts(result: &LoadResult) -> String {
    let throughput = format!(
        "{}: {} succeeded, {} did not",
        units::rate(result.throughput),
        units::count(result.whole.succeeded),
        units::count(result.whole.failed)
    );
    let (course, plan) = (told::course(result), told::plan(&result.plan));
    let machine = ("generator ran on", told::machine(&result.machine));
    let facts = [("throughput", throughput)].into_iter().chain(course).chain(plan).chain([machine]);
    Table::of_facts(facts).write()
}

fn steps(result: &LoadResult, clock: Clock) -> String {
    let mut table = Table::with_head(["", "succeeded", "failed", "min", "p50", "p90", "p99", "p99.9", "max"]);
    for step in told::steps_and_whole(result) {
        let Latency { min, p50, p90, p99, p999, max, .. } = *clock(step);
        let head = [told::printable(&step.name), units::count(step.succeeded), units::count(step.failed)];
        let times = [min, p50, p90, p99, p999, max].map(|time| told::micros(step, time));
        table.row(head.into_iter().chain(times));
    }
    table.write()
}

fn outcomes(result: &LoadResult) -> String {
    let mut table = Table::default();
    for (name, count, share) in told::outcomes(result) {
        table.row([name, units::count(count), units::percent(share)]);
    }
    let firsts: String =
        told::firsts(result).map(|(name, first)| format!("  {name}, the first: {first}\n")).collect();
    table.write() + &firsts
}

fn generator(result: &LoadResult) -> String {
    Table::of_facts(told::generator(result)).write()
}
