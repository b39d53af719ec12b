//! Who may call: certificates to names.

use std::sync::Arc;

use certs::chain::TrustAnchor;
use certs::{CertError, Certificate, Oid, Reason, UnixTime};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::caller_certificate::{self, NotAccepted};

/// One that may call, and how its certificate is recognised.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its name, as the configuration has it.
    pub name: String,
    /// How it is recognised.
    pub how: Recognition,
}

/// How a certificate is recognised.
#[derive(Clone, Debug)]
pub enum Recognition {
    /// It is this one and no other. Nothing else about it matters, its time neither: it is taken until the configuration
    /// no longer has it.
    Pinned {
        /// SHA-256 of its DER.
        sha256: [u8; 32],
    },
    /// It carries this object identifier (SGP.22 §6.4) and was issued directly below one of these.
    Oid {
        /// The only registeredID of its subjectAltName.
        oid: Oid,
        /// Who may have issued it.
        anchors: Vec<TrustAnchor>,
    },
}

/// All that may call.
#[derive(Clone, Debug, Default)]
pub struct Callers(Vec<Caller>);

/// Why a certificate makes none of them known.
#[derive(Clone, Debug, Error)]
pub(super) enum Unrecognised {
    #[error("it is not pinned, and no caller has its object identifier")]
    Unknown,
    #[error("it is not pinned, and cannot be read: {0}")]
    Unreadable(CertError),
    #[error("it names the caller {name:?}, but {why}")]
    NotAccepted { name: String, why: NotAccepted },
}

impl Unrecognised {
    /// What is wrong with the certificate, if it came to that.
    pub(super) fn reason(&self) -> Option<&Reason> {
        match self {
            Self::NotAccepted { why: NotAccepted::Certificate(reason), .. } => Some(reason),
            _ => None,
        }
    }
}

impl Callers {
    /// Those; where two fit one certificate, a pin goes before an object identifier and the first before the second.
    pub fn new(callers: impl IntoIterator<Item = Caller>) -> Self {
        Self(callers.into_iter().collect())
    }

    /// Whose certificate (DER) it is. Without a time, expiry is not looked at.
    pub(super) fn recognise(&self, der: &[u8], now: Option<UnixTime>) -> Result<Arc<str>, Unrecognised> {
        let digest: [u8; 32] = Sha256::digest(der).into();
        let is_pinned =
            |caller: &&Caller| matches!(caller.how, Recognition::Pinned { sha256 } if sha256 == digest);
        if let Some(caller) = self.0.iter().find(is_pinned) {
            return Ok(Arc::from(caller.name.as_str()));
        }
        let certificate = Certificate::from_der(der).map_err(Unrecognised::Unreadable)?;
        let mut first_refusal = None;
        for Caller { name, how } in &self.0 {
            let Recognition::Oid { oid, anchors } = how else { continue };
            if !certificate.registered_ids().contains(oid) {
                continue;
            }
            match caller_certificate::verify(&certificate, anchors, now) {
                Ok(()) => return Ok(Arc::from(name.as_str())),
                Err(why) => {
                    let refusal = Unrecognised::NotAccepted { name: name.clone(), why };
                    first_refusal = first_refusal.or(Some(refusal));
                }
            }
        }
        Err(first_refusal.unwrap_or(Unrecognised::Unknown))
    }
}
