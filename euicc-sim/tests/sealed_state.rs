//! A state as a file keeps it: what is damaged is told from what is whole.
#![cfg(test)]

mod common;

use common::{OPERATIONAL, new_state, state_with, text};
use crypto::Curve;
use euicc_sim::state::sealed::{self, SealError};
use euicc_sim::state::{CardState, FORMAT};

/// A card with a profile, and its text.
fn card() -> (CardState, Vec<u8>) {
    let state = state_with(&[OPERATIONAL]);
    let text = sealed::write(&state).unwrap().to_vec();
    (state, text)
}

/// Whether every place is tried, or some.
fn step(some: usize) -> usize {
    if std::env::var("RSPLAB_SWEEP").is_ok_and(|value| value == "whole") { 1 } else { some }
}

#[test]
fn what_is_written_reads_back() {
    let (state, sealed) = card();
    assert_eq!(text(&sealed::read(&sealed).unwrap()), text(&state));
    assert_eq!(text(&sealed::read_edited(&sealed).unwrap()), text(&state));
    // White space and the order of the members say nothing.
    let value: serde_json::Value = serde_json::from_slice(&sealed).unwrap();
    assert_eq!(text(&sealed::read(&serde_json::to_vec(&value).unwrap()).unwrap()), text(&state));
}

#[test]
fn a_text_that_is_cut_anywhere_is_refused() {
    let (_, sealed) = card();
    for length in (0..sealed.len()).step_by(step(17)) {
        assert!(matches!(sealed::read(&sealed[..length]), Err(SealError::Json(_))), "{length}");
        assert!(sealed::read_edited(&sealed[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_text_with_any_bit_flipped_is_refused() {
    let (_, sealed) = card();
    for bit in (0..8 * sealed.len()).step_by(step(61)) {
        let mut damaged = sealed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(sealed::read(&damaged).is_err(), "bit {bit}");
    }
}

#[test]
fn a_text_with_something_behind_it_is_refused() {
    let (_, sealed) = card();
    for more in [&b"}"[..], b"x", b"\0", b"{}", &sealed] {
        assert!(matches!(sealed::read(&[&sealed, more].concat()), Err(SealError::Json(_))));
    }
    assert!(sealed::read(&[&sealed[..], b" \n"].concat()).is_ok(), "white space is nothing");
    for other in [&b""[..], b"[]", b"null", b"\"format\"", b"\xff\xfe", &[0; 4096]] {
        assert!(matches!(sealed::read(other), Err(SealError::Json(_))), "{other:?}");
    }
    assert!(sealed::read("[".repeat(1_000_000).as_bytes()).is_err(), "no depth overflows the stack");
}

#[test]
fn a_member_that_stands_twice_is_refused_even_where_it_says_the_same() {
    let (state, sealed) = card();
    let sealed = String::from_utf8(sealed).unwrap();
    let eid = format!("\"eid\": \"{}\",", state.eid);
    for (member, twice) in [
        (eid.clone(), eid.repeat(2)),
        ("\"ppr1\": false,".to_owned(), "\"ppr1\": true, \"ppr1\": false,".to_owned()),
    ] {
        let doubled = sealed.replacen(&member, &twice, 1);
        assert_ne!(doubled, sealed);
        for error in [sealed::read(doubled.as_bytes()), sealed::read_edited(doubled.as_bytes())] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains("stands twice"), "{error}");
        }
    }
}

#[test]
fn what_was_edited_is_refused_until_it_is_sealed() {
    let (state, sealed) = card();
    let sealed = String::from_utf8(sealed).unwrap();
    let edited = sealed.replacen("\"memory_size\": 500000", "\"memory_size\": 100000", 1);
    assert!(matches!(sealed::read(edited.as_bytes()), Err(SealError::WrongDigest)));
    let accepted = sealed::read_edited(edited.as_bytes()).unwrap();
    assert_eq!((state.memory_size, accepted.memory_size), (500_000, 100_000));
    assert_eq!(sealed::read(&sealed::write(&accepted).unwrap()).unwrap().memory_size, 100_000);
    // A member that nobody knows is no edit that can be accepted.
    let unknown = sealed.replacen("\"memory_size\"", "\"memory_sice\"", 1);
    assert!(matches!(sealed::read_edited(unknown.as_bytes()), Err(SealError::State(_))));
}

#[test]
fn only_the_first_format_may_be_without_a_digest() {
    let mut value = serde_json::to_value(new_state(Curve::P256)).unwrap();
    let read = |value: &serde_json::Value| sealed::read(&serde_json::to_vec(value).unwrap());
    assert!(matches!(read(&value), Err(SealError::NoDigest)));
    value["format"] = 1.into();
    assert!(read(&value).is_ok());
    value["sha256"] = "00".into();
    assert!(matches!(read(&value), Err(SealError::WrongDigest)), "a digest that is there counts");
    for format in [serde_json::json!(0), (FORMAT + 1).into(), (1_u64 << 32 | 1).into()] {
        value["format"] = format;
        assert!(matches!(read(&value), Err(SealError::Format(_))));
    }
    for format in [serde_json::json!("2"), serde_json::json!(-1), serde_json::json!(null)] {
        value["format"] = format;
        assert!(matches!(read(&value), Err(SealError::State(_))));
    }
}

#[test]
fn no_refusal_repeats_a_secret() {
    let (state, sealed) = card();
    let key = data_encoding::HEXUPPER.encode(state.identities[0].private_key.expose());
    let sealed = String::from_utf8(sealed).unwrap();
    for spoiled in [
        sealed.replacen(&key, &key[1..], 1),
        sealed.replacen(&key, &format!("{key}00"), 1),
        sealed.replacen(&format!("\"{key}\""), "17", 1),
        sealed.replacen(&key, &format!("{key}\\"), 1),
    ] {
        assert_ne!(spoiled, sealed);
        for refused in [sealed::read(spoiled.as_bytes()), sealed::read_edited(spoiled.as_bytes())] {
            let error = refused.unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(!told.contains(&key[1..]), "{told}");
        }
    }
}
