//! Recorded bytes in, the same bytes out: a session computed by an independent implementation, the APDUs of a real eUICC,
//! and objects of production cards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports by panicking and printing"
)]

mod support;

use std::fs;

use asn1::*;
use support::{data, golden, hex, object};

#[test]
fn the_answers_of_the_recorded_session_are_kept_byte_for_byte() {
    let Some(folder) = data("session") else { return };
    let mut seen = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "der") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match name.as_str() {
            "euicc-info1.der" => {
                let info: EuiccInfo1 = golden(&bytes);
                assert_eq!(info.svn.to_string(), "2.0.0");
                assert!(info.euicc_ci_pk_id_list_for_signing.is_empty());
            }
            "initiate-response.der" => {
                let ok: InitiateAuthenticationOkEs9 = golden(&bytes);
                assert_eq!(ok.transaction_id.to_string(), "0102030405060708090A0B0C0D0E0F10");
                assert_eq!(ok.server_signed1.transaction_id, ok.transaction_id);
                assert_eq!(ok.server_signed1.server_address, "smdp.example.com");
                assert_eq!(
                    ok.server_signed1.euicc_challenge.bytes()[..],
                    hex("AABBCCDDEEFF00112233445566778899")
                );
                assert_eq!(
                    ok.server_signed1.server_challenge.bytes()[..],
                    fs::read(folder.join("server-challenge.bin")).unwrap()
                );
                assert_eq!(ok.server_signature1.bytes().len(), 64);
                assert_eq!(ok.server_signature1.to_tlv()[..3], hex("5F3740"));
                assert_eq!(
                    ok.euicc_ci_pk_id_to_be_used.to_string(),
                    "F54172BDF98A95D65CBEB88A38A1C11D800A85C3"
                );
                assert_eq!(ok.server_certificate.raw()[..4], hex("30820238"));
            }
            "auth-server-response.der" => {
                let response: Raw<AuthenticateServerResponse> = golden(&bytes);
                assert_eq!(response.bytes(), bytes);
                let AuthenticateServerResponse::AuthenticateResponseOk(ok) = response.value() else {
                    panic!()
                };
                let signed = &ok.euicc_signed1;
                assert_eq!(signed.bytes()[..2], hex("306A"));
                assert_eq!(signed.server_address, "smdp.example.com");
                assert_eq!(signed.euicc_info2.svn, VersionType::new(2, 2, 0));
                assert!(signed.euicc_info2.rsp_capability.is_empty());
                assert_eq!(signed.ctx_params1.bytes(), hex("A00AA108800400000000A100"));
                let CtxParams1::CtxParamsForCommonAuthentication(params) = signed.ctx_params1.value();
                assert_eq!(params.matching_id, None);
                assert_eq!(params.device_info.tac.bytes(), &[0; 4]);
            }
            "authenticate-response.der" => {
                let response: AuthenticateClientResponseEs9 = golden(&bytes);
                let AuthenticateClientResponseEs9::AuthenticateClientOk(ok) = response else { panic!() };
                assert_eq!(ok.profile_metadata.iccid.to_string(), "89000123456789012341");
                assert_eq!(ok.profile_metadata.service_provider_name.as_str(), "euicc-rsp");
                assert!(!ok.smdp_signed2.cc_required_flag);
                assert_eq!(ok.smdp_signed2.bpp_euicc_otpk, None);
            }
            "prepare-download-response.der" => {
                let response: PrepareDownloadResponse = golden(&bytes);
                let PrepareDownloadResponse::DownloadResponseOk(ok) = response else { panic!() };
                assert_eq!(ok.euicc_signed2.euicc_otpk.bytes().len(), 65);
                assert_eq!(ok.euicc_signed2.hash_cc, None);
            }
            "bound-profile-package.der" => {
                let package: BoundProfilePackage = golden(&bytes);
                let request = &package.initialise_secure_channel_request;
                assert_eq!(request.remote_op_id, RemoteOpId::INSTALL_BOUND_PROFILE_PACKAGE);
                assert_eq!(request.control_ref_template.host_id.bytes(), b"euicc-rsp");
                assert_eq!(request.control_ref_template.key_type.bytes(), &[0x88]);
                let signed = request.signed_members();
                assert_eq!(signed[..3], hex("820101"));
                assert_eq!(signed[signed.len() - 65..], *request.smdp_otpk.bytes());
                assert_eq!(package.first_sequence_of87.len(), 1);
                assert_eq!(package.second_sequence_of87, None);
                assert_eq!(package.sequence_of86[0].bytes().len(), 0x28);
                // The forwarding form holds the same bytes without opening them.
                assert_eq!(golden::<BoundProfilePackageTlv>(&bytes).raw(), bytes);
            }
            "store-metadata.der" => {
                let metadata: StoreMetadataRequest = golden(&bytes);
                assert_eq!(metadata.profile_name.as_str(), "euicc-rsp test profile");
                assert_eq!(metadata.class(), ProfileClass::OPERATIONAL);
            }
            "pending-notification.der" => {
                let notification: PendingNotification = golden(&bytes);
                assert_eq!(notification.metadata().seq_number, 1);
                assert_eq!(notification.bytes(), bytes);
                let PendingNotification::ProfileInstallationResult(result) = notification else { panic!() };
                let data = &result.profile_installation_result_data;
                assert_eq!(data.smdp_oid.to_string(), "2.999");
                assert_eq!(data.bytes()[..2], hex("BF27"));
                let FinalResult::SuccessResult(success) = &data.final_result else { panic!() };
                assert_eq!(success.aid.to_string(), "A0000005591010FFFFFFFF8900001100");
                assert_eq!(success.sima_response.bytes(), hex("3000"));
            }
            // Not DER objects of SGP.22: a profile package (see tests/profile_elements.rs) and 24 bytes of text.
            "profile.der" | "upp.der" => {}
            other => panic!("{other} is not matched to a type"),
        }
        seen.push(name);
    }
    assert_eq!(seen.len(), 10, "{seen:?}");
}

