//! The extensions of a list and of its entries (SGP.22 §4.6 tables 17 and 18, §4.6.2).

use rasn_pkix::{Extension, IssuingDistributionPoint};

use super::{
    CrlError, CrlNumber, Part,
    fields::{Fields, decode, read_time, unsigned},
};
use crate::{
    UnixTime,
    oid::{self, Oid},
};

/// id-ce-authorityKeyIdentifier, 2.5.29.35, as DER contents octets.
pub(super) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x23];

/// id-ce-cRLNumber.
pub(crate) const CRL_NUMBER: &[u32] = &[2, 5, 29, 20];
/// id-ce-deltaCRLIndicator.
pub(crate) const DELTA_CRL_INDICATOR: &[u32] = &[2, 5, 29, 27];
/// id-ce-issuingDistributionPoint.
pub(crate) const ISSUING_DISTRIBUTION_POINT: &[u32] = &[2, 5, 29, 28];
/// id-rsp-expDate.
pub(crate) const EXPIRATION_DATE: &[u32] = &[2, 23, 146, 1, 2, 0, 1];
/// id-rsp-totalPartialCrlNumber.
pub(crate) const TOTAL_PARTIAL_CRL_NUMBER: &[u32] = &[2, 23, 146, 1, 2, 0, 2];
/// id-rsp-partialCrlNumber.
pub(crate) const PARTIAL_CRL_NUMBER: &[u32] = &[2, 23, 146, 1, 2, 0, 3];

/// id-ce-authorityKeyIdentifier.
const AUTHORITY: &[u32] = &[2, 5, 29, 35];

/// What the extensions of a list say.
#[derive(Default)]
pub(super) struct ListExtensions {
    number: Option<CrlNumber>,
    pub base: Option<CrlNumber>,
    is_scoped: bool,
    total: Option<u32>,
    part: Option<u32>,
}

impl ListExtensions {
    /// Reads an Extensions value.
    pub fn read(list: &[u8]) -> Result<ListExtensions, CrlError> {
        let mut extensions = ListExtensions::default();
        for extension in all("crlExtensions", list)? {
            let value = &extension.extn_value;
            if oid::is(&extension.extn_id, CRL_NUMBER) {
                extensions.number = Some(number("cRLNumber", value)?);
            } else if oid::is(&extension.extn_id, DELTA_CRL_INDICATOR) {
                extensions.base = Some(number("deltaCRLIndicator", value)?);
            } else if oid::is(&extension.extn_id, ISSUING_DISTRIBUTION_POINT) {
                verify_scope(value)?;
                extensions.is_scoped = true;
            } else if oid::is(&extension.extn_id, TOTAL_PARTIAL_CRL_NUMBER) {
                extensions.total = Some(count("totalPartialCrlNumber", value)?);
            } else if oid::is(&extension.extn_id, PARTIAL_CRL_NUMBER) {
                extensions.part = Some(count("partialCrlNumber", value)?);
            } else if extension.critical && !oid::is(&extension.extn_id, AUTHORITY) {
                return Err(CrlError::UnknownCriticalExtension(extension.extn_id));
            }
        }
        Ok(extensions)
    }

    /// cRLNumber, which has to be there, as has issuingDistributionPoint.
    pub fn number(&self) -> Result<CrlNumber, CrlError> {
        if !self.is_scoped {
            return Err(CrlError::MissingExtension("issuingDistributionPoint"));
        }
        self.number.ok_or(CrlError::MissingExtension("cRLNumber"))
    }

    /// Which part it is; the two numbers come together (SGP.22 §4.6 table 17).
    pub fn part(&self) -> Result<Option<Part>, CrlError> {
        match (self.part, self.total) {
            (None, None) => Ok(None),
            (Some(number), Some(total)) => Part::new(number, total).map(Some).ok_or(CrlError::Part),
            _ => Err(CrlError::Part),
        }
    }
}

/// The expiration date among the extensions of an entry.
pub(super) fn expiration_date(list: &[u8]) -> Result<Option<UnixTime>, CrlError> {
    let mut date = None;
    for extension in all("crlEntryExtensions", list)? {
        if oid::is(&extension.extn_id, EXPIRATION_DATE) {
            date = Some(read_time("id-rsp-expDate", &extension.extn_value)?);
        } else if extension.critical {
            return Err(CrlError::UnknownCriticalExtension(extension.extn_id));
        }
    }
    Ok(date)
}

/// All extensions, each of them once.
fn all(field: &'static str, list: &[u8]) -> Result<Vec<Extension>, CrlError> {
    let extensions: rasn_pkix::Extensions = decode(field, list)?;
    let extensions = extensions.to_vec();
    let mut seen: Vec<&Oid> = Vec::new();
    for extension in &extensions {
        if seen.contains(&&extension.extn_id) {
            return Err(CrlError::RepeatedExtension(extension.extn_id.clone()));
        }
        seen.push(&extension.extn_id);
    }
    Ok(extensions)
}

/// RFC 5280 §5.2.5, and SGP.22 §4.6 table 17: one list for all certificates of the issuer, and for no others.
fn verify_scope(value: &[u8]) -> Result<(), CrlError> {
    let point: IssuingDistributionPoint = decode("issuingDistributionPoint", value)?;
    let is_limited = point.only_contains_user_certs
        || point.only_contains_ca_certs
        || point.only_some_reasons.is_some()
        || point.only_contains_attribute_certs;
    if is_limited || point.indirect_crl { Err(CrlError::Scope) } else { Ok(()) }
}

/// An INTEGER of any length up to that of a list's number.
fn number(field: &'static str, value: &[u8]) -> Result<CrlNumber, CrlError> {
    let mut fields = Fields::new(field, value);
    let octets = unsigned(field, fields.take("INTEGER", 0x02)?.value)?;
    fields.end()?;
    CrlNumber::from_octets(octets).ok_or(CrlError::malformed(field, "it is longer than 20 bytes"))
}

/// An INTEGER that counts parts.
fn count(field: &'static str, value: &[u8]) -> Result<u32, CrlError> {
    let number = number(field, value)?;
    let octets = number.octets().iter();
    let count = octets
        .map(|octet| u32::from(*octet))
        .try_fold(0_u32, |count, octet| Some(count.checked_mul(256)? | octet));
    count.ok_or(CrlError::Part)
}
