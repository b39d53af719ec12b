//! Profile download and installation against a card and a server that follow a script (SGP.22 §3.1.2, §3.1.3).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

mod common;

use asn1::{
    AuthenticateErrorCode, AuthenticateResponseError, AuthenticateServerRequest, AuthenticateServerResponse,
    BppCommandId, CancelSessionReason as Reason, CancelSessionResponse, CancelSessionResponseError,
    CtxParams1, DownloadErrorCode, ErrorReason, FinalResult, OperatorId, PprFlags, PprIds,
    PrepareDownloadRequest, PrepareDownloadResponse, PrepareDownloadResponseError, ProfileClass, ProfileInfo,
    ProfilePolicyAuthorisationRule, Raw, StoreMetadataRequest, SubjectKeyIdentifier, Unknown, der, tlv,
};
use certs::Role;
use common::{Answer, Asked, Gone, World};
use lpa::Blame;
use lpa::download::{
    CancelOutcome, Decision, Declined, DownloadError, Failure, LoadError, Mismatch, PolicyRefusal,
    PolicyRule, Progress, Step,
};
use protocol::es9plus::Function;
use protocol::trace::{Verdict, What};

/// What goes wrong in a session.
type Change = fn(&mut World);

/// The session was ended with this reason at the eUICC and the server.
fn assert_rejected(world: &World, error: &DownloadError<Gone>, reason: Reason) {
    assert_eq!(world.card_cancellations(), [reason]);
    let cancelled = world.server.cancelled();
    let [request] = cancelled.as_slice() else { panic!("{} cancellations", cancelled.len()) };
    assert_eq!(request.transaction_id, common::transaction_id());
    assert!(matches!(
        request.cancel_session_response.value(),
        CancelSessionResponse::CancelSessionResponseOk(_)
    ));
    let cancellation = error.cancellation.as_ref().unwrap();
    assert_eq!(cancellation.reason, reason);
    assert!(matches!(cancellation.outcome, CancelOutcome::Complete));
}

/// The session was ended with this reason at the eUICC only.
fn assert_abandoned(world: &World, error: &DownloadError<Gone>, reason: Reason) {
    assert_eq!(world.card_cancellations(), [reason]);
    assert!(world.server.cancelled().is_empty());
    assert!(matches!(error.cancellation.as_ref().unwrap().outcome, CancelOutcome::EuiccOnly));
}

/// There was no session to end.
fn assert_stopped(world: &World, error: &DownloadError<Gone>) {
    assert!(world.card_cancellations().is_empty());
    assert!(world.server.cancelled().is_empty());
    assert!(error.cancellation.is_none());
}

#[test]
fn a_profile_is_downloaded_and_installed() {
    let mut world = World::new();
    let downloaded = world.download().unwrap();

    assert_eq!(downloaded.iccid.to_string(), "89000123456789012341");
    assert_eq!(downloaded.isdp_aid.bytes(), common::ISDP_AID);
    assert_eq!(downloaded.transaction_id, common::transaction_id());
    assert_eq!(
        downloaded.profile_installation_result.bytes(),
        common::installation_result(common::success())
    );
    assert_eq!(world.user.offers, [("Test profile".to_owned(), 0)]);
    assert_eq!(world.user.asked_for_code, 0);
    let steps: Vec<_> = world.user.progress.iter().filter(|p| matches!(p, Progress::Step(_))).collect();
    assert_eq!(steps.len(), 8);
    // The last segment is answered with the result.
    let loaded = world.user.progress.last();
    assert_eq!(loaded, Some(&Progress::Segments { loaded: 6, of: 7 }));
    assert!(world.card_cancellations().is_empty() && world.server.cancelled().is_empty());
}

