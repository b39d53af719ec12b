//! Trees that are broken or in parts.

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
    Certificate, Role, Variant,
    tree::{Pki, Tree, TreeError},
};
use common::made_tree;
use crypto::{Curve, Engine};

const DP_AUTH: &str = "DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der";
const DP_AUTH_KEY: &str = "DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem";

fn broken(change: impl FnOnce(&mut Tree)) -> TreeError {
    let mut tree = made_tree(2);
    change(&mut tree);
    Pki::from_tree(&tree).unwrap_err()
}

#[test]
fn a_card_needs_no_more_than_root_eum_and_euicc() {
    let mut tree = made_tree(2);
    tree.retain(|path, _| {
        path.starts_with("CertificateIssuer/CERT") || path.starts_with('E') || path.starts_with('e')
    });
    let pki = Pki::from_tree(&tree).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    assert!(chain.identity(Role::Euicc, Engine::RustCrypto).is_ok());
    assert!(chain.certificate(Role::Eum).is_ok());
    assert_eq!(pki.trust_anchors(Engine::RustCrypto).unwrap().len(), 2);
    let missing = chain.identity(Role::Ci, Engine::RustCrypto).unwrap_err().to_string();
    assert!(missing.starts_with("CertificateIssuer/SK_CI_ECDSA_NIST.pem is missing"), "{missing}");
}

#[test]
fn a_tree_of_one_curve_is_a_pki() {
    let mut tree = made_tree(2);
    tree.retain(|path, _| path.contains("_BRP"));
    let pki = Pki::from_tree(&tree).unwrap();
    let curves: Vec<Curve> = pki.chains().map(certs::tree::Chain::curve).collect();
    assert_eq!(curves, [Curve::BrainpoolP256r1]);
}

#[test]
fn an_empty_tree_says_which_files_it_lacks() {
    let pki = Pki::from_tree(&Tree::new()).unwrap();
    let error = pki.trust_anchors(Engine::RustCrypto).unwrap_err().to_string();
    assert!(error.contains("CertificateIssuer/CERT_CI_ECDSA_NIST.der"), "{error}");
    assert!(error.contains("CertificateIssuer/CERT_CI_ECDSA_BRP.der"), "{error}");
}

#[test]
fn a_certificate_in_pem_is_as_good_as_one_in_der() {
    let mut tree = made_tree(2);
    let certificate = Certificate::from_der(&tree[DP_AUTH]).unwrap();
    tree.insert(DP_AUTH.to_owned(), certificate.to_pem().into_bytes());
    let pki = Pki::from_tree(&tree).unwrap();
    assert_eq!(pki.chain(Variant::O, Curve::P256).unwrap().certificate(Role::DpAuth).unwrap(), &certificate);
}

#[test]
fn a_key_that_belongs_to_another_certificate_is_refused_by_both_names() {
    let error = broken(|tree| {
        let other = tree["DPpb/SK_S_SM_DPpb_ECDSA_NIST.pem"].clone();
        tree.insert(DP_AUTH_KEY.to_owned(), other);
    });
    let expected = TreeError::KeyMismatch { key: DP_AUTH_KEY.to_owned(), certificate: DP_AUTH.to_owned() };
    assert_eq!(error, expected);
    assert_eq!(error.to_string(), format!("{DP_AUTH_KEY} does not hold the private key of {DP_AUTH}"));
}

#[test]
fn a_broken_certificate_is_refused_by_its_name() {
    let error = broken(|tree| tree.get_mut(DP_AUTH).unwrap().truncate(100));
    assert!(error.to_string().starts_with(DP_AUTH), "{error}");
}

#[test]
fn a_broken_key_is_refused_by_its_name_and_not_shown() {
    let error = broken(|tree| {
        let file = tree.get_mut(DP_AUTH_KEY).unwrap();
        file.truncate(60);
    });
    assert!(matches!(&error, TreeError::Key { path, .. } if path == DP_AUTH_KEY), "{error}");
    let binary = broken(|tree| drop(tree.insert(DP_AUTH_KEY.to_owned(), vec![0xff; 32])));
    assert_eq!(binary, TreeError::KeyNotText { path: DP_AUTH_KEY.to_owned() });
}

#[test]
fn a_certificate_under_the_name_of_another_curve_is_refused() {
    let error = broken(|tree| {
        let other = tree["DPauth/CERT_S_SM_DPauth_ECDSA_BRP.der"].clone();
        tree.insert(DP_AUTH.to_owned(), other);
    });
    let (expected, actual) = (Curve::P256, Curve::BrainpoolP256r1);
    assert_eq!(error, TreeError::Curve { path: DP_AUTH.to_owned(), expected, actual });
}

#[test]
fn a_certificate_issuer_that_is_none_is_no_root_of_trust() {
    let mut tree = made_tree(2);
    let eum = tree["EUM/CERT_EUM_ECDSA_NIST.der"].clone();
    tree.insert("CertificateIssuer/CERT_CI_ECDSA_NIST.der".to_owned(), eum);
    tree.remove("CertificateIssuer/SK_CI_ECDSA_NIST.pem");
    let error = Pki::from_tree(&tree).unwrap().trust_anchors(Engine::RustCrypto).unwrap_err();
    assert!(matches!(error, TreeError::Anchor { .. }), "{error}");
}

#[test]
fn no_private_key_is_shown_by_debug() {
    let pki = Pki::from_tree(&made_tree(2)).unwrap();
    let chain = pki.chain(Variant::O, Curve::P256).unwrap();
    let identity = chain.identity(Role::DpAuth, Engine::RustCrypto).unwrap();
    let scalar = identity.key().to_scalar().unwrap();
    let (hex, list) = (data_encoding::HEXLOWER.encode(&*scalar), format!("{:?}", &*scalar));
    for shown in [format!("{pki:?}"), format!("{chain:?}"), format!("{identity:?}")] {
        assert!(!shown.contains(&hex) && !shown.contains(&hex.to_uppercase()) && !shown.contains(&list));
    }
}
