//! AuthenticateServer, PrepareDownload and CancelSession: each check, each result code (SGP.22 §5.7.5, §5.7.13, §5.7.14).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use asn1::{
    AuthenticateErrorCode, AuthenticateServerResponse, CancelSessionResponse, DownloadErrorCode,
    PrepareDownloadResponse, tlv,
};
use certs::workshop::{DescribedExtension, Description, Holder, Workshop};
use certs::{Certificate, ExtensionKind, Identity, KeyUsage, Oid, Role, UnixTime};
use common::smdp::{
    Authentication, CTX_PARAMS_1, Download, Preparation, TRANSACTION_ID, authenticate, ci_pk_id, euicc_otpk,
    identity,
};
use common::{BOTH_CURVES, NOW, Terminal, euicc_key, hex, new_state, pki, text};
use crypto::{Curve, Engine, Signature};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

fn terminal(curve: Curve) -> Terminal {
    Terminal::new(new_state(curve))
}

/// A certificate of an SM-DP+ that differs in one thing from a good one.
fn spoiled(curve: Curve, role: Role, spoil: impl FnOnce(&mut Description)) -> (Vec<u8>, crypto::SigningKey) {
    let ci = identity(pki(), curve, Role::Ci);
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut workshop = Workshop::new(UnixTime(NOW), &mut rng);
    let key = workshop.key(curve).unwrap();
    let mut description =
        workshop.describe(ci.certificate(), &Holder::Server(role), key.public_key()).unwrap();
    spoil(&mut description);
    (description.sign(ci.key()).unwrap(), key)
}

/// A server certificate below a CI that no card of ours trusts.
fn of_another_ci(curve: Curve, role: Role) -> Identity {
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let mut workshop = Workshop::new(UnixTime(NOW), &mut rng);
    let ci = workshop.certificate_issuer(curve).unwrap();
    workshop.issue(&ci, &Holder::Server(role)).unwrap()
}

fn authentication_error(response: &[u8]) -> AuthenticateErrorCode {
    match asn1::der::decode(response).unwrap() {
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            assert_eq!(error.transaction_id.bytes(), TRANSACTION_ID);
            error.authenticate_error_code
        }
        ok => panic!("{ok:?}"),
    }
}

/// Sends a spoiled AuthenticateServer on both curves: the code, and that the session goes on.
#[track_caller]
fn refused(expected: AuthenticateErrorCode, spoil: impl Fn(Curve, &mut Authentication)) {
    for curve in BOTH_CURVES {
        let mut terminal = terminal(curve);
        let challenge = terminal.challenge();
        let before = text(terminal.card.state());
        let mut authentication = Authentication::new(curve, &challenge);
        spoil(curve, &mut authentication);
        let response = terminal.ok(&authentication.command());
        assert_eq!(authentication_error(&response), expected, "{curve}");
        assert_eq!(text(terminal.card.state()), before);
        // The challenge is still good.
        let response = terminal.ok(&Authentication::new(curve, &challenge).command());
        common::smdp::euicc_signature1(&response);
    }
}

#[track_caller]
fn refused_certificate(expected: AuthenticateErrorCode, spoil: impl Fn(&mut Description)) {
    refused(expected, |curve, authentication| {
        let (certificate, key) = spoiled(curve, Role::DpAuth, &spoil);
        authentication.certificate = certificate;
        authentication.key = key;
    });
}

#[test]
fn the_euicc_signs_what_it_was_sent_and_brings_its_certificates() {
    for curve in BOTH_CURVES {
        let mut terminal = terminal(curve);
        let challenge = terminal.challenge();
        let response = terminal.ok(&Authentication::new(curve, &challenge).command());
        let AuthenticateServerResponse::AuthenticateResponseOk(ok) = asn1::der::decode(&response).unwrap()
        else {
            panic!("{response:02X?}")
        };
        let signature = Signature::from_bytes(ok.euicc_signature1.bytes()).unwrap();
        euicc_key(curve).verify(Engine::RustCrypto, ok.euicc_signed1.bytes(), &signature).unwrap();
        assert_eq!(ok.euicc_signed1.ctx_params1.bytes(), hex(CTX_PARAMS_1));
        assert_eq!(ok.euicc_signed1.transaction_id.bytes(), TRANSACTION_ID);
        assert_eq!(ok.euicc_signed1.server_challenge.bytes(), &[0xC5; 16]);
        assert_eq!(asn1::der::encode(&ok.euicc_signed1.euicc_info2), terminal.ok(&hex("BF2200")));
        let certificate = Certificate::from_der(ok.euicc_certificate.raw()).unwrap();
        assert_eq!(certificate.public_key(), &euicc_key(curve));
        assert_eq!(certificate.eid(), Some(common::EID));
    }
}

