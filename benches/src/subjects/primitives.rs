//! Cryptography alone: what [`crypto`] does on each engine and curve, and the same of AWS-LC with nothing of ours in between. Every
//! floor is a sum of these.

use std::hint::black_box;

use anyhow::{Context, Result, anyhow};
use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::cipher::{AES_128, EncryptionContext, StreamingEncryptingKey, UnboundCipherKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
    UnparsedPublicKey,
};
use aws_lc_rs::{cmac, digest};
use crypto::at_rest::AtRestKey;
use crypto::scp03t::{Kind, Opener, Protector, SessionKeys};
use crypto::{Curve, Engine, OneTimeKey, PublicKey, SharedSecret, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::{Repeated, SIZES, Subject, Sum, Work, curve_name};
use crate::profile;

/// What signed objects of the procedure weigh, in the middle.
const MESSAGE: [u8; 300] = [0x5A; 300];

/// How many calls make one measurement.
const CALLS: u32 = 20;

/// What is computed on a curve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// An ECDSA signature is made.
    Sign,
    /// One is verified by a key that is read for it.
    Verify,
    /// One is verified by a key that was read before.
    VerifyKnown,
    /// A one-time key is made, with its public half.
    Generate,
    /// It is agreed on a secret with another.
    Agree,
}

impl Operation {
    const ALL: [Self; 5] = [Self::Sign, Self::Verify, Self::VerifyKnown, Self::Generate, Self::Agree];

    const fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
            Self::VerifyKnown => "verify-known",
            Self::Generate => "generate",
            Self::Agree => "agree",
        }
    }
}

/// Who computes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// AWS-LC, called without anything of ours.
    AwsLcAlone,
    /// An engine, through [`crypto`].
    Crypto(Engine),
}

impl By {
    /// The fastest that a server has for a curve: its floor.
    pub const fn server(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::AwsLcAlone,
            // AWS-LC does not know it.
            Curve::BrainpoolP256r1 => Self::Crypto(Engine::RustCrypto),
        }
    }

    /// What a card computes with.
    pub const fn card() -> Self {
        Self::Crypto(Engine::RustCrypto)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::AwsLcAlone => "aws-lc-alone",
            Self::Crypto(Engine::AwsLc) => "aws-lc",
            Self::Crypto(Engine::RustCrypto) => "rustcrypto",
        }
    }

    fn subject(self, operation: Operation, curve: Curve) -> String {
        format!("primitives/{}/{}/{}", operation.name(), self.name(), curve_name(curve))
    }

    /// So many times each of these operations.
    pub fn sum(self, curve: Curve, operations: &[(u32, Operation)]) -> Sum {
        let terms = operations.iter().map(|(count, operation)| (*count, self.subject(*operation, curve)));
        terms.fold(Sum::default(), |sum, (count, name)| sum.and(Sum::times(count, name)))
    }
}

const DERIVE: &str = "primitives/derive/rustcrypto";
const DERIVE_BY_AWS_LC: &str = "primitives/derive/aws-lc-alone";

/// The session keys derived by whoever does it faster.
pub fn derivation() -> Sum {
    Sum::fastest_of([DERIVE, DERIVE_BY_AWS_LC])
}

/// The same by what a card computes with.
pub fn derivation_on_card() -> Sum {
    Sum::times(1, DERIVE)
}

/// A package of this size protected by whoever does it faster.
pub fn protection(size: &str) -> Sum {
    Sum::fastest_of([protect_name(size), encrypt_and_mac_name(size)])
}

/// A package of this size opened.
pub fn opening(size: &str) -> Sum {
    Sum::times(1, format!("primitives/open/{size}"))
}

fn protect_name(size: &str) -> String {
    format!("primitives/protect/{size}")
}

fn encrypt_and_mac_name(size: &str) -> String {
    format!("primitives/aes-128-cbc+cmac/aws-lc-alone/{size}")
}

/// Every primitive.
pub fn subjects() -> Vec<Subject> {
    let (p256, brainpool) = (Curve::P256, Curve::BrainpoolP256r1);
    let mut subjects: Vec<Subject> = Operation::ALL.into_iter().map(alone).collect();
    for (engine, curve) in
        [(Engine::AwsLc, p256), (Engine::RustCrypto, p256), (Engine::RustCrypto, brainpool)]
    {
        subjects.extend(Operation::ALL.map(|operation| through_crypto(operation, engine, curve)));
    }
    subjects.push(Subject::new(DERIVE, 200, derive));
    subjects.push(Subject::new(DERIVE_BY_AWS_LC, 200, derive_by_aws_lc));
    for (size, name) in SIZES {
        let calls = if size > 100_000 { 4 } else { CALLS };
        let sized = |what: &str| format!("primitives/{what}/{name}");
        subjects.push(Subject::new(protect_name(name), calls, move || Ok(protect(package(size)?))));
        let encrypt_and_mac = move || Ok(encrypt_and_mac(package(size)?));
        subjects.push(Subject::new(encrypt_and_mac_name(name), calls, encrypt_and_mac));
        subjects.push(Subject::new(sized("open"), calls, move || open(size)));
        subjects.push(Subject::new(sized("seal"), calls, move || seal(size)));
        subjects.push(Subject::new(sized("unseal"), calls, move || unseal(size)));
    }
    subjects
}

