//! The root of trust.

use std::sync::Arc;

use asn1::SubjectKeyIdentifier;
use crypto::{Curve, Engine};

use super::memory::Memory;
use super::{link, profile};
use crate::{
    Certificate, ExtensionKind, Reason, Role, UnixTime,
    check::{Examiner, Observer},
};

/// A Certificate Issuer's certificate that is trusted, and the engine that computes with its key.
///
/// It exists only if the certificate is one (SGP.22 §4.5.2.1.0.1) and signed by itself. That it is trusted is the
/// configuration's decision.
#[derive(Clone, Debug)]
pub struct TrustAnchor {
    certificate: Certificate,
    key_identifier: SubjectKeyIdentifier,
    engine: Engine,
    /// Certificates of EUMs that it has signed; what is cloned shares it.
    signed: Arc<Memory>,
}

impl TrustAnchor {
    /// Takes a Certificate Issuer's certificate as root of trust. Certificates below it are verified with this
    /// engine.
    ///
    /// # Errors
    /// The [`Reason`] why it is no such certificate. The time is not looked at here.
    pub fn new(certificate: Certificate, engine: Engine) -> Result<TrustAnchor, Reason> {
        let mut nobody = |_| ();
        let mut to = Examiner { certificate: Role::Ci, observer: &mut nobody };
        profile::examine(&certificate, Role::Ci, &mut to)?;
        // SGP.22 §4.5.2.1.0.1: issuer and subject are identical, the certificate is signed by itself.
        if !certificate.issuer().matches(certificate.subject()) {
            return Err(Reason::NotSelfSigned(Box::new(certificate.issuer().clone())));
        }
        certificate.verify_signature(engine, certificate.public_key()).map_err(|_| Reason::Signature)?;
        // SGP.22 §4.5.2.2: paths are found by subjectKeyIdentifier and authorityKeyIdentifier.
        let key_identifier = certificate
            .subject_key_identifier()
            .cloned()
            .ok_or(Reason::MissingExtension(ExtensionKind::SubjectKeyIdentifier))?;
        Ok(TrustAnchor { certificate, key_identifier, engine, signed: Arc::default() })
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The ciPKId: the identifier that eUICC and server compare (SGP.22 §2.6.7.2, annex H).
    #[must_use]
    pub fn key_identifier(&self) -> &SubjectKeyIdentifier {
        &self.key_identifier
    }

    /// The curve of every chain below it.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.certificate.curve()
    }

    /// The certificate of an EUM with these bytes, if it has been seen before that this Certificate Issuer has signed it. Whether it
    /// is valid now is another question, for [`verify_euicc_chain`](super::verify_euicc_chain).
    #[must_use]
    pub fn known_eum(&self, der: &[u8]) -> Option<Arc<Certificate>> {
        self.signed.get(der)
    }

    /// Remembers a certificate of an EUM that it has signed, which comes again with each eUICC.
    pub(super) fn remember_eum(&self, eum: &Certificate) {
        self.signed.insert(eum);
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// SGP.22 §4.5.2.2: nothing in the chain has expired, the root neither.
    pub(super) fn verify_validity(
        &self,
        now: Option<UnixTime>,
        observer: &mut Observer<'_>,
    ) -> Result<(), Reason> {
        let mut to = Examiner { certificate: Role::Ci, observer };
        link::verify_validity(&self.certificate, now, &mut to)
            .map_err(|reason| Reason::CertificateIssuer(Box::new(reason)))
    }
}