#[test]
fn the_key_is_chosen_by_euicc_ci_pk_id_to_be_used() {
    // The server is on P-256, the eUICC is to sign on brainpool.
    let mut terminal = terminal(Curve::P256);
    let challenge = terminal.challenge();
    let authentication = Authentication {
        euicc_ci_pk_id: ci_pk_id(Curve::BrainpoolP256r1),
        ..Authentication::new(Curve::P256, &challenge)
    };
    let response = terminal.ok(&authentication.command());
    let AuthenticateServerResponse::AuthenticateResponseOk(ok) = asn1::der::decode(&response).unwrap() else {
        panic!()
    };
    let signature = Signature::from_bytes(ok.euicc_signature1.bytes()).unwrap();
    let key = euicc_key(Curve::BrainpoolP256r1);
    key.verify(Engine::RustCrypto, ok.euicc_signed1.bytes(), &signature).unwrap();
}

#[test]
fn an_sm_ds_may_authenticate_and_may_not_prepare_a_download() {
    let mut terminal = terminal(Curve::P256);
    let challenge = terminal.challenge();
    let ds = identity(pki(), Curve::P256, Role::DsAuth);
    let response = terminal.ok(&Authentication::new(Curve::P256, &challenge).with(&ds).command());
    let signature1 = common::smdp::euicc_signature1(&response);
    let response = terminal.ok(&Preparation::new(Curve::P256, signature1).command());
    assert_eq!(preparation_error(&response), DownloadErrorCode::NO_SESSION_CONTEXT);
}

#[test]
fn any_form_of_ctx_params1_is_signed_byte_for_byte() {
    for ctx_params1 in [
        "A00A A108 8004 35290611 A100",
        "A025 8005 41422D3132 A11C 8004 35290611 A10A 8003 050000 8503 090000 8208 3529061100000000",
        "A010 8000 A10C 8004 35290611 A100 9F7F 01 AA",
    ] {
        let mut terminal = terminal(Curve::P256);
        let challenge = terminal.challenge();
        let authentication =
            Authentication { ctx_params1: hex(ctx_params1), ..Authentication::new(Curve::P256, &challenge) };
        let response = terminal.ok(&authentication.command());
        let AuthenticateServerResponse::AuthenticateResponseOk(ok) = asn1::der::decode(&response).unwrap()
        else {
            panic!()
        };
        assert_eq!(ok.euicc_signed1.ctx_params1.bytes(), hex(ctx_params1));
    }
}

#[test]
fn authentication_without_a_challenge_is_refused() {
    let mut terminal = terminal(Curve::P256);
    let response = terminal.ok(&Authentication::new(Curve::P256, &[0; 16]).command());
    assert_eq!(authentication_error(&response), AuthenticateErrorCode::NO_SESSION_CONTEXT);
}

#[test]
fn the_session_ends_with_a_reset() {
    let mut terminal = terminal(Curve::P256);
    let challenge = terminal.challenge();
    terminal.reset();
    let response = terminal.ok(&Authentication::new(Curve::P256, &challenge).command());
    assert_eq!(authentication_error(&response), AuthenticateErrorCode::NO_SESSION_CONTEXT);
}

#[test]
fn a_server_of_an_unknown_ci_is_refused() {
    refused(AuthenticateErrorCode::CI_PK_UNKNOWN, |curve, authentication| {
        *authentication = authentication.clone().with(&of_another_ci(curve, Role::DpAuth));
    });
}

