//! P-256 through AWS-LC.

use std::sync::OnceLock;

use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, ParsedPublicKey,
};
use zeroize::Zeroizing;

use crate::{CryptoError, Curve, PublicKey, SharedSecret, Signature};

const CURVE: Curve = Curve::P256;

/// The ECDSA key of this scalar, and its public half.
pub(crate) fn signing_key(scalar: &[u8; 32]) -> Result<(EcdsaKeyPair, PublicKey), CryptoError> {
    let (_, public_key) = agreement_key(scalar)?;
    let key = EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        scalar,
        public_key.point(),
    )
    .map_err(|_| CryptoError::InvalidScalar(CURVE))?;
    Ok((key, public_key))
}

pub(crate) fn sign(key: &EcdsaKeyPair, message: &[u8]) -> Result<Signature, CryptoError> {
    // The interface asks for a generator and AWS-LC then uses its own, which it seeds itself.
    let signature =
        key.sign(&SystemRandom::new(), message).map_err(|_| CryptoError::Engine("AWS-LC did not sign"))?;
    Signature::from_bytes(signature.as_ref())
}

/// A key to verify with, read at its first verification: an EUM signs thousands of certificates.
#[derive(Default)]
pub(crate) struct VerifyingKey(OnceLock<ParsedPublicKey>);

impl VerifyingKey {
    /// Verifies by the key with this point, the same each time.
    pub(crate) fn verify(
        &self,
        point: &[u8; 65],
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), CryptoError> {
        let key = match self.0.get() {
            Some(key) => key,
            None => {
                let read = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                let read = read.map_err(|_| CryptoError::InvalidSignature)?;
                self.0.get_or_init(|| read)
            }
        };
        key.verify_sig(message, signature.as_bytes()).map_err(|_| CryptoError::InvalidSignature)
    }
}

/// The key agreement key of this scalar, and its public half.
pub(crate) fn agreement_key(scalar: &[u8; 32]) -> Result<(agreement::PrivateKey, PublicKey), CryptoError> {
    let key = agreement::PrivateKey::from_private_key(&ECDH_P256, scalar)
        .map_err(|_| CryptoError::InvalidScalar(CURVE))?;
    let public =
        key.compute_public_key().map_err(|_| CryptoError::Engine("AWS-LC did not compute a public key"))?;
    let public_key = PublicKey::from_point(CURVE, public.as_ref())?;
    Ok((key, public_key))
}

pub(crate) fn agree(key: &agreement::PrivateKey, point: &[u8; 65]) -> Result<SharedSecret, CryptoError> {
    let peer = agreement::UnparsedPublicKey::new(&ECDH_P256, point);
    agreement::agree(key, peer, CryptoError::InvalidPoint(CURVE), |x| {
        let x =
            x.try_into().map_err(|_| CryptoError::Engine("AWS-LC agreed on a value of another length"))?;
        Ok(SharedSecret::from_bytes(x))
    })
}

pub(crate) fn signing_scalar(key: &EcdsaKeyPair) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    scalar(key.private_key().as_be_bytes())
}

pub(crate) fn agreement_scalar(key: &agreement::PrivateKey) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    scalar(key.as_be_bytes())
}

fn scalar(
    exported: Result<EcPrivateKeyBin<'static>, aws_lc_rs::error::Unspecified>,
) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    let bytes = exported.map_err(|_| CryptoError::Engine("AWS-LC did not export a private key"))?;
    let scalar = <&[u8; 32]>::try_from(bytes.as_ref())
        .map_err(|_| CryptoError::Engine("AWS-LC exported a private key of another length"))?;
    Ok(Zeroizing::new(*scalar))
}
