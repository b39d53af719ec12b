//! The confirmation code: what the server keeps, what the eUICC sends, how the two compare (SGP.22 §5.6.3, §5.7.5).

use asn1::TransactionId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of the code's UTF-8 characters: all that an SM-DP+ keeps of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConfirmationCodeHash([u8; 32]);

impl ConfirmationCodeHash {
    /// The hash of a code as the operator or the user writes it.
    pub fn of(code: &str) -> Self {
        Self(Sha256::digest(code.as_bytes()).into())
    }

    /// From the 32 bytes that were stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// hashCc of one session: SHA-256(SHA-256(code) ‖ transactionId).
    pub fn hash_cc(&self, transaction_id: &TransactionId) -> [u8; 32] {
        Sha256::new().chain_update(self.0).chain_update(transaction_id.bytes()).finalize().into()
    }

    /// Whether the eUICC sent the hash of this code for this session; takes the same time wherever they differ.
    pub fn matches(&self, transaction_id: &TransactionId, hash_cc: &[u8]) -> bool {
        self.hash_cc(transaction_id).ct_eq(hash_cc).into()
    }
}

/// A short code is soon guessed from its hash, so the hash is not shown either.
impl std::fmt::Debug for ConfirmationCodeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfirmationCodeHash([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
