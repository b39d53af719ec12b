//! Members that SGP.22 v3.1, SGP.32 and production servers add survive a decoder of v2.x, each at its place.

mod support;

use asn1::*;
use support::{golden, hex, object};

const CHALLENGE: &str = "00112233445566778899AABBCCDDEEFF";
const SKI: &str = "F54172BDF98A95D65CBEB88A38A1C11D800A85C3";

#[test]
fn server_signed1_keeps_session_context_and_capabilities() {
    let bytes = object(&format!(
        "30{{80:AABB 81:{CHALLENGE} 83:612E74657374 84:{CHALLENGE} A5{{80:030100 81:FF 82:{SKI}}} 86:05E0}}"
    ));
    let signed: ServerSigned1 = golden(&bytes);
    assert_eq!(signed.server_address, "a.test");
    assert_eq!(signed.unknown.iter().count(), 2);
    assert_eq!(signed.unknown.get(0x86), Some(&hex("860205E0")[..]));
    assert_eq!(signed.unknown.get(0xA5).map(|tlv| tlv.len()), Some(32));
    assert_eq!(Raw::new(signed).bytes(), bytes);
}

#[test]
fn euicc_info1_keeps_lists_and_versions() {
    let info: EuiccInfo1 = golden(&object(&format!(
        "BF20{{82:020202 A9{{04:{SKI}}} AA{{04:{SKI}}} B1{{04:{SKI}}} 88:0490 93:030100}}"
    )));
    assert_eq!(info.svn, VersionType::new(2, 2, 2));
    assert_eq!(info.unknown.get(0x93), Some(&hex("9303030100")[..]));
    assert_eq!(info.unknown.iter().count(), 3);
}

#[test]
fn euicc_info2_keeps_members_of_every_later_version() {
    let head = "81:020301 82:020200 83:010000 84:810100 85:0640 88:0490 A9{} AA{} 04:010000 0C:5341";
    let v26 = "8D:0640 8E:4C6162656C AF{04:030100}";
    let v31 = "90:00 B1{} 92:0102 93:030100 B4{80:00}";
    let info: EuiccInfo2 = golden(&object(&format!("BF22{{{head} {v26} {v31}}}")));
    assert!(info.tre_properties.unwrap().has(TreProperties::IS_INTEGRATED));
    assert_eq!(info.tre_product_reference.as_deref(), Some("Label"));
    assert_eq!(info.additional_euicc_profile_package_versions, Some(vec![VersionType::new(3, 1, 0)]));
    assert_eq!(info.unknown.concat(), object(v31));
    let info: EuiccInfo2 = golden(&object(&format!("BF22{{{head} {v31}}}")));
    assert_eq!(info.tre_properties, None);
    assert_eq!(info.unknown.concat(), object(v31));
}

#[test]
fn device_info_and_common_parameters_keep_theirs() {
    let bytes = object(
        "A0{80:4D A1{80:35290611 A1{85:090000 8B:030100 8C:0480 8D:01 AE{80:010000 81:88370A}}
             82:352906110000000F A3{0C:656E 0C:6465} 84: 85:0640} 82:0640 5A:98001032547698103214 A3{81:} A4{30{80:88370A A1{04:00}}}}",
    );
    let params: Raw<CtxParams1> = golden(&bytes);
    let CtxParams1::CtxParamsForCommonAuthentication(common) = params.value();
    let device = &common.device_info;
    assert_eq!(device.device_capabilities.lpa_svn, Some(VersionType::new(3, 1, 0)));
    assert_eq!(
        device.device_capabilities.euicc_form_factor_type,
        Some(EuiccFormFactorType::NON_REMOVABLE_EUICC)
    );
    let features = device.device_capabilities.device_additional_feature_support.as_ref().unwrap();
    assert_eq!(features.nai_support, Some(VersionType::new(1, 0, 0)));
    assert_eq!(device.unknown.concat(), object("A3{0C:656E 0C:6465} 84: 85:0640"));
    let tags: Vec<u32> =
        common.unknown.iter().map(|member| tlv::read(&member.tlv).unwrap().0.tag.0).collect();
    assert_eq!(tags, [0x82, 0x5A, 0xA3, 0xA4]);
}

#[test]
fn metadata_keeps_members_between_the_known_ones() {
    let rules = "BF76{E2{E1{C1:00 CA:6170} E3{DB:0000000000000001}}}";
    let bytes = object(&format!(
        "BF25{{5A:98001032547698103214 91:53504E {rules} 92:4E616D65 9F7F:01 DF21: 95:02 B6{{30{{80:0780 81:612E74657374}}}}
              99:0640 BF22{{30{{80:88370A A1{{0C:78}}}}}} BA{{A0{{}} 83:2A03}} 9B:68 9F1F:06C0 9F21:4000}}"
    ));
    let metadata: Raw<StoreMetadataRequest> = golden(&bytes);
    assert_eq!(metadata.profile_name.as_str(), "Name");
    assert_eq!(metadata.profile_class, Some(ProfileClass::OPERATIONAL));
    assert_eq!(metadata.notification_configuration_info.as_ref().unwrap()[0].notification_address, "a.test");
    let vendor = &metadata.service_specific_data_stored_in_euicc.as_ref().unwrap()[0];
    assert_eq!(vendor.vendor_oid.to_string(), "2.999.10");
    assert_eq!(vendor.vendor_specific_data.value(), hex("0C0178"));
    let places: Vec<usize> = metadata.unknown.iter().map(|member| member.after).collect();
    assert_eq!(places, [2, 3, 3, 7, 7, 7, 7]);
    assert_eq!(metadata.unknown.get(0xBF76), Some(&object(rules)[..]));
    // Re-encoded from the value, not from kept bytes.
    assert_eq!(Raw::new(metadata.into_value()).bytes(), bytes);
}

