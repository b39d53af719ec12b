//! `instructions` counts what it is asked for, where there is a callgrind.

use std::process::Command;

use benches::instructions::{Counts, callgrind};

/// One that is set up in no time.
const SUBJECT: &str = "structures/decode/EUICCInfo1";

#[test]
fn a_subject_is_counted() {
    if let Err(error) = callgrind::version() {
        println!("skipped: {error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("counts.json");
    let program = env!("CARGO_BIN_EXE_instructions");
    let output = Command::new(program).arg(SUBJECT).arg("--json").arg(&json).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts: Counts = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let [counted] = counts.counted.as_slice() else { panic!("{:?}", counts.counted) };
    assert_eq!(counted.name, SUBJECT);
    assert!((1000..1_000_000).contains(&counted.instructions), "{counted:?}");
}
