//! The two hash functions of RSP.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// SHA-256 of these bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The subject key identifier of a public key, given its uncompressed point: SHA-1 over the content of the
/// certificate's public key bit string (SGP.22 §4.5.2.1; method 1 of RFC 5280 §4.2.1.2).
#[must_use]
pub fn key_identifier(point: &[u8; 65]) -> [u8; 20] {
    Sha1::digest(point).into()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    #[test]
    fn sha_256_of_abc_is_the_published_value() {
        assert_eq!(
            HEXLOWER.encode(&super::sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