#[test]
fn the_certificates_of_the_recorded_session_stay_opaque() {
    let Some(folder) = data("session/certs") else { return };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "der") {
            let bytes = fs::read(&path).unwrap();
            assert_eq!(golden::<Certificate>(&bytes).raw(), bytes);
        }
    }
}

/// One command of a card log with the data it was answered with, GET RESPONSE folded in.
struct Exchange {
    command: Vec<u8>,
    answer: Vec<u8>,
}

/// Commands and responses of a log, and how many APDUs that were.
fn exchanges(log: &str) -> (Vec<Exchange>, usize) {
    let mut list: Vec<Exchange> = Vec::new();
    let mut apdus = 0;
    for line in log.lines() {
        let Some((direction, apdu)) = line.split_at_checked(2) else { continue };
        match direction {
            "> " => {
                let command = hex(apdu);
                if command[1] != 0xC0 {
                    list.push(Exchange { command, answer: Vec::new() });
                }
            }
            "< " => {
                let response = hex(apdu);
                let (data, status) = response.split_at(response.len() - 2);
                assert!(status[0] == 0x61 || status == [0x90, 0x00], "{apdu}");
                list.last_mut().unwrap().answer.extend_from_slice(data);
            }
            _ => continue,
        }
        apdus += 1;
    }
    (list, apdus)
}

fn golden_command(bytes: &[u8]) {
    match der::peek(bytes).unwrap().0 {
        0xBF22 => assert!(golden::<GetEuiccInfo2Request>(bytes).unknown.is_empty()),
        0xBF28 => assert_eq!(golden::<ListNotificationRequest>(bytes).profile_management_operation, None),
        0xBF2B => assert_eq!(golden::<RetrieveNotificationsListRequest>(bytes).search_criteria, None),
        0xBF2D => assert_eq!(golden::<ProfileInfoListRequest>(bytes), ProfileInfoListRequest::default()),
        0xBF31 => {
            let request: EnableProfileRequest = golden(bytes);
            let iccid = "89000123456789012341".parse().unwrap();
            assert_eq!(request.profile_identifier, ProfileIdentifier::Iccid(iccid));
            assert!(!request.refresh_flag.is_set());
        }
        0xBF32 => assert!(!golden::<DisableProfileRequest>(bytes).refresh_flag.is_set()),
        0xBF3E => assert_eq!(golden::<GetEuiccDataRequest>(bytes).tag_list, TagList::of([0x5A])),
        other => panic!("command {other:04X} is not matched to a type"),
    }
}

