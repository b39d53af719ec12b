//! What is counted, for Prometheus.
//!
//! No label takes a value that a peer could choose: interfaces, functions, status codes, states and outcomes are sets
//! that this program knows beforehand.

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use protocol::es12;
use service::metrics::{CallMetrics, gauge, text};

use crate::domain::EventState;
use crate::root::RootError;
use crate::store::Counts;

/// What one process has counted since it began.
pub struct Metrics {
    registry: Registry,
    calls: CallMetrics,
    root_calls: Family<RootLabels, Counter>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RootLabels {
    function: &'static str,
    outcome: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let calls = CallMetrics::registered_in(&mut registry);
        let root_calls = Family::default();
        registry.register("rsp_root_calls", "Calls to the Root SM-DS over ES15", Family::clone(&root_calls));
        Self { registry, calls, root_calls }
    }
}

impl AsRef<CallMetrics> for Metrics {
    fn as_ref(&self) -> &CallMetrics {
        &self.calls
    }
}

impl Metrics {
    /// The Root SM-DS was called once.
    pub fn count_root_call(&self, function: es12::Function, outcome: &Result<(), RootError>) {
        let outcome = match outcome {
            Ok(()) => "ok",
            Err(RootError::Refused { .. }) => "refused",
            Err(RootError::NotReached(_)) => "not_reached",
            Err(RootError::Unknown(_)) => "no_answer",
        };
        self.root_calls.get_or_create(&RootLabels { function: function.name(), outcome }).inc();
    }

    /// The store failed to do what it was asked to.
    pub fn count_store_error(&self) {
        self.calls.count_store_error();
    }

    /// Everything in the text format of OpenMetrics 1.0, which Prometheus reads. `counts` is what the store holds now;
    /// where it cannot tell, nothing is said of it but that it is down.
    ///
    /// # Errors
    /// None that a `String` could raise.
    pub fn text(&self, counts: Option<&Counts>) -> Result<String, fmt::Error> {
        text([&self.registry, &of_store(counts)])
    }
}

fn of_store(counts: Option<&Counts>) -> Registry {
    let mut registry = Registry::default();
    registry.register("rsp_store_up", "Whether the store answers", gauge(counts.is_some().into()));
    let Some(counts) = counts else { return registry };
    let events: Family<StateLabels, Gauge> = Family::default();
    for state in EventState::ALL {
        let number = counts.events.iter().find(|(counted, _)| *counted == state).map_or(0, |(_, n)| *n);
        let labels = StateLabels { state: state.name() };
        events.get_or_create(&labels).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
    registry.register("rsp_events", "Event records in each state", events);
    registry.register("rsp_sessions", "RSP sessions that are kept", gauge(counts.sessions));
    let errands = gauge(counts.root_deletions);
    registry.register("rsp_root_deletions", "Events still to be deleted at the Root SM-DS", errands);
    registry
}
