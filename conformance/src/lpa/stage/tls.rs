//! TLS whose certificate changes from case to case.

use std::fmt;
use std::sync::Arc;

use crypto::{CryptoError, SigningKey};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;

use super::Stage;
use crate::lpa::situation::Server;
use crate::pki::TlsChain;

/// Why a server cannot speak TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The key cannot be handed to the TLS library.
    #[error("the TLS key cannot be used: {0}")]
    Key(String),
    /// The library lacks what is needed.
    #[error("TLS: {0}")]
    Library(#[from] rustls::Error),
}

impl From<CryptoError> for TlsError {
    fn from(error: CryptoError) -> Self {
        Self::Key(error.to_string())
    }
}

/// A chain as the library takes it. It is not looked at: a bad one has to be shown too.
pub(super) fn certified(chain: &TlsChain) -> Result<Arc<CertifiedKey>, TlsError> {
    let certificates = chain.chain.iter().cloned().map(CertificateDer::from).collect();
    Ok(Arc::new(CertifiedKey::new(certificates, key(&chain.key)?)))
}

fn key(key: &SigningKey) -> Result<Arc<dyn rustls::sign::SigningKey>, TlsError> {
    let pem = key.to_pem()?;
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes());
    // What a parser says could be part of the key.
    let der = der.map_err(|_| TlsError::Key("it is no PEM".to_owned()))?;
    Ok(any_supported_type(&der)?)
}

/// A server that asks the stage what to show.
pub(super) fn server_config(stage: Arc<Stage>, server: Server) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Shown { stage, server }));
    // Each connection has to show its certificate: nothing of an earlier one is taken up again.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = [&b"h2"[..], b"http/1.1"].map(<[u8]>::to_vec).into();
    Ok(Arc::new(config))
}

struct Shown {
    stage: Arc<Stage>,
    server: Server,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({:?})", self.server)
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.stage.hello(self.server, &hello)
    }
}
