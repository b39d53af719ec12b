//! Private keys as text.

#![cfg(test)]

mod common;

use common::hex;
use crypto::{CryptoError, Curve, Engine, PrivateKeyFileError, SigningKey};

const ENGINES: [Engine; 2] = [Engine::RustCrypto, Engine::AwsLc];

const P256_SEC1_AFTER_PARAMETERS: &str = include_str!("pem/p256-sec1-after-parameters.pem");
const BRAINPOOL_SEC1_AFTER_PARAMETERS: &str = include_str!("pem/brainpool-sec1-after-parameters.pem");

/// The scalar 01 02 … 20 of the keys in `tests/pem`.
fn scalar() -> Vec<u8> {
    (1..=32).collect()
}

fn refusal(text: &str) -> CryptoError {
    let [one, other] = ENGINES.map(|engine| SigningKey::from_pem(engine, text).unwrap_err());
    assert_eq!(one, other);
    one
}

#[test]
fn keys_as_openssl_writes_them_load_with_both_engines() {
    for (curve, text) in [
        (Curve::P256, P256_SEC1_AFTER_PARAMETERS),
        (Curve::P256, include_str!("pem/p256-sec1-without-public-key.pem")),
        (Curve::P256, include_str!("pem/p256-pkcs8.pem")),
        (Curve::BrainpoolP256r1, BRAINPOOL_SEC1_AFTER_PARAMETERS),
        (Curve::BrainpoolP256r1, include_str!("pem/brainpool-pkcs8.pem")),
    ] {
        for engine in ENGINES {
            for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("Some key\n{text}\n\n")] {
                let key = SigningKey::from_pem(engine, &text).unwrap();
                assert_eq!(key.curve(), curve);
                assert_eq!(key.to_scalar().unwrap().as_slice(), scalar());
            }
        }
    }
}

#[test]
fn a_key_that_is_written_is_the_text_openssl_writes_and_loads_again() {
    for (curve, openssl) in [
        (Curve::P256, include_str!("pem/p256-pkcs8.pem")),
        (Curve::BrainpoolP256r1, include_str!("pem/brainpool-pkcs8.pem")),
    ] {
        for engine in ENGINES {
            let key = SigningKey::from_scalar(engine, curve, &scalar().try_into().unwrap()).unwrap();
            let text = key.to_pem().unwrap();
            assert_eq!(*text, openssl, "{engine:?} {curve}");
            assert_eq!(SigningKey::from_pem(engine, &text).unwrap().public_key(), key.public_key());
        }
    }
}

#[test]
fn a_key_that_cannot_be_used_is_refused_for_its_own_reason() {
    use PrivateKeyFileError as Why;

    let without_curve = "-----BEGIN EC PRIVATE KEY-----\n\
        MCUCAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n\
        -----END EC PRIVATE KEY-----\n";
    let brainpool_parameters =
        BRAINPOOL_SEC1_AFTER_PARAMETERS.split_inclusive("-----END EC PARAMETERS-----\n").next().unwrap();
    let p256_key = P256_SEC1_AFTER_PARAMETERS.split("-----END EC PARAMETERS-----\n").nth(1).unwrap();

    for (text, why) in [
        ("", Why::NoPrivateKey),
        ("-----BEGIN PRIVATE KEY-----", Why::NoPrivateKey),
        ("-----BEGIN ", Why::NoPrivateKey),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", Why::NoPrivateKey),
        (include_str!("pem/p256-pkcs8-encrypted.pem"), Why::Encrypted),
        (include_str!("pem/p256-sec1-encrypted.pem"), Why::Encrypted),
        (include_str!("pem/p256-sec1-explicit-curve.pem"), Why::ExplicitCurve),
        (include_str!("pem/p256-pkcs8-explicit-curve.pem"), Why::ExplicitCurve),
        (include_str!("pem/p384-sec1.pem"), Why::UnknownCurve),
        (include_str!("pem/ed25519-pkcs8.pem"), Why::NotEllipticCurve),
        (without_curve, Why::UnknownCurve),
        (&format!("{brainpool_parameters}{p256_key}"), Why::ContradictoryCurve),
        (&p256_key.replace("MHcCAQEE", "MHcC*QEE"), Why::Base64),
        (&p256_key.replace("MHcCAQEE", "MHcCAQIE"), Why::Der),
        (&p256_key.replace("MHcCAQEE", "MHgCAQEE"), Why::Der),
        // The scalar's first byte is 02 now, the public key still that of 01…
        (&p256_key.replace("EEIAECAw", "EEIAICAw"), Why::PublicKeyMismatch),
        // Three bytes after the end of the structure.
        (&without_curve.replace("Hh8g", "Hh8gAAAA"), Why::Der),
        ("-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n", Why::Base64),
        ("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", Why::Der),
        ("-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n", Why::Der),
    ] {
        assert_eq!(refusal(text), CryptoError::PrivateKeyFile(why), "{text}");
    }

    let after_its_own_parameters = format!("{}{p256_key}", P256_SEC1_AFTER_PARAMETERS);
    assert!(SigningKey::from_pem(Engine::AwsLc, &after_its_own_parameters).is_ok());
    let parameters_for_a_bare_key = P256_SEC1_AFTER_PARAMETERS.replace(p256_key, without_curve);
    let key = SigningKey::from_pem(Engine::AwsLc, &parameters_for_a_bare_key).unwrap();
    assert_eq!(key.to_scalar().unwrap().as_slice(), scalar());
}

#[test]
fn no_error_repeats_any_of_the_key() {
    let damaged = P256_SEC1_AFTER_PARAMETERS
        .replace("EEIAECAw", "EEIAIC*w")
        .replace("-----END EC PRIVATE KEY-----", "AwQF\n-----END EC PRIVATE KEY-----");
    let error = refusal(&damaged);
    for told in [error.to_string(), format!("{error:?}")] {
        for line in damaged.lines().filter(|line| !line.starts_with('-')) {
            assert!(!told.contains(line) && !told.contains(&line[..line.len().min(8)]), "{told}");
        }
    }
}

#[test]
fn a_scalar_out_of_range_in_a_file_is_refused() {
    let zero = "-----BEGIN EC PRIVATE KEY-----\n\
        MDECAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAoAoGCCqGSM49\n\
        AwEH\n\
        -----END EC PRIVATE KEY-----\n";
    assert_eq!(refusal(zero), CryptoError::InvalidScalar(Curve::P256));
}

#[test]
fn every_truncation_and_every_changed_character_is_survived() {
    let text = include_str!("pem/brainpool-pkcs8.pem");
    let before = SigningKey::from_pem(Engine::RustCrypto, text).unwrap();
    for length in 0..text.len() - 1 {
        let _ = SigningKey::from_pem(Engine::RustCrypto, &text[..length]);
    }
    for at in 0..text.len() {
        let mut changed = text.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // The public key in the file makes sure that no change to the scalar goes unnoticed.
        if let Ok(key) = SigningKey::from_pem(Engine::RustCrypto, &changed) {
            assert_eq!(key.public_key(), before.public_key(), "{at}");
        }
    }
    assert_eq!(
        before.to_scalar().unwrap().as_slice(),
        hex(concat!("0102030405060708090a0b0c0d0e0f10", "1112131415161718191a1b1c1d1e1f20"))
    );
}
