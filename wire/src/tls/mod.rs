//! TLS 1.2 and 1.3 (SGP.22 §2.6.6, §6.1) by rustls with aws-lc-rs.
//!
//! rustls has neither the CBC suites nor brainpoolP256r1 that SGP.22 §2.6.6 also lists: the certificate of a server is
//! on P-256, whatever the curve of the certificates inside the messages.
//!
//! Where both sides show a certificate, [`Callers`] (ES2+) or [`RspServers`] (ES12, ES15) say whom the client's certificate
//! makes known.

mod admitted;
mod caller_certificate;
mod caller_verifier;
mod callers;
mod client;
mod handshake;
mod key;
mod remembering;
mod rsp_servers;
mod server;
mod server_verifier;
mod time;
mod trust;

use std::sync::Arc;

use rustls::CertificateError;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use thiserror::Error;

pub use admitted::Admitted;
pub use callers::{Caller, Callers, Recognition};
pub use client::{client_config, client_config_of_many, client_config_with_certificate};
pub use key::PrivateKey;
pub use rsp_servers::RspServers;
pub use rustls::{ClientConfig, ServerConfig};
pub use server::{ServerTls, server_config, server_config_with_client_authentication};
pub use trust::Trust;

/// HTTP/2 first; the LPAs in the field take what they know.
const ALPN: [&[u8]; 2] = [b"h2", HTTP1];
const HTTP1: &[u8] = b"http/1.1";

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
    /// Who shows a certificate needs one.
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

/// A certificate (DER, with what stands above it) and its key, checked to belong together.
fn certified(
    chain: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    PrivateKey { name, der }: PrivateKey,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let chain: Vec<_> = chain.into_iter().map(|der| CertificateDer::from(der.into())).collect();
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    let key = match any_supported_type(&der) {
        Ok(key) => key,
        Err(why) => return Err(TlsError::UnusableKey { name, why }),
    };
    let certified = CertifiedKey::new(chain, key);
    match belong_together(&certified) {
        Ok(()) => Ok(Arc::new(SingleCertAndKey::from(certified))),
        Err(why) => Err(TlsError::UnusableCertificate { key_name: name, why }),
    }
}

/// rustls compares the keys, but cannot read every certificate (see [`handshake`]).
fn belong_together(certified: &CertifiedKey) -> Result<(), rustls::Error> {
    certified.keys_match().or_else(|error| {
        let certificate = certified.end_entity_cert()?;
        let spki = certified.key.public_key();
        match (&error, certs::Certificate::from_der(certificate), spki) {
            (rustls::Error::InvalidCertificate(CertificateError::Other(_)), Ok(certificate), Some(spki))
                if spki.ends_with(certificate.public_key().point()) =>
            {
                Ok(())
            }
            _ => Err(error),
        }
    })
}
