//! READ BINARY and UPDATE BINARY (ETSI TS 102 221 §11.1.3, §11.1.4).

use euicc_sim::profile_package::Structure;

use crate::common::hex;
use crate::laboratory::{Laboratory, READ_UPDATE_PIN1, ber_tlv, directory, ef, linear, path, transparent};

#[test]
fn bytes_are_read_from_any_offset_up_to_le() {
    let bytes: Vec<u8> = (0..300_u16).map(|number| (number % 251) as u8).collect();
    let file = ef("7FD06F10", Structure::Transparent, READ_UPDATE_PIN1, bytes.clone());
    let mut card = Laboratory::in_usim([file]);
    card.expect("00A4000C026F10", "9000");
    let with_status = |bytes: &[u8], status: &str| [bytes, &hex(status)].concat();
    assert_eq!(card.send("00B0000000"), with_status(&bytes[..256], "9000"));
    assert_eq!(card.send("00B00000"), with_status(&bytes[..256], "9000"));
    assert_eq!(card.send("00B0010000"), with_status(&bytes[256..], "9000"));
    assert_eq!(card.send("00B0012B01"), with_status(&bytes[299..], "9000"));
    // More is asked for than there is.
    assert_eq!(card.send("00B0010030"), with_status(&bytes[256..], "6282"));
    card.expect_all(&[("00B0012C01", "6B00"), ("00B07FFF00", "6B00"), ("00B0000001FF", "6700")]);
}

#[test]
fn bytes_are_written_within_the_file() {
    let mut card = Laboratory::in_usim([transparent("7FD06F10", READ_UPDATE_PIN1, "0001020304")]);
    card.expect_all(&[
        ("00A4000C026F10", "9000"),
        ("00D6000302AABB", "9000"),
        ("00B0000000", "000102AABB9000"),
        ("00D6000303AABBCC", "6700"),
        ("00D6000501AA", "6B00"),
        ("00D60000", "6700"),
    ]);
    assert_eq!(card.content("7FD06F10"), hex("000102AABB"));
    let kept = card.memory.kept().unwrap();
    assert_eq!(
        kept.enabled_profile().unwrap().installed.content(&path("7FD06F10")),
        Some(&hex("000102AABB")[..])
    );
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let mut card = Laboratory::in_usim([
        transparent("7FD06F10", READ_UPDATE_PIN1, "000102"),
        linear("7FD06F3C", READ_UPDATE_PIN1, &["0101", "0202"]),
    ]);
    card.expect_all(&[
        ("00A4000C026F10", "9000"),
        ("00D60001020102", "9000"),
        ("00B0000000", "0001029000"),
        ("00A4000C026F3C", "9000"),
        ("00DC0204020202", "9000"),
    ]);
    assert!(card.memory.kept().is_none());
}

#[test]
fn a_short_file_id_names_an_ef_of_the_current_directory_and_makes_it_current() {
    let mut first = transparent("7FD06F10", READ_UPDATE_PIN1, "000102");
    first.short_file_id = Some(0x1C);
    let mut inside = transparent("7FD05F3B4F20", READ_UPDATE_PIN1, "AABBCC");
    inside.short_file_id = Some(0x1C);
    let mut card = Laboratory::in_usim([first, directory("7FD05F3B"), inside]);
    card.expect_all(&[
        ("00B09C0100", "01029000"),
        // It is the current EF now, and an offset has 15 bits again.
        ("00B0000200", "029000"),
        ("00D69C0201FF", "9000"),
        ("00B0000000", "0001FF9000"),
        ("00B09A0000", "6A82"),
        ("00B0800000", "6A86"),
        ("00B09F0000", "6A86"),
        ("00B0BC0000", "6A86"),
        ("00D6DC0001FF", "6A86"),
        // What failed changed nothing.
        ("00B0000000", "0001FF9000"),
        ("00A4000C025F3B", "9000"),
        ("00B09C0000", "AABBCC9000"),
    ]);
}

#[test]
fn commands_are_for_their_structure() {
    let mut card = Laboratory::in_usim([
        transparent("7FD06F10", READ_UPDATE_PIN1, "00"),
        linear("7FD06F3C", READ_UPDATE_PIN1, &["00"]),
        ber_tlv("7FD06FFE", 10, ""),
    ]);
    for (file_id, commands) in [
        (
            "6F10",
            &["00B2010400", "00DC010401FF", "00A2010401FF", "8032000001FF", "80CB00800180", "80DB0080028000"]
                [..],
        ),
        ("6F3C", &["00B0000000", "00D6000001FF", "8032000001FF", "80CB00800180", "80DB0080028000"]),
        (
            "6FFE",
            &["00B0000000", "00D6000001FF", "00B2010400", "00DC010401FF", "00A2010401FF", "8032000001FF"],
        ),
    ] {
        card.expect(&format!("00A4000C02{file_id}"), "9000");
        for command in commands {
            card.expect(command, "6981");
        }
    }
}
