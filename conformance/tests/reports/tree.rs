use conformance::outcome::Outcome;
use conformance::report::tree::Tree;
use conformance::report::{CaseReport, Report};

use crate::sample;

fn plain(report: &Report) -> String {
    Tree { report, verbose: false, colours: false }.to_string()
}

#[test]
fn what_passed_is_counted_and_what_failed_is_told_with_requirement_steps_expected_and_actual() {
    let expected = "\
ES9+
  AuthenticateClient, SGP.22 §5.6.3: 1 passed, 1 failed, 1 SHOULD not met, 1 known to fail
    FAILED  ES9+.AuthenticateClient.5.6.3-02 nist/json
        MUST        refuses what is wrong
        step 1      InitiateAuthentication
        step 2      AuthenticateClient with a wrong signature
        expected    8.1/6.1
        actual      Executed-Success
    known   ES9+.AuthenticateClient.5.6.3-03
        because     they know
        actual      8.1/4.3
    should  ES9+.AuthenticateClient.5.6.3-04
        SHOULD      says why
        step 1      InitiateAuthentication
        step 2      AuthenticateClient with a wrong signature
        expected    a message
        actual      none
  CancelSession, SGP.22 §5.6.5: 1 passed, 1 blocked
    BLOCKED ES9+.CancelSession.5.6.5-01
        MUST        refuses what is wrong
        step 1      InitiateAuthentication
        step 2      AuthenticateClient with a wrong signature
        stopped at  InitiateAuthentication
        because     no answer
ES2+
  DownloadOrder, SGP.22 §5.3.1: 2 skipped
    skipped 2: the target offers no ES2+

server https://smdp.example: 2 passed, 1 failed, 1 blocked, 1 SHOULD not met, 1 known to fail, 2 skipped
8 runs in 12.3 s, seed 7
";
    assert_eq!(plain(&sample::mixed()), expected);
}

#[test]
fn verbose_names_what_passed_and_what_was_skipped() {
    let report = sample::mixed();
    let told = Tree { report: &report, verbose: true, colours: false }.to_string();
    assert!(told.contains("    passed  ES9+.AuthenticateClient.5.6.3-01 (SGP.23 4.3.2)\n"), "{told}");
    assert!(told.contains(
        "    skipped ES2+.DownloadOrder.5.3.1-02\n        because     the target offers no ES2+\n"
    ));
    assert!(!told.contains("skipped 2:"));
}

#[test]
fn strict_makes_a_should_a_failure_and_says_so() {
    let told = plain(&Report { strict: true, ..sample::mixed() });
    assert!(
        told.contains("    FAILED  ES9+.AuthenticateClient.5.6.3-04\n        SHOULD      says why\n"),
        "{told}"
    );
    assert!(told.ends_with("8 runs in 12.3 s, seed 7, strict\n"));
}

#[test]
fn stale_expectations_are_told() {
    let stale_expectations = vec!["line 3: ES9+.X-01: it passed".to_owned()];
    let told = plain(&Report { stale_expectations, ..sample::mixed() });
    assert!(told.contains("stale expectation line 3: ES9+.X-01: it passed\n"));
    assert!(told.contains("1 stale expectation\n"));
}

#[test]
fn a_run_in_which_nothing_could_be_asked_says_so() {
    let told = plain(&sample::unasked());
    assert!(
        told.contains("1 skipped\nnothing could be asked, so this says nothing about the server\n1 run in"),
        "{told}"
    );
}

#[test]
fn colours_are_there_only_where_they_are_asked_for() {
    let report = sample::mixed();
    assert!(!plain(&report).contains('\u{1b}'));
    let coloured = Tree { report: &report, verbose: false, colours: true }.to_string();
    assert!(coloured.contains("\u{1b}[31m"));
    // `ESC [ … m` is all that is added.
    let codes = coloured.split('\u{1b}').zip(0..);
    let text: String =
        codes.map(|(part, at)| if at == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
    assert_eq!(text, plain(&report));
}

#[test]
fn a_peer_cannot_steer_the_terminal() {
    for verbose in [false, true] {
        let report = sample::hostile();
        let told = Tree { report: &report, verbose, colours: false }.to_string();
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{2028}';
        assert!(!told.contains(steers), "{told:?}");
        assert!(told.contains("\\u{1b}[2J"), "{told}");
        // A line break of the peer makes no line of ours.
        assert!(told.lines().all(|line| !line.starts_with('"') && !line.starts_with('\\')), "{told}");
    }
}

#[test]
fn a_long_answer_is_cut_short() {
    let case: CaseReport = sample::case(
        sample::head(sample::CANCEL, 1),
        sample::ONE_WAY,
        Outcome::failed("204", "x".repeat(5000)),
    );
    let told = plain(&sample::report(vec![case]));
    assert!(told.contains(&format!("{}… (4000 more characters)\n", "x".repeat(1000))));
}
