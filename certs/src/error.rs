//! Why bytes are no certificate of remote SIM provisioning.

use thiserror::Error;

use crate::{ExtensionKind, certificate::MAX_CERTIFICATE_LENGTH, oid::Oid};

/// Why bytes cannot be read as a certificate that SGP.22 §4.5.2.1 describes. The fault is that of whoever made or
/// sent the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertError {
    /// Longer than anything that is looked at.
    #[error("the certificate has {0} bytes, more than {MAX_CERTIFICATE_LENGTH}")]
    TooLong(usize),
    /// Not the DER of a certificate.
    #[error("the certificate's {field} is malformed: {why}")]
    Malformed {
        /// The part that could not be read.
        field: &'static str,
        /// What the decoder says.
        why: String,
    },
    /// The certificate is not of version 3. The number is the encoded one, less by one than the version.
    #[error("the certificate's version field is {0}, expected 2 (version 3)")]
    Version(u64),
    /// Not signed with ECDSA over SHA-256, or with parameters where none belong.
    #[error("the certificate's {field} is {actual}, expected ecdsa-with-SHA256 without parameters")]
    SignatureAlgorithm {
        /// `signature` or `signatureAlgorithm`.
        field: &'static str,
        /// The algorithm that is named.
        actual: Oid,
    },
    /// The public key is not one for elliptic curves.
    #[error("the certificate's public key algorithm is {0}, expected id-ecPublicKey")]
    PublicKeyAlgorithm(Oid),
    /// The public key lies on a curve that is not supported.
    #[error(
        "the certificate's public key lies on the curve {0}, supported are NIST P-256 and brainpoolP256r1"
    )]
    UnsupportedCurve(Oid),
    /// The public key is not an uncompressed point on its curve.
    #[error("the certificate's public key is not an uncompressed point of its curve: {0}")]
    PublicKey(crypto::CryptoError),
    /// The signature is not a pair of numbers.
    #[error("the certificate's signature value is malformed: {0}")]
    Signature(crypto::CryptoError),
    /// An extension occurs more than once (RFC 5280 §4.2).
    #[error("the certificate's extension {0} occurs twice")]
    RepeatedExtension(Oid),
    /// The value of a known extension cannot be read.
    #[error("the certificate's extension {extension} is malformed: {why}")]
    Extension {
        /// The extension.
        extension: ExtensionKind,
        /// What is wrong with it.
        why: String,
    },
}
