//! What DER and SGP.22 do not allow is refused, and the error says what it was.

mod support;

use asn1::der::{DerError, Limits, decode, decode_with};
use asn1::tlv::TlvError;
use asn1::*;
use support::{hex, object};

const METADATA: &str = "5A:98001032547698103214 91:53504E 92:4E616D65";

fn metadata(members: &str) -> Result<StoreMetadataRequest, DerError> {
    decode(&object(&format!("BF25{{{members}}}")))
}

#[test]
fn indefinite_length_is_refused() {
    let bytes = hex("BF2E80 8010 00112233445566778899AABBCCDDEEFF 0000");
    let error = decode::<GetEuiccChallengeResponse>(&bytes).unwrap_err();
    assert_eq!(error, DerError::NotDer { offset: 0, error: TlvError::IndefiniteLength });
}

#[test]
fn a_length_with_more_octets_than_needed_is_refused() {
    let error = decode::<CancelSessionRequest>(&hex("BF41818107 8002AABB 810100")).unwrap_err();
    assert_eq!(error, DerError::Truncated { offset: 0 });
    let error = decode::<CancelSessionRequest>(&hex("BF418107 8002AABB 810100")).unwrap_err();
    assert_eq!(error, DerError::NotDer { offset: 0, error: TlvError::NonMinimalLength });
    // Nested, and inside what is kept unopened.
    let error = decode::<CancelSessionRequest>(&hex("BF4108 808102AABB 810100")).unwrap_err();
    assert_eq!(error, DerError::NotDer { offset: 3, error: TlvError::NonMinimalLength });
    let error = Certificate::from_der(&hex("3005 3003 028100")).unwrap_err();
    assert_eq!(error, DerError::NotDer { offset: 4, error: TlvError::NonMinimalLength });
}

#[test]
fn a_tag_with_more_octets_than_needed_is_refused() {
    let error = decode::<DeleteProfileRequest>(&hex("BF330D BF1A0A98001032547698103214")).unwrap_err();
    assert_eq!(error, DerError::NotDer { offset: 3, error: TlvError::NonMinimalTag });
}

#[test]
fn bytes_after_the_value_are_refused() {
    assert_eq!(
        decode::<GetEuiccInfo1Request>(&hex("BF200000")).unwrap_err(),
        DerError::TrailingBytes { count: 1 }
    );
    let error = decode::<GetEuiccInfo1Request>(&hex("BF2000BF2000")).unwrap_err();
    assert_eq!(error, DerError::TrailingBytes { count: 3 });
}

#[test]
fn a_value_that_ends_early_is_refused() {
    assert_eq!(decode::<GetEuiccInfo1Request>(&[]).unwrap_err(), DerError::Truncated { offset: 0 });
    assert_eq!(decode::<GetEuiccInfo1Request>(&hex("BF")).unwrap_err(), DerError::Truncated { offset: 0 });
    assert_eq!(
        decode::<GetEuiccInfo1Request>(&hex("BF2001")).unwrap_err(),
        DerError::Truncated { offset: 0 }
    );
    // A member that claims more than its object has.
    let error = decode::<CancelSessionRequest>(&hex("BF4104 8010AABB")).unwrap_err();
    assert_eq!(error, DerError::Truncated { offset: 3 });
}

#[test]
fn limits_are_checked_before_anything_is_decoded() {
    let bytes = object(&format!("BF25{{{METADATA}}}"));
    let limits = Limits { size: bytes.len(), depth: 1, elements: 4 };
    assert!(decode_with::<StoreMetadataRequest>(&bytes, &limits).is_ok());
    let too_large = Limits { size: bytes.len() - 1, ..limits };
    assert_eq!(
        decode_with::<StoreMetadataRequest>(&bytes, &too_large).unwrap_err(),
        DerError::TooLarge { size: bytes.len(), limit: bytes.len() - 1 }
    );
    let too_deep = Limits { depth: 0, ..limits };
    assert_eq!(
        decode_with::<StoreMetadataRequest>(&bytes, &too_deep).unwrap_err(),
        DerError::TooDeep { limit: 0 }
    );
    let too_many = Limits { elements: 3, ..limits };
    assert_eq!(
        decode_with::<StoreMetadataRequest>(&bytes, &too_many).unwrap_err(),
        DerError::TooManyElements { limit: 3 }
    );

    // The defaults: more than 1 MiB, 33 levels, 20 001 elements.
    let large = tlv::wrap(0x30, &tlv::wrap(0x04, &vec![0; 1 << 20]));
    assert!(matches!(Certificate::from_der(&large), Err(DerError::TooLarge { .. })));
    let nested = |levels| (0..levels).fold(Vec::new(), |inner, _| tlv::wrap(0x30, &inner));
    assert!(Certificate::from_der(&nested(32)).is_ok());
    assert_eq!(Certificate::from_der(&nested(33)).unwrap_err(), DerError::TooDeep { limit: 32 });
    let many = tlv::wrap(0x30, &hex("0500").repeat(20_000));
    assert_eq!(Certificate::from_der(&many).unwrap_err(), DerError::TooManyElements { limit: 20_000 });
}

