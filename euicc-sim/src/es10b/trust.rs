//! Certificate verification with the card's time, revocation lists and trace.

use asn1::{der, tlv};
use certs::chain::TrustAnchor;
use certs::{Certificate, Check, UnixTime, Verdict};
use protocol::trace::Tracer;
use thiserror::Error;

use crate::isdr::Isdr;

/// The time certificates have to be valid at: that of the surroundings, unless a revocation list has told a later one.
pub(crate) fn now(isdr: &Isdr) -> UnixTime {
    let clock = UnixTime(isdr.clock().now().unix_seconds());
    // SGP.22 §4.6.3: thisUpdate of a list is signed, and a certificate that expired before it has expired.
    isdr.state().revocation.time_reference().map_or(clock, |reference| reference.max(clock))
}

/// The peer misbehaved: its certificate, or that of its Certificate Issuer, is revoked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub(crate) enum Revoked {
    #[error("the certificate is revoked")]
    Leaf,
    #[error("the Certificate Issuer's certificate is revoked")]
    CertificateIssuer,
}

/// Verifies that nothing of a server's chain is on a list that was loaded (SGP.22 §4.5.2.2).
///
/// # Errors
/// [`Revoked`] tells which certificate is.
pub(crate) fn verify_not_revoked(
    isdr: &Isdr,
    certificate: &Certificate,
    anchor: &TrustAnchor,
    tracer: &Tracer,
) -> Result<(), Revoked> {
    let lists = &isdr.state().revocation;
    let is_revoked =
        |certificate: &Certificate| lists.revokes(anchor.key_identifier(), certificate.serial_number());
    let outcome = if is_revoked(anchor.certificate()) {
        Err(Revoked::CertificateIssuer)
    } else if is_revoked(certificate) {
        Err(Revoked::Leaf)
    } else {
        Ok(())
    };
    tracer.check("SGP.22 §4.5.2.2", "no certificate of the chain is revoked", outcome)
}

/// Tells the trace each check of a certificate.
pub(crate) fn observer(tracer: &Tracer) -> impl FnMut(Check) + '_ {
    move |check| {
        let subject = format!("{}: {}", check.certificate.certificate_name(), check.what);
        match check.verdict {
            Verdict::Passed => tracer.passed(check.section, &subject),
            Verdict::Failed(reason) => tracer.refused(check.section, &subject, &reason),
            Verdict::Skipped(_) => {}
        }
    }
}

/// The OID of a server, from subjectAltName of its certificate: DER contents octets.
pub(crate) fn registered_id(certificate: &Certificate) -> Option<Vec<u8>> {
    let encoded = der::encode(certificate.registered_ids().first()?);
    tlv::read(&encoded).ok().map(|(oid, _)| oid.value.to_vec())
}
