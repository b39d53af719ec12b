//! READ RECORD and UPDATE RECORD (ETSI TS 102 221 §11.1.5, §11.1.6).

use crate::common::hex;
use crate::laboratory::{INCREASE_PIN1, Laboratory, READ_UPDATE_PIN1, cyclic, linear};

#[test]
fn records_are_read_by_number_and_by_the_pointer() {
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202", "0303"])]);
    card.expect_all(&[
        ("00A4000C026F3C", "9000"),
        // No pointer yet: next is the first.
        ("00B2000402", "6A83"),
        ("00B2030402", "03039000"),
        ("00B2000402", "6A83"),
        ("00B2000202", "01019000"),
        ("00B2000402", "01019000"),
        ("00B2030402", "03039000"),
        ("00B2000202", "02029000"),
        ("00B2000202", "03039000"),
        // The end: the pointer stays.
        ("00B2000202", "6A83"),
        ("00B2000402", "03039000"),
        ("00B2000302", "02029000"),
        ("00B2000302", "01019000"),
        ("00B2000302", "6A83"),
        ("00B2000402", "01019000"),
        ("00A4000C026F3C", "9000"),
        // No pointer yet: previous is the last.
        ("00B2000302", "03039000"),
        ("00B2040402", "6A83"),
        ("00B2FF0402", "6A83"),
        // P1 means nothing for next and previous.
        ("00B2770302", "02029000"),
        ("00B2000002", "6A86"),
        ("00B2000502", "6A86"),
        ("00B201FC02", "6A86"),
        ("00B2010401FF", "6700"),
    ]);
}

#[test]
fn a_record_is_read_whole_and_a_wrong_le_is_told_the_right_one() {
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &["0102030405"])]);
    card.expect_all(&[
        ("00A4000C026F3C", "9000"),
        ("00B2010400", "01020304059000"),
        ("00B2010405", "01020304059000"),
        ("00B20104", "01020304059000"),
        ("00B2010404", "6C05"),
        ("00B2010406", "6C05"),
        ("00B20002FF", "6C05"),
        // And the pointer did not move.
        ("00B2000405", "6A83"),
    ]);
}

#[test]
fn records_are_written_whole() {
    let mut card = Laboratory::in_usim([linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202", "0303"])]);
    card.expect_all(&[
        ("00A4000C026F3C", "9000"),
        ("00DC020402A2A2", "9000"),
        ("00DC000202A1A1", "9000"),
        ("00DC000402B1B1", "9000"),
        ("00DC000302FFFF", "6A83"),
        ("00DC040402FFFF", "6A83"),
        ("00DC010401FF", "6700"),
        ("00DC010403FFFFFF", "6700"),
        ("00DC0104", "6700"),
    ]);
    assert_eq!(card.content("7FD06F3C"), hex("B1B1A2A20303"));
}

#[test]
fn a_short_file_id_resets_the_record_pointer() {
    let mut file = linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202"]);
    file.short_file_id = Some(0x1B);
    let mut card = Laboratory::in_usim([file]);
    card.expect_all(&[
        ("00B202DC02", "02029000"),
        ("00B200DA02", "01019000"),
        ("00B200DA02", "01019000"),
        ("00B2000202", "02029000"),
        ("00B200DC02", "6A83"),
        ("00B2000402", "02029000"),
        ("00DC02DC02AAAA", "9000"),
        ("00B2000402", "6A83"),
        ("00B201D402", "6A82"),
    ]);
}

#[test]
fn a_cyclic_file_goes_round_and_its_first_record_is_the_latest() {
    let mut card = Laboratory::in_usim([cyclic("7FD06F39", INCREASE_PIN1, &["0303", "0202", "0101"])]);
    card.expect_all(&[
        ("00A4000C026F39", "9000"),
        ("00B2010402", "03039000"),
        ("00B2000302", "01019000"),
        ("00B2000202", "03039000"),
        ("00B2000302", "01019000"),
        // Writing takes the oldest, in no other mode than previous.
        ("00DC0003020404", "9000"),
        ("00B2000402", "04049000"),
        ("00B2020402", "03039000"),
        ("00B2030402", "02029000"),
        ("00B2040402", "6A83"),
        ("00DC010402FFFF", "6981"),
        ("00DC000202FFFF", "6981"),
        ("00DC000301FF", "6700"),
    ]);
    assert_eq!(card.content("7FD06F39"), hex("040403030202"));
}