#[test]
fn a_missing_member_is_named() {
    let error = metadata("5A:98001032547698103214 92:4E616D65").unwrap_err();
    let inside = "StoreMetadataRequest";
    assert_eq!(error, DerError::MissingMember { inside, member: "service_provider_name" });
    assert_eq!(metadata("").unwrap_err(), DerError::MissingMember { inside, member: "iccid" });
    // Of two members with the same tag, the one that is missing.
    let error = decode::<AuthenticateResponseOk>(&object(
        "30{30{80:01 83:61 84:00112233445566778899AABBCCDDEEFF
            BF22{81:020301 82:020200 83:010000 84: 85:00 88:00 A9{} AA{} 04:000000 0C:} A0{A1{80:00000000 A1{}}}}
            5F37:00 30{}}",
    ));
    let member = "eum_certificate";
    assert_eq!(error.unwrap_err(), DerError::MissingMember { inside: "AuthenticateResponseOk", member });
}

#[test]
fn a_member_that_stands_twice_is_refused_and_not_taken_for_an_unknown_one() {
    let inside = "StoreMetadataRequest";
    for (members, member) in [
        (format!("{METADATA} 92:4E616D65"), "profile_name"),
        (format!("{METADATA} 95:02 95:02"), "profile_class"),
        (format!("{METADATA} 95:02 BF76{{}} 95:02"), "profile_class"),
        (format!("5A:98001032547698103214 {METADATA}"), "iccid"),
    ] {
        assert_eq!(
            metadata(&members).unwrap_err(),
            DerError::DuplicateMember { inside, member },
            "{members}"
        );
    }
    let twice =
        decode::<OtherSignedNotification>(&object("30{BF2F{80:01 81:0780 0C:61} 5F37:00 30{} 30{} 30{}}"));
    assert!(
        matches!(twice, Err(DerError::DuplicateMember { inside: "OtherSignedNotification", .. })),
        "{twice:?}"
    );
}

#[test]
fn a_member_behind_its_place_is_refused_and_not_taken_for_an_unknown_one() {
    let inside = "StoreMetadataRequest";
    let error = metadata(&format!("{METADATA} B7{{80:00F110}} 95:02")).unwrap_err();
    assert_eq!(error, DerError::MisplacedMember { inside, member: "profile_class" });
    // A mandatory member in the wrong order is missing where it should be.
    let error = metadata("5A:98001032547698103214 92:4E616D65 91:53504E").unwrap_err();
    assert_eq!(error, DerError::MissingMember { inside, member: "service_provider_name" });
}

#[test]
fn another_object_than_the_wanted_one_is_refused() {
    let error = decode::<EuiccInfo1>(&hex("BF2200")).unwrap_err();
    let DerError::UnexpectedTag { inside: "EuiccInfo1", found: tlv::Tag(0xBF22), .. } = error else {
        panic!("{error:?}")
    };
    // Constructed where a primitive is wanted, and the other way round.
    let error = decode::<CancelSessionRequest>(&object("BF41{A0{04:AABB} 81:00}")).unwrap_err();
    assert!(matches!(error, DerError::UnexpectedTag { found: tlv::Tag(0xA0), .. }), "{error:?}");
    let error = decode::<EuiccInfo1>(&hex("9F2000")).unwrap_err();
    assert!(matches!(error, DerError::UnexpectedTag { .. }), "{error:?}");
    assert!(BoundProfilePackageTlv::from_der(&hex("9F3600")).is_err());
    assert!(Certificate::from_der(&hex("0400")).is_err());
}

