//! One whole RSP session, recorded from an independent implementation: with its inputs, ours has to give its answers.
//!
//! Needs the reference data in `../shared/data`.

#![cfg(test)]

use std::path::{Path, PathBuf};

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateClientResponseEs9,
    GetBoundProfilePackageRequest, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, Octet16,
    PrepareDownloadResponse, Raw, TransactionId, der,
};
use certs::chain::TrustAnchor;
use certs::{Certificate, Variant};
use crypto::{Curve, Engine, OneTimeKey, SigningKey};
use protocol::bpp::{self, Binding, HostId, ProfileElements};
use protocol::mutual_authentication::{self, ServerIdentity};
use protocol::smdp_session::{self, Identity, Offer};
use protocol::status::Refusal;
use protocol::trace::{Actor, Tracer};
use protocol::types::Eid;

fn session() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/session"));
    if folder.is_dir() {
        return Some(folder.to_owned());
    }
    println!("skipped: the reference data is not at {}", folder.display());
    None
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn array<const N: usize>(folder: &Path, name: &str) -> [u8; N] {
    read(folder, name).try_into().unwrap()
}

fn identity(folder: &Path) -> Identity {
    let pair = |name: &str| {
        let certificate = Certificate::from_der(&read(folder, &format!("certs/{name}.der"))).unwrap();
        let pem = String::from_utf8(read(folder, &format!("certs/{name}-key.pem"))).unwrap();
        certs::Identity::new(certificate, SigningKey::from_pem(Engine::RustCrypto, &pem).unwrap()).unwrap()
    };
    Identity { variant: Variant::O, auth: pair("dpauth"), pb: pair("dppb") }
}

fn transaction_id(folder: &Path) -> TransactionId {
    TransactionId::new(read(folder, "transaction-id.bin")).unwrap()
}

/// The inputs of the first step. The recorded EUICCInfo1 lists no CI key at all, so no server may accept it (SGP.22
/// §5.6.1): the choice of keys is made here, as the recording made it.
fn opened(folder: &Path) -> (InitiateAuthenticationOkEs9, mutual_authentication::Opened) {
    let identity = identity(folder);
    let request = InitiateAuthenticationRequest {
        euicc_challenge: Octet16::from(array(folder, "euicc-challenge.bin")),
        smdp_address: "smdp.example.com".to_owned(),
        euicc_info1: Raw::from_der(&read(folder, "euicc-info1.der")).unwrap(),
        unknown: Default::default(),
    };
    let chosen =
        mutual_authentication::Chosen { euicc_ci: identity.ci().unwrap().clone(), identity: &identity };
    mutual_authentication::open_session(
        &"smdp.example.com".parse().unwrap(),
        transaction_id(folder),
        array(folder, "server-challenge.bin"),
        &chosen,
        &request,
    )
    .unwrap()
}

#[test]
fn the_answer_to_initiate_authentication_is_the_recorded_one() {
    let Some(folder) = session() else { return };
    let (answer, _) = opened(&folder);
    assert_eq!(der::encode(&answer), read(&folder, "initiate-response.der"));
}

#[test]
fn a_server_that_has_to_choose_refuses_the_recorded_euicc_info1_because_it_lists_no_ci() {
    let Some(folder) = session() else { return };
    let mut tree = certs::tree::Tree::new();
    for (name, path) in [
        ("ci.der", "CertificateIssuer/CERT_CI_ECDSA_NIST.der"),
        ("dpauth.der", "DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der"),
        ("dpauth-key.pem", "DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem"),
        ("dppb.der", "DPpb/CERT_S_SM_DPpb_ECDSA_NIST.der"),
        ("dppb-key.pem", "DPpb/SK_S_SM_DPpb_ECDSA_NIST.pem"),
    ] {
        tree.insert(path.to_owned(), read(&folder, &format!("certs/{name}")));
    }
    let pki = certs::tree::Pki::from_tree(&tree).unwrap();
    let identities =
        smdp_session::Identities::from_pki(&pki, Engine::RustCrypto, Engine::RustCrypto).unwrap();
    let request = InitiateAuthenticationRequest {
        euicc_challenge: Octet16::from(array(&folder, "euicc-challenge.bin")),
        smdp_address: "smdp.example.com".to_owned(),
        euicc_info1: Raw::from_der(&read(&folder, "euicc-info1.der")).unwrap(),
        unknown: Default::default(),
    };
    let opening = mutual_authentication::Opening {
        identities: &identities,
        server_address: &"smdp.example.com".parse().unwrap(),
        transaction_id: transaction_id(&folder),
        server_challenge: array(&folder, "server-challenge.bin"),
    };
    let refusal =
        mutual_authentication::initiate_authentication(opening, &request, &Tracer::off(Actor::Smdp))
            .unwrap_err();
    assert_eq!(refusal.code.to_string(), "8.8.2/3.1");
}

/// What the recording's own server remembered: its EUICCInfo1 names SVN 2.0.0 and its EUICCInfo2 2.2.0, which SGP.22
/// §3.1.2 step 16 refuses, so the first is taken to have named the second.
fn opened_with_the_later_svn(folder: &Path) -> mutual_authentication::Opened {
    let (_, opened) = opened(folder);
    mutual_authentication::Opened { svn: vec![2, 2, 0], ..opened }
}

