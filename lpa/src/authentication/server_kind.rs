//! What kind of server shows itself.

use std::fmt;

use certs::{Certificate, Role};

use super::error::Mismatch;

/// The two kinds of server that authenticate to an eUICC (SGP.22 §3.1.2: SM-XX).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ServerKind {
    /// An SM-DP+: it shows CERT.DPauth.
    Smdp,
    /// An SM-DS: it shows CERT.DSauth.
    Smds,
}

impl ServerKind {
    /// By the role that the certificate policies name (SGP.22 §4.5.2.1.0.3). Nothing is verified here: the eUICC refuses
    /// a certificate that is none of its CI's in ES10b.AuthenticateServer.
    pub(super) fn of(certificate: &Certificate) -> Result<Self, Mismatch> {
        match certificate.role() {
            Some(Role::DpAuth) => Ok(Self::Smdp),
            Some(Role::DsAuth) => Ok(Self::Smds),
            other => Err(Mismatch::Role(other)),
        }
    }

    /// The certificate that such a server shows to eUICCs.
    pub fn certificate(self) -> &'static str {
        match self {
            Self::Smdp => "CERT.DPauth",
            Self::Smds => "CERT.DSauth",
        }
    }
}

/// `SM-DP+` or `SM-DS`.
impl fmt::Display for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smdp => "SM-DP+",
            Self::Smds => "SM-DS",
        })
    }
}
