//! Failures that are known: a file that names them and says why, so that a run tells of what is new.
//!
//! ```toml
//! [[known]]
//! id = "ES9+.AuthenticateClient.5.6.3-07"
//! variant = "brainpool/json"   # without it, every variant of the case
//! because = "the server has no key on this curve"
//! ```
//!
//! An entry that matches no failure is stale, and that is an error: a list of excuses must not outlive what it excuses.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::outcome::{Difference, Outcome};
use crate::report::list::Listing;
use crate::report::{CaseReport, Report};

/// What a file says.
#[derive(Clone, Default, Debug)]
pub struct Expectations {
    known: Vec<Known>,
}

/// One entry.
#[derive(Clone, Debug)]
struct Known {
    line: usize,
    id: String,
    variant: Option<String>,
    because: String,
}

/// A file that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}: {why}")]
pub struct ExpectationsError {
    file: String,
    line: usize,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    variant: Option<String>,
    because: Spanned<String>,
}

impl Expectations {
    /// Reads a file; `name` is for errors.
    ///
    /// # Errors
    /// Where the text is not TOML, has a key that nobody knows, gives no reason, or says the same twice.
    pub fn parse(name: &str, text: &str) -> Result<Self, ExpectationsError> {
        let line =
            |span: Range<usize>| text.get(..span.start).map_or(0, |before| before.matches('\n').count()) + 1;
        let mistake = |span, why: String| ExpectationsError { file: name.to_owned(), line: line(span), why };
        let file: File = toml::from_str(text)
            .map_err(|error| mistake(error.span().unwrap_or_default(), error.message().to_owned()))?;
        let mut seen = BTreeSet::new();
        let mut known = Vec::new();
        for entry in file.known {
            let span = entry.span();
            let Entry { id, variant, because } = entry.into_inner();
            if because.get_ref().trim().is_empty() {
                return Err(mistake(because.span(), "a failure is known only with a reason".to_owned()));
            }
            let variant = variant.filter(|variant| !variant.is_empty());
            let entry =
                Known { line: line(span), id: id.get_ref().clone(), variant, because: because.into_inner() };
            if !seen.insert((entry.id.clone(), entry.variant.clone())) {
                return Err(mistake(id.span(), format!("{} stands here twice", entry.name())));
            }
            known.push(entry);
        }
        Ok(Self { known })
    }

    /// Turns the failures that are known into such, and notes the entries that are stale: those that name none of `all` the
    /// cases of the judge, and those of which a run was selected and none failed. An entry whose case was not selected is
    /// left alone.
    pub fn apply(&self, report: &mut Report, all: &[Listing]) {
        let stale = self.known.iter().filter_map(|known| known.stale(&report.results, all)).collect();
        report.stale_expectations = stale;
        // What is said of one variant goes before what is said of all.
        let (of_one, of_all): (Vec<_>, Vec<_>) = self.known.iter().partition(|known| known.variant.is_some());
        for known in of_one.into_iter().chain(of_all) {
            let matching = report.results.iter_mut().filter(|case| known.names(case));
            matching.for_each(|case| case.outcome = known.excuse(case.outcome.clone()));
        }
    }
}

impl Known {
    fn names(&self, case: &CaseReport) -> bool {
        self.id == case.id && self.variant.as_ref().is_none_or(|variant| *variant == case.variant)
    }

    fn name(&self) -> String {
        match &self.variant {
            Some(variant) => format!("{} {variant}", self.id),
            None => self.id.clone(),
        }
    }

    /// Why this entry no longer matches.
    fn stale(&self, results: &[CaseReport], all: &[Listing]) -> Option<String> {
        let runs: Vec<_> = results.iter().filter(|case| self.names(case)).map(|case| &case.outcome).collect();
        let exists = || all.iter().any(|case| case.is(&self.id, self.variant.as_deref()));
        let why = match runs.as_slice() {
            [] if exists() => return None,
            [] => "there is no such case",
            runs if runs.iter().any(|outcome| failed(outcome)) => return None,
            runs if runs.contains(&&Outcome::Passed) => "it passed",
            _ => "it was skipped",
        };
        Some(format!("line {}: {}: {why}", self.line, self.name()))
    }

    /// The same outcome, known if it is a failure.
    fn excuse(&self, outcome: Outcome) -> Outcome {
        let because = self.because.clone();
        match outcome {
            Outcome::Failed(difference) => Outcome::KnownFailure { difference, because },
            Outcome::Blocked { step, reason } => {
                let difference = Difference { expected: format!("{step} works"), actual: reason };
                Outcome::KnownFailure { difference, because }
            }
            other => other,
        }
    }
}

fn failed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(_) | Outcome::Blocked { .. })
}