fn request(folder: &Path) -> AuthenticateClientRequest {
    AuthenticateClientRequest {
        transaction_id: transaction_id(folder),
        authenticate_server_response: Raw::from_der(&read(folder, "auth-server-response.der")).unwrap(),
        use_matching_id_for_acr: None,
        unknown: Default::default(),
    }
}

fn verified<'a>(
    folder: &Path,
    opened: &mutual_authentication::Opened,
    request: &'a AuthenticateClientRequest,
) -> Result<mutual_authentication::Client<'a>, Refusal> {
    let ci = Certificate::from_der(&read(folder, "certs/ci.der")).unwrap();
    let anchor = TrustAnchor::new(ci, Engine::RustCrypto).unwrap();
    let identities =
        smdp_session::Identities::new(vec![identity(folder)], vec![anchor], Engine::RustCrypto).unwrap();
    // A day on which every recorded certificate is valid: 2026-11-22.
    let now = protocol::clock::Timestamp::from_unix_seconds(1_795_305_600);
    mutual_authentication::verify_client(&identities, opened, request, now, &Tracer::off(Actor::Smdp))
}

#[test]
fn the_recorded_euicc_info2_is_refused_because_its_svn_is_not_that_of_euicc_info1() {
    let Some(folder) = session() else { return };
    let (_, opened) = opened(&folder);
    let refusal = verified(&folder, &opened, &request(&folder)).err().unwrap();
    assert!(refusal.message.contains("SVN"), "{refusal}");
}

/// The second step: the recorded eUICC, verified, and our offer to it.
fn offered(folder: &Path) -> (AuthenticateClientOk, smdp_session::Offered) {
    let request = request(folder);
    let client = verified(folder, &opened_with_the_later_svn(folder), &request).unwrap();
    assert_eq!(client.eid.to_string(), "89049032123451234512345678901235");
    let offer = Offer {
        identity: &identity(folder),
        transaction_id: transaction_id(folder),
        metadata: Raw::from_der(&read(folder, "store-metadata.der")).unwrap(),
        confirmation_code_required: false,
        bound_euicc_otpk: None,
    };
    smdp_session::offer(&client, offer).unwrap()
}

#[test]
fn the_answer_to_authenticate_client_is_the_recorded_one() {
    let Some(folder) = session() else { return };
    let (answer, _) = offered(&folder);
    let answer = AuthenticateClientResponseEs9::AuthenticateClientOk(answer);
    assert_eq!(der::encode(&answer), read(&folder, "authenticate-response.der"));
}

#[test]
fn the_bound_profile_package_is_the_recorded_one() {
    let Some(folder) = session() else { return };
    let (_, offered) = offered(&folder);
    let identity = identity(&folder);
    let tracer = Tracer::off(Actor::Smdp);
    let response: Raw<PrepareDownloadResponse> =
        Raw::from_der(&read(&folder, "prepare-download-response.der")).unwrap();
    let request = GetBoundProfilePackageRequest {
        transaction_id: transaction_id(&folder),
        prepare_download_response: response,
        unknown: Default::default(),
    };
    let prepared =
        smdp_session::verify_prepare_download(&offered, &request, Engine::RustCrypto, &tracer).unwrap();
    let eid: Eid = "89049032123451234512345678901235".parse().unwrap();
    let one_time_key =
        OneTimeKey::from_scalar(Engine::RustCrypto, Curve::P256, &array(&folder, "otsk-dp.bin")).unwrap();
    let package = bpp::bind(
        Binding {
            transaction_id: &transaction_id(&folder),
            eid: &eid,
            host_id: &HostId::new(b"euicc-rsp").unwrap(),
            euicc_otpk: &prepared.euicc_otpk,
            one_time_key: &one_time_key,
            metadata: &read(&folder, "store-metadata.der"),
            profile: ProfileElements::Unprotected(&read(&folder, "upp.der")),
            signing_key: identity.pb.key(),
        },
        &tracer,
    )
    .unwrap();
    assert_eq!(package, read(&folder, "bound-profile-package.der"));
}

#[test]
fn the_recorded_installation_result_is_believed_and_a_changed_one_is_not() {
    let Some(folder) = session() else { return };
    let (_, offered) = offered(&folder);
    let key = offered.client.key.clone();
    let tracer = Tracer::off(Actor::Smdp);
    let recorded = read(&folder, "pending-notification.der");
    let result = Raw::from_der(&recorded).unwrap();
    let verified =
        smdp_session::verify_installation_result(&result, &key, Engine::RustCrypto, &tracer).unwrap();
    assert!(verified.result.is_ok());
    assert_eq!(verified.transaction_id, transaction_id(&folder));

    let mut changed = recorded;
    *changed.last_mut().unwrap() ^= 1;
    let result = Raw::from_der(&changed).unwrap();
    assert!(smdp_session::verify_installation_result(&result, &key, Engine::RustCrypto, &tracer).is_err());
}