#[test]
fn an_unknown_alternative_is_named_by_its_tag() {
    // v3: confirmDeviceChange and checkProgress, and the result of a remote management package.
    let error = decode::<RemoteProfileProvisioningRequest>(&object("A2{BF4C{80:AA}}")).unwrap_err();
    let choice = "RemoteProfileProvisioningRequest";
    assert_eq!(error, DerError::UnknownAlternative { choice, tag: tlv::Tag(0xBF4C) });
    assert_eq!(error.to_string(), "RemoteProfileProvisioningRequest has no alternative BF4C");
    let error = decode::<RemoteProfileProvisioningResponse>(&object("A2{BF61{80:AA}}")).unwrap_err();
    let choice = "RemoteProfileProvisioningResponse";
    assert_eq!(error, DerError::UnknownAlternative { choice, tag: tlv::Tag(0xBF61) });
    let error = decode::<PendingNotification>(&object("A1{30{}}")).unwrap_err();
    assert_eq!(error, DerError::UnknownAlternative { choice: "PendingNotification", tag: tlv::Tag(0xA1) });
    let error = decode::<HandleNotification>(&object("BF3D{A0{A1{30{}}}}")).unwrap_err();
    assert_eq!(error, DerError::UnknownAlternative { choice: "PendingNotification", tag: tlv::Tag(0xA1) });
    let error = decode::<AuthenticateServerResponse>(&object("BF38{A2{}}")).unwrap_err();
    assert_eq!(
        error,
        DerError::UnknownAlternative { choice: "AuthenticateServerResponse", tag: tlv::Tag(0xA2) }
    );
}

#[test]
fn a_choice_holds_exactly_one_alternative() {
    assert!(decode::<DeleteProfileRequest>(&hex("BF3300")).is_err());
    let two = object("BF33{5A:98001032547698103214 5A:98001032547698103214}");
    assert!(matches!(decode::<DeleteProfileRequest>(&two), Err(DerError::UnknownMember { .. })));
}

#[test]
fn sizes_are_enforced() {
    let long = |count: usize| "61".repeat(count);
    let iccid = "5A:98001032547698103214";
    let accept = |members: String| metadata(&members).is_ok();
    let refuse = |members: String| matches!(metadata(&members), Err(DerError::Value { .. }));
    assert!(accept(format!("{iccid} 91:{} 92:{} 93:00 94:{}", long(32), long(64), long(1024))));
    assert!(refuse(format!("{iccid} 91:{} 92:", long(33))));
    assert!(refuse(format!("{iccid} 91: 92:{}", long(65))));
    assert!(refuse(format!("{iccid} 91: 92: 93:00 94:{}", long(1025))));
    assert!(refuse("5A:980010325476981032 91: 92:".to_owned()));
    assert!(refuse(format!("{iccid} 91: 92: B7{{80:00F1}}")));
    // Characters count, not octets: 32 characters of two octets each.
    assert!(accept(format!("{iccid} 91:{} 92:", "C3A4".repeat(32))));
    assert!(refuse(format!("{iccid} 91:{} 92:", "C3A4".repeat(33))));

    let cancel = |octets: usize| {
        decode::<CancelSessionRequest>(&object(&format!("BF41{{80:{} 81:00}}", long(octets))))
    };
    assert!(cancel(1).is_ok() && cancel(16).is_ok());
    let error = cancel(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "CancelSessionRequest.transaction_id: TransactionId of 0 octets, not 1 to 16"
    );
    assert!(matches!(cancel(17), Err(DerError::Value { .. })));
    assert!(decode::<GetEuiccChallengeResponse>(&object(&format!("BF2E{{80:{}}}", long(15)))).is_err());
    assert!(decode::<DeviceInfo>(&object("30{80:000000 A1{}}")).is_err());
    assert!(decode::<DeviceInfo>(&object("30{80:00000000 A1{} 82:00}")).is_err());
    assert!(decode::<DeviceInfo>(&object("30{80:00000000 A1{80:0300}}")).is_err());
    assert!(decode::<GetEuiccDataRequest>(&object("BF3E{5C:5A5A}")).is_err());
    assert!(decode::<SuccessResult>(&object("30{4F:A0000000 04:}")).is_err());
    assert!(decode::<SuccessResult>(&object("30{4F:A000000055 04:}")).is_ok());
}

