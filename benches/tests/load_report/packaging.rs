//! A packaging run, and the forms of its result.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use benches::load::packaging::{Plan, Step, run};
use benches::load::report::packaging::{compare, csv, html, json, text};
use crypto::Curve;

use super::runs::packaging_run;
use super::written::elements;

/// Nobody stops it.
static GOES_ON: AtomicBool = AtomicBool::new(false);

#[test]
fn a_run_has_a_row_for_each_size_and_step_and_tells_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for curve in Curve::ALL {
        let plan = Plan {
            sizes: vec![2048, 12 * 1024],
            threads: NonZeroUsize::new(2).unwrap(),
            duration: Duration::from_millis(1),
            curve,
            folder: folder.path().to_owned(),
        };
        let mut told = Vec::new();
        let result = run(&plan, &GOES_ON, |progress| told.push(progress)).unwrap();
        assert_eq!(
            result.rows.iter().map(|row| row.step).collect::<Vec<_>>(),
            [Step::ALL, Step::ALL].concat()
        );
        for (row, asked) in result.rows.iter().zip([2048; 4].into_iter().chain([12 * 1024; 4])) {
            assert_eq!(row.asked, asked);
            assert!(row.size.abs_diff(asked) < 100, "{} bytes instead of {asked}", row.size);
            assert!(row.packages >= 2, "each thread did one at least: {row:?}");
            let seconds = row.packages as f64 / row.packages_per_second;
            assert!((seconds - row.seconds).abs() < 1e-6 && row.processor_seconds > 0.0, "{row:?}");
            let binds = !matches!(row.step, Step::Import | Step::Protect);
            assert_eq!((row.floor.is_some(), row.floor_ratio.is_some()), (binds, binds));
        }
        assert_eq!(result.plan.curve, curve.to_string());
        assert!(told.iter().all(|progress| progress.of == 8 && progress.rows < 8));
        assert!((0..8).all(|row| told.iter().any(|progress| progress.rows == row)));
        assert_eq!(json::read(&json::write(&result).unwrap()).unwrap(), result);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the stores are removed");
}

#[test]
fn a_run_whose_folder_is_not_there_says_so() {
    let plan = Plan {
        sizes: vec![2048],
        threads: NonZeroUsize::MIN,
        duration: Duration::from_millis(1),
        curve: Curve::P256,
        folder: "/not/there".into(),
    };
    let error = run(&plan, &GOES_ON, |_| ()).unwrap_err();
    assert!(format!("{error:#}").contains("cannot make a folder in /not/there"), "{error:#}");
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        sizes: vec![2048],
        threads: NonZeroUsize::MIN,
        duration: Duration::from_secs(3600),
        curve: Curve::P256,
        folder: folder.path().to_owned(),
    };
    let stop = AtomicBool::new(false);
    let error = run(&plan, &stop, |_| stop.store(true, Ordering::Relaxed)).unwrap_err();
    assert!(format!("{error:#}").contains("interrupted"), "{error:#}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the store is removed");
}

#[test]
fn the_text_and_the_page_have_each_step_with_each_size_and_say_what_the_floor_is() {
    let text = text::write(&packaging_run());
    let page = html::write(&packaging_run());
    let elements = elements(&page);
    assert_eq!(elements.iter().filter(|element| *element == "rect").count(), 8, "a bar for each row");
    for step in Step::ALL {
        assert_eq!(
            text.lines().filter(|line| line.trim_start().starts_with(&format!("{} ", step.name()))).count(),
            2
        );
        assert!(page.contains(&format!("<h2>{}</h2>", step.name())));
    }
    for expected in
        ["512 KB", "4 000 /s", "46.9 MB/s", "475 µs", "400 µs", "84.2 %", "NIST P-256", "The floor is what"]
    {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
        assert!(page.contains(expected), "{expected} is missing in the page");
    }
}

#[test]
fn the_csv_has_a_line_for_each_row() {
    let csv = csv::write(&packaging_run());
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 8);
    assert_eq!(lines[1], "import,12288,12288,20000,5,9.5,4000,46.875,,");
    assert_eq!(lines[3], "bind under session keys,12288,12288,20000,5,9.5,4000,46.875,400,0.842");
}

#[test]
fn a_packaging_result_of_another_format_is_refused() {
    let json = json::write(&packaging_run()).unwrap();
    assert_eq!(json::read(&json).unwrap(), packaging_run());
    let error = json::read(&json.replacen("\"format\": 1", "\"format\": 2", 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the result of a packaging run has format 2, and this version knows format 1 only"
    );
}

#[test]
fn a_comparison_says_what_was_not_the_same_and_the_ratio_of_each_row() {
    let mut new = packaging_run();
    new.plan.threads = 1;
    new.rows[0].packages_per_second = 2000.0;
    // An earlier version made the packages a little smaller.
    new.rows[1].size -= 7;
    new.rows[2].processor_seconds = 4.75;
    new.rows.pop();
    let comparison = compare::write(&packaging_run(), &new);
    assert!(comparison.contains("threads  2 → 1"), "{comparison}");
    assert!(!comparison.contains("curve"));
    let columns = |heading: &str, number: usize| {
        let line = comparison.lines().skip_while(|line| *line != heading).nth(1 + number).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(columns("Packages", 1), "import 12 KB 4 000 /s 2 000 /s 0.50");
    assert_eq!(columns("Packages", 2), "protect 12 KB 4 000 /s 4 000 /s 1.00");
    assert_eq!(columns("Packages", 8), "bind under profile protection keys 512 KB 4 000 /s – –");
    assert_eq!(columns("Processor time each", 3), "bind under session keys 12 KB 475 µs 238 µs 0.50");
    assert_eq!(columns("Floor / processor", 1), "bind under session keys 12 KB 84.2 % 84.2 % 1.00");
}

#[test]
fn a_result_that_was_written_when_the_format_was_new_is_still_read() {
    let text = include_str!("packaging-format-1.json");
    let read = serde_json::to_value(json::read(text).unwrap()).unwrap();
    assert_eq!(read, serde_json::from_str::<serde_json::Value>(text).unwrap());
}
