//! The published SGP.26 test certificates: the witness that nobody here has made.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a panic is how a test reports"
)]

mod common;

use certs::{
    Certificate, KeyUsage, Role, UnixTime, Variant,
    chain::{ServerCertificateError, verify_euicc_chain, verify_same_server, verify_server_certificate},
    tree::{Pki, TreeError},
};
use common::{EID, NOW, published_tree};
use crypto::{Curve, Engine};

/// Subject key identifiers on P-256 and on brainpoolP256r1.
const KEY_IDENTIFIERS: [(Role, &str, &str); 6] = [
    (Role::Ci, "f54172bdf98a95d65cbeb88a38a1c11d800a85c3", "c0bc70ba36929d43b467ff57570530e57ab8fcd8"),
    (Role::Eum, "dd3da24d350c1cc5d0af0965f40ec34c5ee409f1", "6fa1e5217363a822bded988a1a0d0ff5d7620db7"),
    (Role::Euicc, "a52476af5d50aa376437ccb1da2172ef45f484f0", "c8a64f343b85b7b0578dc57f8f13586dc804ed84"),
    (Role::DpAuth, "bd5a82cc1a96602118ba7560a1ff83a78b210be5", "79a4bd4d78ff4734bc6045cf9196244a1fb84beb"),
    (Role::DpPb, "e6eaf71ee0fb9430eccd1ebb421f881437c13263", "a8c68df449eb71ec723eac132e40e4b6f54644fe"),
    (Role::DpTls, "27fef1f229187ec783edf6e02964a4518d57d4a9", "3d330983f39fcc5bd2e4ad68a619a74748ae8b9d"),
];

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn ski(certificate: &Certificate) -> String {
    hex(certificate.subject_key_identifier().unwrap().bytes())
}

#[test]
fn the_key_identifiers_are_the_published_ones() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    for (role, p256, brainpool) in KEY_IDENTIFIERS {
        for (curve, expected) in [(Curve::P256, p256), (Curve::BrainpoolP256r1, brainpool)] {
            let certificate = pki.chain(Variant::O, curve).unwrap().certificate(role).unwrap();
            assert_eq!(ski(certificate), expected, "{role} {curve}");
            let computed = crypto::digest::key_identifier(certificate.public_key().point());
            assert_eq!(ski(certificate), hex(&computed), "{role} {curve}");
        }
    }
}

#[test]
fn every_certificate_names_the_key_of_the_one_above() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    for chain in pki.chains() {
        let ci = chain.certificate(Role::Ci).unwrap();
        let eum = chain.certificate(Role::Eum).unwrap();
        for role in [Role::Eum, Role::DpAuth, Role::DpPb, Role::DpTls] {
            let below = chain.certificate(role).unwrap();
            assert_eq!(below.authority_key_identifier(), ci.subject_key_identifier(), "{role}");
        }
        let euicc = chain.certificate(Role::Euicc).unwrap();
        assert_eq!(euicc.authority_key_identifier(), eum.subject_key_identifier());
        assert_eq!(ci.authority_key_identifier(), None);
    }
}

#[test]
fn every_private_key_belongs_to_its_certificate_on_either_engine() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    for chain in pki.chains() {
        for role in [Role::Ci, Role::Eum, Role::Euicc, Role::DpAuth, Role::DpPb, Role::DpTls] {
            for engine in [Engine::RustCrypto, Engine::AwsLc] {
                let identity = chain.identity(role, engine).unwrap();
                let signature = identity.key().sign(b"message").unwrap();
                identity.certificate().public_key().verify(engine, b"message", &signature).unwrap();
            }
        }
    }
    assert_eq!(pki.chains().count(), 2);
}

#[test]
fn what_the_tree_does_not_hold_is_named_when_it_is_asked_for() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let chain = pki.chain(Variant::O, Curve::BrainpoolP256r1).unwrap();
    let error = chain.certificate(Role::DsAuth).unwrap_err();
    assert!(
        matches!(&error, TreeError::Missing { path, .. } if path == "DSauth/CERT_S_SM_DSauth_ECDSA_BRP.der")
    );
}

#[test]
fn the_chain_of_the_euicc_verifies_with_and_without_a_clock() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    for engine in [Engine::RustCrypto, Engine::AwsLc] {
        let anchors = pki.trust_anchors(engine).unwrap();
        for chain in pki.chains() {
            let (eum, euicc) =
                (chain.certificate(Role::Eum).unwrap(), chain.certificate(Role::Euicc).unwrap());
            for now in [Some(NOW), None] {
                let verified = verify_euicc_chain(&anchors, eum, euicc, now, &mut |_| ()).unwrap();
                assert_eq!(verified.eid, EID);
                assert_eq!(&verified.public_key, euicc.public_key());
                assert_eq!(Some(&verified.ci), chain.certificate(Role::Ci).unwrap().subject_key_identifier());
            }
        }
    }
}

#[test]
fn the_chain_of_another_card_below_the_same_root_verifies() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/session/certs");
    let (Some(tree), true) = (published_tree(), folder.is_dir()) else {
        println!("skipped: no reference data in ../shared/data/session");
        return;
    };
    let read = |name: &str| Certificate::from_der(&std::fs::read(folder.join(name)).unwrap()).unwrap();
    let (eum, euicc) = (read("eum.der"), read("euicc.der"));
    let anchors = Pki::from_tree(&tree).unwrap().trust_anchors(Engine::RustCrypto).unwrap();
    let verified = verify_euicc_chain(&anchors, &eum, &euicc, Some(NOW), &mut |_| ()).unwrap();
    assert_eq!(verified.eid, EID);
    assert_eq!(eum.subject().to_string(), "C=DE, O=RSP Test EUM, CN=EUM Test");
}