fn alone(operation: Operation) -> Subject {
    Subject::new(By::AwsLcAlone.subject(operation, Curve::P256), CALLS, move || AwsLc::new(operation))
}

fn through_crypto(operation: Operation, engine: Engine, curve: Curve) -> Subject {
    let name = By::Crypto(engine).subject(operation, curve);
    let subject = Subject::new(name, CALLS, move || ThroughCrypto::new(operation, engine, curve));
    match engine {
        Engine::AwsLc => subject.beside(By::AwsLcAlone.sum(curve, &[(1, operation)])),
        Engine::RustCrypto => subject,
    }
}

/// Takes nothing new each time.
macro_rules! takes_nothing {
    ($work:ty) => {
        impl Work for $work {
            fn prepare(&mut self, _: usize) -> Result<()> {
                Ok(())
            }

            fn call(&mut self) -> Result<()> {
                self.compute()
            }

            fn at_once(&self, _: u32) -> u64 {
                u64::MAX
            }
        }
    };
}

/// P-256, straight from the library.
struct AwsLc {
    operation: Operation,
    rng: SystemRandom,
    key: EcdsaKeyPair,
    known: ParsedPublicKey,
    signature: Vec<u8>,
    one_time: agreement::PrivateKey,
    peer: Vec<u8>,
}

takes_nothing!(AwsLc);

