//! For spreadsheets: a row for each step with each size.

use super::super::sheet::Sheet;
use crate::load::packaging::PackagingResult;

/// The columns.
const COLUMNS: [&str; 10] = [
    "step",
    "asked_bytes",
    "size_bytes",
    "packages",
    "seconds",
    "processor_seconds",
    "packages_per_second",
    "megabytes_per_second",
    "floor_us",
    "floor_ratio",
];

/// Writes a result.
pub fn write(result: &PackagingResult) -> String {
    let mut sheet = Sheet::new(&COLUMNS);
    for row in &result.rows {
        let optional = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        sheet.row([
            ("step", row.step.name().to_owned()),
            ("asked_bytes", row.asked.to_string()),
            ("size_bytes", row.size.to_string()),
            ("packages", row.packages.to_string()),
            ("seconds", row.seconds.to_string()),
            ("processor_seconds", row.processor_seconds.to_string()),
            ("packages_per_second", row.packages_per_second.to_string()),
            ("megabytes_per_second", row.megabytes_per_second.to_string()),
            ("floor_us", optional(row.floor)),
            ("floor_ratio", optional(row.floor_ratio)),
        ]);
    }
    sheet.finish()
}
