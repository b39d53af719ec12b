//! Cards with quirks that a port has to pass on: one that loses power, one that takes its time.

use std::io::Write;

use crate::lab::{EID, OPEN_CHANNEL, Raw, SELECT_ISD_R, SELECT_MF, Serving, bench, frame, request};

#[test]
fn a_lost_answer_is_an_empty_message_until_the_card_is_reset() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 2, &["--tcp", "0", "--http", "0"]);
    let mut client = Raw::new(&serving.address(0));
    assert_eq!(client.ask(OPEN_CHANNEL), "019000");
    request(&serving.address(1), "POST", &format!("/cards/{EID}/power-off"), &[], "");
    assert_eq!(client.ask(SELECT_MF), "");
    assert_eq!(client.ask(SELECT_MF), "");
    assert!(client.ask("").starts_with("3B"));
    assert_eq!(client.ask(SELECT_MF), "9000");
}

#[test]
fn a_slow_card_holds_no_other_card_up() {
    // Each command takes the slow card a minute.
    let bench = bench(&["--quirk", "delays={command=60000,percent=100}"]);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "other.json"]);
    let serving = Serving::start(&bench, 2, &["--state", "card.json", "other.json", "--tcp", "0"]);
    let (mut slow, mut quick) = (Raw::new(&serving.address(0)), Raw::new(&serving.address(1)));
    slow.0.write_all(&frame(SELECT_MF)).unwrap();
    for _ in 0..20 {
        assert_eq!(quick.ask(SELECT_MF), "9000");
    }
    // Nor does the slow one hold the process up when it is to end.
    assert_eq!(quick.ask(OPEN_CHANNEL), "019000");
    assert!(quick.ask(SELECT_ISD_R).starts_with("61"));
    assert_eq!(serving.stop().code(), Some(0));
}