#[test]
fn what_the_server_signed_reaches_the_card_as_it_came_and_back() {
    let mut world = World::new();
    world.download().unwrap();

    let answer = world.server.initiate_authentication.clone().unwrap();
    let request: AuthenticateServerRequest = der::decode(world.card.received(0xBF38)[0]).unwrap();
    assert_eq!(request.server_signed1.bytes(), answer.server_signed1.bytes());
    assert_eq!(request.server_signature1, answer.server_signature1);
    assert_eq!(request.server_certificate, answer.server_certificate);
    let CtxParams1::CtxParamsForCommonAuthentication(context) = request.ctx_params1.value();
    assert_eq!(context.matching_id.as_deref(), Some("AB-12"));
    assert_eq!(context.device_info.tac.bytes(), &[0x53, 0x92, 0x60, 0x11]);

    let offer = world.server.authenticate_client.clone().unwrap();
    let request: PrepareDownloadRequest = der::decode(world.card.received(0xBF21)[0]).unwrap();
    assert_eq!(request.smdp_signed2.bytes(), offer.smdp_signed2.bytes());
    assert_eq!(request.hash_cc, None);

    let asked = world.server.asked.lock().unwrap();
    let [
        Asked::InitiateAuthentication(first),
        Asked::AuthenticateClient(second),
        Asked::GetBoundProfilePackage(_),
    ] = asked.as_slice()
    else {
        panic!("{asked:?}")
    };
    assert_eq!(first.smdp_address, common::SMDP_ADDRESS);
    let response = common::authenticate_server_response(&common::transaction_id());
    assert_eq!(second.authenticate_server_response.bytes(), response);
}

#[test]
fn an_empty_matching_id_is_sent_as_an_empty_string() {
    let mut world = World::new();
    let device = world.request.device.clone();
    world.request = lpa::download::Request::from_default_smdp(common::SMDP_ADDRESS.parse().unwrap(), device);
    world.download().unwrap();
    let request: AuthenticateServerRequest = der::decode(world.card.received(0xBF38)[0]).unwrap();
    let CtxParams1::CtxParamsForCommonAuthentication(context) = request.ctx_params1.value();
    assert_eq!(context.matching_id.as_deref(), Some(""));
}

#[test]
fn the_segments_go_to_the_card_one_by_one_and_in_order() {
    let mut world = World::new();
    world.download().unwrap();
    let package = world.server.get_bound_profile_package.clone().unwrap().bound_profile_package.into_raw();
    let position = world.card.objects.iter().position(|object| common::tag_of(object) == 0xBF36).unwrap();
    let segments = &world.card.objects[position..];
    assert_eq!(segments.concat(), package);
    let tags: Vec<u32> = segments.iter().map(|segment| common::tag_of(segment)).collect();
    assert_eq!(tags, [0xBF36, 0xA0, 0xA1, 0x88, 0xA3, 0x86, 0x86]);
}

#[test]
fn another_server_address_than_the_one_asked_stops_the_procedure() {
    let mut world = World::new();
    let answer = world.server.initiate_authentication.as_mut().unwrap();
    answer.server_signed1 = common::server_signed1(&common::transaction_id(), "smdp.example.org");
    let error = world.download().unwrap_err();
    assert!(matches!(
        &error.failure,
        Failure::ServerAnswer {
            function: Function::InitiateAuthentication,
            mismatch: Mismatch::ServerAddress { .. }
        }
    ));
    assert_eq!(error.blame(), Blame::Server);
    assert_stopped(&world, &error);
    // The eUICC was not bothered.
    assert!(world.card.received(0xBF38).is_empty());
}

#[test]
fn the_server_address_is_compared_without_case() {
    let mut world = World::new();
    let answer = world.server.initiate_authentication.as_mut().unwrap();
    answer.server_signed1 = common::server_signed1(&common::transaction_id(), "SMDP.Example.COM");
    assert!(world.download().is_ok());
}

#[test]
fn a_transaction_id_that_differs_inside_server_signed1_stops_the_procedure() {
    let mut world = World::new();
    let answer = world.server.initiate_authentication.as_mut().unwrap();
    answer.server_signed1 = common::server_signed1(&common::other_transaction_id(), common::SMDP_ADDRESS);
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::ServerAnswer { mismatch: Mismatch::TransactionId { .. }, .. }));
    assert_stopped(&world, &error);
}

