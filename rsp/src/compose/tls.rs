//! The TLS certificates of servers.

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::{Chain, Pki};
use crypto::{Curve, Engine};
use wire::tls::PrivateKey;

/// A server's TLS certificate with its key, for its ports and for its calls to other servers.
pub struct TlsIdentity {
    pub key: PrivateKey,
    pub chain: [Vec<u8>; 1],
    /// The OID that the certificate names.
    pub oid: Option<String>,
}

impl TlsIdentity {
    /// CERT.DP.TLS or CERT.DS.TLS of a PKI.
    pub fn of(pki: &Pki, role: Role) -> Result<Self> {
        let identity = p256_chain(pki)?.identity(role, Engine::RustCrypto)?;
        let name = format!("the key of {}", role.certificate_name());
        let key = PrivateKey::read(&name, identity.key().to_pem()?.as_bytes())?;
        let certificate = identity.certificate();
        let oid = certificate.registered_ids().first().map(ToString::to_string);
        Ok(Self { key, chain: [certificate.raw().to_vec()], oid })
    }
}

/// TLS takes the P-256 certificates: neither rustls nor the TLS of most LPAs knows brainpool certificates.
pub fn p256_chain(pki: &Pki) -> Result<&Chain> {
    let chain = pki.chains().find(|chain| chain.curve() == Curve::P256);
    chain.context("TLS needs a P-256 chain, the PKI has none")
}

/// Every CI of a PKI whose certificate TLS can verify with, DER.
pub fn roots(pki: &Pki) -> Result<Vec<Vec<u8>>> {
    let chains = pki.chains().filter(|chain| chain.curve() == Curve::P256);
    chains.map(|chain| Ok(chain.certificate(Role::Ci)?.raw().to_vec())).collect()
}
