//! Certificate verification with the card's clock and trace.

use asn1::{der, tlv};
use certs::{Certificate, Check, UnixTime, Verdict};
use protocol::trace::Tracer;

use crate::isdr::Isdr;

/// The time certificates have to be valid at.
pub(crate) fn now(isdr: &Isdr) -> UnixTime {
    UnixTime(isdr.clock().now().unix_seconds())
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
