//! What the protocol makes unavoidable: the bare primitives, as fast as this machine computes them.
//!
//! P-256 is computed by AWS-LC, called without anything of ours in between; brainpoolP256r1, which it does not know, by RustCrypto
//! through [`crypto`], and so is SCP03t, of which ours is the fastest that we know.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};
use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use crypto::scp03t::{Kind, Protector, SessionKeys};
use crypto::{Curve, Engine, OneTimeKey, SharedSecret, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::measure::{mean, median};

/// What signed objects of the procedure weigh, in the middle.
const MESSAGE: [u8; 300] = [0x5A; 300];

/// The time of each primitive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Primitives {
    /// One ECDSA signature.
    pub sign: Duration,
    /// One verification.
    pub verify: Duration,
    /// A one-time key with its public half.
    pub generate: Duration,
    /// The agreement with another.
    pub agree: Duration,
    /// The keys of SCP03t out of the agreed secret.
    pub derive: Duration,
}

impl Primitives {
    /// Measures them on a curve: the medians of `rounds`, in each of which each is computed `calls` times.
    ///
    /// # Errors
    /// Where an engine fails.
    pub fn measure(curve: Curve, rounds: usize, calls: u32) -> Result<Self> {
        let run: Box<dyn FnMut() -> Result<Self>> = match curve {
            Curve::P256 => Box::new(AwsLc::new()?.rounds(calls)),
            Curve::BrainpoolP256r1 => Box::new(RustCrypto::new()?.rounds(calls)),
        };
        let rounds: Vec<Self> = std::iter::repeat_with(run).take(rounds).collect::<Result<_>>()?;
        let of = |part: fn(&Self) -> Duration| median(rounds.iter().map(part).collect());
        Ok(Self {
            sign: of(|round| round.sign),
            verify: of(|round| round.verify),
            generate: of(|round| round.generate),
            agree: of(|round| round.agree),
            derive: of(|round| round.derive),
        })
    }

    /// What binding one package takes: the eUICC's answer verified, a one-time key made and agreed on, InitialiseSecureChannel
    /// signed, the package protected (SGP.22 §5.6.2).
    pub fn binding(&self, protection: Duration) -> Duration {
        self.verify + self.generate + self.agree + self.derive + self.sign + protection
    }

    /// What one download takes of an SM-DP+ that has verified the EUM before: serverSigned1, smdpSigned2 and
    /// InitialiseSecureChannel are signed; CERT.EUICC, euiccSignature1, euiccSignature2 and the installation result verified.
    pub fn download(&self, protection: Duration) -> Duration {
        2 * self.sign + 3 * self.verify + self.binding(protection)
    }

    /// What one event retrieval takes of an SM-DS that has verified the EUM before: serverSigned1 is signed, CERT.EUICC and
    /// euiccSignature1 verified (SGP.22 §5.8).
    pub fn event_retrieval(&self) -> Duration {
        self.sign + 2 * self.verify
    }
}

/// SCP03t over a package, as it is bound.
pub fn protection(package: &[u8], calls: u32) -> Duration {
    mean(calls, || {
        let keys = SessionKeys { mac_chaining_value: [1; 16], s_enc: [2; 16], s_mac: [3; 16] };
        let mut protector = Protector::new(keys);
        black_box(protector.protect_segments(Kind::Encrypted86, black_box(package)));
    })
}

fn derive(secret: &SharedSecret, calls: u32) -> Duration {
    mean(calls, || _ = black_box(SessionKeys::derive(black_box(secret), b"smdp.example.com", &[0x89; 16])))
}

/// P-256, straight from the library.
struct AwsLc {
    key: EcdsaKeyPair,
    signature: Vec<u8>,
    one_time: agreement::PrivateKey,
    peer: Vec<u8>,
}

impl AwsLc {
    fn new() -> Result<Self> {
        let rng = SystemRandom::new();
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("AWS-LC: a key")?;
        let signature = key.sign(&rng, &MESSAGE).context("AWS-LC: a signature")?.as_ref().to_vec();
        let one_time = agreement::PrivateKey::generate(&ECDH_P256).context("AWS-LC: a one-time key")?;
        let peer = one_time.compute_public_key().context("AWS-LC: a public key")?.as_ref().to_vec();
        Ok(Self { key, signature, one_time, peer })
    }

    fn rounds(self, calls: u32) -> impl FnMut() -> Result<Primitives> {
        let rng = SystemRandom::new();
        move || {
            let secret = agreement::agree(
                &self.one_time,
                agreement::UnparsedPublicKey::new(&ECDH_P256, &self.peer),
                anyhow::anyhow!("AWS-LC: no agreement"),
                |x| Ok(SharedSecret::from_bytes(x.try_into()?)),
            )?;
            Ok(Primitives {
                sign: mean(calls, || _ = black_box(self.key.sign(&rng, black_box(&MESSAGE)))),
                verify: mean(calls, || {
                    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key());
                    _ = black_box(key.verify(black_box(&MESSAGE), &self.signature));
                }),
                generate: mean(calls, || {
                    let key = agreement::PrivateKey::generate(&ECDH_P256);
                    _ = black_box(key.and_then(|key| key.compute_public_key()));
                }),
                agree: mean(calls, || {
                    let peer = agreement::UnparsedPublicKey::new(&ECDH_P256, black_box(&self.peer));
                    _ = black_box(agreement::agree(&self.one_time, peer, (), |x| {
                        black_box(x);
                        Ok(())
                    }));
                }),
                derive: derive(&secret, calls),
            })
        }
    }
}

/// brainpoolP256r1.
struct RustCrypto {
    key: SigningKey,
    one_time: OneTimeKey,
}

impl RustCrypto {
    fn new() -> Result<Self> {
        let (engine, curve) = (Engine::RustCrypto, Curve::BrainpoolP256r1);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = SigningKey::generate(engine, curve, &mut rng)?;
        Ok(Self { key, one_time: OneTimeKey::generate(engine, curve, &mut rng)? })
    }

    fn rounds(self, calls: u32) -> impl FnMut() -> Result<Primitives> {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let (engine, curve) = (Engine::RustCrypto, Curve::BrainpoolP256r1);
        move || {
            let signature = self.key.sign(&MESSAGE)?;
            let secret = self.one_time.agree(self.one_time.public_key())?;
            let public_key = self.key.public_key();
            Ok(Primitives {
                sign: mean(calls, || _ = black_box(self.key.sign(black_box(&MESSAGE)))),
                verify: mean(calls, || {
                    _ = black_box(public_key.verify(engine, black_box(&MESSAGE), &signature))
                }),
                generate: mean(calls, || _ = black_box(OneTimeKey::generate(engine, curve, &mut rng))),
                agree: mean(calls, || _ = black_box(self.one_time.agree(black_box(public_key)))),
                derive: derive(&secret, calls),
            })
        }
    }
}
