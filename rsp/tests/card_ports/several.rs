//! Several cards in one process.

use std::net::TcpListener;

use crate::common::Bench;
use crate::lab::{OPEN_CHANNEL, Raw, Serving, http_apdu, request};

/// A folder with manufactured cards, and their EIDs in order.
fn cards(count: usize) -> (Bench, Vec<String>) {
    let bench = Bench::new();
    let count = count.to_string();
    bench.rsp_ok(&["card", "manufacture", "--certs", "pki", "--count", &count, "--out", "made"]);
    let mut eids = Vec::new();
    for entry in std::fs::read_dir(bench.path("made/cards")).unwrap() {
        let state = std::fs::read(entry.unwrap().path()).unwrap();
        let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
        eids.push(state["eid"].as_str().unwrap().to_owned());
    }
    eids.sort();
    (bench, eids)
}

#[test]
fn each_has_its_own_ports_and_its_own_state() {
    let (bench, eids) = cards(3);
    let arguments = ["--cards", "made/cards", "--tcp", "0", "--http", "0", "--at", "modems"];
    let serving = Serving::start(&bench, 7, &arguments);
    // In the order of the EIDs.
    for (line, eid) in serving.said.iter().zip(eids.iter().cycle()).take(6) {
        assert!(line.starts_with(&format!("card {eid} ")), "{line}");
    }
    let http = serving.address(6);
    let listed = request(&http, "GET", "/cards", &[], "").json();
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|card| card["eid"].clone()).collect();
    assert_eq!(listed, eids);
    for (place, eid) in eids.iter().enumerate() {
        let mut client = Raw::new(&serving.address(3 + place));
        assert_eq!(client.ask(OPEN_CHANNEL), "019000");
        assert_eq!(http_apdu(&http, eid, OPEN_CHANNEL), "029000");
        assert_eq!(http_apdu(&http, eid, "02A4040C10A0000005591010FFFFFFFF8900000100"), "9000");
        assert_eq!(http_apdu(&http, eid, "82E2910006BF3E035C015A"), "6115");
        assert_eq!(http_apdu(&http, eid, "02C0000015"), format!("BF3E125A10{eid}9000"));
        assert!(bench.path(&format!("modems/{eid}")).exists());
    }
    assert_eq!(serving.stop().code(), Some(0));
    assert_eq!(std::fs::read_dir(bench.path("modems")).unwrap().count(), 0, "the links are gone");
}

#[test]
fn ports_follow_each_other() {
    let (bench, eids) = cards(2);
    // Two free ports in a row, as far as one can know.
    let first = loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if first < u16::MAX && TcpListener::bind(("127.0.0.1", first + 1)).is_ok() {
            break first;
        }
    };
    let serving = Serving::start(&bench, 2, &["--cards", "made/cards", "--tcp", &first.to_string()]);
    assert_eq!(serving.address(0), format!("127.0.0.1:{first}"));
    assert_eq!(serving.address(1), format!("127.0.0.1:{}", first + 1));
    assert!(serving.said[1].contains(&eids[1]));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let (bench, _) = cards(2);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card.json"]);
    bench.rsp_ok(&["card", "fork", "card.json", "--out", "twin.json"]);
    let serve = |more: &[&str]| bench.rsp_fails(&[&["card", "serve"], more].concat());
    assert!(serve(&["--cards", "made/cards", "--stdio"]).contains("for one card"));
    assert!(serve(&["--cards", "made/cards"]).contains("at which port"));
    assert!(serve(&["--state", "card.json", "twin.json", "--http", "0"]).contains("have the EID"));
    assert!(serve(&["--cards", "pki", "--http", "0"]).contains("holds no cards"));
    assert!(serve(&["--cards", "made/cards", "--tcp", "65535"]).contains("not enough ports"));
    assert!(serve(&["--state", "nothing.json", "--http", "0"]).contains("nothing.json"));
}

#[test]
fn a_hundred_cards_are_served_at_once() {
    let (bench, eids) = cards(100);
    let serving = Serving::start(&bench, 1, &["--cards", "made/cards", "--http", "0"]);
    assert!(serving.said[0].starts_with("100 cards on http://"), "{:?}", serving.said);
    let address = &serving.address(0);
    std::thread::scope(|scope| {
        for part in eids.chunks(25) {
            scope.spawn(move || {
                for eid in part {
                    assert_eq!(http_apdu(address, eid, OPEN_CHANNEL), "019000");
                }
            });
        }
    });
    assert_eq!(serving.stop().code(), Some(0));
}
