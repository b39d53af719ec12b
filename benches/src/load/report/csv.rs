//! For spreadsheets: one table in which each column means the same in every row.
//!
//! The first column says what a row is about; what does not apply to it is empty. Times are microseconds, and there are none
//! where nothing succeeded.
//!
//! | `row` | `name` | and |
//! |---|---|---|
//! | `run` | why it ended: `time`, `orders`, `interrupted` | `succeeded`, `failed`, `per_second` |
//! | `latency` | a step, or the whole | `succeeded`, `failed`; `min_us` … `max_us` from when it was due, or corrected |
//! | `service` | the same | `min_us` … `max_us` from when it really began |
//! | `lag` | `generator` | `min_us` … `max_us`: how late attempts began that came by the clock |
//! | `outcome` | how attempts ended | `count` |
//! | `second` | | `second`, `due`, `succeeded`, `busy`, `failed`, `p50_us`, `p99_us` |

use super::sheet::{Cell, Sheet};
use super::told;
use crate::load::result::{Ended, Latency, LoadResult, Second, StepResult};

/// The columns.
const COLUMNS: [&str; 16] = [
    "row",
    "name",
    "second",
    "due",
    "succeeded",
    "busy",
    "failed",
    "per_second",
    "count",
    "min_us",
    "mean_us",
    "p50_us",
    "p90_us",
    "p99_us",
    "p999_us",
    "max_us",
];

/// Writes a result.
pub fn write(result: &LoadResult) -> String {
    let mut sheet = Sheet::new(&COLUMNS);
    let per_second = ("per_second", result.throughput.to_string());
    sheet.row(named("run", ended(result)).into_iter().chain(numbers(&result.whole)).chain([per_second]));
    for step in told::steps_and_whole(result) {
        let times = |latency| (step.succeeded > 0).then(|| times(latency)).into_iter().flatten();
        let latency = named("latency", &step.name).into_iter().chain(numbers(step));
        sheet.row(latency.chain(times(&step.latency)));
        sheet.row(named("service", &step.name).into_iter().chain(times(&step.service)));
    }
    if let Some(lag) = told::lag(result) {
        sheet.row(named("lag", "generator").into_iter().chain(times(lag)));
    }
    for outcome in &result.outcomes {
        sheet.row(named("outcome", &outcome.name).into_iter().chain([("count", outcome.count.to_string())]));
    }
    for one in &result.timeline {
        sheet.row(second(one));
    }
    sheet.finish()
}

fn named(row: &str, name: &str) -> [Cell; 2] {
    [("row", row.to_owned()), ("name", name.to_owned())]
}

fn ended(result: &LoadResult) -> &'static str {
    match result.ended {
        Ended::Time => "time",
        Ended::Orders => "orders",
        Ended::Interrupted => "interrupted",
    }
}

fn numbers(step: &StepResult) -> [Cell; 2] {
    [("succeeded", step.succeeded.to_string()), ("failed", step.failed.to_string())]
}

fn times(latency: &Latency) -> [Cell; 7] {
    let Latency { min, mean, p50, p90, p99, p999, max } = latency;
    [
        ("min_us", min.to_string()),
        ("mean_us", format!("{mean:.1}")),
        ("p50_us", p50.to_string()),
        ("p90_us", p90.to_string()),
        ("p99_us", p99.to_string()),
        ("p999_us", p999.to_string()),
        ("max_us", max.to_string()),
    ]
}

fn second(one: &Second) -> impl Iterator<Item = Cell> {
    let Second { second, due, succeeded, busy, failed, p50, p99 } = one;
    let times = [("p50_us", p50.to_string()), ("p99_us", p99.to_string())];
    let counts = [
        ("row", "second".to_owned()),
        ("second", second.to_string()),
        ("due", due.to_string()),
        ("succeeded", succeeded.to_string()),
        ("busy", busy.to_string()),
        ("failed", failed.to_string()),
    ];
    counts.into_iter().chain(times.into_iter().filter(|_| *succeeded > 0))
}
