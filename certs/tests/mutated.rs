//! Certificates with their bytes disturbed: nothing panics, and nothing that was disturbed is accepted.

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
    Certificate, MAX_CERTIFICATE_LENGTH, Role, Variant,
    chain::{TrustAnchor, verify_euicc_chain, verify_server_certificate},
    tree::{Chain, Pki, Tree},
};
use common::{NOW, made_tree, published_tree};
use crypto::{Curve, Engine};
use rand_chacha::{ChaCha20Rng, rand_core::Rng};

const MUTATIONS: usize = 2000;

fn below(rng: &mut ChaCha20Rng, end: usize) -> usize {
    usize::try_from(rng.next_u64() % u64::try_from(end.max(1)).unwrap()).unwrap()
}

/// One to three disturbances: a bit, a byte, a length that lies, bytes taken out, doubled or put in, or a cut.
fn mutate(rng: &mut ChaCha20Rng, original: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=below(rng, 3) {
        let position = below(rng, bytes.len());
        let length = below(rng, 8).min(bytes.len().saturating_sub(position));
        match below(rng, 7) {
            0 => bytes[position] ^= 1 << below(rng, 8),
            1 => bytes[position] = u8::try_from(below(rng, 256)).unwrap(),
            2 => bytes[position] = [0x00, 0x7f, 0x80, 0x81, 0x84, 0xff][below(rng, 6)],
            3 => drop(bytes.drain(position..position + length)),
            4 => {
                let copy = bytes[position..position + length].to_vec();
                bytes.splice(position..position, copy);
            }
            5 => bytes.insert(position, u8::try_from(below(rng, 256)).unwrap()),
            _ => bytes.truncate(position.max(1)),
        }
    }
    bytes
}

/// Puts a disturbed certificate where the good one belongs and verifies.
fn accepted(good: &Chain, ci: &TrustAnchor, role: Role, certificate: &Certificate) -> bool {
    let mut nobody = |_| ();
    let anchors = std::slice::from_ref(ci);
    let (eum, euicc) = (good.certificate(Role::Eum).unwrap(), good.certificate(Role::Euicc).unwrap());
    match role {
        Role::Ci => TrustAnchor::new(certificate.clone(), Engine::AwsLc).is_ok(),
        Role::Eum => verify_euicc_chain(anchors, certificate, euicc, Some(NOW), &mut nobody).is_ok(),
        Role::Euicc => verify_euicc_chain(anchors, eum, certificate, Some(NOW), &mut nobody).is_ok(),
        _ => verify_server_certificate(certificate, role, ci, Some(NOW), &mut nobody).is_ok(),
    }
}

fn disturb(tree: &Tree, seed: u64) {
    let mut rng = common::rng(seed);
    for chain in Pki::from_tree(tree).unwrap().chains() {
        let ci = chain.trust_anchor(Engine::AwsLc).unwrap();
        for role in Role::ALL {
            let Ok(original) = chain.certificate(role) else { continue };
            assert!(accepted(chain, &ci, role, original), "the good one is accepted: {role}");
            let mut readable = 0;
            for _ in 0..MUTATIONS {
                let bytes = mutate(&mut rng, original.raw());
                let Ok(certificate) = Certificate::from_der(&bytes) else { continue };
                if certificate.raw() != original.raw() {
                    readable += 1;
                    assert!(!accepted(chain, &ci, role, &certificate), "{role}: {bytes:02x?}");
                }
                let _ = format!("{certificate:?} {:?}", certificate.eid());
            }
            assert!(readable > 20, "the disturbances reach the checks behind the parser: {role} {readable}");
        }
    }
}

#[test]
fn disturbed_certificates_of_the_workshop_are_refused_without_a_panic() {
    disturb(&made_tree(3), 11);
}

#[test]
fn disturbed_published_certificates_are_refused_without_a_panic() {
    let Some(tree) = published_tree() else { return };
    disturb(&tree, 12);
}

#[test]
fn every_cut_of_a_certificate_is_refused() {
    let pki = Pki::from_tree(&made_tree(3)).unwrap();
    let raw = pki.chain(Variant::O, Curve::P256).unwrap().certificate(Role::Eum).unwrap().raw().to_vec();
    for end in 0..raw.len() {
        assert!(Certificate::from_der(&raw[..end]).is_err(), "{end}");
    }
    let longer = [raw, vec![0]].concat();
    assert!(Certificate::from_der(&longer).is_err());
}

#[test]
fn a_certificate_that_is_too_long_is_not_looked_at() {
    let error = Certificate::from_der(&vec![0x30; MAX_CERTIFICATE_LENGTH + 1]).unwrap_err();
    assert_eq!(error, certs::CertError::TooLong(MAX_CERTIFICATE_LENGTH + 1));
    assert!(Certificate::from_der(&vec![0x30; MAX_CERTIFICATE_LENGTH]).is_err());
}
