//! INCREASE (ETSI TS 102 221 §11.1.8).

use crate::common::hex;
use crate::laboratory::{INCREASE_PIN1, Laboratory, READ_UPDATE_PIN1, cyclic};

#[test]
fn increase_adds_to_the_latest_record_and_writes_over_the_oldest() {
    let mut file = cyclic("7FD06F39", INCREASE_PIN1, &["0000FE", "000002", "000001"]);
    file.short_file_id = Some(0x1B);
    let mut card = Laboratory::in_usim([file]);
    card.expect("00A4000C026F39", "9000");
    assert_eq!(card.fetch("80320000 03 000003"), hex("000101 000003"));
    assert_eq!(card.content("7FD06F39"), hex("0001010000FE000002"));
    card.expect("00B2000403", "0001019000");
    // A shorter value, and a short file identifier.
    assert_eq!(card.fetch("80329B00 01 FF"), hex("000200 FF"));
    card.expect_all(&[
        ("8032000003 FFFE00", "9850"),
        ("8032000004 00000001", "6700"),
        ("80320000", "6700"),
        ("8032000103 000001", "6A86"),
        ("8032010003 000001", "6A86"),
        ("80329A0003 000001", "6A82"),
        ("0032000003 000001", "6D00"),
    ]);
    assert_eq!(card.content("7FD06F39"), hex("0002000001010000FE"));
}

#[test]
fn increase_has_an_access_condition_of_its_own() {
    // Rule 5 lets PIN1 update, but says nothing of INCREASE.
    let mut card = Laboratory::in_usim([cyclic("7FD06F39", READ_UPDATE_PIN1, &["000000"])]);
    card.expect_all(&[("00A4000C026F39", "9000"), ("8032000001 01", "6982"), ("00DC000303000001", "9000")]);
}
