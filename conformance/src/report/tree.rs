//! For a terminal.

use std::fmt::{self, Display, Formatter};

use console::Style;

use super::group::{Function, by_interface};
use super::printable::{Printable, clipped};
use super::summary::{Standing, Summary, Verdict, count};
use super::{CaseReport, Report};
use crate::outcome::Outcome;

/// Of what a peer sent, so much is shown; the other forms have the whole.
const SHOWN: usize = 1000;

/// Interface, function, cases. What passed is counted, what did not is told.
pub struct Tree<'a> {
    /// What is shown.
    pub report: &'a Report,
    /// Whether what passed and what was skipped is named case by case.
    pub verbose: bool,
    /// Whether the terminal shows colours.
    pub colours: bool,
}

impl Display for Tree<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for interface in by_interface(&self.report.results) {
            writeln!(f, "{}", self.paint(Style::new().bold(), interface.name))?;
            interface.functions.iter().try_for_each(|function| self.function(f, function))?;
        }
        self.conclusion(f)
    }
}

impl Tree<'_> {
    fn paint<T: Display>(&self, style: Style, what: T) -> impl Display {
        style.force_styling(self.colours).apply_to(Printable(what))
    }

    fn standing(&self, case: &CaseReport) -> Standing {
        case.standing(self.report.strict)
    }

    fn function(&self, f: &mut Formatter<'_>, function: &Function<'_>) -> fmt::Result {
        let summary = Summary::of(function.cases.iter().copied(), self.report.strict);
        let style =
            if summary.failed + summary.blocked > 0 { Style::new().red() } else { Style::new().green() };
        let (name, section) = (Printable(function.name), Printable(function.section));
        writeln!(f, "  {name}, {section}: {}", self.paint(style, summary))?;
        for case in &function.cases {
            let standing = self.standing(case);
            if self.verbose || !matches!(standing, Standing::Passed | Standing::Skipped) {
                self.case(f, case, standing)?;
            }
        }
        if self.verbose { Ok(()) } else { skipped(f, function) }
    }

    fn case(&self, f: &mut Formatter<'_>, case: &CaseReport, standing: Standing) -> fmt::Result {
        let (style, word) = mark(standing);
        writeln!(f, "    {} {}", self.paint(style, word), Printable(case.title()))?;
        if standing.is_unmet() {
            line(f, &case.level, case.requirement)?;
            case.steps.iter().zip(1..).try_for_each(|(step, at)| line(f, &format!("step {at}"), step))?;
        }
        match &case.outcome {
            Outcome::Passed => Ok(()),
            Outcome::Failed(difference) => {
                line(f, "expected", &difference.expected)?;
                line(f, "actual", &difference.actual)
            }
            Outcome::KnownFailure { difference, because } => {
                line(f, "because", because)?;
                line(f, "actual", &difference.actual)
            }
            Outcome::Skipped { reason } => line(f, "because", reason),
            Outcome::Blocked { step, reason } => {
                line(f, "stopped at", step)?;
                line(f, "because", reason)
            }
        }
    }

    fn conclusion(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Report { kind, target, seed, seconds, stale_expectations, .. } = self.report;
        for stale in stale_expectations {
            let word = self.paint(Style::new().red().bold(), "stale expectation");
            writeln!(f, "{word} {}", Printable(stale))?;
        }
        let (summary, verdict) = (self.report.summary(), self.report.verdict());
        let style = match verdict {
            Verdict::NothingFailed => Style::new().green().bold(),
            Verdict::Failed | Verdict::NothingAsked | Verdict::StaleExpectations => Style::new().red().bold(),
        };
        let strict = if self.report.strict { ", strict" } else { "" };
        writeln!(f, "\n{kind} {}: {}", Printable(target), self.paint(style, summary))?;
        if verdict == Verdict::NothingAsked {
            writeln!(f, "nothing could be asked, so this says nothing about the {kind}")?;
        }
        writeln!(f, "{} in {seconds:.1} s, seed {seed}{strict}", count(summary.runs(), "run"))
    }
}

/// Why cases were skipped, and how many for each reason.
fn skipped(f: &mut Formatter<'_>, function: &Function<'_>) -> fmt::Result {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for case in &function.cases {
        let Outcome::Skipped { reason } = &case.outcome else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    let mut told = reasons.iter();
    told.try_for_each(|(reason, count)| {
        writeln!(f, "    skipped {count}: {}", Printable(clipped(reason, SHOWN)))
    })
}

/// A line about a case, with a label.
fn line(f: &mut Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    writeln!(f, "        {label:<11} {}", Printable(clipped(text, SHOWN)))
}

fn mark(standing: Standing) -> (Style, &'static str) {
    match standing {
        Standing::Passed => (Style::new().green(), "passed "),
        Standing::Failed => (Style::new().red().bold(), "FAILED "),
        Standing::ShouldNotMet => (Style::new().yellow(), "should "),
        Standing::KnownFailure => (Style::new().yellow(), "known  "),
        Standing::Skipped => (Style::new().dim(), "skipped"),
        Standing::Blocked => (Style::new().red().bold(), "BLOCKED"),
    }
}
