//! For people: one page that needs nothing beside itself, in the colours that the reader has chosen.
//!
//! Nothing in it can run or load anything: there is no script, every text goes through the template's escaping, and the page's own
//! policy forbids a browser to do either.

mod axis;
mod chart;
mod plots;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::printable::Printable;
use super::{caution, told, units};
use crate::load::result::{Latency, LoadResult, StepResult};

/// The file is trusted markup: it is part of the program.
const STYLE: PreEscaped<&str> = PreEscaped(include_str!("style.css"));

/// Nothing is loaded, run or sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a result.
pub fn write(result: &LoadResult) -> String {
    let title = format!("{} under load", Printable(&result.target));
    let content = html! {
        (header(result, &title))
        section {
            h2 { "Throughput" }
            (plots::throughput(&result.timeline))
        }
        section {
            h2 { "Latency over time" }
            (plots::latency(&result.timeline))
        }
        section {
            h2 { "How latencies are distributed" }
            p.about { (told::latency_heading(result)) ": what waited because the server was slow has waited in here." }
            (plots::distribution(&told::steps_and_whole(result)))
        }
        section {
            h2 { "Steps" }
            (steps(result, &told::latency_heading(result), |step| &step.latency))
            (steps(result, told::SERVICE_HEADING, |step| &step.service))
        }
        section {
            h2 { "How attempts ended" }
            (outcomes(result))
        }
        section {
            h2 { "What was asked for, and how it went on" }
            (facts(told::plan(&result.plan)))
            (facts(told::course(result)))
        }
        section {
            h2 { "What the generator itself cost" }
            (facts([("ran on", told::machine(&result.machine))]))
            (facts(told::generator(result)))
        }
    };
    page(&title, &content)
}

/// The page around some content.
pub(super) fn page(title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (STYLE) }
            }
            body { (content) }
        }
    };
    page.into_string()
}

fn header(result: &LoadResult, title: &str) -> Markup {
    let LoadResult { what, began, whole, .. } = result;
    html! {
        header {
            p.about { (told::printable(what)) ", begun " (told::printable(began)) }
            h1 { (title) }
            p.figure {
                strong { (units::rate(result.throughput)) }
                ", " (units::count(whole.succeeded)) " succeeded, " (units::count(whole.failed)) " did not; half within "
                (told::micros(whole, whole.latency.p50)) ", 99 % within " (told::micros(whole, whole.latency.p99))
            }
            @for caution in caution::of(result) { p.caution { strong { "Caution. " } (caution) } }
        }
    }
}

/// Facts, each with its name.
pub(super) fn facts<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> Markup {
    html! {
        dl.facts {
            @for (name, fact) in facts { div { dt { (name) } dd { (fact) } } }
        }
    }
}

fn steps(result: &LoadResult, caption: &str, latency: fn(&StepResult) -> &Latency) -> Markup {
    let row = |step: &StepResult| {
        let Latency { min, mean, p50, p90, p99, p999, max } = *latency(step);
        let times = [min, p50, p90, p99, p999, max].map(|time| told::micros(step, time));
        let mean = if step.succeeded > 0 { units::duration(mean) } else { told::NOTHING.to_owned() };
        html! {
            tr {
                th scope="row" { (told::printable(&step.name)) }
                td { (units::count(step.succeeded)) }
                td { (units::count(step.failed)) }
                @for time in times { td { (time) } }
                td { (mean) }
            }
        }
    };
    html! {
        div.wide {
            table {
                caption { (caption) }
                tr {
                    th {} th { "succeeded" } th { "failed" }
                    th { "min" } th { "p50" } th { "p90" } th { "p99" } th { "p99.9" } th { "max" } th { "mean" }
                }
                @for step in told::steps_and_whole(result) { (row(step)) }
            }
        }
    }
}

fn outcomes(result: &LoadResult) -> Markup {
    html! {
        div.wide {
            table {
                tr { th { "outcome" } th { "how often" } th { "share" } }
                @for (name, count, share) in told::outcomes(result) {
                    tr {
                        th scope="row" { (name) }
                        td { (units::count(count)) }
                        td { (units::percent(share)) }
                    }
                }
            }
        }
        @for (name, first) in told::firsts(result) { p.about { (name) ", the first: " (first) } }
    }
}