#[test]
fn a_member_taken_away_leaves_the_unknown_ones_in_order() {
    let bytes = object("BF25{5A:98001032547698103214 91:53 BF76{} 92:4E 95:02 9F21:01}");
    let mut metadata: StoreMetadataRequest = golden(&bytes);
    metadata.profile_class = None;
    assert_eq!(der::encode(&metadata), object("BF25{5A:98001032547698103214 91:53 BF76{} 92:4E 9F21:01}"));
    metadata.unknown = Unknown::trailing([object("BF76{}"), object("9F21:01")]);
    assert_eq!(der::encode(&metadata), object("BF25{5A:98001032547698103214 91:53 92:4E BF76{} 9F21:01}"));
}

#[test]
fn profile_info_keeps_members_between_the_known_ones() {
    let bytes = object(
        "BF2D{A0{E3{5A:98001032547698103214 9F70:00 BF76{E2{}} 91:53 92:4E 95:02 99:0640 9F1F:06C0 9F24:00 9F25:4000} E3{BF76{}}}}",
    );
    let ProfileInfoListResponse::ProfileInfoListOk(list) = golden(&bytes) else { panic!() };
    assert_eq!(list[0].profile_state, Some(ProfileState::DISABLED));
    assert_eq!(list[0].unknown.get(0x9F25), Some(&hex("9F25024000")[..]));
    assert_eq!(list[1], ProfileInfo { unknown: list[1].unknown.clone(), ..ProfileInfo::default() });
    assert!(!list[1].unknown.is_empty());
}

#[test]
fn messages_keep_certificates_lists_and_ports_added_by_v3() {
    let signed1 = format!("30{{80:AABB 81:{CHALLENGE} 83:61 84:{CHALLENGE}}}");
    let ctx = "A0{A1{80:00000000 A1{}}}";
    let request: AuthenticateServerRequest = golden(&object(&format!(
        "BF38{{{signed1} 5F37:00 04: 30{{}} {ctx} A1{{30{{}} 30{{}}}} A2{{30{{}}}}}}"
    )));
    assert_eq!(request.euicc_ci_pk_id_to_be_used.bytes(), b"");
    assert_eq!(request.unknown.concat(), object("A1{30{} 30{}} A2{30{}}"));

    let initiate: InitiateAuthenticationRequest =
        golden(&object(&format!("BF39{{81:{CHALLENGE} 83:61 BF20{{82:020200 A9{{}} AA{{}}}} 85:0640}}")));
    assert_eq!(initiate.unknown.get(0x85), Some(&hex("85020640")[..]));
    let signed2: SmdpSigned2 = golden(&object("30{80:AA 01:FF 05:}"));
    assert!(signed2.cc_required_flag && signed2.unknown.get(0x05).is_some());
    let euicc_signed2: EuiccSigned2 = golden(&object("30{80:AA 5F49:04 30{30{80:88370A A1{04:00}}}}"));
    assert_eq!(euicc_signed2.hash_cc, None);
    let enable: EnableProfileRequest = golden(&object("BF31{A0{5A:98001032547698103214} 81:FF 82:01}"));
    assert_eq!(enable.unknown.concat(), hex("820101"));
    let enabled: EnableProfileResponse = golden(&object("BF31{80:0A 81:01}"));
    assert_eq!(enabled.enable_result, EnableResult::NO_ESIM_PORT_AVAILABLE);
    let addresses: EuiccConfiguredAddressesResponse =
        golden(&object(&format!("BF3C{{81:61 A2{{0C:62}} 83:{SKI} A4{{30{{80:{SKI} 81:43}}}}}}")));
    assert_eq!(addresses.unknown.iter().count(), 3);
    let notification: PendingNotification =
        golden(&object("30{BF2F{80:01 81:0308 0C:61} 5F37:00 30{} 30{} A1{30{}}}"));
    assert!(notification.metadata().profile_management_operation.has(NotificationEvent::RPM_ENABLE));
    let client: AuthenticateClientRequest = golden(&object("BF3B{80:AA BF38{A1{80:AA 02:0E}} 05: BF63{}}"));
    assert_eq!(client.use_matching_id_for_acr, Some(()));
    assert_eq!(client.unknown.concat(), object("BF63{}"));
}
