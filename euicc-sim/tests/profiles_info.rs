//! GetProfilesInfo: each tag of a tag list, alone and together (SGP.22 §5.7.15).
#![cfg(test)]

mod common;

use asn1::{IconType, OperatorId, PprIds, Raw, Unknown, tlv};
use common::{ICCID, OPERATIONAL, Spec, Terminal, hex, state_with};

/// Each tag that an eUICC knows, with what a profile that has everything tells.
const OBJECTS: [(&str, &str); 14] = [
    ("5A", "5A0A98001032547698103214"),
    ("4F", "4F10A0000005591010FFFFFFFF8900001100"),
    ("9F70", "9F700101"),
    ("90", "9004576F726B"),
    ("91", "910454657374"),
    ("92", "920750726F66696C65"),
    ("93", "930101"),
    ("94", "9403010203"),
    ("95", "950102"),
    ("B6", ""),
    ("B7", "B705800342F618"),
    ("B8", "B805800388370A"),
    ("99", "99020520"),
    ("BF22", "BF220B3009800388370AA1020500"),
];

/// A card with a profile that has all of it, one that has the least, and another in between.
fn terminal() -> Terminal {
    let mut state = state_with(&[Spec { enabled: true, ppr2: true, ..OPERATIONAL }]);
    let profile = &mut state.profiles[0];
    profile.nickname = Some("Work".to_owned());
    profile.dp_proprietary_data = Some(hex("B805800388370A"));
    let mut metadata = common::package::request(ICCID);
    metadata.icon_type = Some(IconType::PNG);
    metadata.icon = Some(vec![1, 2, 3].try_into().unwrap());
    metadata.profile_owner = Some(OperatorId {
        mcc_mnc: vec![0x42, 0xF6, 0x18].try_into().unwrap(),
        gid1: None,
        gid2: None,
        unknown: Unknown::none(),
    });
    metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR1, PprIds::PPR2]));
    // Service specific data of a later version, which the card keeps as it came.
    let encoded = asn1::der::encode(&metadata);
    let (request, _) = tlv::read(&encoded).unwrap();
    let with_more = tlv::wrap(0xBF25, &[request.value, &hex("BF220B3009800388370AA1020500")].concat());
    profile.metadata = Raw::from_der(&with_more).unwrap();
    Terminal::new(state)
}

/// What the one profile tells for this tag list.
fn told(terminal: &mut Terminal, tags: &str) -> Vec<u8> {
    let response = terminal.ok(&tlv::wrap(0xBF2D, &tlv::wrap(0x5C, &hex(tags))));
    let (list, _) = tlv::read(&response).unwrap();
    let (list, _) = tlv::read(list.value).unwrap();
    let (info, rest) = tlv::read(list.value).unwrap();
    assert_eq!((list.tag.0, info.tag.0, rest.len()), (0xA0, 0xE3, 0));
    info.value.to_vec()
}

#[test]
fn each_object_is_told_when_it_is_asked_for_and_alone() {
    let mut terminal = terminal();
    for (tag, object) in OBJECTS {
        let info = told(&mut terminal, tag);
        if tag == "B6" {
            let (entries, rest) = tlv::read(&info).unwrap();
            assert_eq!((entries.tag.0, rest.len(), tlv::children(entries.value).count()), (0xB6, 0, 4));
        } else {
            assert_eq!(info, hex(object), "{tag}");
        }
    }
}

#[test]
fn all_objects_are_told_together() {
    let mut terminal = terminal();
    let tags: String = OBJECTS.map(|(tag, _)| tag).concat();
    let info = told(&mut terminal, &tags);
    let found: Vec<u32> = tlv::children(&info).map(|object| object.unwrap().tag.0).collect();
    assert_eq!(
        found,
        [0x5A, 0x4F, 0x9F70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0xB6, 0xB7, 0xB8, 0x99, 0xBF22]
    );
}

#[test]
fn without_a_tag_list_the_default_objects_are_told() {
    let mut terminal = terminal();
    let by_default = "5A4F9F70909192939495";
    let listed = told(&mut terminal, by_default);
    let response = terminal.ok(&hex("BF2D00"));
    assert!(response.ends_with(&listed));
    assert_eq!(response.len(), 2 + 1 + 2 + 2 + listed.len());
}

#[test]
fn objects_that_a_profile_does_not_have_are_left_out() {
    let mut terminal = Terminal::new(state_with(&[OPERATIONAL]));
    for tag in ["90", "93", "94", "B7", "B8", "99", "BF22", "BF76", "9F24", "7F66"] {
        assert!(told(&mut terminal, tag).is_empty(), "{tag}");
    }
    assert!(told(&mut terminal, "").is_empty());
}

#[test]
fn an_object_that_is_asked_for_twice_is_told_once() {
    assert_eq!(told(&mut terminal(), "5A5A9F709F70"), hex("5A0A98001032547698103214 9F700101"));
}

/// The examples of SGP.22 §5.7.15.
#[test]
fn the_requests_of_the_specification_are_answered() {
    let mut terminal = terminal();
    let one = "BF2D24 A0124F10A0000005591010FFFFFFFF8900001100 5C0E5A4F9F70909192939495B6B7B899";
    assert_eq!(tlv::read(&terminal.ok(&hex(one))).unwrap().0.tag.0, 0xBF2D);
    assert_eq!(terminal.ok(&hex("BF2D055C035A9F70")).len(), 3 + 2 + 2 + 12 + 4);
}
