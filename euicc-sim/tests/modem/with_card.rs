//! The modem with the eUICC: sessions with the ISD-R, and what follows from a change of profile.

use crate::{Line, modem};

const ISD_R: &str = "A0000005591010FFFFFFFF8900000100";

/// Opens a session with the ISD-R and gives its number.
fn open<C: euicc_sim::port::ApduPort>(line: &mut Line<C>) -> String {
    let answer = line.ask(&format!("AT+CCHO=\"{ISD_R}\""));
    assert_eq!(answer[1..], ["OK"]);
    answer[0].strip_prefix("+CCHO: ").unwrap().to_owned()
}

#[test]
fn the_eid_is_read_in_a_session() {
    let mut line = modem(true);
    let session = open(&mut line);
    let answer = line.ask(&format!("AT+CGLA={session},22,\"81E2910006BF3E035C015A\""));
    assert_eq!(answer, ["+CGLA: 46,\"BF3E125A10890490321234512345123456789012359000\"", "OK"]);
    assert_eq!(line.ask(&format!("AT+CCHC={session}")), ["+CCHC", "OK"]);
    assert_eq!(line.ask("AT+CCHO?"), ["OK"]);
}

#[test]
fn csim_leaves_get_response_to_the_line() {
    let mut line = modem(true);
    assert_eq!(line.ask("AT+CSIM=10,\"0070000001\""), ["+CSIM: 6,\"019000\"", "OK"]);
    let select = format!("01A4040010{ISD_R}");
    assert!(line.ask(&format!("AT+CSIM=42,\"{select}\""))[0].starts_with("+CSIM: 4,\"61"));
    assert_eq!(line.ask("AT+CSIM=22,\"81E2910006BF3E035C015A\""), ["+CSIM: 4,\"6115\"", "OK"]);
    assert_eq!(
        line.ask("AT+CSIM=10,\"01C0000015\""),
        ["+CSIM: 46,\"BF3E125A10890490321234512345123456789012359000\"", "OK"]
    );
}

#[test]
fn sessions_end_with_power_and_a_card_has_three() {
    let mut line = modem(true);
    let sessions = [open(&mut line), open(&mut line), open(&mut line)];
    assert_eq!(sessions, ["1", "2", "3"]);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask(&format!("AT+CCHO=\"{ISD_R}\"")), ["+CME ERROR: 20"]);
    assert_eq!(line.ask("AT+CCHO?"), ["+CCHO: 1", "+CCHO: 2", "+CCHO: 3", "OK"]);
    line.ask("AT+CFUN=0;+CFUN=1");
    assert_eq!(line.ask("AT+CCHO?"), ["OK"]);
    assert_eq!(open(&mut line), "1");
}

#[test]
fn an_empty_card_is_ready_and_has_no_subscriber() {
    let mut line = modem(true);
    line.ask("AT+CMEE=2");
    assert_eq!(line.ask("AT+CPIN?"), ["+CPIN: READY", "OK"]);
    assert_eq!(line.ask("AT+CIMI"), ["+CME ERROR: not found"]);
    assert_eq!(line.ask("AT+CCID"), ["+CME ERROR: not found"]);
    assert_eq!(line.ask("AT+CRSM=176,28423,0,0,9"), ["+CME ERROR: not found"]);
    // EF_DIR lists nothing.
    let record = format!("+CRSM: 144,0,\"{}\"", "FF".repeat(32));
    assert_eq!(line.ask("AT+CRSM=178,12032,1,4,0"), [record.as_str(), "OK"]);
}
