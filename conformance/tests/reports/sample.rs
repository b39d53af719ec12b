//! A run with everything in it, and one whose target means harm.

use std::path::PathBuf;
use std::process::Command;

use conformance::case::{Function, Head, Variant, Variants};
use conformance::outcome::{Difference, Outcome};
use conformance::report::list::Listing;
use conformance::report::{CaseReport, Report};
use crypto::Curve;
use data_encoding::BASE64;
use protocol::trace::{Actor, Event, Ids, Verdict, What};
use wire::es9plus::Binding;

pub const AUTHENTICATE: Function =
    Function { interface: "ES9+", name: "AuthenticateClient", section: "5.6.3" };
pub const CANCEL: Function = Function { interface: "ES9+", name: "CancelSession", section: "5.6.5" };
pub const DOWNLOAD: Function = Function { interface: "ES2+", name: "DownloadOrder", section: "5.3.1" };

/// What tries to steer a terminal, to leave an attribute, an element, a comment and CDATA, and to turn the text around.
pub const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\0\r\n\u{202e}\u{2028}\u{fffe}\u{10ffff}\u{feff}\"'><script>alert(1)</script><img src=x onerror=y>]]>--><!--&amp;";

pub fn head(function: Function, number: u16) -> Head {
    Head::must(function, number, "refuses what is wrong")
}

pub fn should(function: Function, number: u16) -> Head {
    Head::should(function, number, "says why")
}

pub const JSON_ON_NIST: Variant = Variant { curve: Some(Curve::P256), binding: Some(Binding::Json) };
pub const ONE_WAY: Variant = Variant { curve: None, binding: None };

pub fn case(head: Head, variant: Variant, outcome: Outcome) -> CaseReport {
    let steps =
        vec!["InitiateAuthentication".to_owned(), "AuthenticateClient with a wrong signature".to_owned()];
    CaseReport { seconds: 0.25, ..CaseReport::new(&head, variant, steps, outcome) }
}

pub fn listing(head: Head, variants: Variants) -> Listing {
    Listing {
        head,
        variants,
        needs: vec!["the target offers ES2+".to_owned()],
        steps: vec!["InitiateAuthentication".to_owned()],
        expected: "8.1/6.1".to_owned(),
    }
}

/// A run in which every case was skipped.
pub fn unasked() -> Report {
    report(vec![case(head(DOWNLOAD, 1), ONE_WAY, Outcome::skipped("the target offers no ES2+"))])
}

pub fn report(results: Vec<CaseReport>) -> Report {
    Report {
        version: "0.1.0",
        kind: "server",
        target: "https://smdp.example".to_owned(),
        seed: 7,
        strict: false,
        started: "2026-11-22T17:23:01.500Z".to_owned(),
        seconds: 12.345,
        results,
        stale_expectations: Vec::new(),
    }
}

/// One of every outcome.
pub fn mixed() -> Report {
    let known = Outcome::KnownFailure {
        difference: Difference { expected: "8.1/6.1".to_owned(), actual: "8.1/4.3".to_owned() },
        because: "they know".to_owned(),
    };
    let mut failed =
        case(head(AUTHENTICATE, 2), JSON_ON_NIST, Outcome::failed("8.1/6.1", "Executed-Success"));
    failed.messages = messages("good");
    report(vec![
        case(head(AUTHENTICATE, 1).sgp23("4.3.2").tagged(&["certificate"]), ONE_WAY, Outcome::Passed),
        failed,
        case(head(AUTHENTICATE, 3), ONE_WAY, known),
        case(should(AUTHENTICATE, 4), ONE_WAY, Outcome::failed("a message", "none")),
        case(head(DOWNLOAD, 1), ONE_WAY, Outcome::skipped("the target offers no ES2+")),
        case(head(DOWNLOAD, 2), ONE_WAY, Outcome::skipped("the target offers no ES2+")),
        case(head(CANCEL, 1), ONE_WAY, Outcome::blocked("InitiateAuthentication", "no answer")),
        case(head(CANCEL, 2), ONE_WAY, Outcome::Passed),
    ])
}

/// Every text that may come from a peer, or from a file, is [`HOSTILE`].
pub fn hostile() -> Report {
    let bad = || HOSTILE.to_owned();
    let known =
        Outcome::KnownFailure { difference: Difference { expected: bad(), actual: bad() }, because: bad() };
    let outcomes =
        [Outcome::failed(bad(), bad()), known, Outcome::skipped(bad()), Outcome::blocked(bad(), bad())];
    let cases = outcomes.into_iter().zip(1..).map(|(outcome, number)| {
        let mut case = CaseReport::new(&head(AUTHENTICATE, number), ONE_WAY, vec![bad()], outcome);
        case.messages = messages(HOSTILE);
        case
    });
    Report { target: bad(), stale_expectations: vec![bad()], ..report(cases.collect()) }
}

/// One of every kind, with a text in every place that a peer may fill.
pub fn messages(text: &str) -> Vec<Event> {
    let text = || text.to_owned();
    // A SEQUENCE with the UTF8String, as a member of JSON.
    let mut der = vec![0x0C, u8::try_from(text().len()).unwrap()];
    der.extend(text().into_bytes());
    let body = serde_json::json!({ "transactionId": text(), "serverSigned1": BASE64.encode(&der), text(): [text()] });
    let http = |message, status, body: String| What::Http {
        message,
        path: text(),
        status,
        headers: vec![(text(), text())],
        body,
    };
    let whats = vec![
        http("request", None, body.to_string()),
        http("response", Some(200), text()),
        http("response", Some(500), String::new()),
        What::Apdu { command: "80E2910003BF2E00".to_owned(), response: text() },
        What::Object { name: text(), der: text(), members: vec![text()] },
        What::Check {
            section: "SGP.22 §5.6.3",
            subject: text(),
            verdict: Verdict::Refused,
            reason: Some(text()),
        },
        What::State { subject: text(), from: text(), to: text() },
        What::Secret { name: "S-ENC", value: "[redacted]".to_owned() },
    ];
    let event = |what| Event {
        at: "2026-11-22T17:23:01.600Z".to_owned(),
        actor: Actor::Lpa,
        ids: Ids { transaction_id: Some(text()), eid: Some(text()), order: Some(text()) },
        what,
    };
    whats.into_iter().map(event).collect()
}

/// A file below the folder of schemas.
pub fn schema(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema").join(name)
}

/// Runs a program that may not be there.
pub fn outside(program: &str, arguments: &[&str]) -> Option<std::process::Output> {
    let output = Command::new(program).args(arguments).output();
    if let Err(error) = &output {
        println!("skipped: {program} cannot be run ({error})");
    }
    output.ok()
}
