//! TLS 1.2 and 1.3 (SGP.22 §2.6.6, §6.1) by rustls with aws-lc-rs.
//!
//! rustls has neither the CBC suites nor brainpoolP256r1 that SGP.22 §2.6.6 also lists: the certificate of a server is
//! on P-256, whatever the curve of the certificates inside the messages.

mod client;
mod key;
mod server;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use thiserror::Error;

pub use client::client_config;
pub use key::PrivateKey;
pub use rustls::{ClientConfig, ServerConfig};
pub use server::server_config;

/// HTTP/2 first; the LPAs in the field take what they know.
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What is wrong with our own TLS material: always a fault of the configuration.
#[derive(Debug, Error)]
pub enum TlsError {
    /// No private key in that file.
    #[error("{name}: no private key in PEM or DER: {why}")]
    NoPrivateKey {
        /// The file, as the caller called it.
        name: String,
        /// What the parser says.
        why: String,
    },
    /// A key that rustls cannot use.
    #[error("{name}: {why} (TLS here needs a key on P-256, P-384 or RSA; brainpoolP256r1 is not supported)")]
    UnusableKey {
        /// The file, as the caller called it.
        name: String,
        /// What rustls says.
        why: rustls::Error,
    },
    /// The certificate is not one, or belongs to another key.
    #[error("the TLS certificate does not go with the private key {key_name}: {why}")]
    UnusableCertificate {
        /// The key's file, as the caller called it.
        key_name: String,
        /// What rustls says.
        why: rustls::Error,
    },
    /// A server needs a certificate.
    #[error("the TLS certificate chain is empty")]
    NoCertificate,
    /// A trust root is no certificate.
    #[error("trust root number {number}: {why}")]
    UnusableRoot {
        /// Which of those given, from 1.
        number: usize,
        /// What rustls says.
        why: rustls::Error,
    },
    /// A client that trusts nobody reaches nobody.
    #[error("no trust root for TLS")]
    NoRoot,
    /// The cryptography of this build lacks what TLS needs.
    #[error("TLS: {0}")]
    Provider(rustls::Error),
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn alpn() -> Vec<Vec<u8>> {
    ALPN.iter().map(|protocol| protocol.to_vec()).collect()
}
