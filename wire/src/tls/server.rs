//! The server half.

use std::sync::Arc;

use protocol::clock::Clock;
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, ServerConnection};

use super::caller_verifier::CallerVerifier;
use super::time::InjectedTime;
use super::{ALPN, Admitted, PrivateKey, TlsError, certified, provider};
use crate::server::Authenticated;

/// What a server port shows, and whom it lets in.
#[derive(Clone, Debug)]
pub struct ServerTls {
    pub(crate) config: Arc<ServerConfig>,
    /// `None` on a port that asks for no certificate.
    admitted: Option<Admitted>,
}

impl From<Arc<ServerConfig>> for ServerTls {
    fn from(config: Arc<ServerConfig>) -> Self {
        Self { config, admitted: None }
    }
}

impl ServerTls {
    /// Who is at the other end of a connection whose handshake is done; that the certificate is valid now was seen there.
    pub(crate) fn caller(&self, connection: &ServerConnection) -> Option<Authenticated> {
        let certificate = connection.peer_certificates()?.first()?;
        self.admitted.as_ref()?.recognise(certificate, None).ok()
    }
}

/// A server that shows `chain` (DER, its own certificate first) and asks its clients for none: on ES9+ and ES11 the
/// messages authenticate the eUICC (SGP.22 §6.1.1).
pub fn server_config(
    chain: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    key: PrivateKey,
) -> Result<Arc<ServerConfig>, TlsError> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .with_no_client_auth()
        .with_cert_resolver(certified(chain, key)?);
    Ok(without_resumption(config))
}

/// A server that lets in nobody but those `admitted`, each known by its certificate (SGP.22 §6.1): [`super::Callers`] on ES2+,
/// [`super::RspServers`] on ES12 and ES15. `clock` judges the validity of certificates.
pub fn server_config_with_client_authentication(
    chain: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    key: PrivateKey,
    admitted: impl Into<Admitted>,
    clock: Arc<dyn Clock>,
) -> Result<ServerTls, TlsError> {
    let provider = provider();
    let algorithms = provider.signature_verification_algorithms;
    let admitted = admitted.into();
    let verifier = CallerVerifier { admitted: admitted.clone(), algorithms };
    let config = ServerConfig::builder_with_details(provider, Arc::new(InjectedTime(clock)))
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(certified(chain, key)?);
    Ok(ServerTls { config: without_resumption(config), admitted: Some(admitted) })
}

/// SGP.22 §3.1.2 step 5: keys of an earlier TLS session are not used again. It also means that every connection shows its
/// certificate anew.
fn without_resumption(mut config: ServerConfig) -> Arc<ServerConfig> {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = ALPN.iter().map(|protocol| protocol.to_vec()).collect();
    Arc::new(config)
}