fn golden_answer(bytes: &[u8]) {
    match der::peek(bytes).unwrap().0 {
        0x6F => {
            let fci: FileControlInformation = golden(bytes);
            assert_eq!(fci.aid.to_string(), "A0000005591010FFFFFFFF8900000100");
            assert_eq!(fci.proprietary.unwrap().unknown.get(0x9F65), Some(&hex("9F6501FF")[..]));
            assert_eq!(fci.isdr.unwrap().svn.to_string(), "2.2.0");
            assert!(fci.unknown.is_empty());
        }
        0xBF22 => {
            let info: EuiccInfo2 = golden(bytes);
            assert_eq!(info.profile_version.to_string(), "2.1.0");
            assert_eq!(info.euicc_firmware_ver, VersionType::new(4, 4, 0));
            assert_eq!(
                info.rsp_capability,
                RspCapability::of([RspCapability::ADDITIONAL_PROFILE, RspCapability::TEST_PROFILE_SUPPORT])
            );
            assert!(info.uicc_capability.has(UiccCapability::AKA_MILENAGE));
            assert!(!info.uicc_capability.has(UiccCapability::CONTACTLESS_SUPPORT));
            assert_eq!(info.euicc_ci_pk_id_list_for_signing.len(), 2);
            assert_eq!(info.forbidden_profile_policy_rules, Some(PprIds::of([PprIds::PPR_UPDATE_CONTROL])));
            assert_eq!(info.sas_acreditation_number.as_str(), "G&DAccreditationNbr");
            let object = info.certification_data_object.unwrap();
            assert_eq!(object.discovery_base_url, "https://mycompany.com/myDLOARegistrar");
        }
        0xBF28 => {
            let ListNotificationResponse::NotificationMetadataList(list) = golden(bytes) else { panic!() };
            let numbers: Vec<u64> = list.iter().map(|metadata| metadata.seq_number).collect();
            assert_eq!(numbers, [24, 25, 26, 27, 28]);
            assert!(
                list.iter()
                    .all(|metadata| metadata.profile_management_operation.has(NotificationEvent::INSTALL))
            );
            assert_eq!(list[4].notification_address, "127.0.0.1");
        }
        0xBF2B => {
            let RetrieveNotificationsListResponse::NotificationList(list) = golden(bytes) else { panic!() };
            let sizes: Vec<usize> = list.iter().map(|notification| notification.bytes().len()).collect();
            assert_eq!(sizes, [186, 186, 186, 163, 163]);
            assert_eq!(list[0].metadata().seq_number, 24);
        }
        0xBF2D => match golden(bytes) {
            ProfileInfoListResponse::ProfileInfoListOk(list) => assert!(list.is_empty()),
            ProfileInfoListResponse::ProfileInfoListError(error) => {
                assert_eq!(error, ProfileInfoListError::INCORRECT_INPUT_VALUES);
            }
        },
        0xBF31 => assert_eq!(golden::<EnableProfileResponse>(bytes).enable_result, EnableResult::OK),
        0xBF32 => assert_eq!(golden::<DisableProfileResponse>(bytes).disable_result, DisableResult::OK),
        0xBF3E => {
            let response: GetEuiccDataResponse = golden(bytes);
            assert_eq!(response.eid_value.to_string(), "89049032123451234512345678901235");
        }
        other => panic!("answer {other:04X} is not matched to a type"),
    }
}

#[test]
fn every_apdu_of_the_card_logs_is_kept_byte_for_byte() {
    let Some(folder) = data("card-logs") else { return };
    let (mut logs, mut apdus, mut selects, mut store_data) = (0, 0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let log = fs::read_to_string(entry.unwrap().path()).unwrap();
        let (list, count) = exchanges(&log);
        logs += 1;
        apdus += count;
        let mut chained = Vec::new();
        for Exchange { command, answer } in list {
            let payload = &command[5..5 + usize::from(command[4])];
            match command[1] {
                0xA4 => {
                    selects += 1;
                    assert_eq!(payload, hex("A0000005591010FFFFFFFF8900000100"));
                }
                0xE2 => {
                    store_data += 1;
                    // SGP.22 §5.7.2: P1 11 announces more blocks, 91 is the last one.
                    chained.extend_from_slice(payload);
                    if command[2] == 0x11 {
                        continue;
                    }
                    golden_command(&chained);
                    chained.clear();
                }
                other => panic!("INS {other:02X}"),
            }
            golden_answer(&answer);
        }
        assert!(chained.is_empty());
    }
    assert_eq!((logs, apdus, selects, store_data), (7, 66, 7, 8));
}

