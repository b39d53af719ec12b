//! What the servers show, and whom they trust.

use std::sync::Arc;

use certs::Role;
use certs::tree::{Pki, TreeError};
use crypto::Curve;
use protocol::{smdp_session, smds_session};
use rand_core::CryptoRng;
use rustls::sign::CertifiedKey;
use thiserror::Error;

use super::smdp::ENGINE;
use super::tls;
use crate::lpa::situation::Server;
use crate::pki::{Authority, PkiError, TlsDefect};

/// What the servers show, and whom they trust.
pub struct Certificates {
    pub(super) smdp: smdp_session::Identities,
    /// `None` where the directory has no CERT.DSauth: then there is no SM-DS.
    pub(super) smds: Option<smds_session::Identities>,
    authority: Authority,
    hosts: Vec<String>,
    smdp_tls: Arc<CertifiedKey>,
    smds_tls: Option<Arc<CertifiedKey>>,
}

/// Why the servers cannot be played: the certificates that the judge was given.
#[derive(Debug, Error)]
pub enum CertificatesError {
    /// There is no CI on P-256, on which TLS is spoken here.
    #[error("the certificate directory has no CI on P-256")]
    NoCi,
    /// A file is missing or broken.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// No pair of CERT.DPauth and CERT.DPpb.
    #[error(transparent)]
    Smdp(#[from] smdp_session::IdentityError),
    /// A TLS certificate cannot be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// A TLS certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
}

impl Certificates {
    /// What a certificate directory allows, for servers of these hosts (names, and IP addresses besides).
    ///
    /// # Errors
    /// [`CertificatesError`]: what is missing in the directory.
    pub fn new(pki: &Pki, hosts: &[String], rng: &mut dyn CryptoRng) -> Result<Self, CertificatesError> {
        let chain = pki.chains().find(|chain| chain.curve() == Curve::P256).ok_or(CertificatesError::NoCi)?;
        let authority = Authority::from_chain(chain)?;
        let smdp_tls = tls::certified(&authority.tls(Role::DpTls, hosts, None, rng)?)?;
        // Without one there is no SM-DS; its cases say so.
        let smds = smds_session::Identities::from_pki(pki, ENGINE, ENGINE).ok();
        let smds_tls = authority.tls(Role::DsTls, hosts, None, rng).ok();
        Ok(Self {
            smdp: smdp_session::Identities::from_pki(pki, ENGINE, ENGINE)?,
            smds_tls: smds_tls.and_then(|chain| tls::certified(&chain).ok()),
            smds,
            smdp_tls,
            authority,
            hosts: hosts.to_vec(),
        })
    }

    /// Whether an SM-DS can be played.
    pub fn has_smds(&self) -> bool {
        self.smds.is_some() && self.smds_tls.is_some()
    }

    /// The dotted OID of the SM-DP+.
    pub(in crate::lpa) fn smdp_oid(&self) -> Option<String> {
        let oid = self.smdp.all().first()?.oid()?;
        let arcs: &[u32] = oid.as_ref();
        Some(arcs.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
    }

    /// What the SM-DP+ shows where its certificate is to be wrong.
    pub(in crate::lpa) fn bad(
        &self,
        defect: TlsDefect,
        rng: &mut dyn CryptoRng,
    ) -> Result<Arc<CertifiedKey>, CertificatesError> {
        let chain = self.authority.tls(Role::DpTls, &self.hosts, Some(defect), rng)?;
        Ok(tls::certified(&chain)?)
    }

    /// What a server usually shows. The second one is an SM-DP+ too, unless it plays an SM-DS.
    pub(super) fn shown_by(&self, server: Server, is_smds: bool) -> Option<Arc<CertifiedKey>> {
        match server {
            Server::WithoutTls => None,
            _ if is_smds => self.smds_tls.clone(),
            _ => Some(self.smdp_tls.clone()),
        }
    }
}
