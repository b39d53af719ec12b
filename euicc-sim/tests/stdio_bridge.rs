//! The line protocol, played against a card that follows a script.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test reports by panicking"
)]

use std::collections::VecDeque;

use data_encoding::HEXUPPER;
use euicc_sim::port::ApduPort;
use euicc_sim::port::stdio::Bridge;

const AID: &str = "a0000005591010ffffffff8900000100";
const TERMINAL_CAPABILITY: (&str, &str) = ("80AA00000AA9088100820101830107", "9000");
const OPEN: (&str, &str) = ("0070000001", "019000");
const SELECT: (&str, &str) = ("01A4040010A0000005591010FFFFFFFF8900000100", "6121");

/// Expects commands in order and gives the responses that stand beside them.
struct Script(VecDeque<(&'static str, &'static str)>);

impl ApduPort for Script {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let (expected, response) = self.0.pop_front().expect("no command is expected any more");
        assert_eq!(HEXUPPER.encode(command), expected);
        HEXUPPER.decode(response.as_bytes()).unwrap()
    }

    fn reset(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn power_off(&mut self) {}
}

fn bridge(script: &[(&'static str, &'static str)]) -> Bridge<Script> {
    Bridge::new(Script(script.iter().copied().collect()))
}

fn request(function: &str, parameter: Option<&str>) -> String {
    let parameter = parameter.map_or("null".to_owned(), |parameter| format!("\"{parameter}\""));
    format!(r#"{{"type":"apdu","payload":{{"func":"{function}","param":{parameter}}}}}"#)
}

/// The ecode and the data of the reply to a request.
fn ask(bridge: &mut Bridge<Script>, function: &str, parameter: Option<&str>) -> (i64, Option<String>) {
    let reply = bridge.line(&request(function, parameter)).expect("a request is answered");
    assert!(!reply.contains('\n'));
    let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["type"], "apdu");
    let data = reply["payload"].get("data").map(|data| data.as_str().unwrap().to_owned());
    (reply["payload"]["ecode"].as_i64().unwrap(), data)
}

fn all_was_sent(bridge: &Bridge<Script>) {
    assert!(bridge.card().0.is_empty(), "not sent: {:?}", bridge.card().0);
}

#[test]
fn the_recorded_session_of_lpac_chip_info_is_served() {
    let info2 = "BF220481020202 9000".replace(' ', "");
    let info2: &'static str = info2.leak();
    let mut bridge = bridge(&[
        TERMINAL_CAPABILITY,
        OPEN,
        SELECT,
        ("81E2910006BF3E035C015A", "BF3E125A10890490321234512345123456789012359000"),
        ("81E2910003BF3C00", "BF3C17811574657374726F6F74736D64732E67736D612E636F6D9000"),
        ("81E2910003BF4300", "BF4302A0009000"),
        ("81E2910003BF2200", info2),
        ("0070800100", "9000"),
    ]);
    assert_eq!(ask(&mut bridge, "connect", None), (0, None));
    assert_eq!(ask(&mut bridge, "logic_channel_open", Some(AID)), (1, None));
    for (command, response) in [
        ("81e2910006bf3e035c015a", "BF3E125A10890490321234512345123456789012359000"),
        ("81e2910003bf3c00", "BF3C17811574657374726F6F74736D64732E67736D612E636F6D9000"),
        ("81e2910003bf4300", "BF4302A0009000"),
        ("81e2910003bf2200", info2),
    ] {
        assert_eq!(ask(&mut bridge, "transmit", Some(command)), (0, Some(response.to_owned())));
    }
    // What lpac tells its user stands between the requests and is not answered.
    let result = r#"{"type":"lpa","payload":{"code":0,"message":"success","data":{"eidValue":"89"}}}"#;
    assert_eq!(bridge.line(result), None);
    assert_eq!(ask(&mut bridge, "logic_channel_close", Some("01")), (0, None));
    assert_eq!(ask(&mut bridge, "disconnect", None), (0, None));
    all_was_sent(&bridge);
}

