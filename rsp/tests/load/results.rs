//! What is written of runs, and read again.

use std::fs;
#[cfg(unix)]
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::time::Duration;

#[cfg(unix)]
use crate::common::Bench;
use crate::lab::Lab;

#[test]
fn results_are_written_in_each_form_and_two_of_them_compared() {
    let lab = Lab::new(1);
    for name in ["old", "new"] {
        let files = [format!("{name}.json"), format!("{name}.csv"), format!("{name}.html")];
        let flags = ["--count", "20", "--concurrency", "2", "--csv", &files[1], "--html", &files[2]];
        lab.load("initiate-authentication", &flags).assert_all_succeeded(20);
        fs::rename(lab.bench.path("result.json"), lab.bench.path(&files[0])).unwrap();
        assert!(fs::read_to_string(lab.bench.path(&files[1])).unwrap().contains("initiateAuthentication"));
        assert!(fs::read_to_string(lab.bench.path(&files[2])).unwrap().contains("</html>"));
    }
    let compared = lab.bench.rsp_ok(&["load", "compare", "old.json", "new.json"]);
    assert!(compared.contains("initiateAuthentication"), "{compared}");
}

#[test]
fn what_is_no_result_or_one_of_another_kind_cannot_be_compared() {
    let lab = Lab::new(1);
    lab.load("initiate-authentication", &["--count", "1", "--concurrency", "1"]).assert_all_succeeded(1);
    let packaging =
        ["load", "packaging", "--sizes", "2000", "--duration", "0.01", "--json", "packaging.json"];
    let printed = lab.bench.rsp_ok(&packaging);
    assert!(printed.contains("bind under session keys"), "{printed}");
    lab.bench.write("none.json", "{}");
    for files in
        [["result.json", "packaging.json"], ["packaging.json", "result.json"], ["none.json", "result.json"]]
    {
        let told = lab.bench.rsp_fails(&[&["load", "compare"][..], &files].concat());
        assert!(told.contains(".json"), "{told}");
    }
    lab.bench.rsp_ok(&["load", "compare", "packaging.json", "packaging.json"]);
}

#[cfg(unix)]
#[test]
fn packaging_that_is_interrupted_leaves_nothing_behind() {
    let bench = Bench::new();
    let folder = bench.path("disk");
    fs::create_dir(&folder).unwrap();
    let entries = || fs::read_dir(&folder).unwrap().count();
    let packaging = ["load", "packaging", "--sizes", "2000", "--duration", "86400", "--folder", "disk"];
    let mut command = bench.command(&packaging);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while entries() == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("it was interrupted"), "{told}");
    assert_eq!(entries(), 0);
}