// Objects of production cards and servers, and worked examples.

#[test]
fn a_production_cards_installation_result_is_kept() {
    let bytes = hex(
        "BF3781C2 BF277C 8010F2E53202F2314318B9D0EBD1D11EF87E BF2F36 800100 81020780
         0C217762672E70726F642E6F6E64656D616E64636F6E6E65637469766974792E636F6D 5A0A98583215220524122410
         060E2B0601040181F80201815C646502 A21F A01D 4F10A0000005591010FFFFFFFF8900001200 04093007A0053003800100
         5F3740 2F1D7FC2943917ECBD4C49E10161AB3E9490E53A6D247231BE974AF2E12068F2
         5A9EDDEE897A744635BD27D1E195932C9210669BB4E179706A0E3F0B4636DA94",
    );
    let result: ProfileInstallationResult = golden(&bytes);
    let data = &result.profile_installation_result_data;
    assert_eq!(data.bytes(), &bytes[4..4 + 127]);
    assert_eq!(data.notification_metadata.seq_number, 0);
    assert_eq!(data.notification_metadata.iccid.unwrap().to_string(), "89852351225042214201");
    assert_eq!(data.smdp_oid.to_string(), "1.3.6.1.4.1.31746.1.220.100.101.2");
    let FinalResult::SuccessResult(success) = &data.final_result else { panic!() };
    assert_eq!(success.aid.to_string(), "A0000005591010FFFFFFFF8900001200");
    assert_eq!(success.sima_response.bytes(), hex("3007A0053003800100"));
    assert_eq!(result.euicc_sign_pir.bytes().len(), 64);
    assert_eq!(golden::<PendingNotification>(&bytes).metadata(), &data.notification_metadata);
}

#[test]
fn a_failed_installation_names_command_and_reason() {
    let bytes = object(
        "BF37{BF27{80:0102030405060708 BF2F{80:0080 81:0780 0C:736D64702E6578616D706C652E636F6D} 06:88370A
              A2{A1{80:05 81:0C 82:300FA00B300980010181010D8301098100}}} 5F37:DEADBEEF}",
    );
    let result: ProfileInstallationResult = golden(&bytes);
    let data = &result.profile_installation_result_data;
    assert_eq!(data.notification_metadata.seq_number, 128);
    assert_eq!(data.notification_metadata.iccid, None);
    let FinalResult::ErrorResult(error) = &data.final_result else { panic!() };
    assert_eq!(error.bpp_command_id, BppCommandId::LOAD_PROFILE_ELEMENTS);
    assert_eq!(error.error_reason.to_string(), "installFailedDueToPEProcessingError(12)");
    assert!(error.sima_response.is_some());
    // A signature of another length is a bad signature, which the verifier refuses; the object is readable.
    assert_eq!(result.euicc_sign_pir.bytes(), hex("DEADBEEF"));
}

#[test]
fn a_production_cards_euicc_info_is_kept() {
    let bytes = hex(
        "BF227E 8103020301 8203020202 8303040200 840D 810100 8204000279D0 83020B89 8505077F3E1F80 8603090200 8703020300
         88020490 A9160414 81370F5125D0B1D408D4C3B232E6D25E795BEBFB AA160414 81370F5125D0B1D408D4C3B232E6D25E795BEBFB
         8B0100 99020640 0403010000 0C0D45442D5A492D55502D30383236",
    );
    let info: EuiccInfo2 = golden(&bytes);
    assert_eq!(info.profile_version.to_string(), "2.3.1");
    assert_eq!(info.svn.to_string(), "2.2.2");
    assert_eq!(info.ext_card_resource[..], hex("8101008204000279D083020B89"));
    assert_eq!(info.euicc_category, Some(EuiccCategory::OTHER));
    assert_eq!(info.forbidden_profile_policy_rules.unwrap().bits().collect::<Vec<_>>(), [PprIds::PPR1]);
    assert_eq!(info.sas_acreditation_number.as_str(), "ED-ZI-UP-0826");
    let ci = &info.euicc_ci_pk_id_list_for_verification[0];
    assert_eq!(ci.to_string(), "81370F5125D0B1D408D4C3B232E6D25E795BEBFB");

    let info1 = "BF2035 8203020300 A9160414F54172BDF98A95D65CBEB88A38A1C11D800A85C3
                 AA160414F54172BDF98A95D65CBEB88A38A1C11D800A85C3";
    assert_eq!(golden::<EuiccInfo1>(&hex(info1)).svn, VersionType::new(2, 3, 0));
}

