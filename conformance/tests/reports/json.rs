use conformance::report::{Report, json};
use serde_json::{Value, json};

use crate::sample;

fn written(report: &Report) -> String {
    let mut bytes = Vec::new();
    json::write(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn read(report: &Report) -> Value {
    serde_json::from_str(&written(report)).unwrap()
}

#[test]
fn a_report_says_what_it_comes_to_and_how_to_repeat_it() {
    let report = read(&sample::mixed());
    assert_eq!(report["format"], 1);
    assert_eq!(report["verdict"], "failed");
    assert_eq!(report["seed"], 7);
    assert_eq!(
        report["summary"],
        json!({
            "passed": 2, "failed": 1, "should_not_met": 1, "known_failures": 1, "skipped": 2, "blocked": 1,
            "stale_expectations": 0
        })
    );
}

#[test]
fn a_run_in_which_nothing_could_be_asked_is_no_success() {
    for report in [sample::unasked(), sample::report(Vec::new())] {
        assert_eq!(read(&report)["verdict"], "nothing_asked");
    }
    // It weighs more than a list of excuses.
    let stale_expectations = vec!["line 3: ES9+.X-01: it was skipped".to_owned()];
    assert_eq!(read(&Report { stale_expectations, ..sample::unasked() })["verdict"], "nothing_asked");
}

#[test]
fn a_case_is_told_with_its_outcome_and_its_messages() {
    let report = read(&sample::mixed());
    let case = &report["results"][1];
    assert_eq!(case["id"], "ES9+.AuthenticateClient.5.6.3-02");
    assert_eq!(case["variant"], "nist/json");
    assert_eq!((&case["outcome"], &case["expected"]), (&json!("failed"), &json!("8.1/6.1")));
    assert_eq!(case["messages"][0]["kind"], "http");
    let known = &report["results"][2];
    assert_eq!((&known["outcome"], &known["because"]), (&json!("known_failure"), &json!("they know")));
}

#[test]
fn what_a_peer_wrote_comes_back_as_it_was_and_steers_nothing() {
    let text = written(&sample::hostile());
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{10ffff}'));
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["results"][0]["actual"], sample::HOSTILE);
    assert_eq!(report["results"][0]["messages"][4]["members"][0], sample::HOSTILE);
}

#[test]
fn every_report_is_valid_under_the_published_schema() {
    const VALIDATE: &str = "import json, sys, jsonschema\n\
        schema, report = (json.load(open(name)) for name in sys.argv[1:])\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        jsonschema.validate(report, schema, jsonschema.Draft202012Validator)\n";
    let Some(probe) = sample::outside("python3", &["-c", "import jsonschema"]) else { return };
    if !probe.status.success() {
        println!("skipped: python3 has no jsonschema");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let schema = sample::schema("report.schema.json");
    let judged = |report: &Value| {
        std::fs::write(&file, report.to_string()).unwrap();
        sample::outside("python3", &["-c", VALIDATE, schema.to_str().unwrap(), file.to_str().unwrap()])
            .unwrap()
    };
    for report in [sample::mixed(), sample::hostile(), sample::unasked(), sample::report(Vec::new())] {
        let output = judged(&read(&report));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The schema forbids something, too.
    let break_it: [fn(&mut Value); 4] = [
        |report| report["seed"] = json!("seven"),
        |report| report["results"][0]["outcome"] = json!("good"),
        |report| report["results"][1]["expected"] = Value::Null,
        |report| report["results"][1]["messages"][0]["kind"] = json!("rumour"),
    ];
    for broken in break_it {
        let mut report = read(&sample::mixed());
        broken(&mut report);
        assert!(!judged(&report).status.success(), "{report}");
    }
}
