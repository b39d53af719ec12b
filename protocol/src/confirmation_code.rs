//! The confirmation code: what the server keeps, what the eUICC sends, how the two compare (SGP.22 §5.6.3, §5.7.5).

use std::fmt;
use std::str::FromStr;

use asn1::TransactionId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

/// A confirmation code in plain, on its way from the operator to its hash (SGP.22 §5.3.2). Not empty, wiped when dropped,
/// and never shown.
#[derive(Clone)]
pub struct ConfirmationCode(Zeroizing<String>);

/// Why a text is no confirmation code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a confirmation code is not empty")]
pub struct ConfirmationCodeError;

impl ConfirmationCode {
    /// The code itself, for the message that carries it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> ConfirmationCodeHash {
        ConfirmationCodeHash::of(&self.0)
    }
}

impl FromStr for ConfirmationCode {
    type Err = ConfirmationCodeError;

    fn from_str(text: &str) -> Result<Self, ConfirmationCodeError> {
        if text.is_empty() { Err(ConfirmationCodeError) } else { Ok(Self(Zeroizing::new(text.to_owned()))) }
    }
}

impl PartialEq for ConfirmationCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for ConfirmationCode {}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfirmationCode([redacted])")
    }
}

/// SHA-256 of the code's UTF-8 characters: all that an SM-DP+ keeps of it.
///
/// As good as a code of a few digits, so it is wiped when dropped, and not shown.
#[derive(Clone)]
pub struct ConfirmationCodeHash(Zeroizing<[u8; 32]>);

impl ConfirmationCodeHash {
    /// The hash of a code as the operator or the user writes it.
    pub fn of(code: &str) -> Self {
        Self::from_bytes(Sha256::digest(code.as_bytes()).into())
    }

    /// From the 32 bytes that were stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// hashCc of one session: SHA-256(SHA-256(code) ‖ transactionId).
    pub fn hash_cc(&self, transaction_id: &TransactionId) -> [u8; 32] {
        Sha256::new().chain_update(self.0.as_slice()).chain_update(transaction_id.bytes()).finalize().into()
    }

    /// Whether the eUICC sent the hash of this code for this session; takes the same time wherever they differ.
    pub fn matches(&self, transaction_id: &TransactionId, hash_cc: &[u8]) -> bool {
        self.hash_cc(transaction_id).ct_eq(hash_cc).into()
    }
}

/// A short code is soon guessed from its hash, so the hash is not shown either.
impl fmt::Debug for ConfirmationCodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfirmationCodeHash([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_not_empty_and_not_shown() {
        let code: ConfirmationCode = "4321".parse().unwrap();
        assert_eq!(format!("{code:?}"), "ConfirmationCode([redacted])");
        assert_eq!(code.hash().as_bytes(), ConfirmationCodeHash::of("4321").as_bytes());
        assert_eq!("".parse::<ConfirmationCode>(), Err(ConfirmationCodeError));
    }

    #[test]
    fn the_hash_covers_the_code_and_the_transaction() {
        // Vector computed with an independent SHA-256: code "4321", transactionId 0123456789ABCDEF.
        let hash = ConfirmationCodeHash::of("4321");
        let tid: TransactionId = "0123456789ABCDEF".parse().unwrap();
        let expected = "dfc86f227184214ebe177e35efd1c8c35fdea7f68371ccbccc25fdcc40007ee3";
        let hash_cc = data_encoding::HEXLOWER.decode(expected.as_bytes()).unwrap();
        assert!(hash.matches(&tid, &hash_cc));
        assert!(!ConfirmationCodeHash::of("4322").matches(&tid, &hash_cc));
        assert!(!hash.matches(&"0123456789ABCDEE".parse().unwrap(), &hash_cc));
        assert!(!hash.matches(&tid, &hash_cc[..31]));
    }
}
