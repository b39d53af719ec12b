//! SEARCH RECORD (ETSI TS 102 221 §11.1.7).

use crate::common::hex;
use crate::laboratory::{Laboratory, READ_UPDATE_PIN1, linear};

#[test]
fn a_simple_search_lists_the_records_that_hold_the_pattern() {
    let records = ["AA01BB", "CC02DD", "01AAFF", "FFFFFF", "02AA01"];
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &records)]);
    card.expect("00A4000C026F3C", "9000");
    for (command, found) in [
        ("00A2010401AA", "010305"),
        ("00A2020401AA", "0305"),
        ("00A2040501AA", "0301"),
        ("00A2010402AA01", "0105"),
        ("00A2050502AA01", "0501"),
        // From the current record, which is the first one found before.
        ("00A2000401AA", "05"),
        ("00A2010403FFFFFF", "04"),
    ] {
        assert_eq!(card.fetch(command), hex(found), "{command}");
    }
    card.expect_all(&[
        ("00B2000403", "FFFFFF9000"),
        // Nothing found: a warning without data, and the pointer stays.
        ("00A2010401EE", "6282"),
        ("00A201040101AABBCC", "6700"),
        ("00B2000403", "FFFFFF9000"),
        ("00A2010404FFFFFFFF", "6700"),
        ("00A20104", "6700"),
        ("00A2060401AA", "6A83"),
        ("00A2010701AA", "6A86"),
        ("00A2010301AA", "6A86"),
        ("00A4000C026F3C", "9000"),
        ("00A2000401AA", "6A83"),
        ("00A2010401AA00", "6103"),
    ]);
}

#[test]
fn an_enhanced_search_begins_at_an_offset_or_at_a_value() {
    let records = ["AA01BB", "CC02DD", "01AAFF", "FFFFFF", "02AA01"];
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &records)]);
    card.expect("00A4000C026F3C", "9000");
    for (command, found) in [
        // Offset 1 and 2.
        ("00A20106030401AA", "0305"),
        ("00A20506030501AA", "0503"),
        ("00A2010603040201", "05"),
        // From the first 01 on.
        ("00A2010603 0C01BB", "01"),
        ("00A2010603 0C01AA", "03"),
        ("00A2050603 0D01AA", "03"),
        // From the record beside the current one, whatever P1 says.
        ("00A2000603 0600AA", "05"),
        ("00A2000603 0700AA", "0301"),
    ] {
        assert_eq!(card.fetch(command), hex(found), "{command}");
    }
    card.expect_all(&[
        ("00A20106030403AA", "6282"),
        ("00A20106030C77AA", "6282"),
        ("00A20106030201AA", "6A80"),
        ("00A20106031401AA", "6A80"),
        ("00A20106020401", "6700"),
        ("00A201060104", "6700"),
    ]);
}

#[test]
fn a_search_beyond_the_last_record_finds_nothing() {
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &["AA", "AA"])]);
    card.expect("00A4000C026F3C", "9000");
    assert_eq!(card.fetch("00A20006030600AA"), hex("0102"));
    assert_eq!(card.fetch("00A20006030600AA"), hex("02"));
    card.expect_all(&[("00A20006030600AA", "6282"), ("00B2000401", "AA9000")]);
    assert_eq!(card.fetch("00A20006030700AA"), hex("01"));
    card.expect("00A20006030700AA", "6282");
}
