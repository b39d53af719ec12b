//! The one-time keys of a download and what they agree on.

use std::fmt;

use aws_lc_rs::agreement;
use bp256::BrainpoolP256r1;
use p256::NistP256;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::engine::rust_crypto::Point;
use crate::engine::{aws_lc, rust_crypto};
use crate::{CryptoError, Curve, Engine, PublicKey, random};

/// A private key for one key agreement: otSK.DP.ECKA or otSK.EUICC.ECKA (SGP.22 §2.6.4).
///
/// It is wiped when dropped, cannot be cloned and is never printed.
pub struct OneTimeKey {
    public_key: PublicKey,
    secret: Secret,
}

enum Secret {
    AwsLc(agreement::PrivateKey),
    P256(rust_crypto::SecretKey<NistP256>),
    BrainpoolP256r1(rust_crypto::SecretKey<BrainpoolP256r1>),
}

impl OneTimeKey {
    /// A fresh key from the caller's entropy. The same entropy gives the same key with either engine.
    ///
    /// # Errors
    /// [`CryptoError::Entropy`] if the generator is stuck.
    pub fn generate(engine: Engine, curve: Curve, rng: &mut dyn CryptoRng) -> Result<Self, CryptoError> {
        random::generate(rng, |scalar| Self::from_scalar(engine, curve, scalar))
    }

    /// The key with this scalar, 32 bytes big-endian.
    ///
    /// # Errors
    /// [`CryptoError::InvalidScalar`] for zero and for anything not below the curve's order.
    pub fn from_scalar(engine: Engine, curve: Curve, scalar: &[u8; 32]) -> Result<Self, CryptoError> {
        let invalid = |_| CryptoError::InvalidScalar(curve);
        match (engine, curve) {
            (Engine::AwsLc, Curve::P256) => {
                let (key, public_key) = aws_lc::agreement_key(scalar)?;
                Ok(Self { public_key, secret: Secret::AwsLc(key) })
            }
            (Engine::RustCrypto, Curve::P256) => {
                let key = rust_crypto::SecretKey::<NistP256>::from_slice(scalar).map_err(invalid)?;
                let public_key = PublicKey::from_point(curve, &key.public_key().to_sec1_bytes())?;
                Ok(Self { public_key, secret: Secret::P256(key) })
            }
            (_, Curve::BrainpoolP256r1) => {
                let key = rust_crypto::SecretKey::<BrainpoolP256r1>::from_slice(scalar).map_err(invalid)?;
                let public_key = PublicKey::from_point(curve, &key.public_key().to_sec1_bytes())?;
                Ok(Self { public_key, secret: Secret::BrainpoolP256r1(key) })
            }
        }
    }

    /// The scalar, 32 bytes big-endian, for a party that keeps an unused key for a retry (SGP.22 §5.7.5).
    ///
    /// # Errors
    /// [`CryptoError::Engine`] if the engine will not hand it out.
    pub fn to_scalar(&self) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
        match &self.secret {
            Secret::AwsLc(key) => aws_lc::agreement_scalar(key),
            Secret::P256(key) => Ok(Zeroizing::new(key.to_bytes().into())),
            Secret::BrainpoolP256r1(key) => Ok(Zeroizing::new(key.to_bytes().into())),
        }
    }

    /// The public half: otPK, the value of the data object '5F49'.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The curve that the key lies on.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.public_key.curve()
    }

    /// ECKA with the peer's one-time key (SGP.22 Annex G; only the two one-time keys take part).
    ///
    /// # Errors
    /// [`CryptoError::CurveMismatch`] if the peer's key lies on the other curve.
    pub fn agree(&self, peer: &PublicKey) -> Result<SharedSecret, CryptoError> {
        match (&self.secret, peer.as_point()) {
            (Secret::AwsLc(key), Point::P256(_)) => aws_lc::agree(key, peer.point()),
            (Secret::P256(key), Point::P256(peer)) => Ok(rust_crypto::agree_p256(key, peer)),
            (Secret::BrainpoolP256r1(key), Point::BrainpoolP256r1(peer)) => {
                Ok(rust_crypto::agree_brainpool(key, peer))
            }
            _ => Err(CryptoError::CurveMismatch { ours: self.curve(), theirs: peer.curve() }),
        }
    }
}

impl fmt::Debug for OneTimeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTimeKey").field("public_key", &self.public_key).finish_non_exhaustive()
    }
}

/// The shared secret ShS of SGP.22 Annex G: the X coordinate of the agreed point, 32 bytes big-endian.
pub struct SharedSecret(Zeroizing<[u8; 32]>);

impl SharedSecret {
    /// A shared secret that was agreed elsewhere.
    #[must_use]
    pub fn from_bytes(x: [u8; 32]) -> Self {
        Self(Zeroizing::new(x))
    }

    /// The X coordinate.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedSecret").finish_non_exhaustive()
    }
}
