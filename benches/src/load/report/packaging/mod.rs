//! What came of a run of [`crate::load::packaging`], in the same forms.

pub mod compare;
pub mod csv;
pub mod html;
pub mod json;
pub mod text;

use super::{told, units};
use crate::load::packaging::{PackagingResult, Row};

/// What was asked for and where, each with its name.
fn facts(result: &PackagingResult) -> [(&'static str, String); 5] {
    let PackagingResult { began, plan, machine, .. } = result;
    [
        ("begun", told::printable(began)),
        ("curve", told::printable(&plan.curve)),
        ("threads", units::count(plan.threads as u64)),
        ("each step", units::seconds(plan.seconds)),
        ("ran on", told::machine(machine)),
    ]
}

/// What is told of each row, behind its step and size.
const COLUMNS: [&str; 6] = ["packages", "a second", "bytes", "processor each", "floor", "floor / processor"];

/// The same, in its units.
fn cells(row: &Row) -> [String; 6] {
    let none = || told::NOTHING.to_owned();
    [
        units::count(row.packages),
        units::rate(row.packages_per_second),
        units::megabytes(row.megabytes_per_second),
        units::duration(processor_each(row)),
        row.floor.map_or_else(none, units::duration),
        row.floor_ratio.map_or_else(none, units::percent),
    ]
}

/// Microseconds that one package took of a processor.
fn processor_each(row: &Row) -> f64 {
    row.processor_seconds * 1e6 / row.packages.max(1) as f64
}

/// What the floor is.
const ABOUT_THE_FLOOR: &str = "The floor is what the bare primitives take, measured in the same run on one thread: the answer of \
    the eUICC verified, a one-time key made and agreed on, the session keys derived, InitialiseSecureChannel signed, and the \
    package protected; under profile protection keys without the package, which can be protected ahead of time.";
