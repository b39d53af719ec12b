//! One case.

use maud::{Markup, html};

use super::super::CaseReport;
use super::{badge, message, text};
use crate::outcome::{Difference, Outcome};

/// A line that opens to the whole account; what was not met stands open.
pub fn markup(case: &CaseReport, number: usize, strict: bool) -> Markup {
    let standing = case.standing(strict);
    html! {
        details.case id=(format!("case-{number}")) open[standing.is_unmet()] {
            summary {
                (badge(standing)) " "
                code { (text(case.name())) } " "
                span.requirement { (text(case.requirement)) }
            }
            p.about {
                (text(&case.section)) ", " (text(&case.level))
                @if let Some(number) = case.sgp23 { ", SGP.23 " (text(number)) }
                @for tag in case.tags { " " span.tag { (text(tag)) } }
                ", " (format!("{:.3} s", case.seconds))
            }
            (outcome(&case.outcome))
            @if !case.steps.is_empty() {
                h4 { "Steps" }
                ol { @for step in &case.steps { li { (text(step)) } } }
            }
            @if !case.messages.is_empty() {
                h4 { "What travelled" }
                @for event in &case.messages { (message::markup(event)) }
            }
        }
    }
}

fn outcome(outcome: &Outcome) -> Markup {
    match outcome {
        Outcome::Passed => html! {},
        Outcome::Failed(difference) => compared(difference),
        Outcome::KnownFailure { difference, because } => html! {
            p { "Known: " (text(because)) }
            (compared(difference))
        },
        Outcome::Skipped { reason } => html! { p { "Skipped: " (text(reason)) } },
        Outcome::Blocked { step, reason } => html! {
            dl.compared {
                dt { "Stopped at" } dd { (text(step)) }
                dt { "Because" } dd.actual { (text(reason)) }
            }
        },
    }
}

fn compared(Difference { expected, actual }: &Difference) -> Markup {
    html! {
        dl.compared {
            dt { "Expected" } dd { (text(expected)) }
            dt { "Actual" } dd.actual { (text(actual)) }
        }
    }
}
