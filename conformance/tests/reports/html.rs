use std::collections::BTreeSet;

use conformance::report::{Report, html};

use crate::sample;

fn written(report: &Report) -> String {
    let mut bytes = Vec::new();
    html::write(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Every tag of a page as it stands between `<` and `>`, the style sheet left out.
fn tags(page: &str) -> Vec<&str> {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    before.split('<').chain(after.split('<')).skip(1).filter_map(|tag| Some(tag.split_once('>')?.0)).collect()
}

#[test]
fn what_was_not_met_is_told_first_and_leads_to_its_case() {
    let page = written(&sample::mixed());
    let (list, cases) = page.split_once("<h2>All cases</h2>").unwrap();
    assert_eq!(list.matches("<li>").count(), 3);
    assert!(list.contains(r##"<a href="#case-2">ES9+.AuthenticateClient.5.6.3-02 nist/json</a>"##), "{list}");
    assert!(cases.contains(r#"<details class="case" id="case-2" open>"#));
    assert!(cases.contains(r#"<details class="case" id="case-1">"#), "what passed is folded");
    assert!(list.contains("2 passed, 1 failed, 1 blocked, 1 SHOULD not met, 1 known to fail, 2 skipped"));
    assert!(list.contains("<dt>Seed</dt><dd>7</dd>"));
}

#[test]
fn a_run_in_which_nothing_could_be_asked_says_so() {
    assert!(written(&sample::unasked()).contains("<strong>Nothing could be asked</strong>: 1 skipped"));
}

#[test]
fn a_failed_case_shows_steps_expected_actual_and_the_decoded_messages() {
    let page = written(&sample::mixed());
    let case = page.split_once(r#"id="case-2""#).unwrap().1.split_once(r#"id="case-3""#).unwrap().0;
    assert!(case.contains("<li>AuthenticateClient with a wrong signature</li>"));
    assert!(case.contains("<dt>Expected</dt><dd>8.1/6.1</dd>"));
    assert!(case.contains(r#"<dt>Actual</dt><dd class="actual">Executed-Success</dd>"#));
    // JSON in lines, and what its member holds by name.
    assert!(case.contains("\n  &quot;transactionId&quot;: &quot;good&quot;"), "{case}");
    assert!(case.contains("<summary><code>serverSigned1</code> decoded</summary><pre>"), "{case}");
    assert!(case.contains("&gt; 80E2910003BF2E00"));
    assert!(case.contains("lpa good: good → good") && case.contains("[redacted]"));
}

#[test]
fn the_page_needs_nothing_beside_itself() {
    let page = written(&sample::mixed());
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    for outside in ["<script", "<link", "<img", "src=", "url(", "@import", "http://"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(tags(&page).iter().filter(|tag| tag.contains("href")).all(|tag| tag.contains("href=\"#case-")));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"));
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[test]
fn no_peer_writes_markup() {
    let page = written(&sample::hostile());
    // Whatever the peer wrote, the tags and their attributes are those of the template.
    let shapes = |report: &Report| -> BTreeSet<String> {
        let page = written(report);
        let numberless = |tag: &str| tag.chars().filter(|c| !c.is_ascii_digit()).collect();
        tags(&page).into_iter().map(numberless).collect()
    };
    let mut tame = sample::hostile();
    tame.target = "tame".to_owned();
    tame.stale_expectations = vec!["tame".to_owned()];
    for case in &mut tame.results {
        case.steps = vec!["tame".to_owned()];
        case.messages = sample::messages("tame");
    }
    assert_eq!(shapes(&sample::hostile()), shapes(&tame));
    assert!(!page.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{2028}'));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn a_body_too_large_to_read_is_cut() {
    let mut report = sample::mixed();
    report.results[1].messages = sample::messages(&"long ".repeat(3));
    if let protocol::trace::What::Http { body, .. } = &mut report.results[1].messages[1].what {
        *body = "x".repeat(1_000_000);
    }
    let page = written(&report);
    assert!(page.contains("… (950000 more characters)"));
    assert!(page.len() < 200_000);
}
