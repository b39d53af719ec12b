//! P-256 and brainpoolP256r1 through the RustCrypto crates.

use bp256::BrainpoolP256r1;
use ecdsa::signature::{Signer, Verifier};
use elliptic_curve::ecdh::diffie_hellman;
use p256::NistP256;

use crate::{CryptoError, Curve, SharedSecret, Signature};

pub(crate) type SecretKey<C> = elliptic_curve::SecretKey<C>;
pub(crate) type SigningKey<C> = ecdsa::SigningKey<C>;

/// A point on one of the curves, never the point at infinity.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Point {
    P256(elliptic_curve::PublicKey<NistP256>),
    BrainpoolP256r1(elliptic_curve::PublicKey<BrainpoolP256r1>),
}

impl Point {
    /// The point of an uncompressed encoding, checked against the curve's equation.
    pub(crate) fn from_uncompressed(curve: Curve, bytes: &[u8; 65]) -> Result<Self, CryptoError> {
        let point = match curve {
            Curve::P256 => elliptic_curve::PublicKey::from_sec1_bytes(bytes).map(Self::P256),
            Curve::BrainpoolP256r1 => {
                elliptic_curve::PublicKey::from_sec1_bytes(bytes).map(Self::BrainpoolP256r1)
            }
        };
        point.map_err(|_| CryptoError::InvalidPoint(curve))
    }

    pub(crate) fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::BrainpoolP256r1(_) => Curve::BrainpoolP256r1,
        }
    }

    /// ECDSA with SHA-256. r and s must lie in 1..n-1; both halves of that range are valid for s.
    pub(crate) fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        let verified = match self {
            Self::P256(key) => ecdsa::Signature::<NistP256>::from_slice(signature.as_bytes())
                .and_then(|signature| ecdsa::VerifyingKey::from(key).verify(message, &signature)),
            Self::BrainpoolP256r1(key) => {
                ecdsa::Signature::<BrainpoolP256r1>::from_slice(signature.as_bytes())
                    .and_then(|signature| ecdsa::VerifyingKey::from(key).verify(message, &signature))
            }
        };
        verified.map_err(|_| CryptoError::InvalidSignature)
    }
}

pub(crate) fn sign_p256(key: &SigningKey<NistP256>, message: &[u8]) -> Result<Signature, CryptoError> {
    let signature: ecdsa::Signature<NistP256> =
        key.try_sign(message).map_err(|_| CryptoError::Engine("p256 did not sign"))?;
    Signature::from_bytes(&signature.to_bytes())
}

pub(crate) fn sign_brainpool(
    key: &SigningKey<BrainpoolP256r1>,
    message: &[u8],
) -> Result<Signature, CryptoError> {
    let signature: ecdsa::Signature<BrainpoolP256r1> =
        key.try_sign(message).map_err(|_| CryptoError::Engine("bp256 did not sign"))?;
    Signature::from_bytes(&signature.to_bytes())
}

pub(crate) fn agree_p256(
    key: &SecretKey<NistP256>,
    peer: &elliptic_curve::PublicKey<NistP256>,
) -> SharedSecret {
    let agreed = diffie_hellman(key.to_nonzero_scalar(), peer.as_affine());
    SharedSecret::from_bytes((*agreed.raw_secret_bytes()).into())
}

pub(crate) fn agree_brainpool(
    key: &SecretKey<BrainpoolP256r1>,
    peer: &elliptic_curve::PublicKey<BrainpoolP256r1>,
) -> SharedSecret {
    let agreed = diffie_hellman(key.to_nonzero_scalar(), peer.as_affine());
    SharedSecret::from_bytes((*agreed.raw_secret_bytes()).into())
}
