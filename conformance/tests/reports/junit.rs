use std::io::Write;

use conformance::report::{Report, junit};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::sample;

fn written(report: &Report) -> String {
    let mut bytes = Vec::new();
    junit::write(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let attribute = element.try_get_attribute(name).unwrap().unwrap();
    attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned()
}

/// The attributes of every element of this name.
fn all(xml: &str, element: &str, attributes: &[&str]) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return found,
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == element => {
                let values: Vec<_> = attributes.iter().map(|name| attribute(&start, name)).collect();
                found.push(values.join(" | "));
            }
            _ => {}
        }
    }
}

#[test]
fn the_build_fails_by_what_counts_and_by_nothing_else() {
    let xml = written(&sample::mixed());
    let suites =
        all(&xml, "testsuite", &["id", "package", "name", "tests", "failures", "errors", "skipped", "time"]);
    assert_eq!(
        suites,
        [
            "0 | server | ES9+.AuthenticateClient | 4 | 1 | 0 | 2 | 1.000",
            "1 | server | ES9+.CancelSession | 2 | 0 | 1 | 0 | 0.500",
            "2 | server | ES2+.DownloadOrder | 2 | 0 | 0 | 2 | 0.500",
        ]
    );
    assert!(
        all(&xml, "testcase", &["name"])
            .contains(&"ES9+.AuthenticateClient.5.6.3-01 (SGP.23 4.3.2)".to_owned())
    );
    assert_eq!(
        all(&xml, "failure", &["type", "message"]),
        ["MUST | refuses what is wrong: Executed-Success"]
    );
    assert_eq!(all(&xml, "error", &["type", "message"]), ["blocked | InitiateAuthentication: no answer"]);
    assert_eq!(
        all(&xml, "skipped", &["message"]),
        [
            "known to fail: they know",
            "SHOULD not met: none",
            "the target offers no ES2+",
            "the target offers no ES2+"
        ]
    );
    let strict = written(&Report { strict: true, ..sample::mixed() });
    assert_eq!(
        all(&strict, "failure", &["type", "message"]),
        ["MUST | refuses what is wrong: Executed-Success", "SHOULD | says why: none"]
    );
}

#[test]
fn a_failure_is_told_with_its_steps_and_a_suite_with_its_seed() {
    let xml = written(&sample::mixed());
    let account = "\nSGP.22 §5.6.3 MUST: refuses what is wrong\nstep 1: InitiateAuthentication\n\
                   step 2: AuthenticateClient with a wrong signature\nexpected: 8.1/6.1\nactual: Executed-Success\n";
    assert!(xml.contains(account), "{xml}");
    assert!(all(&xml, "property", &["name", "value"]).contains(&"seed | 7".to_owned()));
    assert_eq!(all(&xml, "testsuite", &["timestamp"])[0], "2026-11-22T17:23:01");
}

#[test]
fn stale_expectations_are_failures() {
    let stale_expectations = vec!["line 3: ES9+.X-01: it passed".to_owned()];
    let xml = written(&Report { stale_expectations, ..sample::mixed() });
    let suites = all(&xml, "testsuite", &["id", "name", "tests", "failures"]);
    assert_eq!(suites.last().unwrap(), "3 | expectations | 1 | 1");
    assert_eq!(
        all(&xml, "failure", &["message"]).last().unwrap(),
        "this expectation no longer matches: line 3: ES9+.X-01: it passed"
    );
}

#[test]
fn a_run_in_which_nothing_could_be_asked_fails_the_build() {
    let xml = written(&sample::unasked());
    assert_eq!(
        all(&xml, "testsuite", &["name", "tests", "failures", "skipped"]),
        ["ES2+.DownloadOrder | 1 | 0 | 1", "run | 1 | 1 | 0"]
    );
    assert_eq!(
        all(&xml, "failure", &["type", "message"]),
        ["nothing asked | nothing could be asked: every case was skipped"]
    );
}

#[test]
fn no_peer_writes_xml() {
    let xml = written(&sample::hostile());
    let legal =
        |c: char| matches!(c, '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}');
    assert_eq!(xml.chars().find(|c| !legal(*c) || *c == '\u{202e}'), None);
    assert!(
        !xml.contains("<script") && !xml.contains("<img") && !xml.contains("<!--") && !xml.contains("]]>")
    );
    // Read again, the text is there.
    let failure = &all(&xml, "failure", &["message"])[0];
    assert!(failure.starts_with("refuses what is wrong: \\u{1b}[2J") && failure.contains("<script>alert(1)"));
}

#[test]
fn every_report_is_valid_under_the_schema() {
    let not_a_number = Report { started: "some day".to_owned(), ..sample::mixed() };
    for report in
        [sample::mixed(), sample::hostile(), sample::unasked(), sample::report(Vec::new()), not_a_number]
    {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(written(&report).as_bytes()).unwrap();
        let (schema, path) = (sample::schema("junit.xsd"), file.path().to_str().unwrap());
        let arguments = ["--noout", "--nonet", "--schema", schema.to_str().unwrap(), path];
        let Some(output) = sample::outside("xmllint", &arguments) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
