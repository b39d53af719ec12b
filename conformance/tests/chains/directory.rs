//! What can be made of a certificate directory, whole or in parts.

use std::path::Path;

use certs::chain::verify_euicc_chain;
use certs::tree::{Pki, Tree};
use certs::{Certificate, Role, Variant, tree};
use conformance::pki::{Authority, EuiccChain, EuiccDefect, PkiError, ServerDefect, SigningDefect};
use crypto::{Curve, Engine};

use crate::{EID, NOW, hosts, rng};

fn authority(tree: &Tree) -> Authority {
    let pki = Pki::from_tree(tree).unwrap();
    Authority::from_chain(pki.chain(Variant::O, Curve::P256).unwrap()).unwrap()
}

/// The directory without these private keys.
fn without(keys: &[&str]) -> Authority {
    let mut tree = crate::tree();
    tree.retain(|path, _| !keys.iter().any(|key| path.ends_with(&format!("SK_{key}_ECDSA_NIST.pem"))));
    authority(&tree)
}

fn own(tree: &Tree, role: Role) -> Vec<u8> {
    tree[&tree::certificate_path(Variant::O, Curve::P256, role)].clone()
}

fn is_good(authority: &Authority, chain: &EuiccChain) -> bool {
    let [eum, euicc] = [&chain.eum, &chain.euicc.certificate].map(|der| Certificate::from_der(der).unwrap());
    verify_euicc_chain(&[authority.anchor().clone()], &eum, &euicc, Some(NOW), &mut |_| ()).is_ok()
}

/// Another EID of the EUM of the directory, and one of another EUM.
fn other_eids() -> [[u8; 16]; 2] {
    [certs::eid::numbered("89049032", 4711).unwrap(), certs::eid::numbered("89033023", 4711).unwrap()]
}

#[test]
fn the_good_certificates_are_those_of_the_directory_as_they_are() {
    let tree = crate::tree();
    let authority = authority(&tree);
    assert_eq!(authority.own_eid(), Some(EID));
    let chain = authority.euicc_chain(EID, None, &mut rng()).unwrap();
    assert_eq!((chain.eum, chain.euicc.certificate), (own(&tree, Role::Eum), own(&tree, Role::Euicc)));
    let pair = authority.server_pair(None, &mut rng()).unwrap();
    assert_eq!(
        (pair.auth.certificate, pair.pb.certificate),
        (own(&tree, Role::DpAuth), own(&tree, Role::DpPb))
    );
    let ds_auth = authority.ds_auth(None, &mut rng()).unwrap();
    assert_eq!(ds_auth.certificate, own(&tree, Role::DsAuth));
}

#[test]
fn the_eum_of_the_directory_issues_for_its_eids_and_a_new_one_for_others() {
    let tree = crate::tree();
    let authority = authority(&tree);
    for (eid, is_its_own) in other_eids().into_iter().zip([true, false]) {
        let chain = authority.euicc_chain(eid, None, &mut rng()).unwrap();
        assert!(is_good(&authority, &chain));
        assert_eq!((chain.eid, chain.eum == own(&tree, Role::Eum)), (eid, is_its_own));
    }
}

#[test]
fn without_the_certificate_issuers_key_the_eum_still_makes_euiccs() {
    let authority = without(&["CI"]);
    let no_key = PkiError::NoKey { whose: "CERT.CI.ECDSA" };
    let [its_own, foreign] = other_eids();
    assert!(is_good(&authority, &authority.euicc_chain(its_own, None, &mut rng()).unwrap()));
    assert_eq!(authority.euicc_chain(foreign, None, &mut rng()).unwrap_err(), no_key);
    for defect in EuiccDefect::ALL {
        let made = authority.euicc_chain(its_own, Some(defect), &mut rng());
        // A Certificate Issuer that is unknown can be made anew.
        let needs_the_key = defect.name().starts_with("eum-") || defect == EuiccDefect::EuiccBelowCi;
        match made {
            Ok(_) => assert!(!needs_the_key, "{defect}"),
            Err(error) => assert_eq!((error, needs_the_key), (no_key.clone(), true), "{defect}"),
        }
    }
    assert!(authority.server_pair(None, &mut rng()).is_ok());
    let revoked = ServerDefect::Auth(SigningDefect::Revoked);
    assert_eq!(authority.server_pair(Some(revoked), &mut rng()).unwrap_err(), no_key);
    assert_eq!(authority.crl(1, &[], &mut rng()).unwrap_err(), no_key);
}

#[test]
fn with_nothing_but_an_euicc_there_is_that_euicc() {
    let authority = without(&["CI", "EUM"]);
    assert!(is_good(&authority, &authority.euicc_chain(EID, None, &mut rng()).unwrap()));
    let no_key = PkiError::NoKey { whose: "CERT.EUM.ECDSA" };
    for eid in other_eids() {
        assert_eq!(authority.euicc_chain(eid, None, &mut rng()).unwrap_err(), no_key);
    }
    let expired = authority.euicc_chain(EID, Some(EuiccDefect::EuiccExpired), &mut rng());
    assert_eq!(expired.unwrap_err(), no_key);
}

#[test]
fn without_the_eums_key_a_new_eum_is_founded() {
    let authority = without(&["EUM"]);
    let chain = authority.euicc_chain(other_eids()[0], None, &mut rng()).unwrap();
    assert!(is_good(&authority, &chain));
    assert_ne!(chain.eum, own(&crate::tree(), Role::Eum));
}

#[test]
fn a_tls_certificate_of_the_directory_is_used_where_none_can_be_issued() {
    let authority = without(&["CI"]);
    let chain = authority.tls(Role::DpTls, &hosts(), None, &mut rng()).unwrap();
    assert_eq!(chain.chain, [own(&crate::tree(), Role::DpTls)]);
    let elsewhere = ["elsewhere.example.com".to_owned()];
    let no_key = PkiError::NoKey { whose: "CERT.CI.ECDSA" };
    assert_eq!(authority.tls(Role::DpTls, &elsewhere, None, &mut rng()).unwrap_err(), no_key);
}

#[test]
fn an_eid_that_is_none_is_refused() {
    let wrong = [0x89; 16];
    let result = without(&[]).euicc_chain(wrong, None, &mut rng());
    assert!(matches!(result, Err(PkiError::Eid(_))));
}

#[test]
fn the_published_certificates_can_be_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/sgp26");
    let Ok(folders) = std::fs::read_dir(&root) else {
        println!("skipped: no published certificates in {}", root.display());
        return;
    };
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    let tree: Tree = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    let pki = Pki::from_tree(&tree).unwrap();
    for curve in Curve::ALL {
        let authority = Authority::from_chain(pki.chain(Variant::O, curve).unwrap()).unwrap();
        assert_eq!(authority.own_eid(), Some(EID));
        for eid in [EID, other_eids()[0], other_eids()[1]] {
            assert!(is_good(&authority, &authority.euicc_chain(eid, None, &mut rng()).unwrap()), "{curve}");
        }
        for defect in EuiccDefect::ALL {
            authority.euicc_chain(EID, Some(defect), &mut rng()).unwrap();
        }
        let pair = authority.server_pair(None, &mut rng()).unwrap();
        let certificate = Certificate::from_der(&pair.auth.certificate).unwrap();
        assert_eq!(
            certificate.verify_signature(Engine::RustCrypto, authority.ci_certificate().public_key()),
            Ok(())
        );
    }
}
