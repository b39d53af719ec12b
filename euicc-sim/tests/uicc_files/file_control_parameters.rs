//! File control parameters (ETSI TS 102 221 §11.1.1.4).

use euicc_sim::profile_package::{Pin, Structure};

use crate::common::hex;
use crate::laboratory::{
    INCREASE_PIN1, Laboratory, READ_PIN1, READ_UPDATE_PIN1, USIM, ber_tlv, cyclic, directory, ef, linear,
    link, tree, value,
};

#[test]
fn the_fcp_of_the_mf_tells_the_card_and_its_pins() {
    let mut card = Laboratory::new([]);
    for select in ["00A40004023F00", "00A40000023F00"] {
        let fcp = card.fcp(select);
        let tags: Vec<u32> = fcp.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(tags, [0x82, 0x83, 0xA5, 0x8A, 0x8B, 0xC6, 0x81]);
        assert_eq!(value(&fcp, 0x82), Some(hex("7821")));
        assert_eq!(value(&fcp, 0x83), Some(hex("3F00")));
        // UICC characteristics, and TERMINAL CAPABILITY is asked for (SGP.22 §3.4.2).
        assert_eq!(value(&fcp, 0xA5), Some(hex("800171 870101")));
        assert_eq!(value(&fcp, 0x8A), Some(hex("05")));
        assert_eq!(value(&fcp, 0x8B), Some(hex("2F060E")));
        // PIN1 is disabled, ADM1 is enabled.
        assert_eq!(value(&fcp, 0xC6), Some(hex("900140 830101 83010A")));
        let profile = card.card.state().enabled_profile().unwrap();
        let sizes: u32 = profile.installed.files.iter().map(|file| file.size).sum();
        assert_eq!(value(&fcp, 0x81), Some(sizes.to_be_bytes()[2..].to_vec()));
    }
}

#[test]
fn the_fcp_of_an_adf_has_its_name_and_of_a_df_its_file_id() {
    let mut card = Laboratory::new(tree());
    let adf = card.fcp(&format!("00A404040C{USIM}"));
    assert_eq!(value(&adf, 0x84), Some(hex(USIM)));
    assert_eq!(value(&adf, 0x83), None);
    assert_eq!(value(&adf, 0xC6), Some(hex("900160 830101 830181 83010A")));
    assert_eq!(card.fetch("00A40004027FFF").len(), card.fetch(&format!("00A404000C{USIM}")).len());
    let df = card.fcp("00A40004025F3B");
    assert_eq!(value(&df, 0x82), Some(hex("7821")));
    assert_eq!(value(&df, 0x83), Some(hex("5F3B")));
    assert_eq!(value(&df, 0x8B), Some(hex("6F060E")));
    // It has the PINs of its application.
    assert_eq!(value(&df, 0xC6), value(&adf, 0xC6));
    assert_eq!(value(&df, 0x81), Some(hex("0001")));
}

#[test]
fn the_fcp_of_an_ef_tells_structure_size_and_short_identifier() {
    let mut long = linear("7FD06F3C", READ_UPDATE_PIN1, &["0102030405", "FFFFFFFFFF", "FFFFFFFFFF"]);
    long.short_file_id = Some(0x0A);
    long.special_information = 0xC0;
    let mut card = Laboratory::in_usim([
        long,
        cyclic("7FD06F39", INCREASE_PIN1, &["000000", "000000"]),
        ber_tlv("7FD06FFE", 0x012345, "800101"),
        ef("7FD06F10", Structure::Transparent, READ_PIN1, vec![0; 300]),
    ]);
    let fetched = |card: &mut Laboratory, id: &str| {
        data_encoding::HEXUPPER.encode(&card.fetch(&format!("00A4000402{id}")))
    };
    assert_eq!(
        fetched(&mut card, "6F3C"),
        "621F 82054221000503 83026F3C A503C001C0 8A0105 8B036F0605 8002000F 880150".replace(' ', "")
    );
    assert_eq!(
        fetched(&mut card, "6F39"),
        "6219 82054621000302 83026F39 8A0105 8B036F0607 80020006 8800".replace(' ', "")
    );
    // Memory left, DER only, memory reserved, largest size.
    assert_eq!(
        fetched(&mut card, "6FFE"),
        "622A 82027921 83026FFE A512 8303012342 840101 8503012345 8603012345 8A0105 8B036F0605 80020003 8800"
            .replace(' ', "")
    );
    assert_eq!(
        fetched(&mut card, "6F10"),
        "6216 82024121 83026F10 8A0105 8B036F0602 8002012C 8800".replace(' ', "")
    );
}

#[test]
fn each_pin_has_its_bit_and_the_universal_pin_its_usage() {
    let references = [1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x0A];
    for (attributes, universal) in [(7, "950108"), (6, "950100")] {
        let mut card = Laboratory::with(|installed| {
            let pin = |reference| Pin { reference, attributes, ..installed.pins[0].pins[0].clone() };
            let pins = references.map(pin).to_vec();
            installed.pins[0].pins = pins;
            installed.files[0].pin_references = references.to_vec();
            installed.pins[0].pins[1].attributes = 6;
        });
        let objects = value(&card.fcp("00A40004023F00"), 0xC6).unwrap();
        let status = if attributes == 7 { "BFC0" } else { "0000" };
        let before = "830101 830102 830103 830104 830105 830106 830107 830108";
        assert_eq!(objects, hex(&format!("9002{status} {before} {universal} 830111 83010A")));
    }
}

#[test]
fn a_link_shows_the_content_that_it_leads_to_under_its_own_name() {
    let mut shown = link("7F106F3A", "7F105F3A4F3A");
    shown.short_file_id = Some(3);
    let mut card = Laboratory::new([
        directory("7F10"),
        directory("7F105F3A"),
        linear("7F105F3A4F3A", READ_UPDATE_PIN1, &["0A0A", "0B0B"]),
        shown,
        link("7F106F3B", "7F105F3A4F99"),
    ]);
    card.expect("00A4080C027F10", "9000");
    let fcp = card.fcp("00A40004026F3A");
    assert_eq!(value(&fcp, 0x82), Some(hex("4221000202")));
    assert_eq!(value(&fcp, 0x83), Some(hex("6F3A")));
    assert_eq!(value(&fcp, 0x80), Some(hex("0004")));
    assert_eq!(value(&fcp, 0x88), Some(hex("18")));
    card.expect_all(&[
        ("00B2020402", "0B0B9000"),
        ("00DC0204020C0C", "9000"),
        ("00B2021C02", "0C0C9000"),
        ("00A4090C045F3A4F3A", "9000"),
        ("00B2020402", "0C0C9000"),
        // It leads nowhere.
        ("00A4080C047F106F3B", "6A82"),
    ]);
    assert_eq!(card.content("7F105F3A4F3A"), hex("0A0A0C0C"));
}
