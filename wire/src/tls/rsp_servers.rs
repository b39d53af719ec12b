//! The SM-DP+s and SM-DSs that may call an SM-DS.

use certs::chain::{ServerCertificateError, TrustAnchor, verify_server_certificate};
use certs::{CertError, Certificate, Oid, Reason, Role, UnixTime};
use protocol::es12::{Caller, CallerKind};
use thiserror::Error;

/// Every SM-DP+ with a CERT.DP.TLS and every SM-DS with a CERT.DS.TLS directly below one of some Certificate Issuers
/// (SGP.22 §5.9, §5.10, §4.5.2.1.0.5, §4.5.2.1.0.7). The certificate policies say which of the two it is, the only
/// registeredID which one.
#[derive(Clone, Debug)]
pub struct RspServers {
    anchors: Vec<TrustAnchor>,
    /// `None` for all.
    allowed: Option<Vec<Oid>>,
}

/// Why a certificate is not that of such a server.
#[derive(Clone, Debug, Error)]
pub(super) enum NotARspServer {
    #[error("it cannot be read: {0}")]
    Unreadable(CertError),
    #[error("its policies name {}, neither an SM-DP+ nor an SM-DS on TLS", named(*.0))]
    Role(Option<Role>),
    #[error("it was issued under none of the trusted Certificate Issuers")]
    Issuer,
    #[error("as {}, {why}", .role.certificate_name())]
    Certificate { role: Role, why: ServerCertificateError },
    #[error("its object identifier {0} is not on the list of those allowed")]
    NotAllowed(Oid),
}

impl NotARspServer {
    /// What is wrong with the certificate, if it came to that.
    pub(super) fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Certificate {
                why: ServerCertificateError::Expired(reason) | ServerCertificateError::Invalid(reason),
                ..
            } => Some(reason),
            _ => None,
        }
    }
}

impl RspServers {
    /// All below those Certificate Issuers.
    pub fn below(anchors: impl IntoIterator<Item = TrustAnchor>) -> Self {
        Self { anchors: anchors.into_iter().collect(), allowed: None }
    }

    /// Of them only the ones with these object identifiers.
    #[must_use]
    pub fn only(self, allowed: impl IntoIterator<Item = Oid>) -> Self {
        Self { allowed: Some(allowed.into_iter().collect()), ..self }
    }

    /// Whose certificate (DER) it is. Without a time, expiry is not looked at.
    pub(super) fn recognise(&self, der: &[u8], now: Option<UnixTime>) -> Result<Caller, NotARspServer> {
        let certificate = Certificate::from_der(der).map_err(NotARspServer::Unreadable)?;
        // SGP.22 §4.5.2.1.0.5: the policy says that this is such a server. A chain is good without it, but nothing else tells a
        // server from an operator, whose certificate may look the same otherwise.
        let (role, kind) = match certificate.role() {
            Some(role @ Role::DpTls) => (role, CallerKind::Smdp),
            Some(role @ Role::DsTls) => (role, CallerKind::Smds),
            other => return Err(NotARspServer::Role(other)),
        };
        self.verify(&certificate, role, now)?;
        let oid = match certificate.registered_ids() {
            [oid] => oid.clone(),
            several => {
                let why = ServerCertificateError::Invalid(Reason::RegisteredId(several.len()));
                return Err(NotARspServer::Certificate { role, why });
            }
        };
        match &self.allowed {
            Some(allowed) if !allowed.contains(&oid) => Err(NotARspServer::NotAllowed(oid)),
            _ => Ok(Caller { oid, kind }),
        }
    }

    /// A Certificate Issuer may have been certified several times with the same key: then one good chain is enough.
    fn verify(
        &self,
        certificate: &Certificate,
        role: Role,
        now: Option<UnixTime>,
    ) -> Result<(), NotARspServer> {
        let mut first_refusal = None;
        for anchor in &self.anchors {
            if certificate.authority_key_identifier() != Some(anchor.key_identifier()) {
                continue;
            }
            match verify_server_certificate(certificate, role, anchor, now, &mut |_| ()) {
                Ok(()) => return Ok(()),
                Err(why) => {
                    first_refusal = first_refusal.or(Some(NotARspServer::Certificate { role, why }));
                }
            }
        }
        Err(first_refusal.unwrap_or(NotARspServer::Issuer))
    }
}

fn named(role: Option<Role>) -> String {
    role.map_or_else(|| "no role or several".to_owned(), |role| role.to_string())
}
