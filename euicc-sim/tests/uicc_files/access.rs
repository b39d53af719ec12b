//! Access rules (ETSI TS 102 221 §9.2).

use euicc_sim::profile_package::{AccessRule, InstalledFile, Secret};

use crate::laboratory::{
    Laboratory, NEVER_UPDATED, ONLY_ADM1, READ_UPDATE_PIN1, ber_tlv, directory, linear, transparent,
};

#[test]
fn access_rules_are_asked_before_anything_is_read_or_written() {
    let mut card = Laboratory::in_usim([
        transparent("7FD06F10", ONLY_ADM1, "00"),
        linear("7FD06F3C", ONLY_ADM1, &["00"]),
        ber_tlv("7FD06FFE", 10, "800101"),
        transparent("7FD06F11", NEVER_UPDATED, "00"),
    ]);
    card.expect_all(&[
        // Selection and STATUS are free.
        ("00A4000C026F10", "9000"),
        ("00B0000000", "6982"),
        ("00D6000001FF", "6982"),
        ("00A4000C026F3C", "9000"),
        ("00B2010400", "6982"),
        ("00DC010401FF", "6982"),
        ("00A2010401FF", "6982"),
        ("00A4000C026F11", "9000"),
        ("00B0000000", "009000"),
        ("00D6000001FF", "6982"),
        ("00040000", "6982"),
    ]);
    card.adm1();
    card.expect_all(&[
        ("00D6000001FF", "6982"),
        ("00A4000C026F10", "9000"),
        ("00D6000001FF", "9000"),
        ("00B0000000", "FF9000"),
        ("00A4000C026F3C", "9000"),
        ("00DC010401FF", "9000"),
    ]);
    assert_eq!(card.fetch("00A2010401FF"), [1]);
}

#[test]
fn a_pin_that_is_enabled_has_to_be_presented() {
    let file = transparent("7FD06F10", READ_UPDATE_PIN1, "00");
    let mut card = Laboratory::with(|installed| {
        installed.pins[0].pins[0].attributes = 7;
        installed.pins[0].pins[0].value = Secret::from(&b"1234\xFF\xFF\xFF\xFF"[..]);
        installed.files.push(file);
    });
    card.select_usim();
    card.expect_all(&[
        ("00A4000C026F10", "9000"),
        ("00B0000000", "6982"),
        ("002000010831323334FFFFFFFF", "9000"),
        ("00B0000000", "009000"),
    ]);
    card.card.reset();
    card.select_usim();
    card.expect_all(&[("00A4000C026F10", "9000"), ("00B0000000", "6982")]);
}

#[test]
fn the_rules_of_a_file_are_in_the_nearest_ef_arr_below_mf_or_application() {
    let open = linear("7FD05F3B6F06", READ_UPDATE_PIN1, &["8001039000", "8001019700"]);
    let mut card = Laboratory::in_usim([
        directory("7FD05F3B"),
        directory("7FD05F3C"),
        directory("7FD05F3C5F01"),
        open,
        transparent("7FD05F3B4F20", 1, "00"),
        transparent("7FD05F3B4F21", 2, "00"),
        transparent("7FD05F3C5F014F20", ONLY_ADM1, "00"),
        // A record that is not there, an EF.ARR that is not there, no rule.
        transparent("7FD06F10", 99, "00"),
        transparent("7FD06F11", 0, "00"),
        InstalledFile {
            access_rule: Some(AccessRule { file_id: 0x2F06, record: 1 }),
            ..transparent("7FD06F12", 1, "00")
        },
        InstalledFile { access_rule: None, ..transparent("7FD06F13", 1, "00") },
        // An EF.ARR that has no records.
        InstalledFile {
            access_rule: Some(AccessRule { file_id: 0x6F15, record: 1 }),
            ..transparent("7FD06F14", 1, "00")
        },
        transparent("7FD06F15", 1, "800101 9000"),
    ]);
    card.adm1();
    for (path, status) in [
        ("5F3B4F20", "009000"),
        ("5F3B4F21", "6982"),
        ("5F3C5F014F20", "009000"),
        ("6F10", "6982"),
        ("6F11", "6982"),
        ("6F12", "6982"),
        ("6F13", "6982"),
        ("6F14", "6982"),
    ] {
        card.expect(&format!("00A4080C{:02X}7FFF{path}", path.len() / 2 + 2), "9000");
        card.expect("00B0000000", status);
    }
}