#[test]
fn get_response_is_lpacs_own_business() {
    let mut bridge = bridge(&[
        TERMINAL_CAPABILITY,
        OPEN,
        SELECT,
        ("81E2910003BF2D00", "6105"),
        ("81C0000005", "BF2D02A0009000"),
    ]);
    ask(&mut bridge, "connect", None);
    ask(&mut bridge, "logic_channel_open", Some(AID));
    assert_eq!(ask(&mut bridge, "transmit", Some("81e2910003bf2d00")), (0, Some("6105".into())));
    assert_eq!(ask(&mut bridge, "transmit", Some("81c0000005")), (0, Some("BF2D02A0009000".into())));
}

#[test]
fn lines_for_the_user_of_lpac_are_not_answered() {
    let mut bridge = bridge(&[]);
    for kind in ["progress", "lpa", "driver", "http"] {
        assert_eq!(bridge.line(&format!(r#"{{"type":"{kind}","payload":{{}}}}"#)), None, "{kind}");
    }
}

#[test]
fn a_malformed_line_gets_ecode_minus_one() {
    let mut bridge = bridge(&[TERMINAL_CAPABILITY]);
    let refused = r#"{"payload":{"ecode":-1},"type":"apdu"}"#;
    let refused: serde_json::Value = serde_json::from_str(refused).unwrap();
    ask(&mut bridge, "connect", None);
    let deep = "[".repeat(100_000);
    for line in [
        "",
        "{",
        "null",
        "[]",
        "\u{0}",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"apdu"}"#,
        r#"{"type":"apdu","payload":null}"#,
        r#"{"type":"apdu","payload":{}}"#,
        r#"{"type":"apdu","payload":{"func":"reboot","param":null}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit"}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit","param":5}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit","param":"8"}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit","param":"zz"}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit","param":""}}"#,
        r#"{"type":"apdu","payload":{"func":"transmit","param":"80e291"}}"#,
        r#"{"type":"apdu","payload":{"func":"logic_channel_open","param":""}}"#,
        r#"{"type":"apdu","payload":{"func":"logic_channel_open","param":"a00000055910101010101010101010101010"}}"#,
        r#"{"type":"apdu","payload":{"func":"logic_channel_close","param":"0102"}}"#,
        &deep,
    ] {
        let reply = bridge.line(line).expect("its sender may be waiting");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&reply).unwrap(), refused, "{line}");
    }
}

#[test]
fn nothing_works_before_connect_or_after_disconnect() {
    let mut bridge = bridge(&[TERMINAL_CAPABILITY]);
    assert_eq!(ask(&mut bridge, "transmit", Some("80e2910003bf2e00")).0, -1);
    assert_eq!(ask(&mut bridge, "logic_channel_open", Some(AID)).0, -1);
    ask(&mut bridge, "connect", None);
    ask(&mut bridge, "disconnect", None);
    assert_eq!(ask(&mut bridge, "transmit", Some("80e2910003bf2e00")).0, -1);
}

#[test]
fn an_application_that_is_not_there_leaves_no_channel_open() {
    let mut bridge = bridge(&[
        TERMINAL_CAPABILITY,
        ("0070000001", "029000"),
        ("02A4040010A0000005591010FFFFFFFF8900000100", "6A82"),
        ("0070800200", "9000"),
    ]);
    ask(&mut bridge, "connect", None);
    assert_eq!(ask(&mut bridge, "logic_channel_open", Some(AID)).0, -1);
    all_was_sent(&bridge);
}

#[test]
fn a_channel_that_lpac_cannot_address_is_given_back() {
    let mut bridge = bridge(&[TERMINAL_CAPABILITY, ("0070000001", "059000"), ("0070800500", "9000")]);
    ask(&mut bridge, "connect", None);
    assert_eq!(ask(&mut bridge, "logic_channel_open", Some(AID)).0, -1);
    all_was_sent(&bridge);
}

#[test]
fn without_a_free_channel_the_opening_fails() {
    let mut bridge = bridge(&[TERMINAL_CAPABILITY, ("0070000001", "6A81")]);
    ask(&mut bridge, "connect", None);
    assert_eq!(ask(&mut bridge, "logic_channel_open", Some(AID)).0, -1);
}
