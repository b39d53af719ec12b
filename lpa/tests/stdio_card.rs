//! A card in another program, here a shell that plays the other side of a recorded session.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use std::process::Command;
use std::time::Duration;

use lpa::card::Card;
use lpa::isd_r::{ISD_R_AID, IsdR, Options};
use lpa::stdio_card::StdioCard;
use protocol::trace::{Actor, Tracer};

/// A program that compares each request with its argument and prints the reply after it; at a difference it ends.
fn program(exchanges: &[(&str, &str, &str)]) -> Command {
    const PLAY: &str = r#"while [ $# -gt 0 ]; do
        IFS= read -r line || exit 1
        [ "$line" = "$1" ] || { echo "got $line, expected $1" >&2; exit 1; }
        printf '%s\n' "$2"
        shift 2
    done"#;
    let mut command = Command::new("sh");
    command.args(["-c", PLAY, "card"]);
    for (function, parameter, reply) in exchanges {
        let parameter = if parameter.is_empty() { "null".to_owned() } else { format!("\"{parameter}\"") };
        command.arg(format!(r#"{{"payload":{{"func":"{function}","param":{parameter}}},"type":"apdu"}}"#));
        command.arg(format!(r#"{{"type":"apdu","payload":{reply}}}"#));
    }
    command
}

const CONNECT: (&str, &str, &str) = ("connect", "", r#"{"ecode":0}"#);
const OPEN: (&str, &str, &str) = ("logic_channel_open", "a0000005591010ffffffff8900000100", r#"{"ecode":1}"#);
const DISCONNECT: (&str, &str, &str) = ("disconnect", "", r#"{"ecode":0}"#);

#[test]
fn a_session_looks_to_the_program_like_one_of_lpac() {
    let program = program(&[
        CONNECT,
        OPEN,
        (
            "transmit",
            "81e2910006bf3e035c015a",
            r#"{"ecode":0,"data":"BF3E125A10890490321234512345123456789012359000"}"#,
        ),
        ("transmit", "81e2910003bf2800", r#"{"ecode":0,"data":"6105"}"#),
        ("transmit", "01c0000005", r#"{"ecode":0,"data":"BF2802A0009000"}"#),
        ("logic_channel_close", "01", r#"{"ecode":0}"#),
        DISCONNECT,
    ]);
    let card = StdioCard::start(program, &ISD_R_AID).unwrap();
    let options = Options { send_le: false, ..Options::default() };
    let mut isd_r = IsdR::open(card, options, Tracer::off(Actor::Lpa)).unwrap();
    assert_eq!(isd_r.get_eid().unwrap().to_string(), "89049032123451234512345678901235");
    assert!(isd_r.list_notification().unwrap().is_empty());
    isd_r.close().unwrap();
}

#[test]
fn a_program_without_isd_r_is_no_euicc() {
    let program = program(&[
        CONNECT,
        ("logic_channel_open", "a0000005591010ffffffff8900000100", r#"{"ecode":-1}"#),
        ("transmit", "00a4040010a0000005591010ffffffff890000010000", r#"{"ecode":0,"data":"6A82"}"#),
        DISCONNECT,
    ]);
    let card = StdioCard::start(program, &ISD_R_AID).unwrap();
    assert!(IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).is_err());
}

#[test]
fn a_program_that_refuses_ends_or_talks_nonsense_is_a_card_that_cannot_be_reached() {
    let refuses = program(&[("connect", "", r#"{"ecode":-1}"#)]);
    let ends = program(&[]);
    let mut nonsense = Command::new("sh");
    nonsense.args(["-c", "read line; echo hello"]);
    for program in [refuses, ends, nonsense, Command::new("./no-such-program")] {
        assert!(StdioCard::start(program, &ISD_R_AID).is_err());
    }

    let fails = program(&[
        CONNECT,
        ("transmit", "80e2910003bf2e00", r#"{"ecode":-1}"#),
        ("transmit", "80e2910003bf2e00", r#"{"ecode":0}"#),
    ]);
    let mut card = StdioCard::start(fails, &ISD_R_AID).unwrap();
    for _ in 0..3 {
        assert!(card.transmit(&[0x80, 0xE2, 0x91, 0x00, 0x03, 0xBF, 0x2E, 0x00]).is_err());
    }
}

#[test]
fn a_program_that_says_nothing_is_ended() {
    // It would go on after the end of its input, too.
    let mut silent = Command::new("sh");
    silent.args(["-c", "exec sleep 600"]);
    let Err(error) = StdioCard::start_patiently(silent, &ISD_R_AID, Duration::from_millis(50)) else {
        panic!("it connected")
    };
    assert!(error.to_string().contains("has not answered"), "{error}");

    let mut mute = Command::new("sh");
    mute.args(["-c", r#"read line; echo '{"type":"apdu","payload":{"ecode":0}}'; exec sleep 600"#]);
    let mut card = StdioCard::start_patiently(mute, &ISD_R_AID, Duration::from_secs(5)).unwrap();
    for told in ["has not answered", "was ended"] {
        let error = card.transmit(&[0x80, 0xE2, 0x91, 0x00, 0x03, 0xBF, 0x2E, 0x00]).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn a_program_that_prints_without_end_is_not_listened_to() {
    let mut babbling = Command::new("sh");
    babbling.args(["-c", "exec cat /dev/zero"]);
    let started = StdioCard::start_patiently(babbling, &ISD_R_AID, Duration::from_secs(10));
    assert!(started.is_err());
}

#[test]
fn a_reset_is_a_new_connection() {
    let mut card =
        StdioCard::start(program(&[CONNECT, DISCONNECT, CONNECT, DISCONNECT]), &ISD_R_AID).unwrap();
    assert!(card.reset().unwrap().is_empty());
}