#[test]
fn a_server_signature_over_other_bytes_is_refused() {
    refused(AuthenticateErrorCode::INVALID_SIGNATURE, |_, authentication| {
        authentication.spoil_signature = true
    });
}

#[test]
fn a_server_signature_of_another_key_is_refused() {
    refused(AuthenticateErrorCode::INVALID_SIGNATURE, |curve, authentication| {
        authentication.key = identity(pki(), curve, Role::DpPb).key().clone();
    });
}

#[test]
fn a_challenge_of_another_session_is_refused() {
    refused(AuthenticateErrorCode::EUICC_CHALLENGE_MISMATCH, |_, authentication| {
        authentication.euicc_challenge = vec![0; 16];
    });
}

#[test]
fn a_key_the_euicc_does_not_have_is_refused() {
    refused(AuthenticateErrorCode::CI_PK_UNKNOWN, |_, authentication| {
        authentication.euicc_ci_pk_id = vec![0x55; 20];
    });
}

#[test]
fn a_certificate_of_another_role_is_refused() {
    for role in [Role::DpPb, Role::DpTls] {
        refused(AuthenticateErrorCode::INVALID_OID, |curve, authentication| {
            if role == Role::DpPb {
                *authentication = authentication.clone().with(&identity(pki(), curve, role));
            } else {
                let (certificate, key) = spoiled(curve, Role::DpAuth, |description| {
                    let policies = DescribedExtension::certificate_policies(&[role.policy()], true).unwrap();
                    description.set(policies);
                });
                (authentication.certificate, authentication.key) = (certificate, key);
            }
        });
    }
}

#[test]
fn a_certificate_with_a_wrong_signature_is_refused() {
    refused(AuthenticateErrorCode::INVALID_CERTIFICATE, |curve, authentication| {
        let (mut certificate, key) = spoiled(curve, Role::DpAuth, |_| ());
        let last = certificate.len() - 1;
        certificate[last] ^= 1;
        (authentication.certificate, authentication.key) = (certificate, key);
    });
}

#[test]
fn an_expired_certificate_is_refused() {
    refused_certificate(AuthenticateErrorCode::INVALID_CERTIFICATE, |description| {
        description.validity.not_after = UnixTime(NOW - 1);
    });
}

#[test]
fn a_certificate_that_is_not_valid_yet_is_refused() {
    refused_certificate(AuthenticateErrorCode::INVALID_CERTIFICATE, |description| {
        description.validity.not_before = UnixTime(NOW + 1);
    });
}

#[test]
fn a_certificate_without_a_critical_extension_is_refused() {
    refused_certificate(AuthenticateErrorCode::INVALID_CERTIFICATE, |description| {
        description.remove(ExtensionKind::KeyUsage);
    });
    refused_certificate(AuthenticateErrorCode::INVALID_CERTIFICATE, |description| {
        description.set_critical(ExtensionKind::KeyUsage, false);
    });
}

#[test]
fn a_certificate_for_another_key_usage_is_refused() {
    refused_certificate(AuthenticateErrorCode::INVALID_CERTIFICATE, |description| {
        description.set(DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN).unwrap());
    });
}

#[test]
fn a_certificate_on_an_unsupported_curve_is_refused() {
    refused_certificate(AuthenticateErrorCode::UNSUPPORTED_CURVE, |description| {
        // secp384r1.
        description.curve = Oid::new_unchecked(vec![1, 3, 132, 0, 34].into());
    });
}

#[test]
fn a_request_that_is_no_der_is_told_by_status_word() {
    let mut terminal = terminal(Curve::P256);
    let challenge = terminal.challenge();
    let good = Authentication::new(Curve::P256, &challenge).command();
    let mut truncated = good.clone();
    truncated.pop();
    assert_eq!(terminal.es10(&truncated), (Vec::new(), 0x6A80));
    let trailing = [&good[..], &[0]].concat();
    assert_eq!(terminal.es10(&trailing), (Vec::new(), 0x6A80));
    let short_challenge =
        Authentication { euicc_challenge: vec![1; 15], ..Authentication::new(Curve::P256, &challenge) };
    assert_eq!(terminal.es10(&short_challenge.command()), (Vec::new(), 0x6A80));
}

