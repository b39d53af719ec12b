//! The Wycheproof vectors over everything in this crate that they apply to.
//!
//! `valid` has to be accepted and `invalid` refused. Where RSP is stricter than Wycheproof, or a vector tests
//! something that this crate does not do, the test says so and counts it.

#![cfg(test)]

mod common;

use aes::Aes128;
use cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac};
use common::{hex, hex_array, reference_data};
use crypto::scp03t::{Kind, OpenError, Opener, Protector, SessionKeys};
use crypto::{Curve, Engine, OneTimeKey, PublicKey, Signature};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ENGINES: [Engine; 2] = [Engine::RustCrypto, Engine::AwsLc];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<G> {
    number_of_tests: usize,
    test_groups: Vec<G>,
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Valid,
    Acceptable,
    Invalid,
}

fn read<G: DeserializeOwned>(name: &str) -> Option<File<G>> {
    let bytes = reference_data(&format!("wycheproof/{name}"))?;
    Some(serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EcdsaGroup {
    public_key: EcdsaPublicKey,
    sha: String,
    tests: Vec<EcdsaTest>,
}

#[derive(Deserialize)]
struct EcdsaPublicKey {
    uncompressed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EcdsaTest {
    tc_id: u32,
    comment: String,
    msg: String,
    sig: String,
    result: Verdict,
}

/// Runs one ECDSA file with both engines; returns how many vectors were valid and how many invalid.
fn verify_all(name: &str, curve: Curve) -> Option<(usize, usize)> {
    let file: File<EcdsaGroup> = read(name)?;
    let (mut valid, mut invalid) = (0, 0);
    for group in &file.test_groups {
        assert_eq!(group.sha, "SHA-256");
        let key = PublicKey::from_point(curve, &hex(&group.public_key.uncompressed)).unwrap();
        for test in &group.tests {
            for engine in ENGINES {
                let verified = Signature::from_bytes(&hex(&test.sig))
                    .and_then(|signature| key.verify(engine, &hex(&test.msg), &signature));
                let wanted = match test.result {
                    Verdict::Valid => true,
                    Verdict::Invalid => false,
                    Verdict::Acceptable => panic!("{name} {}: not decided", test.tc_id),
                };
                assert_eq!(verified.is_ok(), wanted, "{name} {} {}: {engine:?}", test.tc_id, test.comment);
            }
            *if test.result == Verdict::Valid { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert_eq!(valid + invalid, file.number_of_tests);
    Some((valid, invalid))
}

#[test]
fn ecdsa_on_p_256_accepts_and_refuses_as_it_should_with_both_engines() {
    let Some(counts) = verify_all("ecdsa_secp256r1_sha256_p1363_test.json", Curve::P256) else { return };
    assert_eq!(counts, (173, 89));
}

#[test]
fn ecdsa_on_brainpool_p256r1_accepts_and_refuses_as_it_should() {
    let Some(counts) = verify_all("ecdsa_brainpoolP256r1_sha256_p1363_test.json", Curve::BrainpoolP256r1)
    else {
        return;
    };
    assert_eq!(counts, (175, 86));
}

#[derive(Deserialize)]
struct EcdhGroup {
    curve: String,
    encoding: String,
    tests: Vec<EcdhTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EcdhTest {
    tc_id: u32,
    comment: String,
    public: String,
    private: String,
    shared: String,
    result: Verdict,
}

/// Wycheproof writes private keys as integers of any length, with leading zeros or without.
fn scalar(digits: &str) -> [u8; 32] {
    let bytes = hex(digits);
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut scalar = [0; 32];
    scalar[32 - (bytes.len() - start)..].copy_from_slice(&bytes[start..]);
    scalar
}

fn agree(engine: Engine, curve: Curve, test: &EcdhTest, point: &[u8]) -> Option<Vec<u8>> {
    let peer = PublicKey::from_point(curve, point).ok()?;
    let key = OneTimeKey::from_scalar(engine, curve, &scalar(&test.private)).unwrap();
    Some(key.agree(&peer).unwrap().as_bytes().to_vec())
}

#[test]
fn agreement_on_p_256_accepts_and_refuses_as_it_should_with_both_engines() {
    let Some(file) = read::<EcdhGroup>("ecdh_secp256r1_ecpoint_test.json") else { return };
    let (mut valid, mut refused) = (0, 0);
    for group in &file.test_groups {
        assert_eq!((group.curve.as_str(), group.encoding.as_str()), ("secp256r1", "ecpoint"));
        for test in &group.tests {
            let agreed = ENGINES.map(|engine| agree(engine, Curve::P256, test, &hex(&test.public)));
            let wanted = match test.result {
                Verdict::Valid => Some(hex(&test.shared)),
                Verdict::Invalid => None,
                // The one acceptable vector has a compressed point, which RSP does not use.
                Verdict::Acceptable => {
                    assert_eq!(test.comment, "compressed public key");
                    None
                }
            };
            *if wanted.is_some() { &mut valid } else { &mut refused } += 1;
            assert_eq!(agreed, [wanted.clone(), wanted], "{} {}", test.tc_id, test.comment);
        }
    }
    assert_eq!((valid, refused), (330, 25));
    assert_eq!(valid + refused, file.number_of_tests);
}

#[test]
fn agreement_on_brainpool_p256r1_accepts_and_refuses_as_it_should() {
    /// The DER of a subjectPublicKeyInfo up to the uncompressed point on brainpoolP256r1. Vectors that begin
    /// otherwise test the reading of that DER, which is not done here: this crate is handed bare points.
    const PUBLIC_KEY_INFO: &str = "305a301406072a8648ce3d020106092b2403030208010107034200";

    let Some(file) = read::<EcdhGroup>("ecdh_brainpoolP256r1_test.json") else { return };
    let (mut valid, mut refused, mut not_ours) = (0, 0, 0);
    for group in &file.test_groups {
        assert_eq!((group.curve.as_str(), group.encoding.as_str()), ("brainpoolP256r1", "asn"));
        for test in &group.tests {
            let Some(point) = test.public.strip_prefix(PUBLIC_KEY_INFO) else {
                assert_ne!(test.result, Verdict::Valid, "{} {}", test.tc_id, test.comment);
                not_ours += 1;
                continue;
            };
            let agreed = agree(Engine::RustCrypto, Curve::BrainpoolP256r1, test, &hex(point));
            let wanted = match test.result {
                Verdict::Valid => Some(hex(&test.shared)),
                Verdict::Invalid => None,
                // One acceptable vector with this beginning is off the curve, the other two bytes too long.
                Verdict::Acceptable => {
                    assert!(matches!(test.tc_id, 613 | 797), "{} {}", test.tc_id, test.comment);
                    None
                }
            };
            *if wanted.is_some() { &mut valid } else { &mut refused } += 1;
            assert_eq!(agreed, wanted, "{} {}", test.tc_id, test.comment);
        }
    }
    assert_eq!((valid, refused, not_ours), (517, 20, 267));
    assert_eq!(valid + refused + not_ours, file.number_of_tests);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MacGroup {
    key_size: usize,
    tests: Vec<MacTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MacTest {
    tc_id: u32,
    key: String,
    msg: String,
    tag: String,
    result: Verdict,
}

/// The messages are arbitrary and SCP03t's are not, so these vectors go to the primitive that SCP03t calls.
/// SGP.22 §5.5 knows AES-128 alone: groups with other key sizes do not apply.
#[test]
fn aes_128_cmac_accepts_and_refuses_as_it_should() {
    let Some(file) = read::<MacGroup>("aes_cmac_test.json") else { return };
    let (mut valid, mut invalid) = (0, 0);
    for group in file.test_groups.iter().filter(|group| group.key_size == 128) {
        for test in &group.tests {
            let mut cmac = <Cmac<Aes128> as KeyInit>::new(&Array(hex_array(&test.key)));
            cmac.update(&hex(&test.msg));
            let verified = cmac.verify_slice(&hex(&test.tag)).is_ok();
            assert_eq!(verified, test.result == Verdict::Valid, "{}", test.tc_id);
            *if verified { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert_eq!((valid, invalid), (21, 81));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CbcGroup {
    key_size: usize,
    tests: Vec<CbcTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CbcTest {
    tc_id: u32,
    comment: String,
    key: String,
    iv: String,
    msg: String,
    ct: String,
    result: Verdict,
}

/// A TLV whose body is IV ‖ ciphertext of a vector: CBC then decrypts the ciphertext under the vector's own IV,
/// after one block that depends on SCP03t's.
struct CbcSession {
    cipher: Aes128,
    keys: SessionKeys,
    body: Vec<u8>,
}

impl CbcSession {
    fn new(test: &CbcTest) -> Self {
        let key = hex_array(&test.key);
        let keys = SessionKeys { mac_chaining_value: [1; 16], s_enc: key, s_mac: [2; 16] };
        Self { cipher: Aes128::new(&Array(key)), keys, body: hex(&(test.iv.clone() + &test.ct)) }
    }

    /// The block that SCP03t encrypts to the vector's IV in its first TLV.
    fn leading_block(&self) -> Vec<u8> {
        let mut counter = Array(1_u128.to_be_bytes());
        self.cipher.encrypt_block(&mut counter);
        let mut block = Array::try_from(&self.body[..16]).unwrap();
        self.cipher.decrypt_block(&mut block);
        block.iter().zip(counter).map(|(left, right)| left ^ right).collect()
    }

    fn tlv(&self) -> Vec<u8> {
        let mut tlv = vec![0x86, u8::try_from(self.body.len() + 8).unwrap()];
        if tlv[1] >= 0x80 {
            tlv.insert(1, 0x81);
        }
        tlv.extend(&self.body);
        let mut cmac = <Cmac<Aes128> as KeyInit>::new(&Array(self.keys.s_mac));
        cmac.update(&self.keys.mac_chaining_value);
        cmac.update(&tlv);
        tlv.extend(&cmac.finalize().into_bytes()[..8]);
        tlv
    }
}

/// The file pads by PKCS #5 and SCP03t by ISO/IEC 7816-4. So of the AES-128 group, the six vectors that are
/// invalid because they have "ISO/IEC 7816-4 padding" have to open here, and all 66 others, right by PKCS #5 or
/// wrong by both, have to be refused. In the sending direction the 24 valid and the six ISO vectors have to
/// come out byte for byte. Groups with other key sizes do not apply.
#[test]
fn aes_128_cbc_and_its_padding_accept_and_refuse_as_they_should() {
    let Some(file) = read::<CbcGroup>("aes_cbc_pkcs5_test.json") else { return };
    let (mut opened, mut refused, mut made) = (0, 0, 0);
    for group in file.test_groups.iter().filter(|group| group.key_size == 128) {
        for test in &group.tests {
            let session = CbcSession::new(test);
            let tlv = session.tlv();
            let plaintext = Opener::new(session.keys.clone()).open(&tlv);
            let message = [session.leading_block(), hex(&test.msg)].concat();

            if test.comment.starts_with("Using ISO/IEC 7816-4 padding") {
                assert_eq!(*plaintext.unwrap(), message, "{} {}", test.tc_id, test.comment);
                let again = Protector::new(session.keys).protect(Kind::Encrypted86, &message);
                assert_eq!(again, tlv, "{} {}", test.tc_id, test.comment);
                opened += 1;
                continue;
            }
            // The empty ciphertext leaves the leading block alone, whose padding is wrong too.
            assert_eq!(plaintext.err(), Some(OpenError::Structure), "{} {}", test.tc_id, test.comment);
            refused += 1;
            if test.result == Verdict::Valid {
                let pad = u8::try_from(16 - hex(&test.msg).len() % 16).unwrap();
                let padded = [message, vec![pad; usize::from(pad)]].concat();
                let again = Protector::new(session.keys).protect(Kind::Encrypted86, &padded);
                let body = again.windows(session.body.len()).position(|at| at == session.body);
                assert!(matches!(body, Some(2 | 3)), "{} {}", test.tc_id, test.comment);
                made += 1;
            }
        }
    }
    assert_eq!((opened, refused, made), (6, 66, 24));
}
