//! The chain of an eUICC, as a server verifies it (SGP.22 §5.6.3, §4.5.2.2).

use asn1::SubjectKeyIdentifier;
use crypto::PublicKey;
use thiserror::Error;

use super::{TrustAnchor, link, name_constraints, profile};
use crate::{
    Certificate, Reason, Role, UnixTime,
    check::{Check, Examiner, Observer, VERIFICATION, Verdict},
};

/// Why an eUICC's chain is refused. Each variant has a status code of its own in SGP.22 §5.6.3. The eUICC or its
/// manufacturer is at fault, except for [`ChainError::UnknownCi`], where the two sides trust different roots.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChainError {
    /// The EUM's certificate was issued by nobody who is trusted here.
    #[error("CERT.EUM.ECDSA was issued under the key {0}, which is not trusted")]
    UnknownCi(SubjectKeyIdentifier),
    /// The EUM's certificate is invalid.
    #[error("CERT.EUM.ECDSA is invalid: {0}")]
    EumInvalid(Reason),
    /// The EUM's certificate has expired.
    #[error("CERT.EUM.ECDSA has expired: {0}")]
    EumExpired(Reason),
    /// The eUICC's certificate is invalid.
    #[error("CERT.EUICC.ECDSA is invalid: {0}")]
    EuiccInvalid(Reason),
    /// The eUICC's certificate has expired.
    #[error("CERT.EUICC.ECDSA has expired: {0}")]
    EuiccExpired(Reason),
}

/// An eUICC whose chain is good.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedEuicc {
    /// Its EID, 16 bytes of two digits each.
    pub eid: [u8; 16],
    /// The key that its signatures are verified with.
    pub public_key: PublicKey,
    /// The Certificate Issuer at the root of the chain.
    pub ci: SubjectKeyIdentifier,
}

/// Verifies the certificates that an eUICC sent, up to one of the trusted roots.
///
/// Without a time (`None`) expiry is not checked. The observer is told every check.
///
/// # Errors
/// [`ChainError`], in this order: unknown root, EUM invalid, EUM expired, eUICC invalid, eUICC expired.
pub fn verify_euicc_chain(
    anchors: &[TrustAnchor],
    eum: &Certificate,
    euicc: &Certificate,
    now: Option<UnixTime>,
    observer: &mut Observer<'_>,
) -> Result<VerifiedEuicc, ChainError> {
    let anchor = find_anchor(anchors, eum, observer)?;
    verify_eum(anchor, eum, now, observer)?;
    let eid = verify_euicc(anchor, eum, euicc, now, observer)?;
    Ok(VerifiedEuicc { eid, public_key: euicc.public_key().clone(), ci: anchor.key_identifier().clone() })
}

fn find_anchor<'a>(
    anchors: &'a [TrustAnchor],
    eum: &Certificate,
    observer: &mut Observer<'_>,
) -> Result<&'a TrustAnchor, ChainError> {
    // SGP.22 §5.6.3: the root of the EUM's certificate must be known; it is found by key identifier (§4.5.2.2).
    let result = link::issuer_key_identifier(eum).map_err(ChainError::EumInvalid).and_then(|wanted| {
        let found = anchors.iter().find(|anchor| anchor.key_identifier() == wanted);
        found.ok_or_else(|| ChainError::UnknownCi(wanted.clone()))
    });
    let verdict = result.as_ref().err().map_or(Verdict::Passed, |error| Verdict::Failed(error.to_string()));
    let what = "the certificate was issued by a trusted Certificate Issuer";
    observer(Check { certificate: Role::Eum, section: "SGP.22 §5.6.3", what, verdict });
    result
}

fn verify_eum(
    anchor: &TrustAnchor,
    eum: &Certificate,
    now: Option<UnixTime>,
    observer: &mut Observer<'_>,
) -> Result<(), ChainError> {
    anchor.verify_validity(now, observer).map_err(ChainError::EumInvalid)?;
    let mut to = Examiner { certificate: Role::Eum, observer };
    let known = anchor.known_eum(eum.raw()).is_some();
    let by = anchor.certificate().public_key();
    let signature = || match known {
        true => Ok(()),
        false => eum.verify_signature(anchor.engine(), by).map_err(|_| Reason::Signature),
    };
    link::verify_with(eum, Role::Eum, anchor.certificate(), signature, &mut to)
        .map_err(ChainError::EumInvalid)?;
    if !known {
        anchor.remember_eum(eum);
    }
    let what = "the name constraints permit pairs of an organization and the first digits of an EID";
    to.check(profile::section(Role::Eum), what, name_constraints::examine(eum))
        .map_err(ChainError::EumInvalid)?;
    link::verify_validity(eum, now, &mut to).map_err(|reason| match reason {
        Reason::Expired { .. } => ChainError::EumExpired(reason),
        other => ChainError::EumInvalid(other),
    })
}

fn verify_euicc(
    anchor: &TrustAnchor,
    eum: &Certificate,
    euicc: &Certificate,
    now: Option<UnixTime>,
    observer: &mut Observer<'_>,
) -> Result<[u8; 16], ChainError> {
    let mut to = Examiner { certificate: Role::Euicc, observer };
    link::verify(euicc, Role::Euicc, eum, anchor.engine(), &mut to).map_err(ChainError::EuiccInvalid)?;
    // RFC 5280 §6.1.3 (a)(4), SGP.22 §4.5.2.1.0.2: the issuer's name is the subject of the EUM's certificate.
    let section = profile::section(Role::Euicc);
    let what = "the issuer's name is the subject of the EUM's certificate";
    to.check(section, what, link::verify_issuer_name(euicc, eum)).map_err(ChainError::EuiccInvalid)?;
    let eid = name_constraints::eid(euicc);
    let what = "the subject's serialNumber is an EID with right check digits";
    to.check(section, what, eid.clone().map(drop)).map_err(ChainError::EuiccInvalid)?;
    // SGP.22 §4.5.2.2: organization and EID lie within the name constraints of the EUM.
    let what = "organization and EID are among those the EUM may issue for";
    to.check(VERIFICATION, what, name_constraints::verify(eum, euicc)).map_err(ChainError::EuiccInvalid)?;
    link::verify_validity(euicc, now, &mut to).map_err(|reason| match reason {
        Reason::Expired { .. } => ChainError::EuiccExpired(reason),
        other => ChainError::EuiccInvalid(other),
    })?;
    eid.map_err(ChainError::EuiccInvalid)
}