impl AwsLc {
    fn new(operation: Operation) -> Result<Self> {
        let rng = SystemRandom::new();
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("AWS-LC: a key")?;
        let signature = key.sign(&rng, &MESSAGE).context("AWS-LC: a signature")?.as_ref().to_vec();
        let one_time = agreement::PrivateKey::generate(&ECDH_P256).context("AWS-LC: a one-time key")?;
        let peer = one_time.compute_public_key().context("AWS-LC: a public key")?.as_ref().to_vec();
        let known = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key())?;
        Ok(Self { operation, rng, key, known, signature, one_time, peer })
    }

    fn compute(&self) -> Result<()> {
        match self.operation {
            Operation::Sign => _ = black_box(self.key.sign(&self.rng, black_box(&MESSAGE))?),
            Operation::Verify => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key());
                key.verify(black_box(&MESSAGE), &self.signature)?;
            }
            Operation::VerifyKnown => self.known.verify_sig(black_box(&MESSAGE), &self.signature)?,
            Operation::Generate => {
                let key = agreement::PrivateKey::generate(&ECDH_P256)?;
                black_box(key.compute_public_key()?);
            }
            Operation::Agree => {
                let peer = agreement::UnparsedPublicKey::new(&ECDH_P256, black_box(&self.peer));
                agreement::agree(&self.one_time, peer, anyhow!("AWS-LC: no agreement"), |x| {
                    black_box(x);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}

struct ThroughCrypto {
    operation: Operation,
    engine: Engine,
    rng: ChaCha20Rng,
    key: SigningKey,
    signature: crypto::Signature,
    one_time: OneTimeKey,
}

takes_nothing!(ThroughCrypto);

impl ThroughCrypto {
    fn new(operation: Operation, engine: Engine, curve: Curve) -> Result<Self> {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = SigningKey::generate(engine, curve, &mut rng)?;
        let signature = key.sign(&MESSAGE)?;
        let one_time = OneTimeKey::generate(engine, curve, &mut rng)?;
        Ok(Self { operation, engine, rng, key, signature, one_time })
    }

    fn compute(&mut self) -> Result<()> {
        let (engine, curve, message) = (self.engine, self.key.curve(), black_box(&MESSAGE));
        match self.operation {
            Operation::Sign => _ = black_box(self.key.sign(message)?),
            Operation::Verify => {
                let key = PublicKey::from_point(curve, black_box(self.key.public_key().point()))?;
                key.verify(engine, message, &self.signature)?;
            }
            Operation::VerifyKnown => self.key.public_key().verify(engine, message, &self.signature)?,
            Operation::Generate => _ = black_box(OneTimeKey::generate(engine, curve, &mut self.rng)?),
            Operation::Agree => _ = black_box(self.one_time.agree(black_box(self.key.public_key()))?),
        }
        Ok(())
    }
}

fn session_keys() -> SessionKeys {
    SessionKeys { mac_chaining_value: [1; 16], s_enc: [2; 16], s_mac: [3; 16] }
}

fn package(size: usize) -> Result<Vec<u8>> {
    profile::package(profile::iccid(1)?, size)
}

const SECRET: [u8; 32] = [9; 32];
const HOST_ID: &[u8; 16] = b"smdp.example.com";
const EID: [u8; 16] = [0x89; 16];

fn derive() -> Result<impl Work> {
    let secret = SharedSecret::from_bytes(SECRET);
    Ok(Repeated(move || {
        black_box(SessionKeys::derive(black_box(&secret), HOST_ID, &EID)?);
        Ok(())
    }))
}

fn derive_by_aws_lc() -> Result<impl Work> {
    Ok(Repeated(|| {
        black_box(key_data(black_box(&SECRET)));
        Ok(())
    }))
}

/// What [`SessionKeys::derive`] derives: SHA-256(ShS ‖ counter ‖ SharedInfo) for two counters, and 48 bytes of it (SGP.22
/// Annex G).
fn key_data(secret: &[u8; 32]) -> [u8; 48] {
    let mut key_data = [0; 48];
    for (part, counter) in key_data.chunks_mut(32).zip(1_u32..) {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(secret);
        hash.update(&counter.to_be_bytes());
        hash.update(&[0x88, 0x10, 16]);
        hash.update(HOST_ID);
        hash.update(&[16]);
        hash.update(&EID);
        part.iter_mut().zip(hash.finish().as_ref()).for_each(|(to, from)| *to = *from);
    }
    key_data
}

/// SCP03t over a package, as it is bound.
pub(crate) fn protect(package: Vec<u8>) -> impl Work {
    Repeated(move || {
        let mut protector = Protector::new(session_keys());
        black_box(protector.protect_segments(Kind::Encrypted86, black_box(&package)));
        Ok(())
    })
}

/// The two that SCP03t consists of, one after the other over the whole package, without segments.
pub(crate) fn encrypt_and_mac(package: Vec<u8>) -> impl Work {
    let SessionKeys { mac_chaining_value, s_enc, s_mac } = &session_keys();
    let (iv, s_enc, s_mac) = (*mac_chaining_value, *s_enc, *s_mac);
    let mut encrypted = vec![0; package.len() + 2 * iv.len()];
    Repeated(move || {
        let key = UnboundCipherKey::new(&AES_128, black_box(&s_enc))?;
        let context = EncryptionContext::Iv128(iv.into());
        let mut cipher = StreamingEncryptingKey::less_safe_cbc_pkcs7(key, context)?;
        let written = cipher.update(black_box(&package), &mut encrypted)?.written().len();
        let (done, rest) = encrypted.split_at_mut(written);
        let last = cipher.finish(rest)?.1.written().len();
        let mut mac = cmac::Context::with_key(&cmac::Key::new(cmac::AES_128, black_box(&s_mac))?);
        mac.update(done)?;
        mac.update(rest.get(..last).unwrap_or_default())?;
        black_box(mac.sign()?);
        Ok(())
    })
}

fn open(size: usize) -> Result<impl Work> {
    let protected = Protector::new(session_keys()).protect_segments(Kind::Encrypted86, &package(size)?);
    let segments = asn1::tlv::children(&protected).map(|segment| Ok(segment?.raw.to_vec()));
    let segments: Vec<Vec<u8>> = segments.collect::<Result<_>>()?;
    Ok(Repeated(move || {
        let mut opener = Opener::new(session_keys());
        segments.iter().try_for_each(|segment| {
            black_box(opener.open(black_box(segment))?);
            Ok(())
        })
    }))
}

fn seal(size: usize) -> Result<impl Work> {
    let (key, package) = (AtRestKey::new(&[7; 32])?, package(size)?);
    Ok(Repeated(move || {
        black_box(key.seal(b"a record", black_box(&package))?);
        Ok(())
    }))
}

fn unseal(size: usize) -> Result<impl Work> {
    let key = AtRestKey::new(&[7; 32])?;
    let sealed = key.seal(b"a record", &package(size)?)?;
    Ok(Repeated(move || {
        black_box(key.open(b"a record", black_box(&sealed))?);
        Ok(())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_derive_the_same_keys() {
        let keys = SessionKeys::derive(&SharedSecret::from_bytes(SECRET), HOST_ID, &EID).unwrap();
        assert_eq!(key_data(&SECRET), *keys.to_key_data());
    }
}
