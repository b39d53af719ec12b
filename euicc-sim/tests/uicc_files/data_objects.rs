//! RETRIEVE DATA and SET DATA (ETSI TS 102 221 §11.3).

use asn1::tlv;

use crate::common::hex;
use crate::laboratory::{Laboratory, ber_tlv};

#[test]
fn data_objects_are_set_retrieved_listed_and_deleted() {
    let mut card = Laboratory::in_usim([ber_tlv("7FD06FFE", 64, "800101 BF81010202FF")]);
    card.expect("00A4000C026FFE", "9000");
    assert_eq!(card.fetch("80CB008001 80"), hex("800101"));
    assert_eq!(card.fetch("80CB008003 BF8101"), hex("BF81010202FF"));
    assert_eq!(card.fetch("80CB008001 5C"), hex("5C0480BF8101"));
    card.expect_all(&[
        ("80DB008004 8102AABB", "9000"),
        ("80DB008003 8001CC", "9000"),
        ("80DB008003 BF8101", "9000"),
        ("80DB008002 8200", "9000"),
        ("80DB008001 83", "6A88"),
        ("80CB008001 83", "6A88"),
    ]);
    assert_eq!(card.fetch("80CB008001 5C"), hex("5C03818082"));
    assert_eq!(card.fetch("80CB008001 80"), hex("8001CC"));
    assert_eq!(card.content("7FD06FFE"), hex("8102AABB 8001CC 8200"));
}

#[test]
fn a_long_object_is_retrieved_in_blocks() {
    let value: Vec<u8> = (0..600_u16).map(|number| (number % 253) as u8).collect();
    let object = tlv::wrap(0x81, &value);
    let text = data_encoding::HEXUPPER.encode(&object);
    let mut file = ber_tlv("7FD06FFE", 1000, &text);
    file.short_file_id = Some(0x1B);
    let mut card = Laboratory::in_usim([file]);
    let block = |bytes: &[u8], status: &str| [bytes, &hex(status)].concat();
    // The first comes with GET RESPONSE, after a warning that there is more; the file is found by its short identifier.
    card.expect("80CB009B01 81", "62F1");
    assert_eq!(card.send("00C0000000"), block(&object[..256], "9000"));
    // READ BINARY is refused, which changes nothing.
    card.expect("00B0000000", "6981");
    assert_eq!(card.send("80CB000000"), block(&object[256..512], "62F1"));
    assert_eq!(card.send("80CB00C000"), block(&object[256..512], "62F1"));
    assert_eq!(card.send("80CB000010"), block(&object[512..528], "62F1"));
    assert_eq!(card.send("80CB000000"), block(&object[528..], "9000"));
    assert_eq!(card.send("80CB00C000"), block(&object[528..], "9000"));
    card.expect_all(&[("80CB000000", "6985"), ("80CB001B00", "6A86"), ("80CB000001 81", "6700")]);
    // Another selection ends the transfer.
    card.expect_all(&[("80CB008001 81", "62F1"), ("00A4000C026FFE", "9000"), ("80CB000000", "6985")]);
    // So does an object on its way in.
    card.expect_all(&[("80CB008001 81", "62F1"), ("80DB008002 8205", "63F1"), ("80CB000000", "6985")]);
}

#[test]
fn a_long_object_is_set_in_blocks() {
    let mut card = Laboratory::in_usim([ber_tlv("7FD06FFE", 40, "800101 8101EE")]);
    card.expect_all(&[
        ("00A4000C026FFE", "9000"),
        ("80DB008002 8105", "63F1"),
        // The old object is gone.
        ("80DB000002 AABB", "63F1"),
    ]);
    assert_eq!(card.content("7FD06FFE"), hex("800101"));
    card.expect_all(&[
        // The block before once more, then the rest.
        ("80DB00C002 A1B1", "63F1"),
        ("80DB000003 CCDDEE", "9000"),
        ("80DB000001 FF", "6985"),
        ("80DB00C001 FF", "6985"),
    ]);
    assert_eq!(card.content("7FD06FFE"), hex("800101 8105A1B1CCDDEE"));
    // The first block once more, too, even one for another object.
    card.expect_all(&[("80DB008003 8202AA", "63F1"), ("80DB00C004 8302BBCC", "9000")]);
    assert_eq!(card.content("7FD06FFE"), hex("800101 8105A1B1CCDDEE 8302BBCC"));
}

#[test]
fn a_transfer_that_ends_early_leaves_no_object() {
    for interruption in ["80DB000004 CCDDEEFF", "80DB0000", "80CB008001 80", "00A4000C026FFE"] {
        let mut card = Laboratory::in_usim([ber_tlv("7FD06FFE", 40, "800101 8101EE")]);
        card.expect_all(&[("00A4000C026FFE", "9000"), ("80DB008004 8105AABB", "63F1")]);
        card.send(interruption);
        card.expect_all(&[("80DB000003 CCDDEE", "6985"), ("80CB008001 81", "6A88")]);
        assert_eq!(card.content("7FD06FFE"), hex("800101"), "{interruption}");
    }
}

#[test]
fn objects_that_cannot_be_kept_are_refused() {
    let mut card = Laboratory::in_usim([ber_tlv("7FD06FFE", 10, "800101")]);
    card.expect_all(&[
        ("00A4000C026FFE", "9000"),
        // 7 bytes are left; the object that is replaced makes room.
        ("80DB008002 8106", "6A84"),
        ("80DB0080 08 81060102030405 06", "6A84"),
        ("80DB0080 0A 80080102030405060708", "9000"),
        ("80DB008004 80820100", "6A84"),
        ("80DB008003 8001AA", "9000"),
        // More than its length says, a length of no DER, tags of other classes, no whole tag.
        ("80DB008004 8001AABB", "6A80"),
        ("80DB008004 818101AA", "6A80"),
        ("80DB008003 5C01AA", "6A80"),
        ("80DB008003 0401AA", "6A80"),
        ("80DB008006 9F8181010100", "6A80"),
        ("80DB008001 9F", "6A80"),
        ("80DB008001 5C", "6A88"),
        ("80CB008002 8080", "6A80"),
        ("80CB0080", "6700"),
        ("80DB0080", "6700"),
        ("80DB010003 8001AA", "6A86"),
        ("80DB004003 8001AA", "6A86"),
        ("80DB001B03 8001AA", "6A86"),
        ("80DB00DB03 8001AA", "6A86"),
        ("80DB009B03 8001AA", "6A82"),
        ("00DB008003 8001AA", "6D00"),
        ("00CB008001 80", "6D00"),
    ]);
    assert_eq!(card.content("7FD06FFE"), hex("8001AA"));
}
