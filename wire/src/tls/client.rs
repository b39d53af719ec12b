//! The client half.

use std::sync::Arc;

use protocol::clock::Clock;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use super::remembering::Remembering;
use super::server_verifier::ServerVerifier;
use super::time::InjectedTime;
use super::trust::{Trust, TrustVerifier};
use super::{ALPN, HTTP1, PrivateKey, TlsError, certified, provider};

/// A client that trusts `roots` (DER, usually the CI certificates; SGP.22 §2.6.6.2) and judges validity by `clock`. Below a CI
/// only a CERT.DP.TLS or CERT.DS.TLS is taken (SGP.22 §3.1.2 step 5, §4.5.2.2).
pub fn client_config(
    roots: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let roots = roots.into_iter().map(Into::into).collect();
    anonymous(Arc::new(ServerVerifier::new(roots, &provider())?), clock)
}

/// The same for whoever opens thousands of connections to one server: a certificate that was verified is not verified anew for a
/// minute.
///
/// # Errors
/// As [`client_config`].
pub fn client_config_of_many(
    roots: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let roots = roots.into_iter().map(Into::into).collect();
    anonymous(Arc::new(Remembering::new(ServerVerifier::new(roots, &provider())?)), clock)
}

fn anonymous(
    verifier: Arc<dyn ServerCertVerifier>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let config = ClientConfig::builder_with_details(provider(), Arc::new(InjectedTime(clock)))
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(without_resumption(config, &ALPN))
}

/// A client that shows `chain` (DER, its own certificate first): for ES2+, ES12 and ES15 (SGP.22 §6.1).
pub fn client_config_with_certificate(
    trust: Trust,
    chain: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    key: PrivateKey,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = provider();
    let algorithms = provider.signature_verification_algorithms;
    let store = store(trust.roots)?;
    let roots = match store.is_empty() {
        true if trust.pins.is_empty() => return Err(TlsError::NoRoot),
        true => None,
        false => {
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone());
            Some(
                verifier
                    .build()
                    .map_err(|why| TlsError::Provider(rustls::Error::General(why.to_string())))?,
            )
        }
    };
    let verifier = TrustVerifier { pins: trust.pins, role: trust.role, roots, algorithms };
    let config = ClientConfig::builder_with_details(provider, Arc::new(InjectedTime(clock)))
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(certified(chain, key)?);
    // A server that refuses the certificate says so after the handshake (TLS 1.3), and HTTP/2 would lose what it says.
    Ok(without_resumption(config, &[HTTP1]))
}

pub(super) fn store(roots: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for (number, root) in (1..).zip(roots) {
        let root = CertificateDer::from(root.into());
        store.add(root).map_err(|why| TlsError::UnusableRoot { number, why })?;
    }
    Ok(store)
}

/// SGP.22 §3.1.2 step 5: keys of an earlier TLS session are not used again.
fn without_resumption(mut config: ClientConfig, alpn: &[&[u8]]) -> Arc<ClientConfig> {
    config.resumption = Resumption::disabled();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    Arc::new(config)
}
