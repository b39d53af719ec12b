//! Two runs beside each other, for a terminal.

use super::super::table::Table;
use super::{facts, processor_each, told, units};
use crate::load::packaging::{PackagingResult, Row};

/// Writes what differs between an old run and a new one: first what was asked for and where, then what each step did. A ratio
/// is the new figure by the old.
pub fn write(old: &PackagingResult, new: &PackagingResult) -> String {
    let asked = facts(old).into_iter().zip(facts(new));
    let different = asked.filter(|(old, new)| old != new);
    let told = different.map(|((name, old), (_, new))| (name, format!("{old} → {new}")));
    let mut text = format!("Not the same in both runs\n{}", Table::of_facts(told).write());
    for (heading, figure, unit) in FIGURES {
        text.push_str(&format!("\n{heading}\n{}", figures(old, new, figure, unit)));
    }
    text
}

/// What is compared of each row: its heading, where it is, and how it is written.
type Compared = (&'static str, fn(&Row) -> Option<f64>, fn(f64) -> String);

const FIGURES: [Compared; 3] = [
    ("Packages", |row| Some(row.packages_per_second), units::rate),
    ("Processor time each", |row| Some(processor_each(row)), units::duration),
    ("Floor / processor", |row| row.floor_ratio, units::percent),
];

fn figures(
    old: &PackagingResult,
    new: &PackagingResult,
    figure: fn(&Row) -> Option<f64>,
    unit: fn(f64) -> String,
) -> String {
    let mut table = Table::with_head(["", "size", "old", "new", "new / old"]);
    for (of_old, of_new) in pairs(old, new) {
        let Some(either) = of_old.or(of_new) else { continue };
        let (before, after) = (of_old.and_then(figure), of_new.and_then(figure));
        if before.or(after).is_none() {
            continue;
        }
        let ratio = before.zip(after).and_then(|(before, after)| units::ratio(after, before));
        let written = |value: Option<f64>| value.map_or(told::NOTHING.to_owned(), unit);
        table.row([
            either.step.name().to_owned(),
            units::size(either.asked),
            written(before),
            written(after),
            ratio.unwrap_or(told::NOTHING.to_owned()),
        ]);
    }
    table.write()
}

/// Each row of either run with that of the same step and the size that was asked for in the other.
fn pairs<'a>(
    old: &'a PackagingResult,
    new: &'a PackagingResult,
) -> impl Iterator<Item = (Option<&'a Row>, Option<&'a Row>)> {
    let of_old = old.rows.iter().map(|row| (Some(row), like(row, new)));
    let only_new = new.rows.iter().filter(|row| like(row, old).is_none()).map(|row| (None, Some(row)));
    of_old.chain(only_new)
}

fn like<'a>(row: &Row, result: &'a PackagingResult) -> Option<&'a Row> {
    result.rows.iter().find(|other| other.step == row.step && other.asked == row.asked)
}