#[test]
fn primitives_have_one_form_only() {
    // INTEGER with a leading octet it does not need.
    let error = decode::<CancelSessionRequest>(&object("BF41{80:AA 81:0001}")).unwrap_err();
    assert!(matches!(error, DerError::NotCanonical | DerError::Value { .. }), "{error:?}");
    assert!(decode::<CancelSessionRequest>(&object("BF41{80:AA 81:}")).is_err());
    // BOOLEAN other than 00 and FF, or longer.
    let signed2 = |octets: &str| decode::<SmdpSigned2>(&object(&format!("30{{80:AA 01:{octets}}}")));
    assert!(signed2("00").is_ok_and(|signed| !signed.cc_required_flag));
    assert!(signed2("FF").is_ok_and(|signed| signed.cc_required_flag));
    for octets in ["01", "", "FFFF"] {
        assert!(signed2(octets).is_err(), "{octets}");
    }
    // BIT STRING: more unused bits than there are, unused bits set, no count.
    let event =
        |octets: &str| decode::<NotificationMetadata>(&object(&format!("BF2F{{80:01 81:{octets} 0C:61}}")));
    assert!(event("0780").is_ok());
    for octets in ["0880", "07C0", "", "01"] {
        assert!(event(octets).is_err(), "{octets}");
    }
    // UTF8String that is none.
    assert!(matches!(metadata("5A:98001032547698103214 91:C328 92:"), Err(DerError::Value { .. })));
    // OBJECT IDENTIFIER with a padded or cut arc.
    let configure =
        |octets: &str| decode::<ConfigureIsdpRequest>(&object(&format!("BF24{{B8{{80:{octets}}}}}")));
    assert!(configure("88370A").is_ok());
    for octets in ["8088370A", "8837800A", "883788", ""] {
        assert!(configure(octets).is_err(), "{octets}");
    }
    // A negative sequence number.
    assert!(decode::<NotificationSentRequest>(&object("BF30{80:80}")).is_err());
    assert!(decode::<NotificationSentRequest>(&object("BF30{80:0080}")).is_ok());
}

#[test]
fn text_forms_are_parsed_and_printed() {
    for (text, octets) in [
        ("89000123456789012341", "98001032547698103214"),
        ("8900012345678901234", "980010325476981032F4"),
        ("8900012345678901234F", "980010325476981032F4"),
        ("890001234567890123", "980010325476981032FF"),
    ] {
        let iccid: Iccid = text.parse().unwrap();
        assert_eq!(iccid.bytes()[..], hex(octets));
        assert_eq!(iccid.to_string(), text.trim_end_matches('F'));
    }
    for text in [
        "",
        "89000123456789012",
        "890001234567890123412",
        "8900012345678901234A",
        "8F000123456789012341",
        "89000123456789012341F",
    ] {
        assert!(text.parse::<Iccid>().is_err(), "{text}");
    }
    let id: TransactionId = "0aFf".parse().unwrap();
    assert_eq!(id.to_string(), "0AFF");
    for text in ["", "0", "0g", "é0", &"00".repeat(17)] {
        assert!(text.parse::<TransactionId>().is_err(), "{text}");
    }
    assert_eq!("2.2".parse::<VersionType>().unwrap().to_string(), "2.2.0");
    for text in ["2", "2.2.2.2", "2.256", "2.x", ""] {
        assert!(text.parse::<VersionType>().is_err(), "{text}");
    }
}

#[test]
fn named_bits_made_here_have_no_trailing_zeros() {
    let options = ResetOptions::of([
        ResetOptions::RESET_DEFAULT_SMDP_ADDRESS,
        ResetOptions::DELETE_OPERATIONAL_PROFILES,
    ]);
    assert_eq!(der::encode(&options), hex("030205A0"));
    assert_eq!(der::encode(&ResetOptions::of([])), hex("030100"));
    assert_eq!(options.to_string(), "deleteOperationalProfiles(0), resetDefaultSmdpAddress(2)");
    assert!(!options.has(400));
}

#[test]
fn codes_nobody_named_yet_are_kept() {
    let request: CancelSessionRequest = support::golden(&object("BF41{80:AA 81:63}"));
    assert_eq!(request.reason.name(), None);
    assert_eq!(request.reason.to_string(), "unnamed(99)");
    let request: CancelSessionRequest = support::golden(&object("BF41{80:AA 81:1E}"));
    assert_eq!(request.reason.name(), Some("operationAbandoned"));
}
