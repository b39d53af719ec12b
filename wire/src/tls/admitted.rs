//! Whom a port lets in that asks for certificates.

use std::fmt;
use std::sync::Arc;

use certs::{Reason, UnixTime};
use data_encoding::HEXUPPER;
use rustls::{CertificateError, OtherError};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tracing::info;

use super::callers::Unrecognised;
use super::rsp_servers::NotARspServer;
use super::{Callers, RspServers};
use crate::server::Authenticated;

/// Whom a port lets in that asks for certificates.
#[derive(Clone, Debug)]
pub enum Admitted {
    /// Those whom the configuration knows: for ES2+.
    Callers(Arc<Callers>),
    /// Every SM-DP+ and SM-DS below a trusted Certificate Issuer: for ES12 and ES15.
    RspServers(Arc<RspServers>),
}

impl From<Arc<Callers>> for Admitted {
    fn from(callers: Arc<Callers>) -> Self {
        Self::Callers(callers)
    }
}

impl From<RspServers> for Admitted {
    fn from(servers: RspServers) -> Self {
        Self::RspServers(Arc::new(servers))
    }
}

impl Admitted {
    /// Whose certificate (DER) it is. Without a time, expiry is not looked at.
    pub(super) fn recognise(&self, der: &[u8], now: Option<UnixTime>) -> Result<Authenticated, Refused> {
        let recognised = match self {
            Self::Callers(callers) => {
                callers.recognise(der, now).map(Authenticated::Named).map_err(Why::Caller)
            }
            Self::RspServers(servers) => {
                let caller = servers.recognise(der, now).map_err(Why::RspServer);
                caller.map(|caller| Authenticated::RspServer(Arc::new(caller)))
            }
        };
        recognised.map_err(|why| Refused { fingerprint: HEXUPPER.encode(&Sha256::digest(der)), why })
    }
}

/// For the log: the fingerprint is what a configuration could pin.
#[derive(Clone, Error)]
#[error("the certificate with SHA-256 {fingerprint} makes no caller known: {why}")]
pub(super) struct Refused {
    fingerprint: String,
    why: Why,
}

/// rustls shows an error of ours in debug notation.
impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone, Debug, Error)]
enum Why {
    #[error(transparent)]
    Caller(Unrecognised),
    #[error(transparent)]
    RspServer(NotARspServer),
}

impl Refused {
    /// How TLS is told. It has words of its own for the time of a certificate, which help at the other end but say nothing of
    /// the certificate at this one: then that is logged here, else with the handshake that fails.
    pub(super) fn in_tls(self) -> CertificateError {
        let reason = match &self.why {
            Why::Caller(why) => why.reason(),
            Why::RspServer(why) => why.reason(),
        };
        let word = match reason {
            Some(Reason::Expired { .. }) => CertificateError::Expired,
            Some(Reason::NotYetValid { .. }) => CertificateError::NotValidYet,
            _ => return CertificateError::Other(OtherError(Arc::new(self))),
        };
        info!(error = %self, "TLS client refused");
        word
    }
}
