//! Raw APDUs over TCP.

use std::io::{Read, Write};

use crate::lab::{GET_EID, OPEN_CHANNEL, Raw, SELECT_ISD_R, SELECT_MF, Serving, bench, connect, frame};

#[test]
fn an_apdu_gets_its_response_and_an_empty_message_the_atr() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--tcp", "0"]);
    let mut client = Raw::new(&serving.address(0));
    let atr = client.ask("");
    assert!(serving.said[0].contains(&format!("ATR {atr}")), "{:?}", serving.said);
    assert_eq!(client.ask(SELECT_MF), "9000");
    assert_eq!(client.ask(OPEN_CHANNEL), "019000");
    assert!(client.ask(SELECT_ISD_R).starts_with("61"));
    assert_eq!(client.ask(GET_EID), "6115");
    assert_eq!(client.ask("01C0000015"), format!("BF3E125A10{}9000", crate::lab::EID));
    // A reset closes the channel.
    assert_eq!(client.ask(""), atr);
    assert_eq!(client.ask(GET_EID), "6881");
    // Too short to be an APDU; the card says so.
    assert_eq!(client.ask("00"), "6700");
}

#[test]
fn messages_may_come_together_or_byte_by_byte() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--tcp", "0"]);
    let mut client = Raw::new(&serving.address(0));
    client.0.write_all(&[frame(SELECT_MF), frame(OPEN_CHANNEL), frame("")].concat()).unwrap();
    assert_eq!(client.answer().unwrap(), "9000");
    assert_eq!(client.answer().unwrap(), "019000");
    assert!(client.answer().unwrap().starts_with("3B"));
    client.0.set_nodelay(true).unwrap();
    for byte in frame(SELECT_MF) {
        client.0.write_all(&[byte]).unwrap();
    }
    assert_eq!(client.answer().unwrap(), "9000");
}

#[test]
fn a_second_client_is_turned_away_and_served_when_the_first_has_left() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--tcp", "0"]);
    let mut first = Raw::new(&serving.address(0));
    assert_eq!(first.ask(OPEN_CHANNEL), "019000");
    let mut second = connect(&serving.address(0));
    assert_eq!(second.read(&mut [0; 1]).unwrap(), 0, "the connection is closed without a byte");
    drop(first);
    // What the first did to the card is still done.
    assert_eq!(Raw::new(&serving.address(0)).ask(OPEN_CHANNEL), "029000");
    // A client that leaves in the midst of a message disturbs nobody.
    connect(&serving.address(0)).write_all(&[0x00, 0x07, 0x00]).unwrap();
    assert_eq!(Raw::new(&serving.address(0)).ask(OPEN_CHANNEL), "039000");
}

#[test]
fn what_a_client_did_is_kept_when_the_process_is_stopped() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--tcp", "0"]);
    let mut client = Raw::new(&serving.address(0));
    client.ask(OPEN_CHANNEL);
    client.ask(SELECT_ISD_R);
    // SetDefaultDpAddress (SGP.22 §5.7.4).
    assert!(client.ask("81E291001ABF3F17801564702E6578616D706C652E636F6D2E6E6F77686572").starts_with("61"));
    assert_eq!(serving.stop().code(), Some(0));
    assert!(bench.rsp_ok(&["card", "inspect", "card.json"]).contains("dp.example.com"));
}

#[test]
fn a_card_is_in_one_process_at_a_time() {
    let bench = bench(&[]);
    let _serving = Serving::card(&bench, 1, &["--tcp", "0"]);
    let complaint = bench.rsp_fails(&["card", "serve", "--state", "card.json", "--tcp", "0"]);
    assert!(complaint.contains("in use"), "{complaint}");
}
