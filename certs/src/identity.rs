//! A certificate with its private key.

use crypto::SigningKey;
use thiserror::Error;

use crate::Certificate;

/// The private key does not belong to the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the private key does not belong to the certificate's public key")]
pub struct KeyMismatch;

/// A certificate and the private key that belongs to it. Clones share the key.
#[derive(Clone, Debug)]
pub struct Identity {
    certificate: Certificate,
    key: SigningKey,
}

impl Identity {
    /// Puts the two together.
    ///
    /// # Errors
    /// [`KeyMismatch`] if they do not belong together.
    pub fn new(certificate: Certificate, key: SigningKey) -> Result<Identity, KeyMismatch> {
        if certificate.public_key() == key.public_key() {
            Ok(Identity { certificate, key })
        } else {
            Err(KeyMismatch)
        }
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }
}
