//! What a channel, a change of profile and a card without a profile begin with; STATUS.

use crate::common::{self, OPERATIONAL, Spec, hex, state_with};
use crate::laboratory::{Laboratory, USIM, tree, value};

#[test]
fn status_tells_of_directory_and_application() {
    let mut card = Laboratory::new(tree());
    card.expect_all(&[("80F2000C", "9000"), ("80F2010C", "9000"), ("80F2000100", "6A88")]);
    let fcp = card.fetch("00A40004023F00");
    assert_eq!(card.send("80F2000000"), [fcp, hex("9000")].concat());
    card.select_usim();
    card.expect_all(&[
        ("00A4000C025F3B", "9000"),
        ("80F2000100", &format!("840C{USIM}9000")),
        ("80F2010C", "9000"),
        ("80F2020C", "9000"),
        ("80F2030C", "6A86"),
        ("80F2000200", "6A86"),
        ("80F2000C01FF", "6700"),
    ]);
    assert_eq!(card.here(), "5F3B");
}

#[test]
fn a_channel_begins_with_the_directory_of_the_one_that_opened_it() {
    let mut card = Laboratory::new(tree());
    card.select_usim();
    card.expect_all(&[
        // From the basic channel: the MF.
        ("0070000001", "019000"),
        ("01A4000C027FFF", "6A82"),
        (&format!("01A4040C0C{USIM}"), "9000"),
        ("01A4090C045F3B4F20", "9000"),
        // From another one: its application and directory, but no EF.
        ("0170000001", "029000"),
        ("02B0000000", "6986"),
        ("02A4000C024F20", "9000"),
        ("02A4000C027FFF", "9000"),
        // Each channel has a position of its own.
        ("01B0000000", "039000"),
    ]);
    assert_eq!(card.here(), USIM);
}

#[test]
fn a_change_of_profile_selects_the_mf() {
    let mut terminal = common::Terminal::new(state_with(&[Spec { enabled: true, ..OPERATIONAL }]));
    terminal.send(&hex(&format!("00A4040C0C{USIM}")));
    assert_eq!(terminal.send(&hex("00A4000C026F07")), hex("9000"));
    assert_eq!(terminal.result(&common::disable(common::ICCID, false)), 0);
    assert_eq!(terminal.send(&hex("00B0000000")), hex("6986"));
    assert_eq!(terminal.send(&hex("00A4000C027FFF")), hex("6A82"));
    assert_eq!(terminal.send(&hex("00A4000C022F00")), hex("9000"));
}

#[test]
fn a_card_without_an_enabled_profile_has_files_that_nobody_can_change() {
    let mut card = Laboratory::of(state_with(&[OPERATIONAL]));
    let fcp = card.fcp("00A40004023F00");
    assert_eq!(value(&fcp, 0xA5), Some(hex("800171 870101")));
    assert_eq!(value(&fcp, 0xC6), Some(hex("900100")));
    let dir = card.fcp("00A40004022F00");
    assert_eq!(value(&dir, 0x88), Some(hex("F0")));
    let mut record = vec![0xFF; 32];
    record.extend(hex("9000"));
    assert_eq!(card.send("00B201F400"), record);
    card.expect(&format!("00DC010420{}", "00".repeat(32)), "6982");
    card.expect(&format!("00A4040C0C{USIM}"), "6A82");
    card.expect_all(&[
        ("00040000", "6982"),
        ("00A4000C022F06", "9000"),
        ("00B201040A", "800101900080015A97009000"),
        ("00A4000C022FE2", "6A82"),
    ]);
    assert!(card.memory.kept().is_none());
}
