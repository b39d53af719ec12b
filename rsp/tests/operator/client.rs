//! `rsp es2` by itself: where its settings come from, and what it keeps to itself.

use std::io::Write;
use std::process::Stdio;

use crate::lab::{ALPHA, Lab, json, text};

#[test]
fn an_answer_is_told_line_by_line_or_as_json_under_the_name_of_its_call() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let server = format!("localhost:{}", smdp.es2plus);
    let environment = [
        ("RSP_ES2_SERVER", server.as_str()),
        ("RSP_ES2_CERT", "operators/alpha.pem"),
        ("RSP_ES2_KEY", "operators/alpha.key"),
        ("RSP_ES2_CI", "pki"),
    ];
    let es2 = |arguments: &[&str]| {
        let mut command = lab.bench.command(&[&["es2"], arguments].concat());
        let output = command.envs(environment).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = es2(&["download-order", "--iccid", ALPHA[0]]);
    let lines: Vec<&str> = printed.lines().collect();
    let call_id = lines[0].strip_prefix("functionCallIdentifier ").unwrap();
    assert_eq!(lines[1..], [format!("iccid {}", ALPHA[0])]);
    // The name that was made up repeats the call.
    assert_eq!(es2(&["download-order", "--iccid", ALPHA[0], "--call-id", call_id]), printed);
    let answer = json(&es2(&["download-order", "--iccid", ALPHA[0], "--call-id", call_id, "--json"]));
    assert_eq!(
        (text(&answer["iccid"]).as_str(), text(&answer["functionCallIdentifier"]).as_str()),
        (ALPHA[0], call_id)
    );

    let printed = es2(&["confirm-order", "--iccid", ALPHA[0], "--matching-id", "OURS", "--call-id", "1"]);
    let address = smdp.address();
    let expected = format!(
        "functionCallIdentifier 1\nmatchingId OURS\nsmdpAddress {address}\nactivationCode LPA:1${address}$OURS\n"
    );
    assert_eq!(printed, expected);
    assert_eq!(es2(&["release", "--iccid", ALPHA[0], "--call-id", "2"]), "functionCallIdentifier 2\n");
}

#[test]
fn a_confirmation_code_comes_by_environment_or_standard_input_and_is_shown_nowhere() {
    let lab = Lab::new();
    let smdp = lab.serve();
    smdp.card("nist");
    let server = format!("localhost:{}", smdp.es2plus);
    let connection = ["--server", &server, "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
    let iccid = smdp.alpha().order("travel");
    let confirm = ["es2", "confirm-order", "--iccid", &iccid, "--release", "--confirmation-code", "-"];
    let trace = ["--ci", "pki", "--trace", "trace"];
    let mut command = lab.bench.command(&[&confirm[..], &connection, &trace].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).env("RSP_LOG", "trace");
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"SAY-97531\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let trace = std::fs::read(lab.bench.path("trace")).unwrap();
    assert!(String::from_utf8_lossy(&trace).contains("\"actor\":\"operator\""));
    for shown in [&output.stdout, &output.stderr, &trace] {
        assert!(!String::from_utf8_lossy(shown).contains("97531"));
    }
    let help = lab
        .bench
        .command(&["es2", "confirm-order", "--help"])
        .env("RSP_CONFIRMATION_CODE", "SAY-97531")
        .output();
    assert!(!String::from_utf8_lossy(&help.unwrap().stdout).contains("97531"));

    // The code is the one that was said: without the end of the line.
    let printed = String::from_utf8(output.stdout).unwrap();
    let activation_code = printed.lines().find_map(|line| line.strip_prefix("activationCode ")).unwrap();
    lab.lpa_ok(&["download", "--yes", "--ac", activation_code, "--confirmation-code", "SAY-97531"]);
}

#[test]
fn where_nobody_answers_the_client_says_so_and_fails() {
    let lab = Lab::new();
    // A port that is taken and silent.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("localhost:{}", silent.local_addr().unwrap().port());
    let closed = format!("localhost:{}", lab.ports[0]);
    for (server, expected) in [(&closed, "cannot connect"), (&silent, "did not answer within 1s")] {
        let connection =
            ["--server", server, "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
        let call = ["es2", "release", "--iccid", ALPHA[0], "--ci", "pki", "--timeout", "1"];
        let told = lab.bench.rsp_fails(&[&call[..], &connection].concat());
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn arguments_that_cannot_be_meant_are_refused_before_anything_is_sent() {
    let lab = Lab::new();
    let connection =
        ["--server", "localhost", "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
    let without_trust = [&["es2", "release", "--iccid", ALPHA[0]][..], &connection].concat();
    assert_eq!(lab.bench.rsp(&without_trust).status.code(), Some(2));
    for arguments in [
        &["release", "--iccid", "x"][..],
        &["confirm-order", "--iccid", ALPHA[0], "--matching-id", "ours_1"],
        &["confirm-order", "--iccid", ALPHA[0], "--confirmation-code", ""],
        &["cancel-order", "--iccid", ALPHA[0]],
        &["download-order", "--eid", "1"],
        &["release", "--iccid", ALPHA[0], "--timeout", "0"],
    ] {
        let output = lab.bench.rsp(&[&["es2"], arguments, &connection, &["--ci", "pki"]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    for arguments in [&["--cert", "operators/alpha.pem"][..], &["--count", "0"]] {
        let output = lab.bench.rsp(&[&["es2", "listen"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
