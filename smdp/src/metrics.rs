//! What is counted, for Prometheus.
//!
//! No label takes a value that a peer could choose: interfaces, functions, status codes, states and outcomes are sets
//! that this program knows beforehand.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use protocol::status::StatusCode;
use protocol::{es2plus, es9plus};

use crate::domain::ProfileState;
use crate::store::Counts;

/// What one process has counted since it began.
pub struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    durations: Family<FunctionName, Histogram, fn() -> Histogram>,
    reports: Family<ReportLabels, Counter>,
    store_errors: Counter,
}

/// A function of an interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct FunctionName {
    interface: &'static str,
    function: &'static str,
}

impl From<es9plus::Function> for FunctionName {
    fn from(function: es9plus::Function) -> Self {
        Self { interface: "ES9+", function: function.name() }
    }
}

impl From<es2plus::Function> for FunctionName {
    fn from(function: es2plus::Function) -> Self {
        Self { interface: "ES2+", function: function.name() }
    }
}

/// What became of a report in one try.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReportOutcome {
    /// The operator has it.
    Delivered,
    /// It will be tried again.
    Failed,
    /// It will not.
    GivenUp,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct CallLabels {
    interface: &'static str,
    function: &'static str,
    outcome: CallOutcome,
}

/// `ok`, or the status code that the peer was given: `8.2.6/3.8`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct CallOutcome(Option<StatusCode>);

impl EncodeLabelValue for CallOutcome {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        match self.0 {
            None => "ok".encode(encoder),
            Some(code) => code.to_string().encode(encoder),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct ReportLabels {
    outcome: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let calls = Family::default();
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        let (reports, store_errors) = (Family::default(), Counter::default());
        let mut registry = Registry::default();
        registry.register("rsp_build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        // The encoder ends the names of counters with `_total`.
        registry.register("rsp_function_calls", "Calls that were answered", Family::clone(&calls));
        registry.register(
            "rsp_function_duration_seconds",
            "How long calls took, from the decoded request to the decided answer",
            Family::clone(&durations),
        );
        registry.register("rsp_reports", "Tries to report to an operator", Family::clone(&reports));
        registry.register("rsp_store_errors", "Times the store failed", Counter::clone(&store_errors));
        Self { registry, calls, durations, reports, store_errors }
    }
}

/// From 1 ms to 8 s.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    /// A call was answered; `refused` is the status code where it was not executed.
    pub fn count_call(&self, function: FunctionName, refused: Option<StatusCode>, took: Duration) {
        let FunctionName { interface, function: name } = function;
        let labels = CallLabels { interface, function: name, outcome: CallOutcome(refused) };
        self.calls.get_or_create(&labels).inc();
        self.durations.get_or_create(&function).observe(took.as_secs_f64());
    }

    /// A report was tried once.
    pub fn count_report(&self, outcome: ReportOutcome) {
        let outcome = match outcome {
            ReportOutcome::Delivered => "delivered",
            ReportOutcome::Failed => "failed",
            ReportOutcome::GivenUp => "given_up",
        };
        self.reports.get_or_create(&ReportLabels { outcome }).inc();
    }

    /// The store failed to do what it was asked to.
    pub fn count_store_error(&self) {
        self.store_errors.inc();
    }

    /// Everything in the text format of OpenMetrics 1.0, which Prometheus reads. `counts` is what the store holds now;
    /// where it cannot tell, nothing is said of it but that it is down.
    ///
    /// # Errors
    /// None that a `String` could raise.
    pub fn text(&self, counts: Option<&Counts>) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &of_store(counts))?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

fn of_store(counts: Option<&Counts>) -> Registry {
    let mut registry = Registry::default();
    let gauge = |value: u64| -> Gauge {
        let gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        gauge
    };
    registry.register("rsp_store_up", "Whether the store answers", gauge(counts.is_some().into()));
    let Some(counts) = counts else { return registry };
    let profiles: Family<StateLabels, Gauge> = Family::default();
    for state in ProfileState::ALL {
        let number = counts.profiles.iter().find(|(counted, _)| *counted == state).map_or(0, |(_, n)| *n);
        let labels = StateLabels { state: state.name() };
        profiles.get_or_create(&labels).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
    registry.register("rsp_profiles", "Profiles in each state", profiles);
    registry.register("rsp_sessions", "RSP sessions that are kept", gauge(counts.sessions));
    registry.register("rsp_reports_due", "Reports that wait for an operator", gauge(counts.reports_due));
    registry
}
