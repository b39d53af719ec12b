//! Records at rest: sealed under a key of the server that keeps them. Not a matter of RSP, only of keeping its secrets.
//!
//! AES-256-GCM with a random nonce, by aws-lc-rs; the context of a record (what it is, and whose) is authenticated with it,
//! so that no record can be put in the place of another.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::scp03t::SessionKeys;
use crate::{SharedSecret, kdf};

/// A record does not open: another key, another context, or it was changed; or the engine has failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("our storage: a sealed record does not open")]
pub struct Unsealable;

/// The key of a store: seals and opens records, and makes fingerprints.
pub struct AtRestKey {
    sealing: RandomizedNonceKey,
    fingerprints: hmac::Key,
    keys: hmac::Key,
}

impl AtRestKey {
    /// A key from 32 random bytes.
    ///
    /// # Errors
    /// [`Unsealable`] where the engine fails.
    pub fn new(secret: &[u8; 32]) -> Result<Self, Unsealable> {
        // One secret, two uses: each gets a key of its own.
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = |label: &str| Zeroizing::new(hmac::sign(&root, label.as_bytes()).as_ref().to_vec());
        let sealing =
            RandomizedNonceKey::new(&AES_256_GCM, &derived("rsplab records")).map_err(|_| Unsealable)?;
        let mac_key = |label| hmac::Key::new(hmac::HMAC_SHA256, &derived(label));
        let (fingerprints, keys) = (mac_key("rsplab fingerprints"), mac_key("rsplab keys"));
        Ok(Self { sealing, fingerprints, keys })
    }

    /// Seals `plain` for `context`: nonce, ciphertext, tag; 28 bytes longer than `plain`.
    ///
    /// # Errors
    /// [`Unsealable`] where the engine fails.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let mut sealed = plain.to_vec();
        let nonce =
            self.sealing.seal_in_place_append_tag(Aad::from(context), &mut sealed).map_err(|_| Unsealable)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] made for the same context.
    ///
    /// # Errors
    /// [`Unsealable`] where it was made with another key, for another context, or was changed.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut opened = Zeroizing::new(rest.to_vec());
        let length =
            self.sealing.open_in_place(nonce, Aad::from(context), &mut opened).map_err(|_| Unsealable)?.len();
        opened.truncate(length);
        Ok(opened)
    }

    /// Keys for one content in one context, the same each time. To whoever has not this key they are random, even where the
    /// content is known.
    #[must_use]
    pub fn keys_for(&self, context: &[u8], content: &[u8]) -> SessionKeys {
        let mut of = hmac::Context::with_key(&self.keys);
        of.update(&(context.len() as u64).to_be_bytes());
        of.update(context);
        of.update(content);
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(of.sign().as_ref());
        SessionKeys::from_key_data(&kdf::x963_sha256(&SharedSecret::from_bytes(*secret), context))
    }

    /// Tells equal contents from unequal ones, and nothing else to whoever has no key.
    #[must_use]
    pub fn fingerprint(&self, content: &[u8]) -> [u8; 32] {
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(hmac::sign(&self.fingerprints, content).as_ref());
        fingerprint
    }
}

impl fmt::Debug for AtRestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtRestKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_with_its_key_in_its_context_and_unchanged() {
        let key = AtRestKey::new(&[7; 32]).unwrap();
        let sealed = key.seal(b"package 1", b"Ki and OPc").unwrap();
        assert_eq!(**key.open(b"package 1", &sealed).unwrap(), *b"Ki and OPc");
        assert!(!sealed.windows(4).any(|part| part == b"and "));
        assert!(key.open(b"package 2", &sealed).is_err());
        assert!(AtRestKey::new(&[8; 32]).unwrap().open(b"package 1", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open(b"package 1", &changed).is_err(), "byte {place}");
        }
        for length in 0..sealed.len() {
            assert!(key.open(b"package 1", &sealed[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn keys_depend_on_the_secret_the_context_and_the_content() {
        let key = AtRestKey::new(&[7; 32]).unwrap();
        let keys = key.keys_for(b"profile 1", b"package");
        assert!(keys == key.keys_for(b"profile 1", b"package"));
        assert!(keys != key.keys_for(b"profile 2", b"package"));
        assert!(keys != key.keys_for(b"profile 1", b"another"));
        assert!(keys != key.keys_for(b"profile 1p", b"ackage"));
        assert!(keys != AtRestKey::new(&[8; 32]).unwrap().keys_for(b"profile 1", b"package"));
        assert!(keys.s_enc != keys.s_mac && keys.s_enc != keys.mac_chaining_value);
    }

    #[test]
    fn a_record_is_never_sealed_the_same_way_twice() {
        let key = AtRestKey::new(&[7; 32]).unwrap();
        assert_ne!(key.seal(b"", b"same").unwrap(), key.seal(b"", b"same").unwrap());
        assert_eq!(key.fingerprint(b"same"), key.fingerprint(b"same"));
        assert_ne!(key.fingerprint(b"same"), AtRestKey::new(&[8; 32]).unwrap().fingerprint(b"same"));
    }
}
