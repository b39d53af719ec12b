//! Whom a client takes for its server.

use std::fmt;
use std::sync::Arc;

use certs::{Certificate, Role};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use sha2::{Digest, Sha256};
use thiserror::Error as Explained;

use super::handshake;

/// By what a client knows its server: either will do.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Roots (DER) below which the certificate may stand; it then has to be valid and to name the server's host.
    pub roots: Vec<Vec<u8>>,
    /// What the certificate policies of one below the roots have to name: CERT.DS.TLS of an SM-DS, for example (SGP.22
    /// §5.9).
    pub role: Option<Role>,
    /// SHA-256 of the DER of certificates that are taken as they are.
    pub pins: Vec<[u8; 32]>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} roots, {} pins)", self.roots.len(), self.pins.len())
    }
}

/// A certificate of another server than is called: for the log, since TLS has no word for it.
#[derive(Debug, Explained)]
#[error("the server's certificate is not a {0}")]
struct AnotherRole(&'static str);

impl TrustVerifier {
    fn is_of_the_role(&self, certificate: &[u8]) -> Result<(), CertificateError> {
        let Some(role) = self.role else { return Ok(()) };
        match Certificate::from_der(certificate) {
            Ok(certificate) if certificate.role() == Some(role) => Ok(()),
            _ => Err(CertificateError::Other(OtherError(Arc::new(AnotherRole(role.certificate_name()))))),
        }
    }
}

/// A pinned certificate, or one below the roots.
#[derive(Debug)]
pub(super) struct TrustVerifier {
    pub(super) pins: Vec<[u8; 32]>,
    pub(super) role: Option<Role>,
    /// `None` without roots.
    pub(super) roots: Option<Arc<WebPkiServerVerifier>>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for TrustVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let digest: [u8; 32] = Sha256::digest(end_entity).into();
        if self.pins.contains(&digest) {
            return Ok(ServerCertVerified::assertion());
        }
        let roots = self.roots.as_ref().ok_or(CertificateError::UnknownIssuer)?;
        let verified =
            roots.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        self.is_of_the_role(end_entity)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        handshake::verify_tls12(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        handshake::verify_tls13(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
