//! The demo does its whole job, and the same each time where a seed is given.

use crate::common::Bench;

#[test]
fn the_demo_ends_with_an_enabled_profile_on_either_curve() {
    let bench = Bench::new();
    for curve in ["nist", "brainpool"] {
        let printed = bench.rsp_ok(&["demo", "--curve", curve]);
        assert!(printed.contains("enabled on the card, Installed at the SM-DP+"), "{printed}");
        assert!(printed.contains("LPA:1$smdp.rsplab.example$FIRST-DOWNLOAD"), "{printed}");
    }
}

#[test]
fn a_seed_gives_the_same_trace_byte_for_byte() {
    let bench = Bench::new();
    let trace = |seed: &str, curve: &str, file: &str| {
        bench.rsp_ok(&["demo", "--seed", seed, "--curve", curve, "--trace", file]);
        std::fs::read(bench.path(file)).unwrap()
    };
    for curve in ["nist", "brainpool"] {
        let first = trace("7", curve, "first");
        assert!(first.len() > 10_000, "a whole download takes more than {} bytes", first.len());
        assert_eq!(first, trace("7", curve, "second"), "{curve}");
        assert_ne!(first, trace("8", curve, "third"), "{curve}");
    }
}

#[test]
fn the_trace_shows_every_hop_and_no_key() {
    let bench = Bench::new();
    bench.rsp_ok(&["demo", "--seed", "7", "--trace", "trace"]);
    let trace = std::fs::read_to_string(bench.path("trace")).unwrap();
    for line in trace.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["at"].is_string() && event["actor"].is_string() && event["kind"].is_string(), "{line}");
    }
    for kind in ["http", "apdu", "object", "check", "state", "secret"] {
        assert!(trace.contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
    }
    for actor in ["smdp", "lpa", "euicc"] {
        assert!(trace.contains(&format!("\"actor\":\"{actor}\"")), "{actor}");
    }
    for line in trace.lines().filter(|line| line.contains("\"kind\":\"secret\"")) {
        assert!(line.contains("[redacted]"), "{line}");
    }
    // Ki and OPc of the demo's subscriber.
    for key in ["000102030405060708090A0B0C0D0E0F", "101112131415161718191A1B1C1D1E1F"] {
        assert!(!trace.to_uppercase().contains(key), "{key}");
    }

    bench.rsp_ok(&["demo", "--seed", "7", "--trace", "plain", "--trace-secrets"]);
    let plain = std::fs::read_to_string(bench.path("plain")).unwrap();
    assert!(!plain.contains("[redacted]"));
    assert_eq!(
        trace.lines().count(),
        plain.lines().count(),
        "the flag shows secrets and changes nothing else"
    );
}
