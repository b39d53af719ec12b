//! The same seed asks the same questions.

use serde_json::Value;

use crate::lab::{Judged, Lab};

/// What the judge sent in a case, where it fails: the bodies of its requests.
fn requests(judged: &Judged) -> Vec<Value> {
    let results = judged.report["results"].as_array().cloned().unwrap_or_default();
    let messages = results.iter().flat_map(|run| run["messages"].as_array().cloned().unwrap_or_default());
    messages
        .filter(|message| message["message"] == "request")
        .map(|message| message["body"].clone())
        .collect()
}

#[test]
fn the_same_seed_makes_the_same_requests_and_another_makes_others() {
    let lab = Lab::new();
    let judged = |seed: &str| {
        // No server has this address, so the case fails and keeps what it sent.
        let smds = lab.smds(&format!("smds-{seed}-{}", next()), None);
        let flags = ["--kind", "smds", "--address", "elsewhere.example.com", "--seed", seed];
        lab.judge(&smds, &[&flags[..], &["--case", "ES11.InitiateAuthentication.5.8.1-01"]].concat())
    };
    let (first, again, other) = (requests(&judged("7")), requests(&judged("7")), requests(&judged("8")));
    assert!(!first.is_empty());
    assert_eq!(first, again);
    assert_ne!(first, other);
}

fn next() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}
