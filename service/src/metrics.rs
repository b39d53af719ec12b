//! What every server counts, for Prometheus.
//!
//! No label takes a value that a peer could choose: interfaces, functions and status codes are sets that this program
//! knows beforehand.

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
use protocol::{es2plus, es9plus, es11, es12};

/// Calls by interface, function and outcome, how long they took, and how often the store failed.
pub struct CallMetrics {
    calls: Family<CallLabels, Counter>,
    durations: Family<FunctionName, Histogram, fn() -> Histogram>,
    store_errors: Counter,
    overloads: Family<OverloadLabels, Counter>,
}

/// A function of an interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct FunctionName {
    interface: &'static str,
    function: &'static str,
}

impl From<es2plus::Function> for FunctionName {
    fn from(function: es2plus::Function) -> Self {
        Self { interface: "ES2+", function: function.name() }
    }
}

impl From<es9plus::Function> for FunctionName {
    fn from(function: es9plus::Function) -> Self {
        Self { interface: "ES9+", function: function.name() }
    }
}

impl From<es11::Function> for FunctionName {
    fn from(function: es11::Function) -> Self {
        Self { interface: "ES11", function: function.name() }
    }
}

impl From<es12::Function> for FunctionName {
    fn from(function: es12::Function) -> Self {
        Self { interface: "ES12", function: function.name() }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct CallLabels {
    interface: &'static str,
    function: &'static str,
    outcome: CallOutcome,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct OverloadLabels {
    interface: &'static str,
    what: &'static str,
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

impl CallMetrics {
    /// Nothing counted yet; what will be stands in `registry`, with the version of the program.
    pub fn registered_in(registry: &mut Registry) -> Self {
        let calls = Family::default();
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        let (store_errors, overloads) = (Counter::default(), Family::default());
        registry.register("rsp_build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        // The encoder ends the names of counters with `_total`.
        registry.register("rsp_function_calls", "Calls that were answered", Family::clone(&calls));
        registry.register(
            "rsp_function_duration_seconds",
            "How long calls took, from the decoded request to the decided answer",
            Family::clone(&durations),
        );
        registry.register("rsp_store_errors", "Times the store failed", Counter::clone(&store_errors));
        let asked_too_much = "What was not done because too much was asked";
        registry.register("rsp_overload", asked_too_much, Family::clone(&overloads));
        Self { calls, durations, store_errors, overloads }
    }

    /// A call was answered; `refused` is the status code where it was not executed.
    pub fn count_call(&self, function: FunctionName, refused: Option<StatusCode>, took: Duration) {
        let FunctionName { interface, function: name } = function;
        let labels = CallLabels { interface, function: name, outcome: CallOutcome(refused) };
        self.calls.get_or_create(&labels).inc();
        self.durations.get_or_create(&function).observe(took.as_secs_f64());
    }

    /// The store failed to do what it was asked to.
    pub fn count_store_error(&self) {
        self.store_errors.inc();
    }

    /// Something was not done on an interface because too much was asked there.
    pub fn count_overload(&self, interface: &'static str, what: &'static str) {
        self.overloads.get_or_create(&OverloadLabels { interface, what }).inc();
    }
}

impl AsRef<Self> for CallMetrics {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// From 1 ms to 8 s.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

/// Something that the store holds now.
pub fn gauge(value: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    gauge
}

/// What stands in registries, in the text format of OpenMetrics 1.0, which Prometheus reads.
///
/// # Errors
/// None that a `String` could raise.
pub fn text<const N: usize>(registries: [&Registry; N]) -> Result<String, fmt::Error> {
    let mut text = String::new();
    for registry in registries {
        encode_registry(&mut text, registry)?;
    }
    encode_eof(&mut text)?;
    Ok(text)
}
