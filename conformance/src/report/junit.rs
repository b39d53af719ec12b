//! For build servers: JUnit XML.
//!
//! There is no one JUnit schema. What is written here is valid under both that are in use, that of Jenkins' xUnit plugin
//! (`junit-10.xsd`) and that of Apache Ant (`JUnit.xsd`): hence suites without totals above them, times without a zone, and
//! elements that stay empty.
//!
//! A build server knows failed, broken and skipped. A case that was blocked is broken; one that need not pass, because it is
//! known to fail or because a SHOULD does not count, is skipped and says why. So the build fails exactly when the exit code
//! says so; stale expectations are a suite of their own, and so is a run in which nothing could be asked.

use std::fmt::Write as _;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::group::{Function, by_interface};
use super::printable::{Printable, clipped};
use super::summary::{Standing, Summary, Verdict};
use super::{CaseReport, Report};
use crate::outcome::{Difference, Outcome};

/// Characters of a message: build servers show it in a list. The text below it has the whole.
const MESSAGE: usize = 500;

/// Writes a report as JUnit XML.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &Report, to: &mut impl io::Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *to, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let interfaces = by_interface(&report.results);
    let suites: Vec<_> =
        interfaces.iter().flat_map(|interface| &interface.functions).map(Suite::of).collect();
    let (stale, unasked) = (Suite::of_stale_expectations(report), Suite::of_nothing_asked(report));
    xml.create_element("testsuites").write_inner_content(|xml| {
        suites
            .iter()
            .chain(&stale)
            .chain(&unasked)
            .zip(0..)
            .try_for_each(|(suite, number)| suite.write(xml, report, number))
    })?;
    to.write_all(b"\n")
}

/// What is run of one function.
struct Suite<'a> {
    name: String,
    section: &'a str,
    tests: Vec<Test<'a>>,
}

/// What a suite has to tell of.
enum Test<'a> {
    Case(&'a CaseReport),
    Stale(&'a str),
    NothingAsked,
}

/// How a test went, in the words of JUnit.
struct Told {
    element: &'static str,
    /// What kind of failure; a test that is skipped has none under Ant's schema.
    kind: Option<&'static str>,
    message: String,
    text: String,
}

impl<'a> Suite<'a> {
    fn of(function: &Function<'a>) -> Self {
        Self {
            name: Printable(format_args!("{}.{}", function.interface, function.name)).to_string(),
            section: function.section,
            tests: function.cases.iter().copied().map(Test::Case).collect(),
        }
    }

    /// None where all match.
    fn of_stale_expectations(report: &'a Report) -> Option<Self> {
        let tests: Vec<_> = report.stale_expectations.iter().map(|stale| Test::Stale(stale)).collect();
        let name = "expectations".to_owned();
        (!tests.is_empty()).then_some(Self { name, section: "", tests })
    }

    /// None where something was asked.
    fn of_nothing_asked(report: &Report) -> Option<Self> {
        let suite = Self { name: "run".to_owned(), section: "", tests: vec![Test::NothingAsked] };
        (report.verdict() == Verdict::NothingAsked).then_some(suite)
    }

    fn write<W: io::Write>(&self, xml: &mut Writer<W>, report: &Report, number: usize) -> io::Result<()> {
        let cases = || self.tests.iter().filter_map(Test::case);
        let summary = Summary::of(cases(), report.strict);
        let of_the_run = self.tests.len() - cases().count();
        let excused = summary.skipped + summary.known_failures + summary.should_not_met;
        // The sum of nothing would be -0.
        let seconds = cases().fold(0.0, |sum, case| sum + finite(case.seconds));
        xml.create_element("testsuite")
            .with_attribute(("package", report.kind))
            .with_attribute(("id", number.to_string().as_str()))
            .with_attribute(("name", self.name.as_str()))
            .with_attribute(("timestamp", without_zone(&report.started)))
            // That of the machine is nobody's business, and the schema gives this name for that.
            .with_attribute(("hostname", "localhost"))
            .with_attribute(("tests", self.tests.len().to_string().as_str()))
            .with_attribute(("failures", (summary.failed + of_the_run).to_string().as_str()))
            .with_attribute(("errors", summary.blocked.to_string().as_str()))
            .with_attribute(("skipped", excused.to_string().as_str()))
            .with_attribute(("time", format!("{seconds:.3}").as_str()))
            .write_inner_content(|xml| {
                self.properties(xml, report)?;
                self.tests.iter().try_for_each(|test| test.write(xml, &self.name, report.strict))?;
                xml.create_element("system-out").write_empty()?;
                xml.create_element("system-err").write_empty()?;
                Ok(())
            })?;
        Ok(())
    }

    fn properties<W: io::Write>(&self, xml: &mut Writer<W>, report: &Report) -> io::Result<()> {
        let properties = [
            ("target", report.target.clone()),
            ("seed", report.seed.to_string()),
            ("strict", report.strict.to_string()),
            ("version", report.version.to_owned()),
            ("section", self.section.to_owned()),
        ];
        xml.create_element("properties").write_inner_content(|xml| {
            properties.iter().filter(|(_, value)| !value.is_empty()).try_for_each(|(name, value)| {
                let value = Printable(value).to_string();
                let property = xml.create_element("property").with_attribute(("name", *name));
                property.with_attribute(("value", value.as_str())).write_empty().map(drop)
            })
        })?;
        Ok(())
    }
}

impl Test<'_> {
    fn case(&self) -> Option<&CaseReport> {
        match self {
            Self::Case(case) => Some(case),
            Self::Stale(_) | Self::NothingAsked => None,
        }
    }

    fn write<W: io::Write>(&self, xml: &mut Writer<W>, class: &str, strict: bool) -> io::Result<()> {
        let (name, seconds, told) = match self {
            Self::Case(case) => (case.title(), finite(case.seconds), told(case, strict)),
            Self::Stale(stale) => ((*stale).to_owned(), 0.0, Some(stale_expectation(stale))),
            Self::NothingAsked => ("something could be asked".to_owned(), 0.0, Some(nothing_asked())),
        };
        let test = xml
            .create_element("testcase")
            .with_attribute(("name", Printable(name).to_string().as_str()))
            .with_attribute(("classname", class))
            .with_attribute(("time", format!("{seconds:.3}").as_str()));
        let Some(Told { element, kind, message, text }) = told else {
            return test.write_empty().map(drop);
        };
        test.write_inner_content(|xml| {
            let message = Printable(clipped(&message, MESSAGE)).to_string();
            let mut element = xml.create_element(element).with_attribute(("message", message.as_str()));
            if let Some(kind) = kind {
                element = element.with_attribute(("type", kind));
            }
            if text.is_empty() {
                element.write_empty()
            } else {
                element.write_text_content(BytesText::new(&text))
            }
            .map(drop)
        })
        .map(drop)
    }
}

