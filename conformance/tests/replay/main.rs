//! A kept session and a new one.

#![cfg(test)]

use std::sync::Arc;

use conformance::case::{Function, Head, Variant};
use conformance::evidence::Evidence;
use conformance::outcome::Outcome;
use conformance::replay::{Recording, RecordingError, difference};
use conformance::report::{CaseReport, Report};
use crypto::Curve;
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, SecretData, Tracer};
use wire::es9plus::Binding;

const FUNCTION: Function = Function { interface: "ES9+", name: "InitiateAuthentication", section: "5.6.1" };
const HEAD: Head = Head::must(FUNCTION, 1, "answers");

/// A run in which this was told.
fn run(tell: impl FnOnce(&Tracer)) -> CaseReport {
    run_to(Outcome::Passed, tell)
}

/// The same, with another end.
fn run_to(outcome: Outcome, tell: impl FnOnce(&Tracer)) -> CaseReport {
    let (evidence, tracer) = Evidence::new(Actor::Lpa, Arc::new(FixedClock(Timestamp::from_unix_seconds(0))));
    tell(&tracer);
    let mut report = CaseReport::new(&HEAD, Variant::default(), vec![], outcome);
    report.messages = evidence.take();
    report
}

fn kept(results: Vec<CaseReport>) -> Recording {
    read_again(results).unwrap()
}

/// Written and read.
fn read_again(results: Vec<CaseReport>) -> Result<Recording, RecordingError> {
    let report = Report {
        version: "0",
        kind: "server",
        target: "smdp.example.com".to_owned(),
        seed: 7,
        strict: false,
        started: String::new(),
        seconds: 0.0,
        results,
        stale_expectations: vec![],
    };
    let mut file = Vec::new();
    Recording::write(&report, &[Curve::P256], &[Binding::Json], &mut file).unwrap();
    Recording::read(file.as_slice())
}

fn answered(transaction: &str, status: u16) -> CaseReport {
    run(|tracer| {
        let body = format!(r#"{{"transactionId":"{transaction}"}}"#);
        tracer.http(
            "response",
            "/gsma/rsp2/es9plus/initiateAuthentication",
            Some(status),
            vec![],
            body.as_bytes(),
        );
    })
}

#[test]
fn a_session_is_kept_and_read_again() {
    let recording = kept(vec![answered("0011223344", 200)]);
    assert_eq!((recording.kind.as_str(), recording.seed), ("server", 7));
    assert_eq!(recording.runs[0].id, "ES9+.InitiateAuthentication.5.6.1-01");
    assert_eq!(recording.runs[0].messages[0]["status"], 200);
}

#[test]
fn a_new_session_may_draw_other_values_and_nothing_else() {
    let recording = kept(vec![answered("0011223344", 200)]);
    assert_eq!(difference::first(&recording, &[answered("AABBCCDDEE", 200)]), None);

    let found = difference::first(&recording, &[answered("AABBCCDDEE", 500)]).unwrap();
    assert_eq!((found.message, found.then.as_str(), found.now.as_str()), (Some(1), "200", "500"));
    assert!(found.to_string().contains("initiateAuthentication › status"), "{found}");
}

#[test]
fn a_session_that_ends_sooner_or_later_differs() {
    let recording = kept(vec![answered("0011223344", 200)]);
    let found = difference::first(&recording, &[run(|_| ())]).unwrap();
    assert_eq!(found.now, "nothing more comes");
    let longer = run(|tracer| {
        ["one", "two"].into_iter().for_each(|path| tracer.http("request", path, None, vec![], b""));
    });
    let shorter = run(|tracer| tracer.http("request", "one", None, vec![], b""));
    assert_eq!(difference::first(&kept(vec![shorter]), &[longer]).unwrap().then, "nothing more came");
    assert!(difference::first(&recording, &[]).unwrap().message.is_none());
}

#[test]
fn a_case_that_goes_otherwise_differs_though_the_same_travelled() {
    let ended = |outcome| run_to(outcome, |tracer| tracer.http("request", "path", None, vec![], b""));
    let recording = kept(vec![ended(Outcome::failed("good", "bad"))]);
    assert_eq!(difference::first(&recording, &[ended(Outcome::failed("good", "worse"))]), None);
    let found = difference::first(&recording, &[ended(Outcome::Passed)]).unwrap();
    assert_eq!((found.message, found.then.as_str(), found.now.as_str()), (None, "failed", "passed"));
    let found = difference::first(&recording, &[ended(Outcome::skipped("no key"))]).unwrap();
    assert_eq!(found.now, "skipped");
}

#[test]
fn a_session_in_which_nothing_travelled_is_none() {
    let skipped = || run_to(Outcome::skipped("no ES12"), |_| ());
    assert!(matches!(read_again(vec![skipped()]), Err(RecordingError::NothingTravelled)));
    assert!(matches!(read_again(vec![]), Err(RecordingError::NothingTravelled)));
    assert!(read_again(vec![skipped(), answered("0011223344", 200)]).is_ok());
}

#[test]
fn a_card_is_compared_by_its_status_words_and_its_objects() {
    let card = |status: [u8; 2], result: u8| {
        run(move |tracer| {
            tracer.apdu(&[0x81, 0xE2, 0x91, 0, 3, 0xBF, 0x3E, 0], &status, SecretData::default());
            tracer.object("ES10c.GetEID response", &[0xBF, 0x3E, 3, 0x80, 1, result]);
        })
    };
    let recording = kept(vec![card([0x90, 0], 1)]);
    assert_eq!(difference::first(&recording, &[card([0x90, 0], 1)]), None);
    let found = difference::first(&recording, &[card([0x6A, 0x88], 1)]).unwrap();
    assert_eq!((found.then.as_str(), found.now.as_str()), ("9000", "6A88"));
    let found = difference::first(&recording, &[card([0x90, 0], 2)]).unwrap();
    assert_eq!((found.path.join("."), found.now.as_str()), ("der.BF3E.80".to_owned(), "02"));
}

#[test]
fn a_file_that_is_no_session_is_refused_by_its_line() {
    assert!(matches!(Recording::read(&b""[..]), Err(RecordingError::Empty)));
    let error = Recording::read(
        &b"{\"recording\":1,\"kind\":\"server\",\"target\":\"\",\"seed\":1,\"curves\":[],\"bindings\":[]}\n"
            [..],
    );
    assert!(matches!(error, Err(RecordingError::Format(1))));
    let error = Recording::read(&b"{\"recording\":2,\"kind\":\"server\",\"target\":\"\",\"seed\":1,\"curves\":[],\"bindings\":[]}\nx\n"[..]);
    assert!(matches!(error, Err(RecordingError::Line { line: 2, .. })));
}