#[test]
fn answers_to_select_are_kept() {
    for (bytes, svn) in [
        ("6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020202", Some("2.2.2")),
        ("6F258410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020500E104800206C0", Some("2.5.0")),
        ("6F188410A0000005591010FFFFFFFF8900000200A5049F6501FF", None),
    ] {
        let fci: FileControlInformation = golden(&hex(bytes));
        assert_eq!(fci.isdr.map(|isdr| isdr.svn.to_string()).as_deref(), svn);
    }
    let template: IsdrProprietaryApplicationTemplate = golden(&hex("E009 8203020202 03020520"));
    assert!(template.lpae_support.unwrap().has(LpaeSupport::ENABLED_PROFILE));
}

#[test]
fn authenticate_server_examples_are_kept() {
    let bytes = hex("BF3817A11580 10 000102030405060708090A0B0C0D0E0F 020107");
    let AuthenticateServerResponse::AuthenticateResponseError(error) = golden(&bytes) else { panic!() };
    assert_eq!(error.authenticate_error_code, AuthenticateErrorCode::CI_PK_UNKNOWN);
    assert_eq!(error.authenticate_error_code.to_string(), "ciPKUnknown(7)");

    let params = object(
        "A0{80:4D41544348494E472D31 A1{80:35290611
             A1{80:050000 81:080000 85:090000 86:090000 87:020000 88:0F0000} 82:352906110000000F}}",
    );
    let CtxParams1::CtxParamsForCommonAuthentication(common) = golden(&params);
    assert_eq!(common.matching_id.as_deref(), Some("MATCHING-1"));
    let capabilities = &common.device_info.device_capabilities;
    assert_eq!(capabilities.eutran_supported_release, Some(VersionType::new(9, 0, 0)));
    assert_eq!(capabilities.nr_epc_supported_release, Some(VersionType::new(15, 0, 0)));
    assert_eq!(capabilities.cdma2000onex_supported_release, None);
    assert_eq!(common.device_info.imei.unwrap().bytes()[7], 0x0F);
}

#[test]
fn prepare_download_and_cancel_session_examples_are_kept() {
    let bytes = hex("BF210FA10D8008 0123456789ABCDEF 020102");
    let PrepareDownloadResponse::DownloadResponseError(error) = golden(&bytes) else { panic!() };
    assert_eq!(error.download_error_code, DownloadErrorCode::INVALID_SIGNATURE);

    let CancelSessionResponse::CancelSessionResponseError(error) = golden(&hex("BF4103810105")) else {
        panic!()
    };
    assert_eq!(error, CancelSessionResponseError::INVALID_TRANSACTION_ID);

    // Automatic tags: the OID stands under 81, not 06.
    let bytes = object("BF41{A0{30{80:0123456789ABCDEF 81:88370A 82:01} 5F37:AABB}}");
    let CancelSessionResponse::CancelSessionResponseOk(ok) = golden(&bytes) else { panic!() };
    assert_eq!(ok.euicc_cancel_session_signed.smdp_oid.to_string(), "2.999.10");
    assert_eq!(ok.euicc_cancel_session_signed.reason, CancelSessionReason::POSTPONED);

    let request: CancelSessionRequest = golden(&hex("BF410D 8008 0123456789ABCDEF 810100"));
    assert_eq!(request.reason, CancelSessionReason::END_USER_REJECTION);
}

