//! Whether everything can be measured that costs little: `cargo test -p benches --test goals -- --ignored`.

#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
#[ignore = "it takes minutes, and builds rsp"]
fn the_cheap_goals_can_be_measured() {
    let goals = [
        "bind",
        "ahead",
        "session",
        "https-sqlite",
        "https-postgres",
        "card",
        "start",
        "sessions",
        "flat",
        "growth",
        "smds-session",
        "smds-lookup",
    ];
    let mut program = Command::new(env!("CARGO_BIN_EXE_goals"));
    let output = program.arg("--quick").args(goals).output().unwrap();
    let [told, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{told}\n{errors}");
    assert!(!told.contains(" failed "), "{told}\n{errors}");
}
