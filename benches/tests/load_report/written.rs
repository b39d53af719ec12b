//! The forms of a load run.

use benches::load::report::{caution, compare, csv, html, json, text};
use benches::load::result::{ArrivalTold, Ended, LoadResult, Spread};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::runs::{HOSTILE, run, step};

/// Elements of HTML that have no end.
const VOID: [&str; 1] = ["meta"];

/// Every element of a page ends, in the right order; gives the names of all.
pub fn elements(page: &str) -> Vec<String> {
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = false;
    let (mut open, mut all) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                element.attributes().for_each(|attribute| _ = attribute.unwrap());
                let name = element.name().as_ref().to_owned();
                all.push(name.clone());
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Event::End(element) => {
                assert_eq!(open.pop().unwrap(), element.name().as_ref());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} has no end");
    all
}

/// The lines that contain a text.
fn lines<'a>(written: &'a str, with: &str) -> Vec<&'a str> {
    written.lines().filter(|line| line.contains(with)).collect()
}

fn nothing_steers(written: &str) {
    for c in written.chars() {
        let is_whitespace = matches!(c, '\n' | '\r');
        assert!(is_whitespace || (!c.is_control() && c != '\u{202e}'), "{c:?} is written");
    }
}

#[test]
fn the_text_has_target_plan_throughput_steps_outcomes_and_the_generators_cost() {
    let text = text::write(&run());
    for expected in [
        "download: smdp.example.com, 2026-11-22T03:41:00Z",
        "200 due in a second",
        "20 000",
        "its time was over",
        "1 to 7000",
        "Latency, from when it was due",
        "198 /s: 5 940 succeeded, 60 did not",
        "Some CPU @ 2 GHz, 2 processors",
        "12.0 s, 20.0 % of what it may use",
        "p50 15 µs, p99 90 µs, at most 300 µs",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    let steps = lines(&text, "getBoundProfilePackage");
    assert_eq!(steps.len(), 2, "by both clocks");
    for time in ["3.00 ms", "4.48 ms", "5.67 ms", "5.94 ms", "5.97 ms"] {
        assert!(steps[0].contains(time), "{time} is missing in {}", steps[0]);
    }
    assert!(lines(&text, "busy")[0].ends_with("40  0.67 %"));
    assert!(text.contains(", the first: not today\n"), "{text}");
    assert!(!text.contains("CAUTION"));
}

#[test]
fn a_generator_that_was_the_bottleneck_is_told_in_every_form_for_people() {
    let mut busy = run();
    busy.generator.share = 0.81;
    let mut late = run();
    late.generator.lag.p99 = late.whole.latency.p50 + 1;
    for (result, told) in [(busy, "used 81.0 % of its processors"), (late, "one attempt in a hundred began")]
    {
        let cautions = caution::of(&result);
        assert!(cautions.len() == 1 && cautions[0].contains(told), "{cautions:?}");
        assert!(text::write(&result).contains("CAUTION: The generator was"));
        assert!(html::write(&result).contains("The generator was"));
        assert!(compare::write(&run(), &result).contains("CAUTION, the new run: The generator was"));
    }
    let mut at_the_limit = run();
    at_the_limit.generator.share = 0.8;
    at_the_limit.generator.lag.p99 = at_the_limit.whole.latency.p50;
    assert!(caution::of(&at_the_limit).is_empty());
}

#[test]
fn what_has_to_be_known_of_a_run_is_told_in_every_form_for_people() {
    let with = |change: fn(&mut LoadResult)| {
        let mut result = run();
        change(&mut result);
        result
    };
    for (result, told) in [
        (with(|run| run.ended = Ended::Interrupted), "The run was interrupted"),
        (with(|run| run.timeline.clear()), "Nothing was measured"),
        (with(|run| run.outcomes[1].name = "no room here".to_owned()), "40 attempts found no descriptor"),
        (with(|run| run.whole.failed = 61), "More than one in a hundred did not succeed"),
        (with(|run| run.plan.euiccs = 63), "fewer eUICCs than attempts may go on at once, 63 and 64"),
    ] {
        let cautions = caution::of(&result);
        assert!(cautions.len() == 1 && cautions[0].contains(told), "{cautions:?}");
        assert!(text::write(&result).contains(told));
        assert!(html::write(&result).contains(told));
        assert!(compare::write(&run(), &result).contains(told));
    }
}

#[test]
fn an_interrupted_run_looks_like_one_in_every_form() {
    let result = LoadResult { ended: Ended::Interrupted, ..run() };
    assert!(json::write(&result).unwrap().contains("\"ended\": \"interrupted\""));
    assert!(csv::write(&result).contains("\r\nrun,interrupted,"));
    assert!(text::write(&result).contains("it was interrupted"));
    assert!(html::write(&result).contains("it was interrupted"));
}

#[test]
fn where_attempts_come_one_after_the_other_latencies_are_corrected_and_none_is_late() {
    let mut result = run();
    result.plan.arrival = ArrivalTold::Concurrency(64);
    result.plan.spread = None;
    result.corrected_by = Some(12_000);
    for written in [text::write(&result), html::write(&result)] {
        assert!(written.contains("Latency, corrected as if one came each 12.0 ms"), "{written}");
        assert!(!written.contains("from when it was due"), "{written}");
    }
    assert!(lines(&text::write(&result), "began late")[0].ends_with("  –"));
    assert!(lines(&csv::write(&result), "lag,").is_empty());
}

#[test]
fn a_step_that_never_succeeded_has_no_times() {
    let mut result = run();
    result.steps[0].succeeded = 0;
    result.steps[0].latency = Default::default();
    result.steps[0].service = Default::default();
    assert_eq!(lines(&text::write(&result), "initiateAuthentication")[0].matches('–').count(), 6);
    assert!(!html::write(&result).contains("<td>0 µs</td>"));
    assert!(lines(&csv::write(&result), "latency,initiateAuthentication")[0].ends_with(",0,,60,,,,,,,,,"));
}

#[test]
fn a_result_that_was_written_when_the_format_was_new_is_still_read() {
    let text = include_str!("format-1.json");
    let read = serde_json::to_value(json::read(text).unwrap()).unwrap();
    assert_eq!(read, serde_json::from_str::<serde_json::Value>(text).unwrap());
}

#[test]
fn the_json_is_read_again_as_it_was_written() {
    let json = json::write(&run()).unwrap();
    nothing_steers(&json);
    assert_eq!(json::read(&json).unwrap(), run());
}

#[test]
fn a_result_of_another_format_is_refused_whatever_is_in_it() {
    let error = json::read(r#"{"format": 7, "target": ["of", "another", "type"]}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the result of a load run has format 7, and this version knows format 1 only"
    );
    for no_result in ["", "[]", "{}", r#"{"format": 1}"#] {
        let error = json::read(no_result).unwrap_err();
        assert_eq!(error.to_string(), "not the result of a load run", "{no_result}");
    }
}

#[test]
fn the_csv_is_one_table_with_a_row_for_each_step_clock_outcome_and_second() {
    let csv = csv::write(&run());
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..4], ["row", "name", "second", "due"]);
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).count();
    assert_eq!(
        [of("run"), of("latency"), of("service"), of("lag"), of("outcome"), of("second")],
        [1, 3, 3, 1, 4, 30]
    );
    assert_eq!(rows.len(), 1 + 1 + 3 + 3 + 1 + 4 + 30);
    let column = |name: &str| rows[0].iter().position(|column| *column == name).unwrap();
    let run_row = &rows[1];
    assert_eq!((run_row[1], run_row[column("per_second")]), ("time", "198"));
    let initiate = &rows[2];
    assert_eq!(initiate[column("name")], "initiateAuthentication");
    assert_eq!((initiate[column("succeeded")], initiate[column("failed")]), ("5940", "60"));
    assert_eq!(initiate[column("p50_us")], run().steps[0].latency.p50.to_string());
    let last = rows.last().unwrap();
    assert_eq!((last[column("second")], last[column("due")], last[column("busy")]), ("29", "200", "1"));
    assert_eq!(
        (last[column("p50_us")], last[column("p99_us")], last[column("max_us")]),
        ("2529", "7290", "")
    );
}