#[test]
fn es10_examples_are_kept() {
    assert_eq!(golden::<GetEuiccChallengeRequest>(&hex("BF2E00")), GetEuiccChallengeRequest::default());
    let challenge: GetEuiccChallengeResponse = golden(&hex("BF2E128010 00112233445566778899AABBCCDDEEFF"));
    assert_eq!(challenge.euicc_challenge.to_string(), "00112233445566778899AABBCCDDEEFF");
    golden::<GetEuiccInfo1Request>(&hex("BF2000"));
    golden::<EuiccConfiguredAddressesRequest>(&hex("BF3C00"));
    let addresses: EuiccConfiguredAddressesResponse = golden(&object("BF3C{80:612E74657374 81:622E7465}"));
    assert_eq!(addresses.default_dp_address.as_deref(), Some("a.test"));
    assert_eq!(golden::<SetDefaultDpAddressRequest>(&hex("BF3F028000")).default_dp_address, "");
    let response: SetDefaultDpAddressResponse = golden(&hex("BF3F03800100"));
    assert_eq!(response.set_default_dp_address_result, SetDefaultDpAddressResult::OK);

    golden::<GetRatRequest>(&hex("BF4300"));
    assert!(golden::<GetRatResponse>(&hex("BF4302A000")).rat.is_empty());
    let rat: GetRatResponse =
        golden(&hex("BF4319A017 3015 80020560 A10B 3009 8003EEEEEE 8100 8200 82020780"));
    let rule = &rat.rat[0];
    assert_eq!(rule.ppr_ids.bits().collect::<Vec<_>>(), [PprIds::PPR1, PprIds::PPR2]);
    assert_eq!(rule.allowed_operators[0].mcc_mnc.to_string(), "EEEEEE");
    assert_eq!(rule.allowed_operators[0].gid1.as_deref(), Some(&[][..]));
    assert!(rule.ppr_flags.has(PprFlags::CONSENT_REQUIRED));

    golden::<LpaeActivationRequest>(&hex("BF420480020780"));
    let lpae: LpaeActivationResponse = golden(&hex("BF4203800101"));
    assert_eq!(lpae.lpae_activation_result, LpaeActivationResult::NOT_SUPPORTED);
    // The list has its own tag where it is handled and A0 in the command.
    let crl: LoadCrlRequest = golden(&object("BF35{A0{30{02:0102}}}"));
    assert_eq!(crl.crl.raw(), object("30{30{02:0102}}"));
    let LoadCrlResponse::LoadCrlResponseOk(ok) = golden(&object("BF35{A0{A0{02:02 02:03}}}")) else {
        panic!()
    };
    assert_eq!(ok.missing_parts, Some(vec![2, 3]));
    let LoadCrlResponse::LoadCrlResponseError(error) = golden(&hex("BF3503810104")) else { panic!() };
    assert_eq!(error, LoadCrlError::VERIFICATION_KEY_NOT_FOUND);
}

#[test]
fn notification_examples_are_kept() {
    let list: ListNotificationRequest = golden(&hex("BF280481020780"));
    assert_eq!(list.profile_management_operation, Some(NotificationEvent::of([NotificationEvent::INSTALL])));
    let ListNotificationResponse::ListNotificationsResultError(error) = golden(&hex("BF280381017F")) else {
        panic!()
    };
    assert_eq!(error, ListNotificationError::UNDEFINED_ERROR);
    let retrieve: RetrieveNotificationsListRequest = golden(&hex("BF2B05A003800118"));
    assert_eq!(retrieve.search_criteria, Some(NotificationSearchCriteria::SeqNumber(24)));
    let retrieve: RetrieveNotificationsListRequest = golden(&hex("BF2B06A00481020640"));
    let enable = NotificationEvent::of([NotificationEvent::ENABLE]);
    assert_eq!(
        retrieve.search_criteria,
        Some(NotificationSearchCriteria::ProfileManagementOperation(enable))
    );
    golden::<RetrieveNotificationsListResponse>(&hex("BF2B02A000"));
    golden::<RetrieveNotificationsListResponse>(&hex("BF2B0381017F"));
    let sent: NotificationSentRequest = golden(&object("BF30{80:009C}"));
    assert_eq!(sent.seq_number, 156);
    let sent: NotificationSentResponse = golden(&hex("BF3003800101"));
    assert_eq!(sent.delete_notification_status, DeleteNotificationStatus::NOTHING_TO_DELETE);

    // All four events, each as production servers write it.
    for (bits, event) in [
        ("0780", NotificationEvent::INSTALL),
        ("0640", NotificationEvent::ENABLE),
        ("0520", NotificationEvent::DISABLE),
        ("0410", NotificationEvent::DELETE),
    ] {
        let metadata: NotificationMetadata = golden(&object(&format!("BF2F{{80:01 81:{bits} 0C:61}}")));
        assert_eq!(metadata.profile_management_operation, NotificationEvent::of([event]));
    }
    let other = object(
        "30{BF2F{80:01 81:0410 0C:736D 5A:98583215220524122410} 5F37:0102 30{30{02:01}} 30{30{02:02}}}",
    );
    let PendingNotification::OtherSignedNotification(notification) = golden(&other) else { panic!() };
    assert_eq!(notification.bytes(), other);
    assert_eq!(notification.tbs_other_notification.bytes()[..2], hex("BF2F"));
    assert_eq!(notification.eum_certificate.raw(), object("30{30{02:02}}"));
}