#[test]
fn the_certificates_of_the_sm_dp_verify_in_their_roles_and_in_no_other() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let servers = [Role::DpAuth, Role::DpPb, Role::DpTls, Role::DsAuth, Role::DsTls];
    for chain in pki.chains() {
        let ci = chain.trust_anchor(Engine::RustCrypto).unwrap();
        for actual in [Role::DpAuth, Role::DpPb, Role::DpTls] {
            let certificate = chain.certificate(actual).unwrap();
            assert_eq!(certificate.role(), Some(actual));
            for expected in servers {
                let result = verify_server_certificate(certificate, expected, &ci, Some(NOW), &mut |_| ());
                if expected == actual {
                    assert_eq!(result, Ok(()), "{actual}");
                } else {
                    let actual = Some(actual);
                    assert_eq!(result, Err(ServerCertificateError::WrongRole { expected, actual }));
                }
            }
        }
        let (dp_auth, dp_pb) =
            (chain.certificate(Role::DpAuth).unwrap(), chain.certificate(Role::DpPb).unwrap());
        assert_eq!(verify_same_server(dp_auth, dp_pb), Ok(()));
    }
}

#[test]
fn the_certificates_of_the_second_sm_dp_are_good_but_belong_to_another_server() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    for (curve, suffix) in [(Curve::P256, "NIST"), (Curve::BrainpoolP256r1, "BRP")] {
        let chain = pki.chain(Variant::O, curve).unwrap();
        let ci = chain.trust_anchor(Engine::RustCrypto).unwrap();
        let file =
            |folder: &str| &tree[&format!("{folder}/CERT_S_SM_DP2{}_ECDSA_{suffix}.der", &folder[2..])];
        let second_auth = Certificate::from_der(file("DPauth")).unwrap();
        let second_pb = Certificate::from_der(file("DPpb")).unwrap();
        verify_server_certificate(&second_auth, Role::DpAuth, &ci, Some(NOW), &mut |_| ()).unwrap();
        verify_server_certificate(&second_pb, Role::DpPb, &ci, Some(NOW), &mut |_| ()).unwrap();
        assert_eq!(verify_same_server(&second_auth, &second_pb), Ok(()));
        assert!(verify_same_server(chain.certificate(Role::DpAuth).unwrap(), &second_pb).is_err());
    }
}

#[test]
fn the_fields_are_read_as_they_stand_there() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    let euicc = chain.certificate(Role::Euicc).unwrap();
    assert_eq!(euicc.eid(), Some(EID));
    assert_eq!(euicc.organization(), Some("RSP Test EUM"));
    assert_eq!(hex(euicc.serial_number()), "020000000000000001");
    assert_eq!(euicc.validity().not_before.to_string(), "2020-04-01T09:48:58Z");
    assert_eq!(euicc.validity().not_after.to_string(), "7496-01-24T09:48:58Z");
    assert_eq!(euicc.issuer().to_string(), "C=ES, O=RSP Test EUM, CN=EUM Test");

    let eum = chain.certificate(Role::Eum).unwrap();
    let constraints = &eum.extensions().name_constraints.as_ref().unwrap().value;
    assert_eq!(constraints.permitted.len(), 1);
    assert_eq!(constraints.permitted[0].to_string(), "O=RSP Test EUM, serialNumber=89049032");
    assert_eq!(eum.extensions().basic_constraints.as_ref().unwrap().value.path_length, Some(0));
    assert_eq!(eum.registered_ids()[0].to_string(), "2.999.5");

    let ci = chain.certificate(Role::Ci).unwrap();
    let usage = KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
    assert_eq!(ci.extensions().key_usage.as_ref().unwrap().value, usage);
    let crls = &ci.extensions().crl_distribution_points.as_ref().unwrap().value;
    assert_eq!(crls[0], "http://ci.test.example.com/CRL-A.crl");
    assert_eq!(crls.len(), 2);

    let tls = chain.certificate(Role::DpTls).unwrap();
    assert_eq!(tls.dns_names(), ["testsmdpplus1.example.com"]);
    assert_eq!(tls.registered_ids()[0].to_string(), "2.999.10");
    assert!(tls.extensions().extended_key_usage.as_ref().unwrap().value.is_tls());
    assert_eq!(tls.validity().not_before, UnixTime(1_784_641_147));
}

#[test]
fn a_certificate_travels_in_messages_as_the_bytes_it_came_in() {
    let Some(tree) = published_tree() else { return };
    let der = &tree["EUM/CERT_EUM_ECDSA_BRP.der"];
    let certificate = Certificate::from_der(der).unwrap();
    assert_eq!(certificate.raw(), der);
    assert_eq!(certificate.to_asn1().raw(), der);
    assert_eq!(Certificate::try_from(&certificate.to_asn1()).unwrap(), certificate);
    assert_eq!(Certificate::from_der_or_pem(certificate.to_pem().as_bytes()).unwrap(), certificate);
}

#[test]
fn the_tls_certificate_is_refused_outside_its_half_year() {
    let Some(tree) = published_tree() else { return };
    let pki = Pki::from_tree(&tree).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    let ci = chain.trust_anchor(Engine::RustCrypto).unwrap();
    let tls = chain.certificate(Role::DpTls).unwrap();
    let verify = |now| verify_server_certificate(tls, Role::DpTls, &ci, Some(now), &mut |_| ());
    assert!(matches!(verify(NOW.plus_days(365)), Err(ServerCertificateError::Expired(_))));
    assert!(matches!(verify(NOW.plus_days(-365)), Err(ServerCertificateError::Invalid(_))));
}