fn stale_expectation(stale: &str) -> Told {
    let message = format!("this expectation no longer matches: {stale}");
    Told { element: "failure", kind: Some("stale expectation"), message, text: String::new() }
}

fn nothing_asked() -> Told {
    let message = "nothing could be asked: every case was skipped".to_owned();
    Told { element: "failure", kind: Some("nothing asked"), message, text: String::new() }
}

/// Nothing, of a case that passed.
fn told(case: &CaseReport, strict: bool) -> Option<Told> {
    let kind = Some(if case.is_should() { "SHOULD" } else { "MUST" });
    let compared = |Difference { expected, actual }: &Difference| {
        account(case, &[("expected", expected), ("actual", actual)])
    };
    let (element, kind, message, text) = match &case.outcome {
        Outcome::Passed => return None,
        Outcome::Skipped { reason } => ("skipped", None, reason.clone(), String::new()),
        Outcome::KnownFailure { difference, because } => {
            ("skipped", None, format!("known to fail: {because}"), compared(difference))
        }
        Outcome::Failed(difference) if case.standing(strict) == Standing::ShouldNotMet => {
            ("skipped", None, format!("SHOULD not met: {}", difference.actual), compared(difference))
        }
        Outcome::Failed(difference) => {
            ("failure", kind, format!("{}: {}", case.requirement, difference.actual), compared(difference))
        }
        Outcome::Blocked { step, reason } => {
            let text = account(case, &[("stopped at", step), ("because", reason)]);
            ("error", Some("blocked"), format!("{step}: {reason}"), text)
        }
    };
    Some(Told { element, kind, message, text })
}

/// What was asked for, what was done, and what came of it, one line each.
fn account(case: &CaseReport, outcome: &[(&str, &String)]) -> String {
    let mut text = format!("\n{} {}: {}\n", Printable(&case.section), case.level, case.requirement);
    let steps = case.steps.iter().zip(1..).map(|(step, at)| (format!("step {at}"), step));
    let outcome = outcome.iter().map(|(label, what)| ((*label).to_owned(), *what));
    for (label, what) in steps.chain(outcome) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{label}: {}", Printable(what));
    }
    text
}

/// `2026-11-22T17:23:01`: Ant's schema takes no fraction and no zone.
fn without_zone(time: &str) -> &str {
    time.get(..19).unwrap_or("1970-01-01T00:00:00")
}

/// Decimals of XML schema know neither infinity nor NaN.
fn finite(seconds: f64) -> f64 {
    if seconds.is_finite() { seconds } else { 0.0 }
}
