//! A damaged card is refused by name and left as it is.

use std::fs;

use crate::bench::{with_card, with_profile};
use crate::common::Bench;

/// Every command that opens a card refuses this one and leaves it alone.
fn is_refused(bench: &Bench, damaged: &[u8], what: &str) {
    bench.write("damaged", damaged);
    for arguments in [
        &["lpa", "--card", "damaged", "info"][..],
        &["lpa", "--card", "damaged", "--ci", "pki", "notifications", "--send"],
        &["card", "--stdio", "--state", "damaged"],
        &["card", "inspect", "damaged"],
        &["card", "snapshot", "damaged", "--out", "copy"],
        &["card", "fork", "damaged", "--out", "copy"],
        &["card", "restore", "damaged", "--to", "copy"],
        &["card", "restore", "card", "--to", "damaged"],
        &["card", "new", "--certs", "pki", "--out", "damaged"],
    ] {
        let told = bench.rsp_fails(arguments);
        assert!(told.contains("damaged"), "{what}: {arguments:?}: {told}");
        assert!(!told.contains("panicked"), "{told}");
        assert_eq!(fs::read(bench.path("damaged")).unwrap(), damaged, "{what}: {arguments:?}");
        assert!(!bench.path("copy").exists(), "{what}: {arguments:?}");
    }
}

#[test]
fn a_damaged_card_is_refused_by_every_command_and_never_written_over() {
    let bench = with_profile();
    let whole = fs::read(bench.path("card")).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 0x04;
    let cases = [
        ("empty", Vec::new()),
        ("cut", whole[..middle].to_vec()),
        ("without its end", whole[..whole.len() - 1].to_vec()),
        ("longer", [&whole[..], b"{}"].concat()),
        ("a bit flipped", flipped),
        ("zeros", vec![0; whole.len()]),
        ("a member twice", text.replacen("\"port\": 0,", "\"port\": 0, \"port\": 0,", 1).into_bytes()),
        ("edited", text.replacen("\"enabled\"", "\"disabled\"", 1).into_bytes()),
        ("without a digest", text.replacen("sha256", "sha257", 1).into_bytes()),
        ("of a later version", text.replacen("\"format\": 2", "\"format\": 4711", 1).into_bytes()),
    ];
    for (what, damaged) in cases {
        assert_ne!(damaged, whole, "{what}");
        is_refused(&bench, &damaged, what);
    }
}

#[test]
fn an_edited_card_is_accepted_once_it_is_sealed() {
    let bench = with_card();
    let text = fs::read_to_string(bench.path("card")).unwrap();
    bench.write("card", text.replace("\"memory_size\": 500000", "\"memory_size\": 777"));
    let refused = bench.rsp_fails(&["card", "inspect", "card"]);
    assert!(refused.contains("digest") && refused.contains("rsp card seal card"), "{refused}");
    let sealed = bench.rsp_ok(&["card", "seal", "card"]);
    assert!(sealed.contains("sealed"), "{sealed}");
    assert!(bench.rsp_ok(&["card", "inspect", "card"]).contains("777 bytes"));
}

#[test]
fn what_would_not_work_is_not_sealed() {
    let bench = with_profile();
    let text = fs::read_to_string(bench.path("card")).unwrap();
    let one_identity = |text: &str| {
        let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
        value["identities"].as_array_mut().unwrap().clear();
        value.to_string()
    };
    let swapped_keys = |text: &str| {
        let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
        value["identities"][0]["private_key"] = value["identities"][1]["private_key"].take();
        value["identities"].as_array_mut().unwrap().truncate(1);
        value.to_string()
    };
    for (edited, told) in [
        (one_identity(&text), "no eUICC key"),
        (swapped_keys(&text), "does not belong"),
        (text.replacen("\"eid\": \"8", "\"eid\": \"9", 1), "check digits"),
        (text.replacen("\"memory_size\"", "\"memory\"", 1), "memory"),
        (text[..text.len() - 3].to_owned(), "JSON"),
    ] {
        bench.write("edited", &edited);
        let refused = bench.rsp_fails(&["card", "seal", "edited"]);
        assert!(refused.contains("edited") && refused.contains(told), "{told}: {refused}");
        assert_eq!(fs::read_to_string(bench.path("edited")).unwrap(), edited);
    }
}