#[test]
fn a_ci_that_the_euicc_does_not_sign_under_stops_the_procedure() {
    let mut world = World::new();
    let answer = world.server.initiate_authentication.as_mut().unwrap();
    answer.euicc_ci_pk_id_to_be_used = SubjectKeyIdentifier::new([0xC0; 20]).unwrap();
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::ServerAnswer { mismatch: Mismatch::CiPkId(_), .. }));
    assert_stopped(&world, &error);
}

#[test]
fn the_oid_of_the_activation_code_has_to_be_in_cert_dpauth() {
    let mut world = World::new();
    world.request.smdp_oid = Some("2.999.10".to_owned());
    assert!(world.download().is_ok());

    let mut world = World::new();
    world.request.smdp_oid = Some("2.999.11".to_owned());
    let error = world.download().unwrap_err();
    let Failure::ServerAnswer { mismatch: Mismatch::SmdpOid { expected, found }, .. } = &error.failure else {
        panic!("{error}")
    };
    assert_eq!((expected.as_str(), found.as_str()), ("2.999.11", "2.999.10"));
    assert_stopped(&world, &error);
}

#[test]
fn a_server_that_does_not_show_cert_dpauth_stops_the_procedure() {
    let certificates = [
        (common::certificate(), "cannot be read"),
        (common::server_certificate(Role::DsAuth), "an SM-DP+ is expected"),
        (common::server_certificate(Role::DpPb), "neither CERT.DPauth nor CERT.DSauth"),
    ];
    for (certificate, expected) in certificates {
        let mut world = World::new();
        world.server.initiate_authentication.as_mut().unwrap().server_certificate = certificate;
        let error = world.download().unwrap_err();
        let Failure::ServerAnswer { function: Function::InitiateAuthentication, mismatch } = &error.failure
        else {
            panic!("{error}")
        };
        assert!(mismatch.to_string().contains(expected), "{mismatch}");
        assert_stopped(&world, &error);
        // The eUICC was not bothered.
        assert!(world.card.received(0xBF38).is_empty());
    }
}

#[test]
fn a_server_that_the_euicc_refuses_is_named_with_the_code_of_the_euicc() {
    let mut world = World::new();
    let response = AuthenticateServerResponse::AuthenticateResponseError(AuthenticateResponseError {
        transaction_id: common::transaction_id(),
        authenticate_error_code: AuthenticateErrorCode::INVALID_SIGNATURE,
        unknown: Unknown::none(),
    });
    world.card.data(0xBF38, der::encode(&response));
    let error = world.download().unwrap_err();
    assert!(error.to_string().contains("invalidSignature(2)"), "{error}");
    assert_eq!((error.step, error.blame()), (Step::AuthenticateServer, Blame::Euicc));
    assert_stopped(&world, &error);
}

#[test]
fn a_transaction_id_swapped_by_the_server_ends_the_session_in_the_euicc() {
    let changes: [(Step, Change); 3] = [
        (Step::AuthenticateClient, |world| {
            world.server.authenticate_client.as_mut().unwrap().transaction_id =
                common::other_transaction_id();
        }),
        (Step::AuthenticateClient, |world| {
            let signed = common::smdp_signed2(&common::other_transaction_id(), false);
            world.server.authenticate_client.as_mut().unwrap().smdp_signed2 = Raw::new(signed);
        }),
        (Step::GetBoundProfilePackage, |world| {
            let answer = world.server.get_bound_profile_package.as_mut().unwrap();
            answer.transaction_id = common::other_transaction_id();
        }),
    ];
    for (step, change) in changes {
        let mut world = World::new();
        change(&mut world);
        let error = world.download().unwrap_err();
        assert_eq!(error.step, step);
        assert!(matches!(
            &error.failure,
            Failure::ServerAnswer { mismatch: Mismatch::TransactionId { .. }, .. }
        ));
        assert_abandoned(&world, &error, Reason::UNDEFINED_REASON);
    }
}

