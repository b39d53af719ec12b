//! Why bytes are no revocation list that may be used.

use thiserror::Error;

use super::MAX_CRL_LENGTH;
use crate::oid::Oid;

/// Why a revocation list is not used. The fault is that of whoever made or sent it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CrlError {
    /// Longer than anything that is looked at.
    #[error("the revocation list has {0} bytes, more than {MAX_CRL_LENGTH}")]
    TooLong(usize),
    /// Not the DER of a revocation list.
    #[error("the revocation list's {field} is malformed: {why}")]
    Malformed {
        /// The part that could not be read.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Not signed with ECDSA over SHA-256, or with parameters where none belong.
    #[error("the revocation list's {field} is {actual}, expected ecdsa-with-SHA256 without parameters")]
    SignatureAlgorithm {
        /// `signature` or `signatureAlgorithm`.
        field: &'static str,
        /// The algorithm that is named.
        actual: Oid,
    },
    /// The key that is named may not sign revocation lists (RFC 5280 §6.3.3 step f).
    #[error("keyUsage of the Certificate Issuer does not have cRLSign")]
    KeyUsage,
    /// The key that is named did not sign it.
    #[error("the signature is not the Certificate Issuer's")]
    Signature,
    /// An extension that has to be there is not.
    #[error("the revocation list has no {0}")]
    MissingExtension(&'static str),
    /// An extension occurs more than once (RFC 5280 §4.2).
    #[error("the revocation list's extension {0} occurs twice")]
    RepeatedExtension(Oid),
    /// A critical extension that is not understood (RFC 5280 §5.2, §5.3).
    #[error("the revocation list's critical extension {0} is not understood")]
    UnknownCriticalExtension(Oid),
    /// The list does not cover all certificates of its issuer, or those of others too (SGP.22 §4.6).
    #[error(
        "the revocation list's issuingDistributionPoint limits it to some certificates, or makes it indirect"
    )]
    Scope,
    /// Only one of the two extensions of a part is there, or their numbers do not fit.
    #[error("totalPartialCrlNumber and partialCrlNumber name no part of a list")]
    Part,
    /// A complete list has to tell when each revoked certificate expires (SGP.22 §4.6 table 18).
    #[error("an entry of a complete revocation list has no expiration date")]
    NoExpirationDate,
}

impl CrlError {
    pub(super) fn malformed(field: &'static str, why: impl Into<String>) -> CrlError {
        CrlError::Malformed { field, why: why.into() }
    }
}
