//! Signing keys.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::EcdsaKeyPair;
use bp256::BrainpoolP256r1;
use p256::NistP256;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::pem::{self, EcPrivateKey};
use crate::engine::{aws_lc, rust_crypto};
use crate::{CryptoError, Curve, Engine, PrivateKeyFileError, PublicKey, Signature, random};

/// A private key for ECDSA with SHA-256 (SGP.22 §2.6.7.2), bound to the engine that computes with it.
///
/// A clone shares the key; the memory is wiped when the last clone goes. Nothing prints the secret.
#[derive(Clone)]
pub struct SigningKey {
    public_key: PublicKey,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    AwsLc(Arc<EcdsaKeyPair>),
    P256(Arc<rust_crypto::SigningKey<NistP256>>),
    BrainpoolP256r1(Arc<rust_crypto::SigningKey<BrainpoolP256r1>>),
}

impl SigningKey {
    /// The key with this scalar, 32 bytes big-endian.
    ///
    /// # Errors
    /// [`CryptoError::InvalidScalar`] for zero and for anything not below the curve's order.
    pub fn from_scalar(engine: Engine, curve: Curve, scalar: &[u8; 32]) -> Result<Self, CryptoError> {
        let invalid = |_| CryptoError::InvalidScalar(curve);
        match (engine, curve) {
            (Engine::AwsLc, Curve::P256) => {
                let (key, public_key) = aws_lc::signing_key(scalar)?;
                Ok(Self { public_key, secret: Secret::AwsLc(Arc::new(key)) })
            }
            (Engine::RustCrypto, Curve::P256) => {
                let key = rust_crypto::SigningKey::<NistP256>::from_slice(scalar).map_err(invalid)?;
                let point = key.verifying_key().to_sec1_point(false);
                let public_key = PublicKey::from_point(curve, point.as_bytes())?;
                Ok(Self { public_key, secret: Secret::P256(Arc::new(key)) })
            }
            (_, Curve::BrainpoolP256r1) => {
                let key = rust_crypto::SigningKey::<BrainpoolP256r1>::from_slice(scalar).map_err(invalid)?;
                let point = key.verifying_key().to_sec1_point(false);
                let public_key = PublicKey::from_point(curve, point.as_bytes())?;
                Ok(Self { public_key, secret: Secret::BrainpoolP256r1(Arc::new(key)) })
            }
        }
    }

    /// A fresh key from the caller's entropy. The same entropy gives the same key with either engine.
    ///
    /// # Errors
    /// [`CryptoError::Entropy`] if the generator is stuck.
    pub fn generate(engine: Engine, curve: Curve, rng: &mut dyn CryptoRng) -> Result<Self, CryptoError> {
        random::generate(rng, |scalar| Self::from_scalar(engine, curve, scalar))
    }

    /// Reads the first private key of a PEM text: `EC PRIVATE KEY` (SEC 1, RFC 5915) or `PRIVATE KEY` (PKCS#8,
    /// RFC 5958). Other blocks, such as the `EC PARAMETERS` that OpenSSL writes first, may stand beside it.
    /// The curve must be given by name; a public key in the file must be the private key's own.
    ///
    /// # Errors
    /// [`CryptoError::PrivateKeyFile`] with the reason, [`CryptoError::InvalidScalar`].
    pub fn from_pem(engine: Engine, text: &str) -> Result<Self, CryptoError> {
        let EcPrivateKey { curve, scalar, public_key } = pem::decode(text)?;
        let key = Self::from_scalar(engine, curve, &scalar)?;
        if public_key.is_some_and(|stated| stated != key.public_key.point()) {
            return Err(PrivateKeyFileError::PublicKeyMismatch.into());
        }
        Ok(key)
    }

    /// The key as PKCS#8 PEM (`PRIVATE KEY`) with its curve named and its public key included.
    ///
    /// # Errors
    /// [`CryptoError::Engine`] if the engine will not hand out the scalar.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, CryptoError> {
        Ok(pem::encode(self.curve(), &*self.to_scalar()?)?)
    }

    /// The scalar, 32 bytes big-endian.
    ///
    /// # Errors
    /// [`CryptoError::Engine`] if the engine will not hand it out.
    pub fn to_scalar(&self) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
        match &self.secret {
            Secret::AwsLc(key) => aws_lc::signing_scalar(key),
            Secret::P256(key) => Ok(Zeroizing::new(key.to_bytes().into())),
            Secret::BrainpoolP256r1(key) => Ok(Zeroizing::new(key.to_bytes().into())),
        }
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The curve that the key lies on.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.public_key.curve()
    }

    /// Signs the whole message: ECDSA over its SHA-256.
    ///
    /// # Errors
    /// [`CryptoError::Engine`] if the engine fails.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, CryptoError> {
        match &self.secret {
            Secret::AwsLc(key) => aws_lc::sign(key, message),
            Secret::P256(key) => rust_crypto::sign_p256(key, message),
            Secret::BrainpoolP256r1(key) => rust_crypto::sign_brainpool(key, message),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public_key", &self.public_key).finish_non_exhaustive()
    }
}
