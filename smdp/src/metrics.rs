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
use protocol::es12::Function;
use service::metrics::{CallMetrics, gauge, text};

use crate::domain::{EventFailure, FailureKind, ProfileState, SmdsEventStage};
use crate::faults::Fault;
use crate::store::Counts;

/// What one process has counted since it began.
pub struct Metrics {
    registry: Registry,
    calls: CallMetrics,
    reports: Family<ReportLabels, Counter>,
    smds_calls: Family<SmdsCallLabels, Counter>,
    faults_armed: Gauge,
    faults_acted: Family<FaultLabels, Counter>,
    catalogue_entries: Gauge,
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
struct ReportLabels {
    outcome: &'static str,
}

/// What became of one call to an SM-DS.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SmdsCallOutcome {
    /// The SM-DS is as it should be.
    Done,
    /// It said no.
    Refused,
    /// It does not take our TLS certificate.
    NotAdmitted,
    /// It was not reached.
    NotReached,
    /// It gave no answer that can be read.
    NoAnswer,
}

impl From<Option<&EventFailure>> for SmdsCallOutcome {
    fn from(failure: Option<&EventFailure>) -> Self {
        match failure.map(|failure| &failure.kind) {
            None => Self::Done,
            Some(FailureKind::Refused(_)) => Self::Refused,
            Some(FailureKind::NotAdmitted) => Self::NotAdmitted,
            Some(FailureKind::NotReached) => Self::NotReached,
            Some(FailureKind::NoAnswer) => Self::NoAnswer,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct SmdsCallLabels {
    function: &'static str,
    outcome: &'static str,
}

/// Whoever arms faults names them: not a peer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct FaultLabels {
    fault: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct StageLabels {
    stage: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let (reports, smds_calls) = (Family::default(), Family::default());
        let (faults_armed, catalogue_entries) = (Gauge::default(), Gauge::default());
        let faults_acted = Family::default();
        let calls = CallMetrics::registered_in(&mut registry);
        registry.register("rsp_reports", "Tries to report to an operator", Family::clone(&reports));
        registry.register("rsp_smds_calls", "Calls to SM-DSs over ES12", Family::clone(&smds_calls));
        registry.register(
            "rsp_faults_armed",
            "Rules that have this server do wrong",
            Gauge::clone(&faults_armed),
        );
        registry.register(
            "rsp_faults_acted",
            "Times a fault acted, by its name",
            Family::clone(&faults_acted),
        );
        let entries = "Entries of the error catalogue that are open";
        registry.register("rsp_catalogue_entries", entries, Gauge::clone(&catalogue_entries));
        Self { registry, calls, reports, smds_calls, faults_armed, faults_acted, catalogue_entries }
    }
}

impl AsRef<CallMetrics> for Metrics {
    fn as_ref(&self) -> &CallMetrics {
        &self.calls
    }
}

impl Metrics {
    /// A report was tried once.
    pub fn count_report(&self, outcome: ReportOutcome) {
        let outcome = match outcome {
            ReportOutcome::Delivered => "delivered",
            ReportOutcome::Failed => "failed",
            ReportOutcome::GivenUp => "given_up",
        };
        self.reports.get_or_create(&ReportLabels { outcome }).inc();
    }

    /// An SM-DS was called once.
    pub fn count_smds_call(&self, function: Function, outcome: SmdsCallOutcome) {
        let outcome = match outcome {
            SmdsCallOutcome::Done => "done",
            SmdsCallOutcome::Refused => "refused",
            SmdsCallOutcome::NotAdmitted => "not_admitted",
            SmdsCallOutcome::NotReached => "not_reached",
            SmdsCallOutcome::NoAnswer => "no_answer",
        };
        self.smds_calls.get_or_create(&SmdsCallLabels { function: function.name(), outcome }).inc();
    }

    /// So many rules are armed now.
    pub(crate) fn set_faults_armed(&self, number: usize) {
        self.faults_armed.set(i64::try_from(number).unwrap_or(i64::MAX));
    }

    /// A fault acted.
    pub(crate) fn count_fault(&self, fault: &Fault) {
        self.faults_acted.get_or_create(&FaultLabels { fault: fault.to_string() }).inc();
    }

    /// So many entries of the catalogue are open.
    pub(crate) fn set_catalogue_entries(&self, number: usize) {
        self.catalogue_entries.set(i64::try_from(number).unwrap_or(i64::MAX));
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
    let profiles: Family<StateLabels, Gauge> = Family::default();
    for state in ProfileState::ALL {
        let number = counts.profiles.iter().find(|(counted, _)| *counted == state).map_or(0, |(_, n)| *n);
        let labels = StateLabels { state: state.name() };
        profiles.get_or_create(&labels).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
    registry.register("rsp_profiles", "Profiles in each state", profiles);
    registry.register("rsp_sessions", "RSP sessions that are kept", gauge(counts.sessions));
    registry.register("rsp_reports_due", "Reports that wait for an operator", gauge(counts.reports_due));
    let events: Family<StageLabels, Gauge> = Family::default();
    for stage in SmdsEventStage::ALL {
        let number = counts.smds_events.iter().find(|(counted, _)| *counted == stage).map_or(0, |(_, n)| *n);
        let labels = StageLabels { stage: stage.name() };
        events.get_or_create(&labels).set(i64::try_from(number).unwrap_or(i64::MAX));
    }
    registry.register("rsp_smds_events", "Events at SM-DSs in each stage", events);
    registry
}
