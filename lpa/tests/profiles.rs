//! Local profile management (SGP.22 §3.2).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

mod common;

use asn1::{
    DeleteResult, DisableResult, EnableProfileRequest, EnableResult, Iccid, ProfileInfo, ProfileState,
    SetNicknameRequest, SetNicknameResult, der, tlv,
};
use common::FakeCard;
use lpa::Blame;
use lpa::isd_r::{IsdR, Options};
use lpa::profiles::{self, ProfileError, ProfileId};
use protocol::trace::{Actor, Tracer};

const ICCID: &str = "89000123456789012341";
const AID: &str = "A0000005591010FFFFFFFF8900001100";

fn answering(tag: u32, result: u8) -> FakeCard {
    let mut card = FakeCard::default();
    card.data(tag, tlv::wrap(tag, &tlv::wrap(0x80, &[result])));
    let info = ProfileInfo {
        iccid: Some(ICCID.parse().unwrap()),
        isdp_aid: Some(asn1::Aid::new(common::ISDP_AID).unwrap()),
        profile_state: Some(ProfileState::DISABLED),
        ..ProfileInfo::default()
    };
    card.data(0xBF2D, tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &der::encode(&info))));
    card
}

fn open(card: &mut FakeCard) -> IsdR<&mut FakeCard> {
    IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap()
}

fn id(text: &str) -> ProfileId {
    text.parse().unwrap()
}

#[test]
fn a_profile_is_named_by_its_iccid_or_its_aid() {
    for (name, expected) in [
        (ICCID, "BF3111 A00C 5A0A 98001032547698103214 8101 00"),
        (AID, "BF3117 A012 4F10 A0000005591010FFFFFFFF8900001100 8101 00"),
    ] {
        let mut card = answering(0xBF31, 0);
        profiles::enable(&mut open(&mut card), &id(name), false).unwrap();
        let expected = data_encoding::HEXUPPER.decode(expected.replace(' ', "").as_bytes()).unwrap();
        assert_eq!(card.received(0xBF31), [expected]);
        assert_eq!(card.resets, 0);
        assert_eq!(id(name).to_string(), name);
    }
}

#[test]
fn what_is_neither_iccid_nor_aid_names_no_profile() {
    for bad in [
        "",
        "8900",
        "89000123456789012341234",
        "A000000",
        "A00000055",
        "Z0",
        "A0000005591010FFFFFFFF890000110000",
    ] {
        assert!(bad.parse::<ProfileId>().is_err(), "{bad}");
    }
}

#[test]
fn with_refresh_the_card_is_reset_and_the_isd_r_selected_again() {
    let mut card = answering(0xBF31, 0);
    let mut isd_r = open(&mut card);
    profiles::enable(&mut isd_r, &id(ICCID), true).unwrap();
    assert_eq!(profiles::list(&mut isd_r).unwrap().len(), 1);
    assert_eq!(card.resets, 1);
    let request: EnableProfileRequest = der::decode(card.received(0xBF31)[0]).unwrap();
    assert!(request.refresh_flag.is_set());

    let mut card = answering(0xBF32, 0);
    profiles::disable(&mut open(&mut card), &id(ICCID), true).unwrap();
    assert_eq!(card.resets, 1);
}

#[test]
fn a_refused_change_has_the_name_of_the_specification_and_resets_nothing() {
    let mut card = answering(0xBF31, 2);
    let error = profiles::enable(&mut open(&mut card), &id(ICCID), true).unwrap_err();
    assert_eq!(error, ProfileError::Enable(EnableResult::PROFILE_NOT_IN_DISABLED_STATE));
    assert!(error.to_string().contains("profileNotInDisabledState(2)"));
    assert_eq!(error.blame(), Blame::Request);
    assert_eq!(card.resets, 0);

    let mut card = answering(0xBF32, 3);
    let error = profiles::disable(&mut open(&mut card), &id(ICCID), false).unwrap_err();
    assert_eq!(error, ProfileError::Disable(DisableResult::DISALLOWED_BY_POLICY));

    let mut card = answering(0xBF33, 1);
    let error = profiles::delete(&mut open(&mut card), &id(AID)).unwrap_err();
    assert_eq!(error, ProfileError::Delete(DeleteResult::ICCID_OR_AID_NOT_FOUND));

    // A result that no version names is an error too, with its number.
    let mut card = answering(0xBF33, 99);
    let error = profiles::delete(&mut open(&mut card), &id(AID)).unwrap_err();
    assert!(error.to_string().contains("99"), "{error}");
}

#[test]
fn a_profile_is_deleted_without_a_wrapper_around_its_name() {
    let mut card = answering(0xBF33, 0);
    profiles::delete(&mut open(&mut card), &id(ICCID)).unwrap();
    let expected = [0xBF, 0x33, 0x0C, 0x5A, 0x0A, 0x98, 0, 0x10, 0x32, 0x54, 0x76, 0x98, 0x10, 0x32, 0x14];
    assert_eq!(card.received(0xBF33), [expected]);
}

#[test]
fn a_nickname_is_set_by_iccid_and_an_aid_is_looked_up() {
    for name in [ICCID, AID] {
        let mut card = answering(0xBF29, 0);
        profiles::set_nickname(&mut open(&mut card), &id(name), "Työ".parse().unwrap()).unwrap();
        let request: SetNicknameRequest = der::decode(card.received(0xBF29)[0]).unwrap();
        assert_eq!(request.iccid, ICCID.parse::<Iccid>().unwrap());
        assert_eq!(request.profile_nickname.as_str(), "Työ");
    }
    let mut card = answering(0xBF29, 0);
    let other = id("A0000005591010FFFFFFFF8900001200");
    let error = profiles::set_nickname(&mut open(&mut card), &other, "x".parse().unwrap()).unwrap_err();
    assert_eq!(error, ProfileError::Nickname(SetNicknameResult::ICCID_NOT_FOUND));
    assert!(card.received(0xBF29).is_empty());
}
