//! What a run comes to.

use std::fmt;

use serde::Serialize;

use super::{CaseReport, Report};
use crate::outcome::Outcome;

/// How many runs of cases went which way.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// What is asked for was there.
    pub passed: usize,
    /// It was not, and that counts.
    pub failed: usize,
    /// A SHOULD was not met, in a run that is not strict.
    pub should_not_met: usize,
    /// Failed as the expectations file says.
    pub known_failures: usize,
    /// Not asked.
    pub skipped: usize,
    /// Could not be asked.
    pub blocked: usize,
    /// Entries of the expectations file that no longer match.
    pub stale_expectations: usize,
}

/// What a run comes to: the exit code says the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Verdict {
    /// Nothing failed that counts.
    NothingFailed,
    /// A case failed that counts, or was blocked.
    Failed,
    /// Every run was skipped, or there was none: this says nothing about the target.
    NothingAsked,
    /// Nothing failed that is not known, but an expectation no longer matches.
    StaleExpectations,
}

/// What one run of a case comes to in this run of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Passed,
    Failed,
    ShouldNotMet,
    KnownFailure,
    Skipped,
    Blocked,
}

impl Standing {
    /// Whether there is something to tell of it besides its name.
    pub fn is_unmet(self) -> bool {
        matches!(self, Self::Failed | Self::ShouldNotMet | Self::Blocked)
    }
}

impl CaseReport {
    pub(super) fn standing(&self, strict: bool) -> Standing {
        match &self.outcome {
            Outcome::Passed => Standing::Passed,
            Outcome::Failed(_) if self.is_should() && !strict => Standing::ShouldNotMet,
            Outcome::Failed(_) => Standing::Failed,
            Outcome::KnownFailure { .. } => Standing::KnownFailure,
            Outcome::Skipped { .. } => Standing::Skipped,
            Outcome::Blocked { .. } => Standing::Blocked,
        }
    }
}

impl Report {
    /// The counts.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::of(&self.results, self.strict);
        summary.stale_expectations = self.stale_expectations.len();
        summary
    }

    /// What the run comes to.
    pub fn verdict(&self) -> Verdict {
        match self.summary() {
            Summary { failed, blocked, .. } if failed + blocked > 0 => Verdict::Failed,
            summary if summary.skipped == summary.runs() => Verdict::NothingAsked,
            Summary { stale_expectations, .. } if stale_expectations > 0 => Verdict::StaleExpectations,
            _ => Verdict::NothingFailed,
        }
    }
}

impl Summary {
    pub(super) fn of<'a>(results: impl IntoIterator<Item = &'a CaseReport>, strict: bool) -> Self {
        let mut summary = Self::default();
        for case in results {
            let count = match case.standing(strict) {
                Standing::Passed => &mut summary.passed,
                Standing::Failed => &mut summary.failed,
                Standing::ShouldNotMet => &mut summary.should_not_met,
                Standing::KnownFailure => &mut summary.known_failures,
                Standing::Skipped => &mut summary.skipped,
                Standing::Blocked => &mut summary.blocked,
            };
            *count += 1;
        }
        summary
    }

    /// How many runs of cases there were.
    pub fn runs(&self) -> usize {
        let Self { passed, failed, should_not_met, known_failures, skipped, blocked, stale_expectations: _ } =
            self;
        passed + failed + should_not_met + known_failures + skipped + blocked
    }
}

/// `12 passed, 1 failed`: what there is none of is left out.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stale = if self.stale_expectations == 1 { "stale expectation" } else { "stale expectations" };
        let counts = [
            (self.passed, "passed"),
            (self.failed, "failed"),
            (self.blocked, "blocked"),
            (self.should_not_met, "SHOULD not met"),
            (self.known_failures, "known to fail"),
            (self.skipped, "skipped"),
            (self.stale_expectations, stale),
        ];
        let told: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        f.pad(if told.is_empty() { "nothing was run".to_owned() } else { told.join(", ") }.as_str())
    }
}

/// `1 run`, `2 runs`.
pub(super) fn count(number: usize, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}