fn preparation_error(response: &[u8]) -> DownloadErrorCode {
    match asn1::der::decode(response).unwrap() {
        PrepareDownloadResponse::DownloadResponseError(error) => error.download_error_code,
        ok => panic!("{ok:?}"),
    }
}

/// Sends a spoiled PrepareDownload on both curves: the code, and that the session goes on.
#[track_caller]
fn not_prepared(expected: DownloadErrorCode, spoil: impl Fn(Curve, &mut Preparation)) {
    for curve in BOTH_CURVES {
        let mut terminal = terminal(curve);
        let signature1 = authenticate(&mut terminal, curve);
        let before = text(terminal.card.state());
        let good = Preparation::new(curve, signature1);
        let mut preparation = good.clone();
        spoil(curve, &mut preparation);
        let response = terminal.ok(&preparation.command());
        assert_eq!(preparation_error(&response), expected, "{curve}");
        assert_eq!(text(terminal.card.state()), before);
        euicc_otpk(&terminal.ok(&good.command()));
    }
}

#[test]
fn a_download_is_prepared_with_a_signed_one_time_key_on_the_curve_of_the_sm_dp() {
    for curve in BOTH_CURVES {
        let mut terminal = terminal(curve);
        let signature1 = authenticate(&mut terminal, curve);
        let (command, signature2) = Preparation::new(curve, signature1).signed_command();
        let response = terminal.ok(&command);
        let PrepareDownloadResponse::DownloadResponseOk(ok) = asn1::der::decode(&response).unwrap() else {
            panic!()
        };
        let signed = [ok.euicc_signed2.bytes().to_vec(), tlv::wrap(0x5F37, &signature2)].concat();
        let signature = Signature::from_bytes(ok.euicc_signature2.bytes()).unwrap();
        euicc_key(curve).verify(Engine::RustCrypto, &signed, &signature).unwrap();
        crypto::PublicKey::from_point(curve, ok.euicc_signed2.euicc_otpk.bytes()).unwrap();
        assert_eq!(ok.euicc_signed2.hash_cc, None);
    }
}

#[test]
fn the_hash_of_the_confirmation_code_is_signed_as_it_came() {
    let mut terminal = terminal(Curve::P256);
    let signature1 = authenticate(&mut terminal, Curve::P256);
    let preparation = Preparation {
        cc_required: true,
        hash_cc: Some(vec![0x77; 32]),
        ..Preparation::new(Curve::P256, signature1)
    };
    let response = terminal.ok(&preparation.command());
    let PrepareDownloadResponse::DownloadResponseOk(ok) = asn1::der::decode(&response).unwrap() else {
        panic!()
    };
    assert_eq!(ok.euicc_signed2.hash_cc.unwrap().bytes(), &[0x77; 32]);
}

#[test]
fn a_confirmation_code_that_is_required_and_missing_is_refused() {
    not_prepared(DownloadErrorCode::UNDEFINED_ERROR, |_, preparation| preparation.cc_required = true);
}

#[test]
fn a_download_without_a_session_is_refused() {
    let mut terminal = terminal(Curve::P256);
    let response = terminal.ok(&Preparation::new(Curve::P256, vec![0; 64]).command());
    assert_eq!(preparation_error(&response), DownloadErrorCode::NO_SESSION_CONTEXT);
    terminal.challenge();
    let response = terminal.ok(&Preparation::new(Curve::P256, vec![0; 64]).command());
    assert_eq!(preparation_error(&response), DownloadErrorCode::NO_SESSION_CONTEXT);
}

#[test]
fn a_download_of_another_transaction_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_TRANSACTION_ID, |_, preparation| {
        preparation.transaction_id = vec![0x5B; 16];
    });
}

#[test]
fn an_sm_dp_signature_over_other_bytes_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_SIGNATURE, |_, preparation| preparation.spoil_signature = true);
}

#[test]
fn an_sm_dp_signature_over_another_euicc_signature1_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_SIGNATURE, |_, preparation| preparation.euicc_signature1[0] ^= 1);
}

