//! For a terminal.

use super::super::table::Table;
use super::{ABOUT_THE_FLOOR, COLUMNS, cells, facts, units};
use crate::load::packaging::PackagingResult;

/// Writes a result.
pub fn write(result: &PackagingResult) -> String {
    let [packages, rate, bytes, processor, floor, ratio] = COLUMNS;
    let mut table = Table::with_head(["", "size", packages, rate, bytes, processor, floor, ratio]);
    for row in &result.rows {
        let head = [row.step.name().to_owned(), units::size(row.size)];
        table.row(head.into_iter().chain(cells(row)));
    }
    let facts = Table::of_facts(facts(result)).write();
    format!("Profile packaging, in this process\n\n{facts}\n{}\n{ABOUT_THE_FLOOR}\n", table.write())
}
