//! LoadCRL (SGP.22 §5.7.12): certificates that a Certificate Issuer has revoked.

use asn1::tlv::{self, Tlv};
use asn1::{LoadCrlError, LoadCrlRequest, SubjectKeyIdentifier, der};
use certs::crl::{Crl, CrlError, SignedCrl};
use protocol::trace::Tracer;

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{error, integer};
use crate::state::Unwanted;

const SECTION: &str = "SGP.22 §5.7.12";

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let request: LoadCrlRequest = der::decode(request.raw).map_err(|_| StatusWord::WRONG_DATA)?;
    let tracer = isdr.tracer();
    let outcome =
        verify(isdr, request.crl.raw(), &tracer).and_then(|(ci, crl)| process(isdr, &ci, &crl, &tracer));
    Ok(match outcome {
        Ok(missing) => loaded(&missing),
        Err(code) => error(tag::LOAD_CRL, 0x81, code.value()),
    })
}

/// The signature, then the form.
fn verify(isdr: &Isdr, crl: &[u8], tracer: &Tracer) -> Result<(SubjectKeyIdentifier, Crl), LoadCrlError> {
    let signed = tracer.check(SECTION, "the list says whose key signed it", SignedCrl::from_der(crl));
    let signed = signed.map_err(|error| code(&error))?;
    let ci = signed.authority_key_identifier();
    let anchor = isdr.keys().anchor(ci).ok_or(LoadCrlError::VERIFICATION_KEY_NOT_FOUND);
    let anchor = tracer.check(SECTION, "the Certificate Issuer is trusted", anchor)?;
    let verified = tracer.check(SECTION, "the Certificate Issuer signed the list", signed.verify(anchor));
    verified.map_err(|error| code(&error))?;
    let crl = tracer.check("SGP.22 §4.6", "the list has its form", signed.read());
    let crl = crl.map_err(|error| code(&error))?;
    // SGP.22 §4.6 table 17: the name of the issuer is that in its certificate.
    let issued = crl.issuer == *anchor.certificate().subject();
    let issued = if issued { Ok(()) } else { Err(LoadCrlError::INVALID_CRL_FORMAT) };
    tracer.check("SGP.22 §4.6", "the list names its issuer", issued)?;
    Ok((ci.clone(), crl))
}

fn code(error: &CrlError) -> LoadCrlError {
    match error {
        CrlError::Signature => LoadCrlError::INVALID_SIGNATURE,
        // A key that may not sign lists is none to verify them with.
        CrlError::KeyUsage => LoadCrlError::VERIFICATION_KEY_NOT_FOUND,
        _ => LoadCrlError::INVALID_CRL_FORMAT,
    }
}

/// Number, base and memory, and then all that the list changes at once. Gives the parts that are still to come.
fn process(
    isdr: &mut Isdr,
    ci: &SubjectKeyIdentifier,
    crl: &Crl,
    tracer: &Tracer,
) -> Result<Vec<u32>, LoadCrlError> {
    let known = isdr.state().revocation.knows(ci, crl);
    match tracer.check(SECTION, "the list is not older than the one that is known", known) {
        Ok(true) if crl.part.is_none() => return Ok(Vec::new()),
        Ok(true) => return Ok(isdr.state().revocation.missing_parts(ci)),
        Ok(false) => {}
        Err(unwanted) => return Err(unwanted_code(unwanted)),
    }
    let mut draft = isdr.state().clone();
    draft.revocation.process(ci, crl);
    let available = isdr.state().free_memory().saturating_add(isdr.state().revocation.size());
    let fits = draft.revocation.size() <= available;
    let fits = if fits { Ok(()) } else { Err(LoadCrlError::NOT_ENOUGH_MEMORY_SPACE) };
    tracer.check(SECTION, "there is memory for the revoked certificates", fits)?;
    // SGP.22 §5.7.12: what fails while the list is processed is told in the response.
    isdr.commit(draft).map_err(|_| LoadCrlError::UNDEFINED_ERROR)?;
    tracer.state("revocation list", &format_args!("of {ci}"), &format_args!("number {}", crl.number));
    Ok(isdr.state().revocation.missing_parts(ci))
}

fn unwanted_code(unwanted: Unwanted) -> LoadCrlError {
    match unwanted {
        Unwanted::Older => LoadCrlError::FRESHER_CRL_ALREADY_LOADED,
        Unwanted::BaseMissing => LoadCrlError::BASE_CRL_MISSING,
        Unwanted::OtherTotal => LoadCrlError::INVALID_CRL_FORMAT,
        Unwanted::TooManyParts => LoadCrlError::NOT_ENOUGH_MEMORY_SPACE,
    }
}

/// LoadCRLResponseOk; missingParts is there only where some are.
fn loaded(missing: &[u32]) -> Vec<u8> {
    let numbers: Vec<u8> = missing.iter().flat_map(|number| integer(0x02, i64::from(*number))).collect();
    let missing = if numbers.is_empty() { Vec::new() } else { tlv::wrap(0xA0, &numbers) };
    tlv::wrap(tag::LOAD_CRL, &tlv::wrap(0xA0, &missing))
}
