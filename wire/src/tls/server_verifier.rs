//! Whom an LPA takes for a server (SGP.22 §3.1.2 step 5, §4.5.2.2).

use std::sync::Arc;

use certs::chain::TrustAnchor;
use certs::{Certificate, UnixTime};
use crypto::Engine;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime as TlsTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

use super::client::store;
use super::{RspServers, TlsError, handshake};

/// A server with a CERT.DP.TLS or CERT.DS.TLS below one of the Certificate Issuers. Where other roots are trusted as well,
/// public ones for example, what stands below them is an ordinary TLS certificate.
#[derive(Debug)]
pub(super) struct ServerVerifier {
    below_ci: Option<(Arc<WebPkiServerVerifier>, RspServers)>,
    below_others: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerVerifier {
    /// For roots in DER, Certificate Issuers or others.
    pub(super) fn new(roots: Vec<Vec<u8>>, provider: &Arc<CryptoProvider>) -> Result<Self, TlsError> {
        // What is no certificate at all is told with its number.
        if store(roots.iter().cloned())?.is_empty() {
            return Err(TlsError::NoRoot);
        }
        let anchor = |root: &Vec<u8>| {
            let certificate = Certificate::from_der(root).ok()?;
            TrustAnchor::new(certificate, Engine::AwsLc).ok()
        };
        let (issuers, others): (Vec<_>, Vec<_>) = roots.into_iter().partition(|root| anchor(root).is_some());
        let anchors: Vec<_> = issuers.iter().filter_map(anchor).collect();
        let below_ci = verifier(issuers, provider)?.map(|verifier| (verifier, RspServers::below(anchors)));
        let algorithms = provider.signature_verification_algorithms;
        Ok(Self { below_ci, below_others: verifier(others, provider)?, algorithms })
    }
}

fn verifier(
    roots: Vec<Vec<u8>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, TlsError> {
    let store: RootCertStore = store(roots)?;
    if store.is_empty() {
        return Ok(None);
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
    verifier.map(Some).map_err(|why| TlsError::Provider(Error::General(why.to_string())))
}

impl ServerCertVerifier for ServerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: TlsTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let below_ci = match &self.below_ci {
            // Host, validity and signature first, since their errors have names in TLS.
            Some((verifier, servers)) => verify(verifier).and_then(|verified| {
                let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
                match servers.recognise(end_entity, Some(UnixTime(seconds))) {
                    Ok(_) => Ok(verified),
                    Err(why) => Err(CertificateError::Other(OtherError(Arc::new(why))).into()),
                }
            }),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        match (&self.below_others, below_ci) {
            (Some(others), Err(_)) => verify(others),
            (_, verified) => verified,
        }
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