#[test]
fn a_certificate_for_authentication_does_not_bind_profiles() {
    not_prepared(DownloadErrorCode::INVALID_CERTIFICATE, |curve, preparation| {
        *preparation = preparation.clone().with(&identity(pki(), curve, Role::DpAuth));
    });
}

#[test]
fn a_binding_certificate_of_an_unknown_ci_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_CERTIFICATE, |curve, preparation| {
        *preparation = preparation.clone().with(&of_another_ci(curve, Role::DpPb));
    });
}

fn with_another_oid(description: &mut Description) {
    let other = Oid::new_unchecked(vec![2, 999, 12].into());
    let names = certs::SubjectAltName { registered_ids: vec![other], ..Default::default() };
    description.set(DescribedExtension::subject_alt_name(&names).unwrap());
}

#[test]
fn a_binding_certificate_of_another_sm_dp_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_CERTIFICATE, |curve, preparation| {
        let (certificate, key) = spoiled(curve, Role::DpPb, with_another_oid);
        (preparation.certificate, preparation.key) = (certificate, key);
    });
}

#[test]
fn a_binding_certificate_under_another_ci_than_that_of_the_authentication_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_CERTIFICATE, |curve, preparation| {
        let other = Curve::ALL.into_iter().find(|other| *other != curve).unwrap();
        *preparation = preparation.clone().with(&identity(pki(), other, Role::DpPb));
    });
}

#[test]
fn an_expired_binding_certificate_is_refused() {
    not_prepared(DownloadErrorCode::INVALID_CERTIFICATE, |curve, preparation| {
        let (certificate, key) =
            spoiled(curve, Role::DpPb, |description| description.validity.not_after = UnixTime(NOW - 1));
        (preparation.certificate, preparation.key) = (certificate, key);
    });
}

#[test]
fn a_binding_certificate_on_an_unsupported_curve_is_refused() {
    not_prepared(DownloadErrorCode::UNSUPPORTED_CURVE, |curve, preparation| {
        let (certificate, key) = spoiled(curve, Role::DpPb, |description| {
            description.curve = Oid::new_unchecked(vec![1, 3, 132, 0, 34].into());
        });
        (preparation.certificate, preparation.key) = (certificate, key);
    });
}

#[test]
fn a_one_time_key_already_bound_with_is_used_again_if_it_was_kept_for_this_sm_dp() {
    for curve in BOTH_CURVES {
        let mut download = Download::prepare(terminal(curve), curve);
        let first = download.euicc_otpk.clone();
        // Not asked for: a fresh one.
        download.again();
        let second = download.euicc_otpk.clone();
        assert_ne!(first, second);
        // Asked for: the one kept, even after a reset.
        download.terminal.reset();
        let prepare = |terminal: &mut Terminal, otpk: &[u8]| {
            let signature1 = authenticate(terminal, curve);
            let preparation =
                Preparation { bpp_euicc_otpk: Some(otpk.to_vec()), ..Preparation::new(curve, signature1) };
            euicc_otpk(&terminal.ok(&preparation.command()))
        };
        assert_eq!(prepare(&mut download.terminal, &second), second);
        // Asked for one that is gone: a fresh one.
        assert_ne!(prepare(&mut download.terminal, &first), first);
    }
}

#[test]
fn a_one_time_key_kept_for_one_sm_dp_is_not_used_with_another() {
    let curve = Curve::P256;
    let mut download = Download::prepare(terminal(curve), curve);
    let kept = download.euicc_otpk.clone();
    let challenge = download.terminal.challenge();
    let mut authentication = Authentication::new(curve, &challenge);
    (authentication.certificate, authentication.key) = spoiled(curve, Role::DpAuth, with_another_oid);
    let signature1 = common::smdp::euicc_signature1(&download.terminal.ok(&authentication.command()));
    let mut preparation = Preparation::new(curve, signature1);
    (preparation.certificate, preparation.key) = spoiled(curve, Role::DpPb, with_another_oid);
    preparation.bpp_euicc_otpk = Some(kept.clone());
    assert_ne!(euicc_otpk(&download.terminal.ok(&preparation.command())), kept);
}

fn cancel(transaction_id: &[u8], reason: u8) -> Vec<u8> {
    tlv::wrap(0xBF41, &[tlv::wrap(0x80, transaction_id), tlv::wrap(0x81, &[reason])].concat())
}