#[test]
fn profile_management_examples_are_kept() {
    let request: EnableProfileRequest = golden(&hex("BF3111A00C5A0A98001032547698103214810100"));
    assert_eq!(request.profile_identifier, ProfileIdentifier::Iccid("89000123456789012341".parse().unwrap()));
    // LPAs write the flag in three ways.
    for (octet, set) in [("FF", true), ("01", true), ("00", false)] {
        let bytes = object(&format!("BF32{{A0{{4F:A0000005591010FFFFFFFF8900001100}} 81:{octet}}}"));
        assert_eq!(golden::<DisableProfileRequest>(&bytes).refresh_flag.is_set(), set);
    }
    assert_eq!(Flag::from(true), Flag::TRUE);
    let DeleteProfileRequest::Iccid(iccid) = golden(&object("BF33{5A:98001032547698103214}")) else {
        panic!()
    };
    assert_eq!(iccid.to_string(), "89000123456789012341");
    let delete: DeleteProfileResponse = golden(&hex("BF3303800102"));
    assert_eq!(delete.delete_result, DeleteResult::PROFILE_NOT_IN_DISABLED_STATE);
    let reset: EuiccMemoryResetRequest = golden(&hex("BF3404820205E0"));
    assert_eq!(reset.reset_options.bits().count(), 3);
    golden::<EuiccMemoryResetResponse>(&hex("BF3403800105"));
    let nickname: SetNicknameRequest = golden(&object("BF29{5A:98001032547698103214 90:61C3A4}"));
    assert_eq!(nickname.profile_nickname.as_str(), "aä");
    golden::<SetNicknameResponse>(&hex("BF2903800101"));

    let list: ProfileInfoListRequest = golden(&object("BF2D{A0{5A:98001032547698103214} 5C:BF76}"));
    assert_eq!(list.tag_list.unwrap().tags().collect::<Vec<_>>(), [0xBF76]);
    // What AOSP asks for.
    let tags = TagList::try_from(&hex("5A909192B79F709599BF769F24")[..]).unwrap();
    let asked = [0x5A, 0x90, 0x91, 0x92, 0xB7, 0x9F70, 0x95, 0x99, 0xBF76, 0x9F24];
    assert_eq!(tags.tags().collect::<Vec<_>>(), asked);
    assert_eq!(TagList::of(asked), tags);
    let by_class: ProfileInfoListRequest = golden(&hex("BF2D05A003950102"));
    let class = ProfileSearchCriteria::ProfileClass(ProfileClass::OPERATIONAL);
    assert_eq!(by_class.search_criteria, Some(class));
}

#[test]
fn profile_info_keeps_what_cards_write_and_leave_out() {
    for class in ["", "95:02"] {
        let response = object(&format!(
            "BF2D{{A0{{E3{{5A:98001032547698103214 4F:A0000005591010FFFFFFFF8900001100 9F70:01 91:54657374 92:546573
             {class} B7{{80:42F618 81:}} 99:0560}}}}}}"
        ));
        let ProfileInfoListResponse::ProfileInfoListOk(list) = golden(&response) else { panic!() };
        assert_eq!(list[0].profile_state, Some(ProfileState::ENABLED));
        assert_eq!(list[0].profile_class.is_some(), !class.is_empty());
        assert_eq!(list[0].profile_owner.as_ref().unwrap().mcc_mnc.to_string(), "42F618");
        assert!(list[0].profile_policy_rules.as_ref().unwrap().has(PprIds::PPR2));
    }
}

