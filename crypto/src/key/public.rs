//! Public keys.

use std::fmt;
use std::sync::Arc;

use crate::engine::{aws_lc, rust_crypto::Point};
use crate::{CryptoError, Curve, Engine, Signature};

/// A public key: a finite point that is known to lie on its curve.
#[derive(Clone)]
pub struct PublicKey {
    bytes: [u8; 65],
    point: Point,
    /// As AWS-LC reads it, once that has verified with it; the copies of a key share it.
    verifying: Arc<aws_lc::VerifyingKey>,
}

impl PublicKey {
    /// A public key from its uncompressed encoding '04' ‖ X ‖ Y, 65 bytes: the value of the data object '5F49'
    /// (SGP.22 §5.5.1) and the content of a certificate's public key bit string.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPoint`] for every other encoding (compressed, hybrid, the point at infinity) and for
    /// coordinates that are out of range or not on the curve.
    pub fn from_point(curve: Curve, point: &[u8]) -> Result<Self, CryptoError> {
        // Points travel uncompressed (BSI TR-03111). Of SEC 1's encodings only that one has this length, and
        // the engine refuses every other tag.
        let bytes: [u8; 65] = point.try_into().map_err(|_| CryptoError::InvalidPoint(curve))?;
        Ok(Self { point: Point::from_uncompressed(curve, &bytes)?, bytes, verifying: Arc::default() })
    }

    /// The curve that the key lies on.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.point.curve()
    }

    /// The uncompressed encoding '04' ‖ X ‖ Y.
    #[must_use]
    pub fn point(&self) -> &[u8; 65] {
        &self.bytes
    }

    /// Verifies an ECDSA signature with SHA-256 over the whole message (SGP.22 §2.6.7.2). A signature with s in
    /// the upper half of its range is as valid as its mirror image: RSP does not ask for the lower one.
    ///
    /// # Errors
    /// [`CryptoError::InvalidSignature`].
    pub fn verify(&self, engine: Engine, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        match (engine, self.curve()) {
            (Engine::AwsLc, Curve::P256) => self.verifying.verify(&self.bytes, message, signature),
            (Engine::RustCrypto, _) | (_, Curve::BrainpoolP256r1) => self.point.verify(message, signature),
        }
    }

    pub(crate) fn as_point(&self) -> &Point {
        &self.point
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.curve() == other.curve() && self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, ", self.curve())?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}
