//! What the certificate of a caller must be like.
//!
//! SGP.22 has a table for CERT.DP.TLS (§4.5.2.1.0.5) and CERT.DS.TLS, but none for an operator's certificate; it asks for
//! an object identifier and an X.509 chain (§6.4). So both are taken here: what the two tables describe, and a plain
//! client certificate.

use certs::chain::TrustAnchor;
use certs::oid::{self, CLIENT_AUTH};
use certs::{Certificate, ExtendedKeyUsage, ExtensionKind, KeyUsage, Reason, Role, UnixTime};
use crypto::Engine;
use thiserror::Error;

/// Why the certificate of a caller is not accepted.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub(super) enum NotAccepted {
    /// It stands below none of the anchors.
    #[error("it was issued under none of the keys that this caller's certificate may be issued under")]
    Issuer,
    /// It is not as it has to be.
    #[error(transparent)]
    Certificate(#[from] Reason),
}

/// Verifies a certificate directly below one of the anchors. Without a time, expiry is not looked at.
pub(super) fn verify(
    certificate: &Certificate,
    anchors: &[TrustAnchor],
    now: Option<UnixTime>,
) -> Result<(), NotAccepted> {
    let anchor = issuer(certificate, anchors).ok_or(NotAccepted::Issuer)?;
    extensions(certificate)?;
    is_valid(anchor.certificate(), now).map_err(|reason| Reason::CertificateIssuer(Box::new(reason)))?;
    Ok(is_valid(certificate, now)?)
}

/// The anchor whose key signed the certificate.
fn issuer<'a>(certificate: &Certificate, anchors: &'a [TrustAnchor]) -> Option<&'a TrustAnchor> {
    let signed = |anchor: &&TrustAnchor| {
        certificate.authority_key_identifier() == Some(anchor.key_identifier())
            && certificate.verify_signature(Engine::AwsLc, anchor.certificate().public_key()).is_ok()
    };
    anchors.iter().find(signed)
}

fn extensions(certificate: &Certificate) -> Result<(), Reason> {
    let extensions = certificate.extensions();
    // RFC 5280 §4.2: a critical extension that is not understood makes the certificate unusable.
    if let Some(unknown) = extensions.unknown.iter().find(|extension| extension.critical) {
        return Err(Reason::UnknownCriticalExtension(unknown.value.clone()));
    }
    if extensions.basic_constraints.as_ref().is_some_and(|constraints| constraints.value.ca) {
        return Err(Reason::Ca);
    }
    key_usage(certificate)?;
    role(certificate)?;
    // SGP.22 §4.5.2.1.0.5: exactly one, so that nobody can be taken for two.
    match certificate.registered_ids() {
        [_] => Ok(()),
        several => Err(Reason::RegisteredId(several.len())),
    }
}

/// For signatures and for TLS clients: no eUICC's certificate, and none that signs messages, is for TLS.
fn key_usage(certificate: &Certificate) -> Result<(), Reason> {
    if let Some(usage) = &certificate.extensions().key_usage
        && !usage.value.contains(KeyUsage::DIGITAL_SIGNATURE)
    {
        return Err(Reason::KeyUsage { expected: KeyUsage::DIGITAL_SIGNATURE, actual: usage.value });
    }
    let Some(purposes) = &certificate.extensions().extended_key_usage else {
        return Err(Reason::MissingExtension(ExtensionKind::ExtendedKeyUsage));
    };
    if purposes.value.0.iter().any(|purpose| oid::is(purpose, CLIENT_AUTH)) {
        return Ok(());
    }
    let expected = ExtendedKeyUsage(vec![oid::owned(CLIENT_AUTH)]);
    Err(Reason::ExtendedKeyUsage { expected, actual: purposes.value.clone() })
}

/// Whoever has a role in remote SIM provisioning calls with the certificate that this role has for TLS.
fn role(certificate: &Certificate) -> Result<(), Reason> {
    let policies = certificate.extensions().certificate_policies.as_ref();
    let mut roles = policies.into_iter().flat_map(|policies| &policies.value).filter_map(Role::from_policy);
    match roles.find(|role| !matches!(role, Role::DpTls | Role::DsTls)) {
        None => Ok(()),
        actual => Err(Reason::Role { expected: Role::DpTls, actual }),
    }
}

fn is_valid(certificate: &Certificate, now: Option<UnixTime>) -> Result<(), Reason> {
    let Some(now) = now else { return Ok(()) };
    let validity = certificate.validity();
    if now < validity.not_before {
        return Err(Reason::NotYetValid { not_before: validity.not_before, now });
    }
    if now > validity.not_after {
        return Err(Reason::Expired { not_after: validity.not_after, now });
    }
    Ok(())
}
