//! Results to write down.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use benches::load::packaging::{self, PackagingResult, Row, Step};
use benches::load::result::{
    ArrivalTold, Ended, FORMAT, Generator, Latency, LoadResult, Machine, OrdersUsed, Outcome, PlanTold,
    Second, Spread, StepResult,
};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

/// What a hostile server calls its refusal.
pub const HOSTILE: &str = "refused <script>alert(1)</script>\u{1b}[2J\u{202e}\"';";

pub fn machine() -> Machine {
    Machine { processor: "Some CPU @ 2 GHz".to_owned(), processors: 2, system: "linux 6.1 x86_64".to_owned() }
}

/// 30 seconds of downloads, of which each took a little longer than the one before.
pub fn run() -> LoadResult {
    LoadResult {
        format: FORMAT,
        target: "smdp.example.com".to_owned(),
        what: "download".to_owned(),
        began: "2026-11-22T03:41:00Z".to_owned(),
        plan: PlanTold {
            arrival: ArrivalTold::Rate(200.0),
            spread: Some(Spread::Even),
            seed: 7,
            count: Some(20_000),
            again: false,
            warm_up: 5.0,
            asked_seconds: Some(30.0),
            seconds: 30.0,
            euiccs: 1000,
            curve: "NIST P-256".to_owned(),
            connections: 64,
            new_connections: false,
            binding: "json".to_owned(),
        },
        machine: machine(),
        ended: Ended::Time,
        throughput: 198.0,
        orders_used: Some(OrdersUsed { first: 1, last: 7000 }),
        corrected_by: None,
        steps: vec![step("initiateAuthentication", 1), step("getBoundProfilePackage", 3)],
        whole: step("download", 5),
        outcomes: vec![
            outcome("ok", 5940, ""),
            outcome("busy", 40, ""),
            outcome(HOSTILE, 15, HOSTILE),
            outcome("=HYPERLINK(\"http://example.com\",1)", 5, "not today"),
        ],
        timeline: (0..30).map(second).collect(),
        generator: Generator {
            processor_seconds: 12.0,
            share: 0.2,
            per_attempt: 2000.0,
            euicc_per_attempt: 400.0,
            lag: Latency { min: 1, mean: 20.0, p50: 15, p90: 40, p99: 90, p999: 150, max: 300 },
        },
    }
}

fn outcome(name: &str, count: u64, first: &str) -> Outcome {
    Outcome { name: name.to_owned(), count, first: first.to_owned() }
}

fn second(second: u64) -> Second {
    // In the tenth second nothing succeeded.
    let succeeded = if second == 10 { 0 } else { 198 };
    let (busy, failed) = (1, 199 - succeeded);
    Second { second, due: 200, succeeded, busy, failed, p50: 2500 + second, p99: 7000 + 10 * second }
}

/// 5940 times, between one and two times `millis`.
pub fn step(name: &str, millis: u64) -> StepResult {
    let mut histogram = Histogram::<u64>::new(3).unwrap();
    (0..5940).for_each(|number| histogram.record(millis * (1000 + number / 6)).unwrap());
    let latency = Latency {
        min: histogram.min(),
        mean: histogram.mean(),
        p50: histogram.value_at_quantile(0.5),
        p90: histogram.value_at_quantile(0.9),
        p99: histogram.value_at_quantile(0.99),
        p999: histogram.value_at_quantile(0.999),
        max: histogram.max(),
    };
    let service = Latency { p50: latency.min, ..latency };
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&histogram, &mut bytes).unwrap();
    let histogram = BASE64_STANDARD.encode(bytes);
    StepResult { name: name.to_owned(), succeeded: 5940, failed: 60, latency, service, histogram }
}

pub fn packaging_run() -> PackagingResult {
    let sizes = [12 * 1024, 512 * 1024];
    let rows = sizes.into_iter().flat_map(|size| Step::ALL.map(|step| row(step, size)));
    PackagingResult {
        format: packaging::FORMAT,
        began: "2026-11-22T03:41:00Z".to_owned(),
        plan: packaging::PlanTold { threads: 2, seconds: 5.0, curve: "NIST P-256".to_owned() },
        machine: machine(),
        rows: rows.collect(),
    }
}

fn row(step: Step, size: usize) -> Row {
    let binds = matches!(step, Step::BindUnderSessionKeys | Step::BindUnderProfileProtectionKeys);
    Row {
        step,
        asked: size,
        size,
        packages: 20_000,
        seconds: 5.0,
        processor_seconds: 9.5,
        packages_per_second: 4000.0,
        megabytes_per_second: 4000.0 * size as f64 / 1024.0 / 1024.0,
        floor: binds.then_some(400.0),
        floor_ratio: binds.then_some(0.842),
    }
}