#[test]
fn a_user_who_rejects_postpones_or_keeps_silent_cancels_with_the_reason_that_fits() {
    for (decision, declined, reason) in [
        (Decision::Reject, Declined::Rejected, Reason::END_USER_REJECTION),
        (Decision::Postpone, Declined::Postponed, Reason::POSTPONED),
        (Decision::TimedOut, Declined::TimedOut, Reason::TIMEOUT),
    ] {
        let mut world = World::new();
        world.user.decision = decision;
        let error = world.download().unwrap_err();
        assert!(matches!(&error.failure, Failure::Declined(found) if *found == declined));
        assert_eq!((error.step, error.blame()), (Step::Confirm, Blame::User));
        assert_rejected(&world, &error, reason);
        assert!(world.card.received(0xBF21).is_empty());
    }
}

#[test]
fn a_confirmation_code_is_asked_for_and_hashed_with_the_transaction_id() {
    for required_by_server in [true, false] {
        let mut world = World::new();
        // SGP.22 §3.1.3 step 8: either of the two flags suffices.
        if required_by_server {
            world.require_code();
        } else {
            world.request.confirmation_code_required = true;
        }
        world.user.code = Some("4321");
        world.download().unwrap();
        assert_eq!(world.user.asked_for_code, 1);
        let request: PrepareDownloadRequest = der::decode(world.card.received(0xBF21)[0]).unwrap();
        // Computed with an independent SHA-256: code "4321", transactionId 0123456789ABCDEF.
        let expected = "DFC86F227184214EBE177E35EFD1C8C35FDEA7F68371CCBCCC25FDCC40007EE3";
        assert_eq!(request.hash_cc.unwrap().to_string(), expected);
    }
}

#[test]
fn a_missing_confirmation_code_postpones_the_download() {
    let mut world = World::new();
    world.require_code();
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::Declined(Declined::NoConfirmationCode)));
    assert_rejected(&world, &error, Reason::POSTPONED);
}

#[test]
fn a_confirmation_code_is_not_shown_by_debug() {
    let code = lpa::download::ConfirmationCode::new("4321");
    assert!(!format!("{code:?}").contains("4321"));
}

#[test]
fn an_offer_that_the_euicc_refuses_is_named_with_the_code_of_the_euicc() {
    let mut world = World::new();
    let response = PrepareDownloadResponse::DownloadResponseError(PrepareDownloadResponseError {
        transaction_id: common::transaction_id(),
        download_error_code: DownloadErrorCode::INVALID_CERTIFICATE,
        unknown: Unknown::none(),
    });
    world.card.data(0xBF21, der::encode(&response));
    let error = world.download().unwrap_err();
    assert!(error.to_string().contains("invalidCertificate(1)"), "{error}");
    // SGP.22 §3.1.3.2 step 2: the procedure stops; the order is left as it is.
    assert_abandoned(&world, &error, Reason::UNDEFINED_REASON);
}

#[test]
fn a_server_that_vanishes_between_any_two_steps_leaves_nothing_in_the_euicc_and_the_next_attempt_succeeds() {
    let changes: [(Function, Change); 3] = [
        (Function::InitiateAuthentication, |world| world.server.initiate_authentication = Err(Gone)),
        (Function::AuthenticateClient, |world| world.server.authenticate_client = Err(Gone)),
        (Function::GetBoundProfilePackage, |world| world.server.get_bound_profile_package = Err(Gone)),
    ];
    for (vanishes_at, change) in changes {
        let mut world = World::new();
        let good = world.server.clone();
        change(&mut world);
        let error = world.download().unwrap_err();
        assert!(
            matches!(&error.failure, Failure::Server { function, error: Gone } if *function == vanishes_at)
        );
        if vanishes_at == Function::InitiateAuthentication {
            assert_stopped(&world, &error);
        } else {
            // A reason that ends no order, and lets the eUICC keep its one-time key (SGP.22 §5.7.14).
            assert_abandoned(&world, &error, Reason::TIMEOUT);
        }
        world.server = good;
        assert!(world.download().is_ok());
        assert_eq!(world.card.received(0xBF2E).len(), 2, "each attempt has its own challenge");
    }
}

