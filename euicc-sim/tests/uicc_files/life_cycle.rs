//! ACTIVATE FILE and DEACTIVATE FILE (ETSI TS 102 221 §11.1.14, §11.1.15).

use crate::laboratory::{
    ALL_PIN1_STATE, Laboratory, READ_UPDATE_PIN1, USIM, linear, members, transparent, tree, value,
};

#[test]
fn a_deactivated_file_is_selected_with_a_warning_and_lets_nothing_happen() {
    let mut card = Laboratory::in_usim([
        transparent("7FD06F10", ALL_PIN1_STATE, "00"),
        linear("7FD06F3C", ALL_PIN1_STATE, &["00"]),
    ]);
    card.expect_all(&[
        ("00A4000C026F10", "9000"),
        ("00040000", "9000"),
        ("00B0000000", "6985"),
        ("00D6000001FF", "6985"),
        ("00A4000C026F10", "6283"),
        // The FCP comes after the warning.
        ("00A40004026F10", "6283"),
    ]);
    let response = card.send("00C0000000");
    let fcp = members(&response[..response.len() - 2]);
    assert_eq!(value(&fcp, 0x8A), Some(vec![0x04]));
    card.expect_all(&[
        // By file identifier, which selects it.
        ("00040000026F3C", "9000"),
        ("00B2010400", "6985"),
        ("00A2010401FF", "6985"),
        ("00440000", "9000"),
        ("00B2010400", "009000"),
        ("00440800047FFF6F10", "9000"),
        ("00B0000000", "009000"),
        ("00A4000C026F10", "9000"),
    ]);
    assert!(card.memory.kept().is_some());
}

#[test]
fn a_file_may_be_readable_and_writable_though_deactivated() {
    let mut file = transparent("7FD06F10", READ_UPDATE_PIN1, "00");
    file.special_information = 0x40;
    file.life_cycle_status = 0x04;
    let mut card = Laboratory::in_usim([file]);
    card.expect_all(&[("00A4000C026F10", "6283"), ("00D6000001FF", "9000"), ("00B0000000", "FF9000")]);
}

#[test]
fn a_terminated_file_stays_so() {
    let mut file = transparent("7FD06F10", ALL_PIN1_STATE, "00");
    file.life_cycle_status = 0x0C;
    let mut card = Laboratory::in_usim([file]);
    card.expect_all(&[
        ("00A4000C026F10", "6285"),
        ("00B0000000", "6985"),
        ("00440000", "6985"),
        ("00040000", "6985"),
    ]);
}

#[test]
fn activation_is_refused_where_it_does_not_fit() {
    let mut card = Laboratory::in_usim(tree());
    card.expect_all(&[
        ("00040000025F3B", "6981"),
        ("00040000026F99", "6A82"),
        ("00040000016F", "6A87"),
        ("00040800037FFF6F", "6A87"),
        ("00040800", "6A87"),
        ("00040300", "6A86"),
        ("00040001026F07", "6A86"),
        ("00040000026F07", "6982"),
        ("80040000026F07", "6D00"),
    ]);
    assert_eq!(card.here(), USIM);
    assert!(card.memory.kept().is_none());
}
