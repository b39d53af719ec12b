//! `rsp conform lpa` and our LPA, each as its users run it.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[expect(dead_code, reason = "shared with the tests of the whole")]
mod common;

use std::collections::BTreeMap;

use common::{Bench, RSP};
use serde_json::Value;

const EXAMPLES: [&str; 2] = ["LPA.Download.3.1.3-01", "LPA.Notifications.3.5-03"];

/// The arguments of a run against our LPA with the card `card`, up to what is asked for.
fn arguments() -> Vec<String> {
    let lpa = format!("{RSP} lpa --card card --ci pki");
    let default = format!(
        "rm -f other; {RSP} card new --certs pki --out other --default-smdp {{smdp}} && \
         {RSP} lpa --card other --ci pki download --yes"
    );
    let download = format!("{lpa} download --ac {{ac}}");
    let agreed = format!("{download} --yes --confirmation-code {{confirmation-code}}");
    let notifications = format!("{lpa} notifications --send");
    let discover = format!("{lpa} discover --yes --smds {{smds}}");
    let fixed =
        ["conform", "lpa", "--certs", "pki", "--listen", "127.0.0.1:0", "--smds-listen", "127.0.0.1:0"];
    let commands = [
        ("--run", agreed),
        ("--run-unanswered", download),
        ("--run-default", default),
        ("--run-notifications", notifications),
        ("--run-discover", discover),
    ];
    let commands = commands.into_iter().flat_map(|(name, command)| [name.to_owned(), command]);
    fixed.map(str::to_owned).into_iter().chain(commands).collect()
}

/// The exit code of a run, and its outcomes by the names of the cases.
fn judge(bench: &Bench, more: &[&str]) -> (i32, BTreeMap<String, String>) {
    let arguments = arguments();
    let arguments: Vec<&str> =
        arguments.iter().map(String::as_str).chain(["--report", "report.json"]).collect();
    let output = bench.rsp(&[&arguments, more].concat());
    let code = output.status.code().unwrap();
    assert!([0, 3].contains(&code), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(bench.path("report.json")).unwrap()).unwrap();
    let text = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
    let results = report["results"].as_array().unwrap().iter();
    (code, results.map(|case| (text(case, "id"), text(case, "outcome"))).collect())
}

#[test]
fn our_lpa_conforms() {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let (code, outcomes) = judge(&bench, &["--seed", "1"]);
    assert_eq!(code, 0);
    assert!(outcomes.len() >= 20, "{}", outcomes.len());
    let unmet = outcomes.iter().filter(|(_, outcome)| *outcome != "passed");
    let unmet: Vec<_> = unmet.map(|(id, outcome)| (id.as_str(), outcome.as_str())).collect();
    assert_eq!(
        unmet,
        [
            // There is no way to say "no" or "later" but at a terminal.
            ("LPA.Cancellation.3.1.3.1-01", "skipped"),
            ("LPA.Cancellation.3.1.3.1-02", "skipped"),
            // No wildcard is too high for `localhost`.
            ("LPA.TlsCertificate.4.5.2.2-03", "skipped"),
            // A SHOULD: our LPA learns after TLS which kind of server it has met.
            ("LPA.TlsCertificate.4.5.2.2-19", "failed"),
        ]
    );
}

#[test]
fn a_card_that_has_the_profile_already_blocks_the_case() {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let again = |seed: &str| judge(&bench, &["--seed", seed, "--case", EXAMPLES[0], "--case", EXAMPLES[1]]);
    let all = |(_, outcomes): (i32, BTreeMap<String, String>), expected: &str| {
        outcomes.len() == 2 && outcomes.values().all(|outcome| outcome == expected)
    };
    assert!(all(again("1"), "passed"));
    assert!(all(again("1"), "blocked"));
    assert!(all(again("2"), "passed"));
}

#[test]
fn a_case_whose_command_is_not_given_is_skipped_and_says_so() {
    let bench = Bench::new();
    let told = bench.rsp(&[
        "conform",
        "lpa",
        "--certs",
        "pki",
        "--listen",
        "127.0.0.1:0",
        "--smds-listen",
        "127.0.0.1:0",
        "--run",
        "true",
        "--case",
        "LPA.EventRetrieval",
        "--case",
        "LPA.TlsCertificate.4.5.2.2-01",
        "--verbose",
    ]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("--run-discover was not given"), "{told}");
    // An LPA that does nothing refuses nothing.
    assert!(told.contains("the LPA did not come"), "{told}");
}