#[test]
fn a_rejection_that_the_server_does_not_hear_is_reported() {
    let mut world = World::new();
    world.user.decision = Decision::Reject;
    world.server.cancel_session = Err(Gone);
    let error = world.download().unwrap_err();
    assert!(matches!(error.cancellation.unwrap().outcome, CancelOutcome::ServerFailed(Gone)));
}

#[test]
fn a_rejection_that_the_euicc_does_not_sign_is_not_sent() {
    let mut world = World::new();
    world.user.decision = Decision::Reject;
    let response =
        CancelSessionResponse::CancelSessionResponseError(CancelSessionResponseError::INVALID_TRANSACTION_ID);
    world.card.data(0xBF41, der::encode(&response));
    let error = world.download().unwrap_err();
    assert!(world.server.cancelled().is_empty());
    let CancelOutcome::EuiccRefused(code) = error.cancellation.unwrap().outcome else { panic!() };
    assert_eq!(code, CancelSessionResponseError::INVALID_TRANSACTION_ID);
}

#[test]
fn a_card_that_is_pulled_out_is_blamed_on_the_connection() {
    let mut world = World::new();
    world.card.set(0xBF21, [Answer::Gone]);
    world.card.set(0xBF41, [Answer::Gone]);
    let error = world.download().unwrap_err();
    assert_eq!(error.blame(), Blame::CardConnection);
    assert!(matches!(error.cancellation.unwrap().outcome, CancelOutcome::EuiccFailed(_)));
}

fn with_rules(rules: impl IntoIterator<Item = usize>) -> StoreMetadataRequest {
    StoreMetadataRequest {
        profile_policy_rules: Some(PprIds::of(rules)),
        profile_owner: Some(operator([0x42, 0xF6, 0x18])),
        ..common::metadata()
    }
}

fn operator(mcc_mnc: [u8; 3]) -> OperatorId {
    OperatorId {
        mcc_mnc: asn1::MccMnc::new(mcc_mnc).unwrap(),
        gid1: None,
        gid2: None,
        unknown: Unknown::none(),
    }
}

/// Everything is allowed to everybody, with or without consent.
fn rat(consent_required: bool) -> Vec<u8> {
    let flags =
        if consent_required { PprFlags::of([PprFlags::CONSENT_REQUIRED]) } else { PprFlags::default() };
    let rule = ProfilePolicyAuthorisationRule {
        ppr_ids: PprIds::of([PprIds::PPR1, PprIds::PPR2]),
        allowed_operators: vec![operator([0xEE, 0xEE, 0xEE])],
        ppr_flags: flags,
        unknown: Unknown::none(),
    };
    tlv::wrap(0xBF43, &tlv::wrap(0xA0, &der::encode(&rule)))
}

#[test]
fn a_profile_without_rules_spares_the_rules_authorisation_table() {
    let mut world = World::new();
    world.download().unwrap();
    assert!(world.card.received(0xBF43).is_empty() && world.card.received(0xBF2D).is_empty());
}

#[test]
fn rules_that_the_table_allows_are_shown_and_installed() {
    for (consent_required, count) in [(true, 2), (false, 0)] {
        let mut world = World::new();
        world.offer(&with_rules([PprIds::PPR1, PprIds::PPR2]));
        world.card.data(0xBF43, rat(consent_required));
        world.download().unwrap();
        assert_eq!(world.user.offers, [("Test profile".to_owned(), count)]);
    }
}