#[test]
fn a_spreadsheet_computes_nothing_that_a_server_wrote() {
    let csv = csv::write(&run());
    nothing_steers(&csv);
    assert!(csv.contains(",\"'=HYPERLINK(\"\"http://example.com\"\",1)\","), "{csv}");
    assert!(csv.contains("\"refused <script>alert(1)</script>\\u{1b}[2J\\u{202e}\"\"';\""), "{csv}");
}

#[test]
fn the_page_is_whole_and_needs_nothing_beside_itself() {
    let page = html::write(&run());
    let elements = elements(&page);
    let number = |name: &str| elements.iter().filter(|element| *element == name).count();
    assert_eq!(number("svg"), 3);
    assert_eq!(number("path"), 4 + 2 + 3, "due, succeeded, busy, failed; p50, p99; two steps and the whole");
    assert_eq!(number("table"), 3);
    assert_eq!([number("script"), number("link"), number("img")], [0; 3]);
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("default-src 'none'"));
    for expected in
        ["smdp.example.com under load", "198 /s", "Some CPU @ 2 GHz", "99.9 %", "busy (503)", "1 000"]
    {
        assert!(page.contains(expected), "{expected} is missing");
    }
    assert!(!page.contains("NaN") && !page.contains("inf"));
}

#[test]
fn a_line_has_a_gap_where_nothing_succeeded() {
    let page = html::write(&run());
    let path = page.split("class=\"line s0\" d=\"").nth(1).unwrap();
    let path = path.split('"').next().unwrap();
    assert_eq!(path.matches('M').count(), 2, "{path}");
    assert_eq!(path.matches(['M', 'L']).count(), 29, "{path}");
}

