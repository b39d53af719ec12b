//! The signature by which a peer proves that it has its certificate's key.
//!
//! rustls' own functions do it, but read the whole certificate before, and refuse one with a critical
//! certificatePolicies, as GSMA certificates have them. Such a certificate is read by `certs` instead.

use certs::Certificate;
use crypto::Curve;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, alg_id};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

type Verified = Result<HandshakeSignatureValid, Error>;

/// Verifies the signature of a TLS 1.2 handshake.
pub(super) fn verify_tls12(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Verified {
    let candidates = candidates(algorithms, signature.scheme);
    verify_tls12_signature(message, certificate, signature, algorithms)
        .or_else(|error| otherwise(error, message, certificate, signature, candidates))
}

/// Verifies the signature of a TLS 1.3 handshake, whose scheme says the curve too (RFC 8446 §4.2.3).
pub(super) fn verify_tls13(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Verified {
    let candidates = candidates(algorithms, signature.scheme).get(..1).unwrap_or_default();
    verify_tls13_signature(message, certificate, signature, algorithms)
        .or_else(|error| otherwise(error, message, certificate, signature, candidates))
}

type Candidates = &'static [&'static dyn SignatureVerificationAlgorithm];

fn candidates(algorithms: &WebPkiSupportedAlgorithms, scheme: SignatureScheme) -> Candidates {
    algorithms.mapping.iter().find(|(other, _)| *other == scheme).map_or(&[], |(_, candidates)| candidates)
}

/// Where rustls stumbled over the certificate rather than over the signature.
fn otherwise(
    error: Error,
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    candidates: Candidates,
) -> Verified {
    if !matches!(error, Error::InvalidCertificate(CertificateError::Other(_))) {
        return Err(error);
    }
    let certificate = match Certificate::from_der(certificate) {
        Ok(certificate) if certificate.curve() == Curve::P256 => certificate,
        _ => return Err(error),
    };
    let point = certificate.public_key().point();
    let verifies = |algorithm: &&&dyn SignatureVerificationAlgorithm| {
        algorithm.public_key_alg_id() == alg_id::ECDSA_P256
            && algorithm.verify_signature(point, message, signature.signature()).is_ok()
    };
    match candidates.iter().find(verifies) {
        Some(_) => Ok(HandshakeSignatureValid::assertion()),
        None => Err(CertificateError::BadSignature.into()),
    }
}