#[test]
fn a_rule_that_the_table_does_not_name_cancels_with_ppr_not_allowed() {
    let mut world = World::new();
    world.offer(&with_rules([PprIds::PPR2]));
    let error = world.download().unwrap_err();
    assert!(matches!(
        &error.failure,
        Failure::Policy(PolicyRefusal::Forbidden(PolicyRule::DeletionNotAllowed))
    ));
    assert_rejected(&world, &error, Reason::PPR_NOT_ALLOWED);
    assert!(world.user.offers.is_empty(), "the user is not asked in vain");
}

#[test]
fn a_rule_that_nobody_knows_cancels_with_ppr_not_allowed() {
    let mut world = World::new();
    world.offer(&with_rules([5]));
    world.card.data(0xBF43, rat(false));
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::Policy(PolicyRefusal::UnknownRule(5))));
    assert_rejected(&world, &error, Reason::PPR_NOT_ALLOWED);
}

#[test]
fn ppr1_beside_an_operational_profile_cancels_with_ppr_not_allowed() {
    for (class, refused) in [
        (Some(ProfileClass::OPERATIONAL), true),
        (None, true),
        (Some(ProfileClass::TEST), false),
        (Some(ProfileClass::PROVISIONING), false),
    ] {
        let mut world = World::new();
        world.offer(&with_rules([PprIds::PPR1]));
        world.card.data(0xBF43, rat(false));
        let info = ProfileInfo { profile_class: class, ..ProfileInfo::default() };
        world.card.data(0xBF2D, tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &der::encode(&info))));
        match world.download() {
            Ok(_) => assert!(!refused, "{class:?}"),
            Err(error) => {
                assert!(refused, "{class:?}");
                assert!(matches!(
                    &error.failure,
                    Failure::Policy(PolicyRefusal::OperationalProfileInstalled)
                ));
                assert_rejected(&world, &error, Reason::PPR_NOT_ALLOWED);
            }
        }
    }
}

#[test]
fn metadata_in_the_package_that_differs_cancels_with_metadata_mismatch() {
    let mut world = World::new();
    let other = StoreMetadataRequest { profile_name: "Another".parse().unwrap(), ..common::metadata() };
    world.package(&der::encode(&other));
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::MetadataChanged));
    assert_rejected(&world, &error, Reason::METADATA_MISMATCH);
    assert!(world.card.received(0xBF36).is_empty(), "nothing of the package reaches the eUICC");
}

#[test]
fn rules_in_the_package_that_differ_cancel_with_ppr_not_allowed() {
    let mut world = World::new();
    world.package(&der::encode(&with_rules([PprIds::PPR1])));
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::PolicyRulesChanged));
    assert_rejected(&world, &error, Reason::PPR_NOT_ALLOWED);
}

#[test]
fn metadata_spread_over_two_segments_is_joined() {
    let mut world = World::new();
    let command = der::encode(&common::metadata());
    let (first, second) = command.split_at(11);
    let protected = [first, second].map(|part| tlv::wrap(0x88, &[part, &[0xEE; 8]].concat()));
    let body = [
        tlv::wrap(0xBF23, &[0x82, 0x01, 0x01]),
        tlv::wrap(0xA0, &tlv::wrap(0x87, &[0x87; 24])),
        tlv::wrap(0xA1, &protected.concat()),
        tlv::wrap(0xA3, &[tlv::wrap(0x86, &[1; 16]), tlv::wrap(0x86, &[2; 16])].concat()),
    ];
    world.set_package(tlv::wrap(0xBF36, &body.concat()));
    assert!(world.download().is_ok());
}

#[test]
fn a_package_that_cannot_be_cut_cancels_with_load_bpp_execution_error() {
    let mut world = World::new();
    world.set_package(tlv::wrap(0xBF36, &tlv::wrap(0xA0, &tlv::wrap(0x87, &[0; 16]))));
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::Load(LoadError::Segmentation(_))));
    assert_eq!(error.blame(), Blame::Server);
    assert_rejected(&world, &error, Reason::LOAD_BPP_EXECUTION_ERROR);
}

