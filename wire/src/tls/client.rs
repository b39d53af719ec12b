//! The client half.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::Clock;
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use super::{TlsError, alpn, provider};

/// A client that trusts `roots` (DER, usually the CI certificates; SGP.22 §2.6.6.2) and judges validity by `clock`.
pub fn client_config(
    roots: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let mut store = RootCertStore::empty();
    for (number, root) in (1..).zip(roots) {
        let root = CertificateDer::from(root.into());
        store.add(root).map_err(|why| TlsError::UnusableRoot { number, why })?;
    }
    if store.is_empty() {
        return Err(TlsError::NoRoot);
    }
    let mut config = ClientConfig::builder_with_details(provider(), Arc::new(InjectedTime(clock)))
        .with_protocol_versions(rustls::DEFAULT_VERSIONS)
        .map_err(TlsError::Provider)?
        .with_root_certificates(store)
        .with_no_client_auth();
    // SGP.22 §3.1.2 step 5: keys of an earlier TLS session are not used again.
    config.resumption = Resumption::disabled();
    config.alpn_protocols = alpn();
    Ok(Arc::new(config))
}

/// The project's clock as rustls asks for it.
struct InjectedTime(Arc<dyn Clock>);

impl TimeProvider for InjectedTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().unix_seconds()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for InjectedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InjectedTime")
    }
}
