//! Signatures, agreement and what keys must not accept or reveal.

#![cfg(test)]

mod common;

use common::{hex, hex_array, reference_data};
use crypto::digest::sha256;
use crypto::{CryptoError, Curve, Engine, OneTimeKey, PublicKey, Signature, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

const ENGINES: [Engine; 2] = [Engine::RustCrypto, Engine::AwsLc];

const ORDERS: [(Curve, &str); 2] = [
    (Curve::P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    (Curve::BrainpoolP256r1, "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7"),
];

const FIELD_PRIMES: [(Curve, &str); 2] = [
    (Curve::P256, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
    (Curve::BrainpoolP256r1, "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377"),
];

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

/// A big-endian number of 32 bytes plus a small one.
fn plus(number: &str, add: i8) -> [u8; 32] {
    let mut sum: [u8; 32] = hex_array(number);
    let last = sum.last_mut().unwrap();
    *last = last.checked_add_signed(add).expect("no carry is needed for these numbers");
    sum
}

#[test]
fn what_one_engine_signs_the_other_verifies() {
    for curve in Curve::ALL {
        for signer in ENGINES {
            let key = SigningKey::generate(signer, curve, &mut rng(1)).unwrap();
            for message in [&b""[..], b"message", &[0x5a; 5000]] {
                let signature = key.sign(message).unwrap();
                let again = Signature::from_der(&signature.to_der().unwrap()).unwrap();
                assert_eq!(again, signature);
                for verifier in ENGINES {
                    key.public_key().verify(verifier, message, &signature).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_signature_over_other_bytes_or_by_another_key_is_refused() {
    for curve in Curve::ALL {
        for engine in ENGINES {
            let key = SigningKey::generate(engine, curve, &mut rng(2)).unwrap();
            let other = SigningKey::generate(engine, curve, &mut rng(3)).unwrap();
            let signature = key.sign(b"message").unwrap();
            for verifier in ENGINES {
                assert_eq!(
                    key.public_key().verify(verifier, b"massage", &signature),
                    Err(CryptoError::InvalidSignature)
                );
                assert_eq!(
                    other.public_key().verify(verifier, b"message", &signature),
                    Err(CryptoError::InvalidSignature)
                );
            }
        }
    }
}

#[test]
fn a_signature_of_the_other_curve_is_refused() {
    let [p256, brainpool] =
        Curve::ALL.map(|curve| SigningKey::from_scalar(Engine::RustCrypto, curve, &[7; 32]).unwrap());
    for verifier in ENGINES {
        let of_p256 = p256.sign(b"message").unwrap();
        let of_brainpool = brainpool.sign(b"message").unwrap();
        brainpool.public_key().verify(verifier, b"message", &of_p256).unwrap_err();
        p256.public_key().verify(verifier, b"message", &of_brainpool).unwrap_err();
    }
}

#[test]
fn rust_crypto_signs_as_rfc_6979_says_and_leaves_a_high_s_as_it_is() {
    // RFC 6979 A.2.5, P-256 with SHA-256, message "sample". This s lies in the upper half of its range.
    let key = SigningKey::from_scalar(
        Engine::RustCrypto,
        Curve::P256,
        &hex_array("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
    )
    .unwrap();
    let signature = key.sign(b"sample").unwrap();
    assert_eq!(
        signature.as_bytes().as_slice(),
        hex(concat!(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        ))
    );
    for engine in ENGINES {
        key.public_key().verify(engine, b"sample", &signature).unwrap();
    }
}

#[test]
fn the_notifications_that_a_real_euicc_signed_verify_whether_s_is_high_or_low() {
    let Some(log) = reference_data("card-logs/retrieve-notifications.log") else { return };
    let Some(pem) = reference_data("sgp26/eUICC/SK_EUICC_ECDSA_NIST.pem") else { return };
    let key = SigningKey::from_pem(Engine::RustCrypto, std::str::from_utf8(&pem).unwrap()).unwrap();

    // The card's responses one after the other, each without its status word.
    let response: Vec<u8> = std::str::from_utf8(&log)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("< "))
        .flat_map(|apdu| hex(&apdu[..apdu.len() - 4]))
        .collect();

    let half_the_order = hex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");
    let (mut high, mut low) = (0, 0);
    let starts = (0..response.len()).filter(|at| response[*at..].starts_with(&[0xbf, 0x27]));
    for start in starts {
        // SGP.22 §2.5.6: ProfileInstallationResultData 'BF27' and right after it EuiccSignPIR '5F37'.
        let end = start + 3 + usize::from(response[start + 2]);
        assert_eq!(response[end..end + 3], [0x5f, 0x37, 0x40]);
        let signature = Signature::from_bytes(&response[end + 3..end + 67]).unwrap();
        for engine in ENGINES {
            key.public_key().verify(engine, &response[start..end], &signature).unwrap();
            key.public_key().verify(engine, &response[start + 3..end], &signature).unwrap_err();
        }
        *if signature.as_bytes()[32..] > half_the_order[..] { &mut high } else { &mut low } += 1;
    }
    assert_eq!((high, low), (2, 3));
}

#[test]
fn r_or_s_outside_the_range_is_refused_without_a_panic() {
    for (curve, order) in ORDERS {
        let key = SigningKey::generate(Engine::RustCrypto, curve, &mut rng(4)).unwrap();
        let good = key.sign(b"message").unwrap();
        for bad in [[0; 32], plus(order, 0), plus(order, 1), [0xff; 32]] {
            for at in [0, 32] {
                let mut bytes = *good.as_bytes();
                bytes[at..at + 32].copy_from_slice(&bad);
                let signature = Signature::from_bytes(&bytes).unwrap();
                for engine in ENGINES {
                    assert_eq!(
                        key.public_key().verify(engine, b"message", &signature),
                        Err(CryptoError::InvalidSignature),
                        "{curve} {engine:?} {bad:?} at {at}"
                    );
                }
            }
        }
        let zeros = Signature::from_bytes(&[0; 64]).unwrap();
        for engine in ENGINES {
            key.public_key().verify(engine, b"message", &zeros).unwrap_err();
        }
    }
}

#[test]
fn a_scalar_out_of_range_is_refused_and_the_largest_one_is_not() {
    for (curve, order) in ORDERS {
        for engine in ENGINES {
            for bad in [[0; 32], plus(order, 0), plus(order, 1), [0xff; 32]] {
                let refused = Some(CryptoError::InvalidScalar(curve));
                assert_eq!(SigningKey::from_scalar(engine, curve, &bad).err(), refused, "{engine:?}");
                assert_eq!(OneTimeKey::from_scalar(engine, curve, &bad).err(), refused, "{engine:?}");
            }
            let largest = plus(order, -1);
            let key = SigningKey::from_scalar(engine, curve, &largest).unwrap();
            assert_eq!(*key.to_scalar().unwrap(), largest);
            let key = OneTimeKey::from_scalar(engine, curve, &largest).unwrap();
            assert_eq!(*key.to_scalar().unwrap(), largest);
        }
    }
}

#[test]
fn only_an_uncompressed_finite_point_on_the_curve_is_a_public_key() {
    for (curve, prime) in FIELD_PRIMES {
        let key = SigningKey::generate(Engine::RustCrypto, curve, &mut rng(5)).unwrap();
        let good = *key.public_key().point();
        PublicKey::from_point(curve, &good).unwrap();

        let (x, y_is_odd) = (&good[1..33], good[64] & 1);
        let with_tag = |tag: u8| [&[tag], &good[1..]].concat();
        let mut off_the_curve = good;
        off_the_curve[64] ^= 1;
        let coordinate_of_p = [&[4][..], &hex(prime), &good[33..]].concat();
        for (point, what) in [
            (vec![], "nothing"),
            (vec![0], "the point at infinity"),
            ([vec![4], vec![0; 64]].concat(), "zero coordinates"),
            (vec![0; 65], "65 zeros"),
            ([&[2 + y_is_odd], x].concat(), "compressed"),
            ([&[5], x].concat(), "compact"),
            (with_tag(6 + y_is_odd), "hybrid"),
            (with_tag(2), "another tag"),
            (good[..64].to_vec(), "a byte short"),
            ([&good[..], &[0]].concat(), "a byte long"),
            (good[1..].to_vec(), "without its tag"),
            (off_the_curve.to_vec(), "off the curve"),
            (coordinate_of_p, "a coordinate that is not reduced"),
            ([vec![4], vec![0xff; 64]].concat(), "coordinates out of range"),
        ] {
            let made = PublicKey::from_point(curve, &point);
            assert_eq!(made, Err(CryptoError::InvalidPoint(curve)), "{curve} {what}");
        }
    }
    let [p256, brainpool] =
        Curve::ALL.map(|curve| SigningKey::from_scalar(Engine::RustCrypto, curve, &[7; 32]).unwrap());
    PublicKey::from_point(Curve::P256, brainpool.public_key().point()).unwrap_err();
    PublicKey::from_point(Curve::BrainpoolP256r1, p256.public_key().point()).unwrap_err();
}

#[test]
fn agreement_is_the_same_from_both_sides_and_with_both_engines() {
    for curve in Curve::ALL {
        for seed in 10..20 {
            let [ours, ours_elsewhere] =
                ENGINES.map(|engine| OneTimeKey::generate(engine, curve, &mut rng(seed)).unwrap());
            let theirs = OneTimeKey::generate(Engine::RustCrypto, curve, &mut rng(seed + 100)).unwrap();
            assert_eq!(ours.public_key(), ours_elsewhere.public_key());
            let secret = theirs.agree(ours.public_key()).unwrap();
            assert_eq!(ours.agree(theirs.public_key()).unwrap().as_bytes(), secret.as_bytes());
            assert_eq!(ours_elsewhere.agree(theirs.public_key()).unwrap().as_bytes(), secret.as_bytes());
        }
    }
}

#[test]
fn agreement_across_curves_is_refused() {
    for engine in ENGINES {
        let [p256, brainpool] =
            Curve::ALL.map(|curve| OneTimeKey::generate(engine, curve, &mut rng(6)).unwrap());
        assert_eq!(
            p256.agree(brainpool.public_key()).err(),
            Some(CryptoError::CurveMismatch { ours: Curve::P256, theirs: Curve::BrainpoolP256r1 })
        );
        assert_eq!(
            brainpool.agree(p256.public_key()).err(),
            Some(CryptoError::CurveMismatch { ours: Curve::BrainpoolP256r1, theirs: Curve::P256 })
        );
    }
}

#[test]
fn the_same_entropy_gives_the_same_key_whatever_the_engine() {
    for curve in Curve::ALL {
        let [one, other] = ENGINES.map(|engine| SigningKey::generate(engine, curve, &mut rng(7)).unwrap());
        assert_eq!(one.to_scalar().unwrap(), other.to_scalar().unwrap());
        let different = SigningKey::generate(Engine::RustCrypto, curve, &mut rng(8)).unwrap();
        assert_ne!(one.public_key(), different.public_key());

        // A second key out of the same generator is another key.
        let mut generator = rng(7);
        let first = SigningKey::generate(Engine::RustCrypto, curve, &mut generator).unwrap();
        let second = SigningKey::generate(Engine::RustCrypto, curve, &mut generator).unwrap();
        assert_ne!(first.public_key(), second.public_key());
    }
}

#[test]
fn nothing_that_is_printed_contains_a_secret() {
    for curve in Curve::ALL {
        for engine in ENGINES {
            let signing = SigningKey::generate(engine, curve, &mut rng(9)).unwrap();
            let one_time = OneTimeKey::generate(engine, curve, &mut rng(9)).unwrap();
            let shared = one_time.agree(signing.public_key()).unwrap();
            let keys = crypto::scp03t::SessionKeys::derive(&shared, b"host", &[0x89; 16]).unwrap();
            let printed = format!("{signing:?} {one_time:?} {shared:?} {keys:?}");

            let scalar = signing.to_scalar().unwrap();
            for secret in [&scalar[..], shared.as_bytes(), &keys.s_enc, &keys.s_mac, &keys.mac_chaining_value]
            {
                let digits = data_encoding::HEXLOWER.encode(&secret[..8]);
                let decimals = format!("{:?}", &secret[..4]);
                assert!(!printed.contains(&digits), "{printed}");
                assert!(!printed.contains(decimals.trim_matches(['[', ']'])), "{printed}");
            }
        }
    }
}

#[test]
fn keys_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SigningKey>();
    shared::<OneTimeKey>();
    shared::<PublicKey>();
    shared::<Signature>();
    shared::<crypto::scp03t::Protector>();
    shared::<crypto::scp03t::Opener>();
}

#[test]
fn curves_are_known_by_their_object_identifiers() {
    for curve in Curve::ALL {
        assert_eq!(Curve::from_oid_arcs(curve.oid_arcs()), Some(curve));
    }
    assert_eq!(Curve::from_oid_arcs(&[1, 3, 132, 0, 34]), None);
    assert_eq!(Curve::from_oid_arcs(&[]), None);
}

#[test]
fn the_message_is_hashed_once_and_whole() {
    // A signature over the digest of a message is not one over the message.
    let key = SigningKey::generate(Engine::AwsLc, Curve::P256, &mut rng(11)).unwrap();
    let signature = key.sign(&sha256(b"message")).unwrap();
    for engine in ENGINES {
        key.public_key().verify(engine, b"message", &signature).unwrap_err();
    }
}
