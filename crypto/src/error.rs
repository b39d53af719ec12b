//! What can go wrong with keys and signatures. SCP03t has its own [`OpenError`](crate::scp03t::OpenError).

use thiserror::Error;

use crate::Curve;

/// Why a key, a signature or an agreement was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The peer's public key is not an uncompressed, finite point on the curve.
    #[error("peer misbehaved: the public key is not an uncompressed point on {0}")]
    InvalidPoint(Curve),
    /// The peer's signature is not 64 bytes long; holds the length received.
    #[error("peer misbehaved: a signature has 64 bytes (r and s), not {0}")]
    SignatureLength(usize),
    /// The peer's X.509 signature value is not the DER of two integers that fit the curve.
    #[error("peer misbehaved: the signature is not the DER of two 256-bit integers")]
    SignatureDer,
    /// The signature was not made by this key over these bytes, or r or s is outside 1..n-1.
    #[error("peer misbehaved: the signature does not verify")]
    InvalidSignature,
    /// The two keys of an agreement lie on different curves.
    #[error("peer incompatible: its key is on {theirs}, ours on {ours}")]
    CurveMismatch {
        /// The curve of our private key.
        ours: Curve,
        /// The curve of the peer's public key.
        theirs: Curve,
    },
    /// The host identifier is not 1 to 16 bytes long (SGP.22 §5.5.1); holds the length received.
    #[error("peer misbehaved: a host identifier has 1 to 16 bytes, not {0}")]
    HostIdLength(usize),
    /// The private key is zero or not below the order of the curve.
    #[error("our configuration: the private key is not a scalar of {0}")]
    InvalidScalar(Curve),
    /// The file of a private key cannot be used.
    #[error("our configuration: {0}")]
    PrivateKeyFile(#[from] PrivateKeyFileError),
    /// The random generator handed in yields no usable private key.
    #[error("our configuration: the random generator yields no usable private key")]
    Entropy,
    /// The engine failed where it has no reason to.
    #[error("our engine failed: {0}")]
    Engine(&'static str),
}

/// Why a PEM private key was refused. Never holds any of the file's content.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrivateKeyFileError {
    /// There is no complete `EC PRIVATE KEY` or `PRIVATE KEY` block.
    #[error("no complete \"EC PRIVATE KEY\" or \"PRIVATE KEY\" block in the PEM text")]
    NoPrivateKey,
    /// The key is protected by a passphrase.
    #[error("the private key is encrypted; store it without a passphrase")]
    Encrypted,
    /// The text between the PEM boundaries is not base64 in lines of 64.
    #[error("the private key block is not well-formed base64")]
    Base64,
    /// The bytes are not the DER of the structure that the label promises.
    #[error("the private key block does not hold the DER that its label promises")]
    Der,
    /// The key is not an elliptic curve key.
    #[error("the private key is not an elliptic curve key")]
    NotEllipticCurve,
    /// The curve is spelled out instead of named.
    #[error("the private key spells out its curve; convert it with `-param_enc named_curve`")]
    ExplicitCurve,
    /// The curve is missing or neither P-256 nor brainpoolP256r1.
    #[error("the private key names neither NIST P-256 nor brainpoolP256r1")]
    UnknownCurve,
    /// Two places of the file name different curves.
    #[error("the private key file names two different curves")]
    ContradictoryCurve,
    /// The public key in the file does not belong to the private key.
    #[error("the public key in the file does not belong to the private key")]
    PublicKeyMismatch,
    /// The key cannot be written as PEM.
    #[error("the private key cannot be written as PEM")]
    Encoding,
}