#[test]
fn a_cancelled_session_is_signed_and_gone() {
    for curve in BOTH_CURVES {
        for reason in [0, 1, 2, 3, 4, 5, 127] {
            let mut terminal = terminal(curve);
            authenticate(&mut terminal, curve);
            let response = terminal.ok(&cancel(&TRANSACTION_ID, reason));
            let CancelSessionResponse::CancelSessionResponseOk(ok) = asn1::der::decode(&response).unwrap()
            else {
                panic!("{response:02X?}")
            };
            let signed = ok.euicc_cancel_session_signed;
            let signature = Signature::from_bytes(ok.euicc_cancel_session_signature.bytes()).unwrap();
            euicc_key(curve).verify(Engine::RustCrypto, signed.bytes(), &signature).unwrap();
            assert_eq!(signed.transaction_id.bytes(), TRANSACTION_ID);
            assert_eq!(signed.smdp_oid.to_string(), "2.999.10");
            assert_eq!(signed.reason.value(), i64::from(reason));
            assert_eq!(terminal.ok(&cancel(&TRANSACTION_ID, reason)), hex("BF4103810105"));
        }
    }
}

#[test]
fn a_session_that_is_not_known_cannot_be_cancelled() {
    let mut terminal = terminal(Curve::P256);
    assert_eq!(terminal.ok(&cancel(&TRANSACTION_ID, 0)), hex("BF4103810105"));
    terminal.challenge();
    assert_eq!(terminal.ok(&cancel(&TRANSACTION_ID, 0)), hex("BF4103810105"));
    authenticate(&mut terminal, Curve::P256);
    assert_eq!(terminal.ok(&cancel(&[0x5B; 16], 0)), hex("BF4103810105"));
    assert_eq!(terminal.ok(&cancel(&TRANSACTION_ID, 0))[..2], hex("BF41"));
}

#[test]
fn a_session_that_is_put_off_keeps_its_one_time_key_and_any_other_does_not() {
    for (reason, kept) in [(0, false), (1, true), (2, true), (3, false), (127, false)] {
        let mut download = Download::prepare(terminal(Curve::P256), Curve::P256);
        download.terminal.ok(&cancel(&TRANSACTION_ID, reason));
        assert_eq!(download.terminal.card.state().retained_one_time_key.is_some(), kept, "{reason}");
    }
}

#[test]
fn a_download_can_be_cancelled_while_the_package_comes_in() {
    let mut download = Download::prepare(terminal(Curve::P256), Curve::P256);
    let segments = download.binding().segments();
    for segment in &segments[..3] {
        assert_eq!(download.terminal.es10(segment), (Vec::new(), 0x9000));
    }
    assert!(download.terminal.card.state().open_installation.is_some());
    assert_eq!(download.terminal.ok(&cancel(&TRANSACTION_ID, 0))[..2], hex("BF41"));
    assert!(download.terminal.card.state().open_installation.is_none());
    assert_eq!(download.terminal.es10(&segments[3]), (Vec::new(), 0x6A88));
    assert!(download.terminal.notifications().is_empty());
}

/// One byte changed, one left out, one too many: no panic, and nothing kept.
#[test]
fn spoiled_commands_get_an_answer_and_change_nothing() {
    use rand_chacha::rand_core::Rng;
    let curve = Curve::P256;
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut terminal = terminal(curve);
    let challenge = terminal.challenge();
    let authentication = Authentication::new(curve, &challenge).command();
    let before = text(terminal.card.state());
    for round in 0..600 {
        let mut command = authentication.clone();
        let position = usize::try_from(rng.next_u32()).unwrap() % command.len();
        match round % 3 {
            0 => command[position] ^= 1 << (round % 8),
            1 => drop(command.remove(position)),
            _ => command.insert(position, 0x30),
        }
        let (response, status) = terminal.es10(&command);
        assert!(
            matches!((response.is_empty(), status), (false, 0x9000) | (true, 0x6A80 | 0x6A88)),
            "{command:02X?}"
        );
    }
    assert_eq!(text(terminal.card.state()), before);
}
