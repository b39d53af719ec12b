use conformance::case::Variants;
use conformance::expectations::Expectations;
use conformance::outcome::{Difference, Outcome};
use conformance::report::list::Listing;
use conformance::report::summary::Verdict;
use conformance::report::{CaseReport, Report};

use crate::sample::{self, AUTHENTICATE, JSON_ON_NIST, ONE_WAY, case, head};

const ID: &str = "ES9+.AuthenticateClient.5.6.3-01";

fn all() -> Vec<Listing> {
    let once = (2..=4).map(|number| sample::listing(head(AUTHENTICATE, number), Variants::ONCE));
    std::iter::once(sample::listing(head(AUTHENTICATE, 1), Variants::ALL)).chain(once).collect()
}

fn on_brainpool(outcome: Outcome) -> CaseReport {
    let variant = conformance::case::Variant { curve: Some(crypto::Curve::BrainpoolP256r1), ..JSON_ON_NIST };
    case(head(AUTHENTICATE, 1), variant, outcome)
}

fn failed() -> Outcome {
    Outcome::failed("8.1/6.1", "Executed-Success")
}

fn applied(text: &str, results: Vec<CaseReport>) -> Report {
    let mut report = sample::report(results);
    Expectations::parse("known.toml", text).unwrap().apply(&mut report, &all());
    report
}

fn entry(id: &str, more: &str) -> String {
    format!("[[known]]\nid = \"{id}\"\nbecause = \"they know\"\n{more}\n")
}

#[test]
fn what_is_known_to_fail_no_longer_counts_and_keeps_what_was_seen() {
    let blocked =
        case(head(AUTHENTICATE, 2), ONE_WAY, Outcome::blocked("InitiateAuthentication", "no answer"));
    let results = vec![case(head(AUTHENTICATE, 1), JSON_ON_NIST, failed()), blocked];
    let text = entry(ID, "") + &entry("ES9+.AuthenticateClient.5.6.3-02", "");
    let report = applied(&text, results);
    let known = |expected: &str, actual: &str| Outcome::KnownFailure {
        difference: Difference { expected: expected.to_owned(), actual: actual.to_owned() },
        because: "they know".to_owned(),
    };
    assert_eq!(report.results[0].outcome, known("8.1/6.1", "Executed-Success"));
    assert_eq!(report.results[1].outcome, known("InitiateAuthentication works", "no answer"));
    assert_eq!(report.verdict(), Verdict::NothingFailed);
}

#[test]
fn an_entry_may_be_about_one_variant() {
    let results = vec![case(head(AUTHENTICATE, 1), JSON_ON_NIST, failed()), on_brainpool(failed())];
    let report = applied(&entry(ID, "variant = \"brainpool/json\""), results);
    assert_eq!(report.results[0].outcome, failed());
    assert!(matches!(report.results[1].outcome, Outcome::KnownFailure { .. }));
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn an_entry_whose_case_did_not_fail_is_stale() {
    for (outcome, why) in [(Outcome::Passed, "it passed"), (Outcome::skipped("no ES2+"), "it was skipped")] {
        let beside = case(head(AUTHENTICATE, 2), ONE_WAY, Outcome::Passed);
        let results = vec![case(head(AUTHENTICATE, 1), JSON_ON_NIST, outcome), beside];
        let report = applied(&entry(ID, ""), results);
        assert_eq!(report.stale_expectations, [format!("line 1: {ID}: {why}")]);
        assert_eq!(report.verdict(), Verdict::StaleExpectations);
    }
    // One that fails on one curve still says something.
    let results = vec![case(head(AUTHENTICATE, 1), JSON_ON_NIST, Outcome::Passed), on_brainpool(failed())];
    assert_eq!(applied(&entry(ID, ""), results).verdict(), Verdict::NothingFailed);
}

#[test]
fn an_entry_that_names_no_case_is_stale() {
    let unknown = entry("ES9+.AuthenticateClient.5.6.3-99", "");
    let no_such_variant = entry("ES9+.AuthenticateClient.5.6.3-02", "variant = \"nist/json\"");
    let report = applied(&(unknown + &no_such_variant), Vec::new());
    assert_eq!(
        report.stale_expectations,
        [
            "line 1: ES9+.AuthenticateClient.5.6.3-99: there is no such case",
            "line 5: ES9+.AuthenticateClient.5.6.3-02 nist/json: there is no such case"
        ]
    );
}

#[test]
fn an_entry_whose_case_was_not_selected_is_left_alone() {
    let text = entry(ID, "")
        + &entry(ID, "variant = \"nist/asn1\"")
        + &entry("ES9+.AuthenticateClient.5.6.3-03", "");
    let report = applied(&text, vec![on_brainpool(failed())]);
    assert_eq!(report.stale_expectations, [""; 0]);
}

#[test]
fn a_failure_outweighs_a_stale_entry() {
    let results = vec![
        case(head(AUTHENTICATE, 1), JSON_ON_NIST, Outcome::Passed),
        case(head(AUTHENTICATE, 2), ONE_WAY, failed()),
    ];
    let report = applied(&entry(ID, ""), results);
    assert_eq!(report.stale_expectations.len(), 1);
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn what_is_said_of_one_variant_goes_before_what_is_said_of_all() {
    let special = entry(ID, "variant = \"nist/json\"").replace("they know", "no key");
    let report =
        applied(&(entry(ID, "") + &special), vec![case(head(AUTHENTICATE, 1), JSON_ON_NIST, failed())]);
    assert!(
        matches!(&report.results[0].outcome, Outcome::KnownFailure { because, .. } if because == "no key")
    );
    assert_eq!(report.stale_expectations, [""; 0]);
}

#[test]
fn a_mistake_is_told_with_file_and_line() {
    let mistakes = [
        (
            "[[known]]\nid = \"a\"\nbecause = \"b\"\nvariety = \"c\"\n",
            "known.toml:4: unknown field `variety`",
        ),
        ("[[knwon]]\n", "known.toml:1: unknown field `knwon`"),
        ("\n[[known]]\nid = \"a\"\n", "known.toml:2: missing field `because`"),
        ("[[known]]\nid = \"a\"\nbecause = \" \"\n", "known.toml:3: a failure is known only with a reason"),
        ("[[known]\n", "known.toml:1: "),
        (&(entry("a", "") + &entry("a", "variant = \"\"")), "known.toml:6: a stands here twice"),
    ];
    for (text, expected) in mistakes {
        let told = Expectations::parse("known.toml", text).unwrap_err().to_string();
        assert!(told.starts_with(expected), "{told}");
    }
    assert!(Expectations::parse("known.toml", "").is_ok());
}