#[test]
fn bound_profile_package_commands_are_kept() {
    assert_eq!(golden::<ConfigureIsdpRequest>(&hex("BF2400")), ConfigureIsdpRequest::default());
    let configure: ConfigureIsdpRequest = golden(&object("BF24{B8{80:88370A 81:010203}}"));
    let data = configure.dp_proprietary_data.unwrap();
    assert_eq!(data.dp_oid.to_string(), "2.999.10");
    assert_eq!(data.unknown.concat(), hex("8103010203"));

    let metadata: StoreMetadataRequest =
        golden(&hex("BF251D5A0A98001032547698103214910447534D419206546573742031950102"));
    assert_eq!(metadata.service_provider_name.as_str(), "GSMA");
    assert_eq!(metadata.profile_class, Some(ProfileClass::OPERATIONAL));

    let keys: ReplaceSessionKeysRequest =
        golden(&hex("BF2636 8010000102030405060708090A0B0C0D0E0F 8110010102030405060708090A0B0C0D0E0F
         8210020102030405060708090A0B0C0D0E0F"));
    assert_eq!(keys.ppk_enc.bytes()[..2], [1, 1]);
    let update: UpdateMetadataRequest = golden(&object("BF2A{91:4F74686572 94:}"));
    assert_eq!(update.icon.unwrap().bytes(), b"");
}

#[test]
fn keys_are_not_printed() {
    let keys: ReplaceSessionKeysRequest = golden(&object("BF26{80:ABABABAB 81:ABABABAB 82:ABABABAB}"));
    let printed = format!("{keys:?} {:?}", keys.ppk_enc).to_lowercase();
    assert!(!printed.contains("ab") && !printed.contains("171"), "{printed}");
}

#[test]
fn es9_messages_of_the_asn1_binding_are_kept() {
    let info1 = "BF20098203020000A900AA00";
    let initiate =
        object(&format!("A2{{BF39{{81:00112233445566778899AABBCCDDEEFF 83:612E74657374 {info1}}}}}"));
    let RemoteProfileProvisioningRequest::InitiateAuthenticationRequest(request) = golden(&initiate) else {
        panic!()
    };
    assert_eq!(request.euicc_info1.bytes(), hex(info1));
    assert_eq!(request.smdp_address, "a.test");

    // Implicit tagging takes the tag BF41 away from CancelSessionResponse here; JSON carries it with its own.
    let response = hex("BF4103810105");
    let cancel = object("A2{BF41{80:AABB A1{81:05}}}");
    let RemoteProfileProvisioningRequest::CancelSessionRequestEs9(request) = golden(&cancel) else {
        panic!()
    };
    assert_eq!(request.cancel_session_response.bytes(), response);
    assert_eq!(Raw::from_der(&response).as_ref(), Ok(&request.cancel_session_response));

    // A CHOICE as a member stands behind a tag of its own.
    let result =
        "BF37{BF27{80:AA BF2F{80:01 81:0780 0C:61} 06:88370A A2{A0{4F:A000000559 04:3000}}} 5F37:0102}";
    let handle = object(&format!("A2{{BF3D{{A0{{{result}}}}}}}"));
    let RemoteProfileProvisioningRequest::HandleNotification(handle) = golden(&handle) else { panic!() };
    assert_eq!(handle.pending_notification.bytes(), object(result));
    assert!(der::decode::<HandleNotification>(&object(&format!("BF3D{{{result}}}"))).is_err());

    for (bytes, text) in [
        ("A206BF3903810103", "ciPKNotSupported(3)"),
        ("A206BF3B03810112", "downloadOrderExpired(18)"),
        ("A206BF3A0381015F", "invalidTransactionId(95)"),
        ("A206BF4103810102", "euiccSignatureInvalid(2)"),
        ("A206BF4003810106", "eventIdUnknown(6)"),
    ] {
        let response: RemoteProfileProvisioningResponse = golden(&hex(bytes));
        assert!(format!("{response:?}").contains(text), "{response:?}");
    }
    let cancelled: CancelSessionResponseEs9 = golden(&hex("BF4102A000"));
    assert_eq!(cancelled, CancelSessionResponseEs9::CancelSessionOk(CancelSessionOk::default()));
    let events = object("BF40{A0{80:AABB A1{30{80:455631 81:622E7465}}}}");
    let AuthenticateClientResponseEs11::AuthenticateClientOk(ok) = golden(&events) else { panic!() };
    assert_eq!(ok.event_entries[0].event_id, "EV1");
}
