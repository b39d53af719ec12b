//! AuthenticateServer, PrepareDownload and CancelSession. `es10b_checks` has further causes of most codes.

use asn1::{AuthenticateServerResponse, CancelSessionResponse, PrepareDownloadResponse, tlv};
use certs::workshop::{Description, Holder, Workshop};
use certs::{Oid, Role, UnixTime};
use crypto::{Curve, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::common::smdp::{Authentication, Download, Preparation, TRANSACTION_ID, authenticate, identity};
use super::common::{NOW, Terminal, hex, new_state, pki};
use super::forcing;

const CURVE: Curve = Curve::P256;

fn terminal() -> Terminal {
    Terminal::new(new_state(CURVE))
}

fn authentication_code(response: &[u8]) -> i64 {
    match asn1::der::decode(response).unwrap() {
        AuthenticateServerResponse::AuthenticateResponseOk(_) => 0,
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            assert_eq!(error.transaction_id.bytes(), TRANSACTION_ID);
            error.authenticate_error_code.value()
        }
    }
}

/// The outcome of AuthenticateServer with one thing changed; 0 for success.
fn authenticating(change: impl FnOnce(&mut Authentication)) -> i64 {
    let mut terminal = terminal();
    let challenge = terminal.challenge();
    let mut authentication = Authentication::new(CURVE, &challenge);
    change(&mut authentication);
    authentication_code(&terminal.ok(&authentication.command()))
}

fn preparation_code(response: &[u8]) -> i64 {
    match asn1::der::decode(response).unwrap() {
        PrepareDownloadResponse::DownloadResponseOk(_) => 0,
        PrepareDownloadResponse::DownloadResponseError(error) => error.download_error_code.value(),
    }
}

/// The outcome of PrepareDownload with one thing changed; 0 for success.
fn preparing(change: impl FnOnce(&mut Preparation)) -> i64 {
    let mut terminal = terminal();
    let mut preparation = Preparation::new(CURVE, authenticate(&mut terminal, CURVE));
    change(&mut preparation);
    preparation_code(&terminal.ok(&preparation.command()))
}

/// A certificate that differs in one thing from a good one, and its key.
fn spoiled(role: Role, spoil: impl FnOnce(&mut Description)) -> (Vec<u8>, SigningKey) {
    let ci = identity(pki(), CURVE, Role::Ci);
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut workshop = Workshop::new(UnixTime(NOW), &mut rng);
    let key = workshop.key(CURVE).unwrap();
    let mut description =
        workshop.describe(ci.certificate(), &Holder::Server(role), key.public_key()).unwrap();
    spoil(&mut description);
    (description.sign(ci.key()).unwrap(), key)
}

fn expired(description: &mut Description) {
    description.validity.not_after = UnixTime(NOW - 1);
}

/// NIST P-384 with its generator for a key, a curve that no eUICC of SGP.22 has.
fn on_p384(description: &mut Description) {
    description.curve = Oid::new_unchecked(vec![1, 3, 132, 0, 34].into());
    description.point = hex(
        "04 AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7 \
         3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
    );
}

/// FRP256V1 with its generator for a key, which SGP.22 §4.5.2.1.1 allows and this card does not have.
fn on_frp256v1(description: &mut Description) {
    description.curve = Oid::new_unchecked(vec![1, 2, 250, 1, 223, 101, 256, 1].into());
    description.point = hex("04 B6B3D4C356C139EB31183D4749D423958C27D2DCAF98B70164C97A2DD98F5CFF \
         6142E0F7C8B204911F9271F0F3ECEF8C2701C307E8E4C9E183115A1554062CFB");
}

#[test]
fn authenticate_server_ok() {
    assert_eq!(authenticating(|_| ()), 0);
}

#[test]
fn authenticate_server_invalid_certificate() {
    let code = authenticating(|request| (request.certificate, request.key) = spoiled(Role::DpAuth, expired));
    assert_eq!(code, 1);
}

#[test]
fn authenticate_server_invalid_signature() {
    assert_eq!(authenticating(|request| request.spoil_signature = true), 2);
}

#[test]
fn authenticate_server_unsupported_curve() {
    for curve in [on_p384, on_frp256v1] {
        let code =
            authenticating(|request| (request.certificate, request.key) = spoiled(Role::DpAuth, curve));
        assert_eq!(code, 3);
    }
}

#[test]
fn authenticate_server_no_session_context() {
    let command = Authentication::new(CURVE, &[0; 16]).command();
    assert_eq!(authentication_code(&terminal().ok(&command)), 4);
}

#[test]
fn authenticate_server_invalid_oid() {
    let binding = identity(pki(), CURVE, Role::DpPb);
    assert_eq!(authenticating(|request| *request = request.clone().with(&binding)), 5);
}

#[test]
fn authenticate_server_euicc_challenge_mismatch() {
    assert_eq!(authenticating(|request| request.euicc_challenge = vec![0; 16]), 6);
}

#[test]
fn authenticate_server_ci_pk_unknown() {
    assert_eq!(authenticating(|request| request.euicc_ci_pk_id = vec![0x55; 20]), 7);
}

#[test]
fn authenticate_server_undefined_error_when_forced() {
    let mut terminal = forcing("AuthenticateServer", 127);
    let challenge = terminal.challenge();
    let command = Authentication::new(CURVE, &challenge).command();
    assert_eq!(authentication_code(&terminal.ok(&command)), 127);
}

#[test]
fn prepare_download_ok() {
    assert_eq!(preparing(|_| ()), 0);
}

#[test]
fn prepare_download_invalid_certificate() {
    assert_eq!(preparing(|request| (request.certificate, request.key) = spoiled(Role::DpPb, expired)), 1);
}

#[test]
fn prepare_download_invalid_signature() {
    assert_eq!(preparing(|request| request.spoil_signature = true), 2);
}

#[test]
fn prepare_download_unsupported_curve() {
    for curve in [on_p384, on_frp256v1] {
        assert_eq!(preparing(|request| (request.certificate, request.key) = spoiled(Role::DpPb, curve)), 3);
    }
}

#[test]
fn prepare_download_no_session_context() {
    let command = Preparation::new(CURVE, vec![0; 64]).command();
    assert_eq!(preparation_code(&terminal().ok(&command)), 4);
}

#[test]
fn prepare_download_invalid_transaction_id() {
    assert_eq!(preparing(|request| request.transaction_id = vec![0x5B; 16]), 5);
}

#[test]
fn prepare_download_undefined_error() {
    assert_eq!(preparing(|request| request.cc_required = true), 127, "a confirmation code is missing");
}

fn cancel(transaction_id: &[u8]) -> Vec<u8> {
    tlv::wrap(0xBF41, &[tlv::wrap(0x80, transaction_id), hex("810100")].concat())
}

#[test]
fn cancel_session_ok() {
    let mut terminal = Download::prepare(terminal(), CURVE).terminal;
    let response = asn1::der::decode(&terminal.ok(&cancel(&TRANSACTION_ID))).unwrap();
    assert!(matches!(response, CancelSessionResponse::CancelSessionResponseOk(_)), "{response:?}");
}

#[test]
fn cancel_session_invalid_transaction_id() {
    let mut terminal = terminal();
    authenticate(&mut terminal, CURVE);
    assert_eq!(terminal.ok(&cancel(&[0x5B; 16])), hex("BF4103810105"));
}

#[test]
fn cancel_session_undefined_error_when_forced() {
    let mut terminal = forcing("CancelSession", 127);
    authenticate(&mut terminal, CURVE);
    assert_eq!(terminal.ok(&cancel(&TRANSACTION_ID)), hex("BF410381017F"));
}