#[test]
fn a_segment_answered_with_an_error_status_word_cancels_with_load_bpp_execution_error() {
    let mut world = World::new();
    world.card.set(0x88, [Answer::Status(0x6A88)]);
    let error = world.download().unwrap_err();
    let Failure::Load(LoadError::Segment { number: 4, of: 7, .. }) = &error.failure else {
        panic!("{error}")
    };
    assert!(error.to_string().contains("6A88"), "{error}");
    assert_rejected(&world, &error, Reason::LOAD_BPP_EXECUTION_ERROR);
    assert!(world.card.received(0x86).is_empty(), "nothing is sent after it");
}

#[test]
fn a_pending_proactive_command_is_no_error() {
    let mut world = World::new();
    world.card.set(0x88, [Answer::Status(0x910B)]);
    assert!(world.download().is_ok());
}

#[test]
fn an_installation_result_that_never_comes_cancels_with_load_bpp_execution_error() {
    let mut world = World::new();
    world.card.data(0x86, Vec::new());
    let error = world.download().unwrap_err();
    assert!(matches!(&error.failure, Failure::Load(LoadError::NoResult(7))));
    assert_rejected(&world, &error, Reason::LOAD_BPP_EXECUTION_ERROR);
}

#[test]
fn an_error_result_ends_the_loading_and_names_command_and_reason() {
    let mut world = World::new();
    let result =
        common::error_result(BppCommandId::LOAD_PROFILE_ELEMENTS, ErrorReason::SCP03T_SECURITY_ERROR);
    world.load_answers(0, result);
    let error = world.download().unwrap_err();
    let text = error.to_string();
    assert!(text.contains("scp03tSecurityError(8)") && text.contains("loadProfileElements(5)"), "{text}");
    let Failure::Installation { error: result, result: signed } = &error.failure else { panic!("{error}") };
    assert_eq!(result.error_reason, ErrorReason::SCP03T_SECURITY_ERROR);
    let data = &signed.profile_installation_result_data;
    assert!(matches!(&data.final_result, FinalResult::ErrorResult(_)));
    // The eUICC has ended the session itself, and tells the server by a notification.
    assert_stopped(&world, &error);
    assert_eq!(world.card.received(0x86).len(), 1, "nothing is sent after it");
}

#[test]
fn every_check_is_traced_with_its_section_and_verdict() {
    let mut world = World::new();
    let answer = world.server.initiate_authentication.as_mut().unwrap();
    answer.server_signed1 = common::server_signed1(&common::transaction_id(), "smdp.example.org");
    world.download().unwrap_err();
    let events = world.trace.0.lock().unwrap();
    let refused = events.iter().find_map(|event| match &event.what {
        What::Check { section, subject, verdict: Verdict::Refused, reason } => {
            Some((*section, subject.clone(), reason.clone(), event.ids.transaction_id.clone()))
        }
        _ => None,
    });
    let (section, subject, reason, transaction_id) = refused.unwrap();
    assert_eq!((section, subject.as_str()), ("SGP.22 §3.1.2", "serverAddress in serverSigned1"));
    assert!(reason.unwrap().contains("smdp.example.org"));
    assert_eq!(transaction_id.as_deref(), Some("0123456789ABCDEF"));
    let objects = events.iter().filter(|event| matches!(event.what, What::Object { .. })).count();
    assert_eq!(objects, 4, "EUICCInfo1 and the challenge, each asked for and answered");
}

#[test]
fn a_download_can_run_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    let mut world = World::new();
    let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Lpa);
    let mut isd_r = lpa::IsdR::open(&mut world.card, lpa::Options::default(), tracer).unwrap();
    let download = lpa::download(&mut isd_r, &world.server, &world.request, &mut world.user);
    is_send(&download);
    assert!(common::run(download).is_ok());
}
