//! How a run went, as data. What is written of it stands beside: the modules of this folder each make one form of it.
//!
//! * [`tree`] is for a terminal, [`html`] for people, [`json`] for programs, [`junit`] for build servers;
//! * [`list`] tells of cases without running them;
//! * [`summary`] says what a run comes to.
//!
//! Much of a report was written by whom it judges, who may be hostile. Each form escapes everything: see [`printable`].

mod group;
pub mod html;
pub mod json;
pub mod junit;
pub mod list;
pub mod printable;
pub mod summary;
pub mod tree;

use protocol::trace::Event;
use serde::Serialize;

use crate::case::{Head, Level, Variant};
use crate::evidence::Evidence;
use crate::outcome::Outcome;

/// A whole run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this program.
    pub version: &'static str,
    /// `server`, `card` or `lpa`.
    pub kind: &'static str,
    /// Whom it judged: an address, a port, a name.
    pub target: String,
    /// What makes the same run again.
    pub seed: u64,
    /// Whether a SHOULD counts as much as a MUST.
    pub strict: bool,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// How long it took.
    pub seconds: f64,
    /// Every run of every case, in order.
    pub results: Vec<CaseReport>,
    /// Entries of the expectations file that no longer match.
    pub stale_expectations: Vec<String>,
}

/// One run of one case.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaseReport {
    /// The name of the case.
    pub id: String,
    /// How it was run, such as `nist/json`; empty where there is one way only.
    pub variant: String,
    /// The interface, `ES9+`.
    pub interface: &'static str,
    /// The function, `AuthenticateClient`.
    pub function: &'static str,
    /// The section, `SGP.22 §5.6.3`.
    pub section: String,
    /// What is asked for.
    pub requirement: &'static str,
    /// `MUST` or `SHOULD`.
    #[cfg_attr(test, schemars(extend("enum" = ["MUST", "SHOULD"])))]
    pub level: String,
    /// The case of SGP.23 that asks for the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sgp23: Option<&'static str>,
    /// Words to select by.
    pub tags: &'static [&'static str],
    /// What was done, one sentence a step.
    pub steps: Vec<String>,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long it took.
    pub seconds: f64,
    /// What travelled, decoded: kept of cases that did not pass.
    #[cfg_attr(test, schemars(schema_with = "json::messages"))]
    pub messages: Vec<Event>,
}

impl Report {
    /// Forgets what travelled in cases that passed: nobody asks for it but a recording.
    pub fn forget_passed(&mut self) {
        let passed = self.results.iter_mut().filter(|result| result.outcome == Outcome::Passed);
        passed.for_each(|result| result.messages.clear());
    }
}

impl CaseReport {
    /// What a case says about itself, and how a run of it went.
    pub fn new(head: &Head, variant: Variant, steps: Vec<String>, outcome: Outcome) -> Self {
        let function = head.id.function;
        Self {
            id: head.id.to_string(),
            variant: variant.to_string(),
            interface: function.interface,
            function: function.name,
            section: format!("SGP.22 §{}", function.section),
            requirement: head.requirement,
            level: head.level.to_string(),
            sgp23: head.sgp23,
            tags: head.tags,
            steps,
            outcome,
            seconds: 0.0,
            messages: Vec::new(),
        }
    }

    /// Takes what travelled out of the collector.
    pub fn keep(&mut self, evidence: &Evidence) {
        self.messages = evidence.take();
    }

    /// The name of the case and the variant that was run: `ES9+.AuthenticateClient.5.6.3-07 nist/json`.
    pub fn name(&self) -> String {
        if self.variant.is_empty() { self.id.clone() } else { format!("{} {}", self.id, self.variant) }
    }

    /// The same, with the number of SGP.23 where there is one: `… (SGP.23 4.3.14.2.2 #3)`.
    pub fn title(&self) -> String {
        match self.sgp23 {
            Some(number) => format!("{} (SGP.23 {number})", self.name()),
            None => self.name(),
        }
    }

    /// Whether the target, doing otherwise, still conforms unless the run is strict.
    fn is_should(&self) -> bool {
        self.level == Level::Should.to_string()
    }
}
