//! For people: one file that needs nothing beside itself.
//!
//! Nothing in it can run or load anything: there is no script, every text goes through the template's escaping and
//! [`Printable`], and the page's own policy forbids a browser to do either.

mod case;
mod message;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::group::{Function, Interface, by_interface};
use super::printable::Printable;
use super::summary::{Standing, Summary, Verdict};
use super::{CaseReport, Report};

/// The file is trusted markup: it is part of the program.
const STYLE: PreEscaped<&str> = PreEscaped(include_str!("style.css"));

/// Nothing is loaded, run or sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a report as HTML.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &Report, to: &mut impl io::Write) -> io::Result<()> {
    to.write_all(page(report).0.as_bytes())
}

/// A text in the page: what is not there to be read is shown, not obeyed.
fn text(text: impl std::fmt::Display) -> Markup {
    html! { (Printable(text).to_string()) }
}

/// The word for a case, and the class that gives it a colour.
fn badge(standing: Standing) -> Markup {
    let (class, word) = match standing {
        Standing::Passed => ("good", "passed"),
        Standing::Failed => ("bad", "failed"),
        Standing::ShouldNotMet => ("weak", "SHOULD not met"),
        Standing::KnownFailure => ("weak", "known to fail"),
        Standing::Skipped => ("none", "skipped"),
        Standing::Blocked => ("bad", "blocked"),
    };
    html! { span.badge.(class) { (word) } }
}

fn page(report: &Report) -> Markup {
    let unmet: Vec<_> =
        numbered(report).filter(|(_, case)| case.standing(report.strict).is_unmet()).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (text(format_args!("Conformance of {} {}", report.kind, report.target))) }
                style { (STYLE) }
            }
            body {
                (header(report))
                @if !report.stale_expectations.is_empty() {
                    section {
                        h2 { "Expectations that no longer match" }
                        ul { @for stale in &report.stale_expectations { li { (text(stale)) } } }
                    }
                }
                @if !unmet.is_empty() {
                    section {
                        h2 { "What was not met" }
                        ul.unmet {
                            @for (number, case) in unmet {
                                li {
                                    (badge(case.standing(report.strict))) " "
                                    a href=(format!("#case-{number}")) { (text(case.name())) } " "
                                    (text(case.requirement))
                                }
                            }
                        }
                    }
                }
                section {
                    h2 { "All cases" }
                    @for interface in by_interface(&report.results) { (one_interface(report, &interface)) }
                }
            }
        }
    }
}

fn header(report: &Report) -> Markup {
    let Report { version, kind, target, seed, strict, started, seconds, .. } = report;
    let (class, verdict) = match report.verdict() {
        Verdict::NothingFailed => ("good", "Nothing failed that counts"),
        Verdict::Failed => ("bad", "Failed"),
        Verdict::NothingAsked => ("bad", "Nothing could be asked"),
        Verdict::StaleExpectations => ("weak", "Stale expectations"),
    };
    html! {
        header {
            p { "Conformance to SGP.22, " (text(kind)) }
            h1 { (text(target)) }
            p.verdict.(class) { strong { (verdict) } ": " (report.summary()) }
            dl.facts {
                div { dt { "Begun" } dd { (text(started)) } }
                div { dt { "Took" } dd { (format!("{seconds:.1} s")) } }
                div { dt { "Seed" } dd { (seed) } }
                div { dt { "A SHOULD" } dd { @if *strict { "counts" } @else { "does not count" } } }
                div { dt { "rsp" } dd { (text(version)) } }
            }
        }
    }
}

fn one_interface(report: &Report, interface: &Interface<'_>) -> Markup {
    html! {
        h3 { (text(interface.name)) }
        @for function in &interface.functions { (one_function(report, function)) }
    }
}

fn one_function(report: &Report, function: &Function<'_>) -> Markup {
    let summary = Summary::of(function.cases.iter().copied(), report.strict);
    let has_unmet = summary.failed + summary.blocked + summary.should_not_met > 0;
    html! {
        details.function open[has_unmet] {
            summary {
                span.name { (text(function.name)) } " "
                span.section { (text(function.section)) } " "
                span.counts { (summary) }
            }
            @for case in &function.cases { (case::markup(case, number(report, case), report.strict)) }
        }
    }
}

/// The place of a case in the report is its name within the page: ids hold characters that links do not.
fn numbered(report: &Report) -> impl Iterator<Item = (usize, &CaseReport)> {
    report.results.iter().zip(1..).map(|(case, number)| (number, case))
}

fn number(report: &Report, wanted: &CaseReport) -> usize {
    numbered(report).find(|(_, case)| std::ptr::eq(*case, wanted)).map_or(0, |(number, _)| number)
}
