//! Anything at all.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::support::*;

#[test]
fn installing_twice_gives_the_same_profile() {
    assert_eq!(install_generated(&generated()), install_generated(&generated()));
}

/// Flips, overwrites, removes, repeats or swaps some bytes.
fn mutate(bytes: &mut Vec<u8>, rng: &mut ChaCha20Rng) {
    let at = |rng: &mut ChaCha20Rng, length: usize| rng.next_u32() as usize % length.max(1);
    for _ in 0..=at(rng, 3) {
        if bytes.is_empty() {
            return;
        }
        let position = at(rng, bytes.len());
        let end = (position + 1 + at(rng, 8)).min(bytes.len());
        match rng.next_u32() % 6 {
            0 => bytes[position] ^= 1 << (rng.next_u32() % 8),
            1 => bytes[position] = rng.next_u32() as u8,
            2 => bytes[position] = [0x00, 0x7F, 0x80, 0x81, 0x84, 0xFF][at(rng, 6)],
            3 => drop(bytes.drain(position..end)),
            4 => {
                let copy = bytes[position..end].to_vec();
                bytes.splice(position..position, copy);
            }
            _ => bytes.truncate(position.max(1)),
        }
    }
}

/// Every failure has a response that decodes; every success is the profile that its own metadata describe.
fn survives(original: &[u8], metadata: &StoreMetadataRequest, mutations: u32, seed: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let (mut installed, mut failed) = (0, 0);
    for _ in 0..mutations {
        let mut bytes = original.to_vec();
        mutate(&mut bytes, &mut rng);
        match install(&bytes, metadata) {
            Ok(profile) => {
                installed += 1;
                assert!(profile.memory_used <= FREE);
                assert_eq!(profile.content(&path("2FE2")).unwrap(), metadata.iccid.bytes());
            }
            Err(failure) => {
                failed += 1;
                EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
            }
        }
    }
    assert!(installed > 0 && failed > 0, "{installed} installed, {failed} failed");
}

#[test]
fn no_mutation_of_the_generated_package_makes_the_card_panic() {
    survives(&generated(), &metadata(ICCID), 6_000, 1);
}

#[test]
fn no_mutation_of_a_published_package_makes_the_card_panic() {
    let Some(package) = reference(TS48[0]) else { return };
    survives(&package, &metadata(REFERENCE_ICCID), 3_000, 2);
}

/// Mutations that keep the framing: inside one element, whose length is written anew.
#[test]
fn no_mutation_inside_an_element_makes_the_card_panic() {
    let Some(package) = reference(TS48[0]) else { return };
    let parsed = ProfilePackage::parse(&package).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    for _ in 0..3_000 {
        let victim = rng.next_u32() as usize % parsed.elements().len();
        let pieces = parsed.elements().iter().enumerate().map(|(position, raw)| {
            if position != victim {
                return raw.bytes().to_vec();
            }
            let (tlv, _) = asn1::tlv::read(raw.bytes()).unwrap();
            let mut value = tlv.value.to_vec();
            mutate(&mut value, &mut rng);
            asn1::tlv::wrap(tlv.tag.0, &value)
        });
        let bytes: Vec<u8> = pieces.flatten().collect();
        if let Err(failure) = install(&bytes, &metadata(REFERENCE_ICCID)) {
            EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
        }
    }
}
