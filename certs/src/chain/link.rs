//! One link of a chain: a certificate below its issuer.

use asn1::SubjectKeyIdentifier;
use crypto::Engine;

use super::profile;
use crate::{
    Certificate, ExtensionKind, Reason, Role, UnixTime,
    check::{Examiner, VERIFICATION, Verdict},
};

/// Checks everything of a certificate that does not depend on the time: the profile of its role, and that the issuer
/// signed it.
pub(super) fn verify(
    certificate: &Certificate,
    role: Role,
    issuer: &Certificate,
    engine: Engine,
    to: &mut Examiner<'_, '_>,
) -> Result<(), Reason> {
    let signature =
        || certificate.verify_signature(engine, issuer.public_key()).map_err(|_| Reason::Signature);
    verify_with(certificate, role, issuer, signature, to)
}

/// The same, with the signature verified in a way of the caller's.
pub(super) fn verify_with(
    certificate: &Certificate,
    role: Role,
    issuer: &Certificate,
    signature: impl FnOnce() -> Result<(), Reason>,
    to: &mut Examiner<'_, '_>,
) -> Result<(), Reason> {
    // SGP.22 §4.5.2.2: paths are found by key identifiers, so both are there.
    to.check(VERIFICATION, "both key identifiers are there", key_identifiers(certificate))?;
    to.check(VERIFICATION, "authorityKeyIdentifier names the issuer's key", authority(certificate, issuer))?;
    // SGP.22 §4.5.2: all certificates of a chain are on the same curve.
    to.check("SGP.22 §4.5.2", "the key lies on the issuer's curve", curve(certificate, issuer))?;
    to.check(VERIFICATION, "the signature is the issuer's", signature())?;
    profile::examine(certificate, role, to)
}

fn key_identifiers(certificate: &Certificate) -> Result<(), Reason> {
    let own = certificate.subject_key_identifier();
    own.ok_or(Reason::MissingExtension(ExtensionKind::SubjectKeyIdentifier))?;
    issuer_key_identifier(certificate).map(drop)
}

/// The key that a certificate says it was signed with.
pub(super) fn issuer_key_identifier(certificate: &Certificate) -> Result<&SubjectKeyIdentifier, Reason> {
    match &certificate.extensions().authority_key_identifier {
        None => Err(Reason::MissingExtension(ExtensionKind::AuthorityKeyIdentifier)),
        Some(extension) => extension.value.as_ref().ok_or(Reason::NoAuthorityKeyIdentifier),
    }
}

fn authority(certificate: &Certificate, issuer: &Certificate) -> Result<(), Reason> {
    let actual = issuer_key_identifier(certificate)?;
    match issuer.subject_key_identifier() {
        Some(expected) if actual == expected => Ok(()),
        Some(expected) => {
            Err(Reason::AuthorityKeyIdentifier { expected: expected.clone(), actual: actual.clone() })
        }
        None => Err(Reason::MissingExtension(ExtensionKind::SubjectKeyIdentifier)),
    }
}

/// Compares the issuer's name with the name of the one above.
///
/// Not for certificates directly below a root: the test Certificate Issuer has been certified several times under
/// different names with the same key, and EUM certificates from then are in the field. SGP.22 §4.5.2.2 finds a root by its
/// key identifier.
pub(super) fn verify_issuer_name(certificate: &Certificate, issuer: &Certificate) -> Result<(), Reason> {
    if certificate.issuer().matches(issuer.subject()) {
        return Ok(());
    }
    let (expected, actual) = (issuer.subject().clone(), certificate.issuer().clone());
    Err(Reason::Issuer { expected: Box::new(expected), actual: Box::new(actual) })
}

fn curve(certificate: &Certificate, issuer: &Certificate) -> Result<(), Reason> {
    match (issuer.curve(), certificate.curve()) {
        (expected, actual) if expected == actual => Ok(()),
        (expected, actual) => Err(Reason::Curve { expected, actual }),
    }
}

/// Checks that the certificate is valid now, where the time is known (SGP.22 §4.5.2.2 lets an eUICC have no clock).
pub(super) fn verify_validity(
    certificate: &Certificate,
    now: Option<UnixTime>,
    to: &mut Examiner<'_, '_>,
) -> Result<(), Reason> {
    let what = "the certificate is valid now";
    let Some(now) = now else {
        to.tell(VERIFICATION, what, Verdict::Skipped("the time is not known"));
        return Ok(());
    };
    let validity = certificate.validity();
    let result = if now < validity.not_before {
        Err(Reason::NotYetValid { not_before: validity.not_before, now })
    } else if now > validity.not_after {
        Err(Reason::Expired { not_after: validity.not_after, now })
    } else {
        Ok(())
    };
    to.check(VERIFICATION, what, result)
}
