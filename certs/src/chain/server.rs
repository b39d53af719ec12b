//! The certificate of an SM-DP+ or SM-DS, as an eUICC verifies it (SGP.22 §5.7.5, §5.7.13, §4.5.2.2).

use asn1::SubjectKeyIdentifier;
use thiserror::Error;

use super::{TrustAnchor, link};
use crate::{
    CertError, Certificate, Reason, Role, UnixTime,
    check::{Check, Examiner, Observer, VERIFICATION, Verdict},
    oid::Oid,
};

/// Why a server's certificate is refused. The server is at fault, except for [`ServerCertificateError::UnknownCi`] and
/// [`ServerCertificateError::UnsupportedCurve`], where the two sides do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ServerCertificateError {
    /// The certificate is invalid.
    #[error("the certificate is invalid: {0}")]
    Invalid(Reason),
    /// The certificate has expired.
    #[error("the certificate has expired: {0}")]
    Expired(Reason),
    /// It is the certificate of another role.
    #[error("the certificate policies name {}, expected {expected}", Role::describe(*actual))]
    WrongRole {
        /// The role that was asked for.
        expected: Role,
        /// The role that the certificate policies name, if they name just one.
        actual: Option<Role>,
    },
    /// It was not issued by the given Certificate Issuer.
    #[error("the certificate was issued under the key {actual}, expected {expected}")]
    UnknownCi {
        /// The key identifier of the given Certificate Issuer.
        expected: SubjectKeyIdentifier,
        /// What the certificate names as its issuer's key.
        actual: SubjectKeyIdentifier,
    },
    /// Its key lies on a curve that is not supported.
    #[error("the certificate's key lies on the curve {0}, which is not supported")]
    UnsupportedCurve(Oid),
}

impl From<CertError> for ServerCertificateError {
    fn from(error: CertError) -> Self {
        match error {
            CertError::UnsupportedCurve(curve) => ServerCertificateError::UnsupportedCurve(curve),
            other => ServerCertificateError::Invalid(Reason::Unreadable(other)),
        }
    }
}

impl From<Reason> for ServerCertificateError {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Role { expected, actual } => ServerCertificateError::WrongRole { expected, actual },
            Reason::Expired { .. } => ServerCertificateError::Expired(reason),
            other => ServerCertificateError::Invalid(other),
        }
    }
}

/// Verifies a server's certificate directly below a Certificate Issuer (chain variant O).
///
/// Without a time (`None`) expiry is not checked. The observer is told every check.
///
/// # Errors
/// [`ServerCertificateError`]; expiry is looked at last.
pub fn verify_server_certificate(
    certificate: &Certificate,
    role: Role,
    ci: &TrustAnchor,
    now: Option<UnixTime>,
    observer: &mut Observer<'_>,
) -> Result<(), ServerCertificateError> {
    verify_issuer(certificate, role, ci, observer)?;
    ci.verify_validity(now, observer).map_err(ServerCertificateError::Invalid)?;
    let mut to = Examiner { certificate: role, observer };
    link::verify(certificate, role, ci.certificate(), ci.engine(), &mut to)?;
    Ok(link::verify_validity(certificate, now, &mut to)?)
}

fn verify_issuer(
    certificate: &Certificate,
    role: Role,
    ci: &TrustAnchor,
    observer: &mut Observer<'_>,
) -> Result<(), ServerCertificateError> {
    // SGP.22 §4.5.2.2: the path is found by key identifier.
    let expected = ci.key_identifier();
    let result = match link::issuer_key_identifier(certificate) {
        Ok(actual) if actual == expected => Ok(()),
        Ok(actual) => {
            Err(ServerCertificateError::UnknownCi { expected: expected.clone(), actual: actual.clone() })
        }
        Err(reason) => Err(ServerCertificateError::Invalid(reason)),
    };
    let verdict = result.as_ref().err().map_or(Verdict::Passed, |error| Verdict::Failed(error.to_string()));
    let what = "the certificate was issued by the chosen Certificate Issuer";
    observer(Check { certificate: role, section: VERIFICATION, what, verdict });
    result
}

/// Why two certificates are not of the same SM-DP+.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PairError {
    /// They do not hold the same object identifier.
    #[error("CERT.DPauth.ECDSA is of {dp_auth:?}, CERT.DPpb.ECDSA of {dp_pb:?}")]
    RegisteredId {
        /// registeredID entries of CERT.DPauth.ECDSA.
        dp_auth: Vec<String>,
        /// registeredID entries of CERT.DPpb.ECDSA.
        dp_pb: Vec<String>,
    },
    /// They were not issued by the same Certificate Issuer.
    #[error("CERT.DPauth.ECDSA and CERT.DPpb.ECDSA were issued under different keys")]
    CertificateIssuer,
}

/// Checks that CERT.DPpb.ECDSA belongs to the SM-DP+ that authenticated with CERT.DPauth.ECDSA: the same object
/// identifier, the same Certificate Issuer (SGP.22 §5.7.5).
///
/// # Errors
/// [`PairError`] says in which of the two they differ.
pub fn verify_same_server(dp_auth: &Certificate, dp_pb: &Certificate) -> Result<(), PairError> {
    let texts = |certificate: &Certificate| certificate.registered_ids().iter().map(Oid::to_string).collect();
    if dp_auth.registered_ids().is_empty() || dp_auth.registered_ids() != dp_pb.registered_ids() {
        return Err(PairError::RegisteredId { dp_auth: texts(dp_auth), dp_pb: texts(dp_pb) });
    }
    let issuer = dp_auth.authority_key_identifier();
    if issuer.is_none() || issuer != dp_pb.authority_key_identifier() {
        return Err(PairError::CertificateIssuer);
    }
    Ok(())
}
