//! The server half.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::CertificateDer;
use rustls::server::{NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use super::{PrivateKey, TlsError, alpn, provider};

/// A server that shows `chain` (DER, its own certificate first) and asks its clients for none: on ES9+ and ES11 the
/// messages authenticate the eUICC (SGP.22 §6.1.1).
pub fn server_config(
    chain: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    key: PrivateKey,
) -> Result<Arc<ServerConfig>, TlsError> {
    let chain: Vec<_> = chain.into_iter().map(|der| CertificateDer::from(der.into())).collect();
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .with_no_client_auth()
        .with_cert_resolver(certified(chain, key)?);
    // SGP.22 §3.1.2 step 5: keys of an earlier TLS session are not used again.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = alpn();
    Ok(Arc::new(config))
}

/// The certificate with its key, checked to belong together.
fn certified(
    chain: Vec<CertificateDer<'static>>,
    PrivateKey { name, der }: PrivateKey,
) -> Result<Arc<dyn ResolvesServerCert>, TlsError> {
    let key = match any_supported_type(&der) {
        Ok(key) => key,
        Err(why) => return Err(TlsError::UnusableKey { name, why }),
    };
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) => Ok(Arc::new(SingleCertAndKey::from(certified))),
        Err(why) => Err(TlsError::UnusableCertificate { key_name: name, why }),
    }
}