#[test]
fn what_a_server_wrote_is_text_in_the_page_and_harmless_on_a_terminal() {
    let page = html::write(&run());
    assert!(
        page.contains("refused &lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[2J\\u{202e}&quot;"),
        "{page}"
    );
    let mut hostile = run();
    hostile.target = HOSTILE.to_owned();
    hostile.what = HOSTILE.to_owned();
    hostile.plan.binding = HOSTILE.to_owned();
    hostile.machine.processor = HOSTILE.to_owned();
    hostile.began = HOSTILE.to_owned();
    hostile.steps[0].name = HOSTILE.to_owned();
    hostile.steps[1].name = HOSTILE.to_owned();
    hostile.steps[1].histogram = HOSTILE.to_owned();
    let page = html::write(&hostile);
    assert!(!elements(&page).contains(&"script".to_owned()));
    nothing_steers(&page);
    nothing_steers(&text::write(&hostile));
    nothing_steers(&csv::write(&hostile));
    nothing_steers(&compare::write(&run(), &hostile));
}

#[test]
fn a_step_whose_histogram_cannot_be_read_has_no_line_and_that_is_said() {
    let mut broken = run();
    broken.steps[0].histogram = "AAAA".to_owned();
    let page = html::write(&broken);
    elements(&page);
    assert!(page.contains("There is no line for initiateAuthentication: its histogram cannot be read."));
}

#[test]
fn a_run_in_which_nothing_came_back_is_written_too() {
    let mut nothing = run();
    (nothing.steps, nothing.outcomes, nothing.timeline) = Default::default();
    nothing.whole.succeeded = 0;
    nothing.whole.latency = Default::default();
    (nothing.plan.seconds, nothing.throughput) = (0.0, 0.0);
    elements(&html::write(&nothing));
    assert!(text::write(&nothing).contains("0.00 /s: 0 succeeded, 60 did not"));
    assert_eq!(lines(&text::write(&nothing), "CAUTION").len(), 1, "only that nothing was measured");
    csv::write(&nothing);
    assert!(compare::write(&nothing, &run()).contains("download p50"));
}

#[test]
fn a_comparison_says_first_which_parts_of_the_plan_differ() {
    let mut new = run();
    new.plan.arrival = ArrivalTold::Concurrency(64);
    new.plan.spread = None;
    new.plan.warm_up = 10.0;
    new.plan.new_connections = true;
    new.plan.count = None;
    new.machine.processors = 1;
    let comparison = compare::write(&run(), &new);
    let (asked, figures) = comparison.split_once("new / old").unwrap();
    for expected in [
        "200 due in a second → 64 at a time",
        "5 s → 10 s",
        "2 processors, linux",
        "→ Some CPU @ 2 GHz, 1 processor,",
        "64 → 64, a new one for each attempt",
        "20 000 → as many as there is time for",
    ] {
        assert!(asked.contains(expected), "{expected} is missing in\n{comparison}");
    }
    for same in ["eUICCs", "binding", "target", "seed", "to measure"] {
        assert!(!asked.contains(same), "{same} did not change");
    }
    assert!(figures.contains("throughput"));
    // How long it took, and what was drawn, is not what was asked for.
    let mut same = run();
    (same.plan.seconds, same.plan.seed) = (29.0, 8);
    assert!(compare::write(&run(), &same).contains("The same was asked for."));
}

#[test]
fn of_attempts_whose_moments_were_drawn_the_seed_was_asked_for() {
    let of = |seed| {
        let mut result = run();
        (result.plan.spread, result.plan.seed) = (Some(Spread::Poisson), seed);
        result
    };
    assert!(compare::write(&of(1), &of(2)).contains("1 → 2"));
    assert!(compare::write(&of(1), &of(1)).contains("The same was asked for."));
    let other = compare::write(&run(), &of(2));
    assert!(other.contains("– → 2") && other.contains("as those of many"), "{other}");
}

#[test]
fn a_comparison_has_old_new_and_ratio_of_throughput_and_of_each_steps_percentiles() {
    let new = LoadResult { whole: step("download", 10), steps: vec![step("handleNotification", 1)], ..run() };
    let comparison = compare::write(&run(), &new);
    let columns = |with: &str| lines(&comparison, with)[0].split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(columns("throughput"), "throughput 198 /s 198 /s 1.00");
    assert_eq!(columns("download min"), "download min 5.00 ms 10.0 ms 2.00");
    assert_eq!(columns("handleNotification p50"), "handleNotification p50 – 1.49 ms –");
    assert_eq!(columns("initiateAuthentication p99.9"), "initiateAuthentication p99.9 1.99 ms – –");
}
