//! The checks that end an installation (SGP.22 §5.5.5).

use asn1::{MccMnc, OctetString, OperatorId, ProfileClass, Unknown};

use super::support::*;

#[test]
fn ef_iccid_has_to_be_the_iccid_of_the_metadata() {
    let other = install(&generated(), &metadata("8988211000000000025")).unwrap_err();
    assert_eq!(told(&other).0, MISMATCH);
}

#[test]
fn the_iccid_in_the_header_is_ignored() {
    assert!(install_generated(&changed(|elements| header_of(elements).iccid = [0x11; 10])).is_ok());
}

fn owned(mcc_mnc: &str, gid1: Option<&str>, gid2: Option<&str>, iccid: &str) -> StoreMetadataRequest {
    let gid = |text: &str| OctetString::from(hex(text));
    let owner = OperatorId {
        mcc_mnc: MccMnc::new(hex(mcc_mnc)).unwrap(),
        gid1: gid1.map(gid),
        gid2: gid2.map(gid),
        unknown: Unknown::none(),
    };
    StoreMetadataRequest { profile_owner: Some(owner), ..metadata(iccid) }
}

#[test]
fn ef_imsi_has_to_be_of_the_owners_network() {
    assert!(install(&generated(), &owned("42F618", None, None, ICCID)).is_ok());
    for other in ["42F619", "42F818", "62F418", "42E618"] {
        let failure = install(&generated(), &owned(other, None, None, ICCID)).unwrap_err();
        assert_eq!(failure.reason, MISMATCH, "{other}");
    }
    // Three digits of MNC: 246 810.
    assert!(install(&generated(), &owned("420618", None, None, ICCID)).is_ok());
    assert_eq!(install(&generated(), &owned("421618", None, None, ICCID)).unwrap_err().reason, MISMATCH);
}

#[test]
fn group_identifiers_of_the_owner_have_to_be_in_the_profile() {
    // No service for them, no identifier in the metadata: fine. An identifier that the profile lacks: not.
    assert_eq!(
        install(&generated(), &owned("42F618", Some("41"), None, ICCID)).unwrap_err().reason,
        MISMATCH
    );
    assert_eq!(
        install(&generated(), &owned("42F618", None, Some("41"), ICCID)).unwrap_err().reason,
        MISMATCH
    );
}

#[test]
fn group_identifiers_of_a_profile_have_to_be_in_the_metadata() {
    // The published test profiles have EF_GID1 and EF_GID2 of FFFF with their services available.
    let Some(package) = reference(TS48[0]) else { return };
    let result = |gid1, gid2| install(&package, &owned("00F110", gid1, gid2, REFERENCE_ICCID));
    assert!(result(Some("FFFF"), Some("FFFF")).is_ok());
    for (gid1, gid2) in [(None, None), (Some("FFFF"), None), (None, Some("FFFF")), (Some("41"), Some("FFFF"))]
    {
        assert_eq!(result(gid1, gid2).unwrap_err().reason, MISMATCH, "{gid1:?} {gid2:?}");
    }
}

#[test]
fn a_test_profile_has_a_worthless_key_or_a_test_subscriber() {
    let test = StoreMetadataRequest { profile_class: Some(ProfileClass::TEST), ..metadata(ICCID) };
    let result = |imsi: &str, ki: [u8; 16]| install(&generated_for(imsi, ki), &test);
    let live = "246810123456789";
    let low_32_bits = std::array::from_fn(|byte| if byte >= 12 { 0xFF } else { 0 });
    let one_more_bit = std::array::from_fn(|byte| if byte >= 12 { 0xFF } else { u8::from(byte == 11) });
    assert!(result(live, low_32_bits).is_ok());
    assert!(result(live, std::array::from_fn(|byte| byte as u8)).is_ok());
    assert!(result("001010000000017", KI).is_ok());
    assert_eq!(result(live, one_more_bit).unwrap_err().reason, TEST_KEY);
    let failure = result(live, KI).unwrap_err();
    assert_eq!(told(&failure).0, TEST_KEY);
    // The same key is none of our business in an operational profile.
    assert!(install_generated(&generated()).is_ok());
}

#[test]
fn the_published_test_profiles_may_be_test_profiles() {
    for name in TS48 {
        let Some(package) = reference(name) else { return };
        let test =
            StoreMetadataRequest { profile_class: Some(ProfileClass::TEST), ..metadata(REFERENCE_ICCID) };
        assert!(install(&package, &test).is_ok());
    }
}
