//! `rsp conform card` against this project's card, on each way to it.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use common::{Bench, RSP};
use serde_json::Value;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card.json"]);
    bench
}

/// Judges the card on this way and gives how the runs ended, by their names.
fn judged(bench: &Bench, port: &str, more: &[&str]) -> Vec<(String, String)> {
    let arguments = ["conform", "card", port, "--certs", "pki", "--seed", "5", "--report", "report.json"];
    let told = bench.rsp_ok(&[&arguments[..], more].concat());
    let report = std::fs::read_to_string(bench.path("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        (&report["kind"], &report["target"], &report["seed"]),
        (&"card".into(), &port.into(), &5.into())
    );
    let results = report["results"].as_array().unwrap_or_else(|| panic!("{told}"));
    let text = |result: &Value, member: &str| result[member].as_str().unwrap().to_owned();
    results.iter().map(|result| (text(result, "id"), text(result, "outcome"))).collect()
}

#[test]
fn our_own_card_passes_or_has_not_what_a_case_needs() {
    let bench = bench();
    let on_card =
        || ["list", "notifications", "info"].map(|what| bench.rsp_ok(&["lpa", what, "--card", "card.json"]));
    let before = on_card();
    let results = judged(&bench, "file:card.json", &[]);
    assert!(results.len() > 300);
    let others: Vec<_> =
        results.iter().filter(|(_, outcome)| !["passed", "skipped"].contains(&outcome.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
    let skipped = results.iter().filter(|(_, outcome)| outcome == "skipped").count();
    assert!(skipped * 5 < results.len(), "{skipped} of {} were skipped", results.len());
    assert_eq!(on_card(), before);
}

const SOME: [&str; 8] = [
    "--case",
    "ES10c.GetEID",
    "--case",
    "ES10.IsdrSelection",
    "--case",
    "ES10c.SetNickname",
    "--curve",
    "nist",
];

#[test]
fn a_card_behind_a_socket_is_judged_alike() {
    let bench = bench();
    let serving = Serving::start(&bench);
    let results = judged(&bench, &format!("tcp:{}", serving.address), &SOME);
    assert_eq!(results.len(), 19);
    assert!(results.iter().all(|(_, outcome)| outcome == "passed"), "{results:?}");
}

#[test]
fn a_program_opens_channels_by_itself_so_nobody_looks_at_that() {
    let bench = bench();
    let port = format!("program:{RSP} card --stdio --state card.json");
    let results = judged(&bench, &port, &SOME);
    for (id, outcome) in &results {
        let skipped = id.starts_with("ES10.IsdrSelection");
        assert_eq!(outcome, if skipped { "skipped" } else { "passed" }, "{id}");
    }
}

#[test]
fn a_card_that_ends_in_the_middle_leaves_every_report() {
    let bench = bench();
    // So many commands, and no more.
    let dying = format!(
        "i=0\nwhile [ $i -lt 150 ] && read -r line; do printf '%s\\n' \"$line\"; i=$((i+1)); done | \
         {RSP} card --stdio --state card.json\n"
    );
    bench.write("dying.sh", dying);
    let files = ["--html", "r.html", "--junit", "r.xml", "--report", "r.json", "--record", "r.rec"];
    let arguments = ["conform", "card", "program:sh dying.sh", "--certs", "pki", "--case", "ES10c"];
    let output = bench.rsp(&[&arguments[..], &files].concat());
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    for file in files.iter().skip(1).step_by(2) {
        assert!(bench.path(file).exists(), "{file}");
    }
    let report: Value = serde_json::from_slice(&std::fs::read(bench.path("r.json")).unwrap()).unwrap();
    let outcomes: Vec<&str> =
        report["results"].as_array().unwrap().iter().map(|run| run["outcome"].as_str().unwrap()).collect();
    assert_eq!((outcomes.first(), outcomes.last()), (Some(&"passed"), Some(&"blocked")));
    assert!(outcomes.len() > 80, "{}", outcomes.len());
}

#[test]
fn a_session_in_which_nothing_was_asked_has_failed_and_cannot_be_run_again() {
    let bench = bench();
    let arguments = ["conform", "card", "file:card.json", "--certs", "pki", "--record", "r.rec"];
    let output = bench.rsp(&[&arguments[..], &["--case", "ES10c.eUICCMemoryReset"]].concat());
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("nothing could be asked, so this says nothing about the card"), "{told}");
    let told = bench.rsp_fails(&["replay", "r.rec", "card", "file:card.json", "--certs", "pki"]);
    assert!(told.contains("nothing travelled"), "{told}");
}

#[test]
fn a_session_is_run_again_on_a_card_as_it_was() {
    let bench = bench();
    std::fs::copy(bench.path("card.json"), bench.path("again.json")).unwrap();
    bench.rsp_ok(
        &[&["conform", "card", "file:card.json", "--certs", "pki", "--record", "r.rec"], &SOME[..]].concat(),
    );
    let told = bench.rsp_ok(&["replay", "r.rec", "card", "file:again.json", "--certs", "pki"]);
    assert!(told.contains("no difference"), "{told}");
}

#[test]
fn the_cases_are_listed_without_a_card() {
    let bench = Bench::new();
    let list = bench.rsp_ok(&["conform", "card", "--list", "--verbose"]);
    for wanted in ["ES10b.AuthenticateServer.5.7.13-01", "ES8+.StoreMetadata.5.5.3-09", "--destructive"] {
        assert!(list.contains(wanted), "{wanted}");
    }
}

#[test]
fn what_is_no_port_is_a_wrong_argument_and_a_card_that_is_not_there_an_error() {
    let bench = bench();
    for port in ["card.json", "usb:1"] {
        let output = bench.rsp(&["conform", "card", port, "--certs", "pki"]);
        assert_eq!(output.status.code(), Some(2), "{port}");
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = bench.rsp_fails(&["conform", "card", &format!("tcp:{nobody}"), "--certs", "pki"]);
    assert!(told.contains("cannot connect to the card"), "{told}");
}

#[cfg(not(feature = "pcsc"))]
#[test]
fn a_program_without_pcsc_says_how_to_build_one_with_it() {
    let told = bench().rsp_fails(&["conform", "card", "pcsc:0", "--certs", "pki"]);
    assert!(told.contains("--features pcsc") && told.contains("libpcsclite-dev"), "{told}");
}

#[test]
fn a_card_of_other_certificates_is_not_judged() {
    let bench = bench();
    bench.rsp_ok(&["certs", "make", "--out", "others"]);
    let told = bench.rsp_fails(&["conform", "card", "file:card.json", "--certs", "others"]);
    assert!(told.contains("no key under a Certificate Issuer"), "{told}");
}

/// A running `rsp card serve --tcp`.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(bench: &Bench) -> Self {
        let mut command = bench.command(&["card", "serve", "--state", "card.json", "--tcp", "0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let first = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        Self { child, address: first.rsplit(' ').next().unwrap().to_owned() }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
