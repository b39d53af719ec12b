//! Revoked certificates, and the time that their lists told (SGP.22 §4.6.3, §5.7.12).

use asn1::SubjectKeyIdentifier;
use certs::UnixTime;
use certs::crl::{Crl, CrlNumber, Part};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::hex::{self, Octets};

/// The most parts that a list may have: room for some 20 000 entries in parts of 1024 bytes (SGP.22 §4.6.1).
const MAX_PARTS: u32 = 1024;

/// Bytes of memory that a list and an entry take beside identifiers and numbers.
const LIST_SIZE: u32 = 64;
const ENTRY_SIZE: u32 = 8;

/// What LoadCRL brought.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationLists {
    /// One for each Certificate Issuer that sent one.
    #[serde(default)]
    lists: Vec<RevocationList>,
}

/// What is known of the certificates of one Certificate Issuer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationList {
    /// The Certificate Issuer's key.
    #[serde(with = "hex")]
    ci_pk_id: SubjectKeyIdentifier,
    /// The number of the last list, or part of a list, that was processed.
    #[serde(with = "hex")]
    number: CrlNumber,
    /// thisUpdate of that list: seconds since 1970.
    this_update: i64,
    /// The number up to which nothing is missing; a delta list may add to it.
    #[serde(with = "hex::option", skip_serializing_if = "Option::is_none", default)]
    complete: Option<CrlNumber>,
    /// The parts of the last list, where it came in parts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    parts: Option<Parts>,
    /// The certificates that are revoked and have not expired.
    revoked: Vec<Revoked>,
}

/// The parts of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    total: u32,
    /// The parts processed so far.
    processed: Vec<u32>,
}

/// A revoked certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    /// Its serial number: the bytes of the INTEGER.
    #[serde(with = "hex")]
    serial_number: Vec<u8>,
    /// When it expires, where the list told: seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    expires: Option<i64>,
}

/// Why a list is not processed. The fault is that of whoever sent it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub(crate) enum Unwanted {
    #[error("a list with a higher number was processed already")]
    Older,
    #[error("the list that this one adds to was not processed, or not all parts of it")]
    BaseMissing,
    #[error("parts of one list name different totals")]
    OtherTotal,
    #[error("the list has more than {MAX_PARTS} parts")]
    TooManyParts,
}

impl RevocationLists {
    /// Whether none was loaded yet.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Whether the certificate of a Certificate Issuer with this serial number is revoked.
    pub fn revokes(&self, ci_pk_id: &SubjectKeyIdentifier, serial_number: &[u8]) -> bool {
        self.list(ci_pk_id).is_some_and(|list| list.has(serial_number))
    }

    /// The latest thisUpdate of the last lists of all issuers: it is that late at least (SGP.22 §4.6.3).
    pub fn time_reference(&self) -> Option<UnixTime> {
        self.lists.iter().map(|list| UnixTime(list.this_update)).max()
    }

    /// Bytes of memory they take.
    pub fn size(&self) -> u32 {
        self.lists.iter().map(RevocationList::size).fold(0, u32::saturating_add)
    }

    /// The parts that are still to come of the last list of this Certificate Issuer, in order.
    pub(crate) fn missing_parts(&self, ci_pk_id: &SubjectKeyIdentifier) -> Vec<u32> {
        let parts = self.list(ci_pk_id).and_then(|list| list.parts.as_ref());
        parts.map_or_else(Vec::new, Parts::missing)
    }

    /// Whether a list tells nothing that is not known (SGP.22 §5.7.12: a number that is equal).
    ///
    /// # Errors
    /// [`Unwanted`] where it must not be processed at all.
    pub(crate) fn knows(&self, ci_pk_id: &SubjectKeyIdentifier, crl: &Crl) -> Result<bool, Unwanted> {
        let list = self.list(ci_pk_id);
        if let Some(list) = list {
            if crl.number < list.number {
                return Err(Unwanted::Older);
            }
            if crl.number == list.number && list.has_processed(crl.part)? {
                return Ok(true);
            }
        }
        // SGP.22 §5.7.12: what a delta list adds to has been processed. A later list than its base serves as well
        // (RFC 5280 §5.2.4 condition c).
        let complete = list.and_then(|list| list.complete);
        match crl.base {
            Some(base) if complete.is_none_or(|complete| complete < base) => Err(Unwanted::BaseMissing),
            _ if crl.part.is_some_and(|part| part.total() > MAX_PARTS) => Err(Unwanted::TooManyParts),
            _ => Ok(false),
        }
    }

    /// Processes a list that is not known: time, expired certificates, new entries, number (SGP.22 §5.7.12).
    pub(crate) fn process(&mut self, ci_pk_id: &SubjectKeyIdentifier, crl: &Crl) {
        let position = self.lists.iter().position(|list| list.ci_pk_id == *ci_pk_id);
        let mut list = match position {
            Some(position) => self.lists.remove(position),
            None => RevocationList::new(ci_pk_id.clone(), crl),
        };
        list.take(crl);
        self.lists.push(list);
        let now = self.time_reference();
        for list in &mut self.lists {
            list.revoked.retain(|entry| !entry.has_expired(now));
        }
    }

    fn list(&self, ci_pk_id: &SubjectKeyIdentifier) -> Option<&RevocationList> {
        self.lists.iter().find(|list| list.ci_pk_id == *ci_pk_id)
    }
}

impl RevocationList {
    fn new(ci_pk_id: SubjectKeyIdentifier, crl: &Crl) -> Self {
        Self {
            ci_pk_id,
            number: crl.number,
            this_update: crl.this_update.0,
            complete: None,
            parts: None,
            revoked: Vec::new(),
        }
    }

    fn has(&self, serial_number: &[u8]) -> bool {
        self.revoked.iter().any(|entry| entry.serial_number == serial_number)
    }

    /// Whether this form of the last list was processed.
    fn has_processed(&self, part: Option<Part>) -> Result<bool, Unwanted> {
        match (part, &self.parts) {
            // SGP.22 §5.7.12: a complete list of the same number is not looked at. Nor is a part where the whole was.
            (None, _) | (Some(_), None) => Ok(true),
            (Some(part), Some(parts)) if part.total() == parts.total => {
                Ok(parts.processed.contains(&part.number()))
            }
            (Some(_), Some(_)) => Err(Unwanted::OtherTotal),
        }
    }

    fn take(&mut self, crl: &Crl) {
        self.this_update = crl.this_update.0;
        for entry in &crl.revoked {
            let expires = entry.expiration_date.map(|date| date.0);
            match self.revoked.iter_mut().find(|known| known.serial_number == entry.serial_number) {
                // A later list may tell when the certificate expires.
                Some(known) => known.expires = known.expires.or(expires),
                None => {
                    self.revoked.push(Revoked { serial_number: entry.serial_number.clone(), expires });
                }
            }
        }
        self.parts = crl.part.map(|part| {
            let known = self.parts.take().filter(|_| self.number == crl.number);
            let mut parts = known.unwrap_or(Parts { total: part.total(), processed: Vec::new() });
            parts.processed.push(part.number());
            parts
        });
        self.number = crl.number;
        if self.parts.as_ref().is_none_or(|parts| parts.missing().is_empty()) {
            self.complete = Some(crl.number);
        }
    }

    fn size(&self) -> u32 {
        let parts = self.parts.as_ref().map_or(0, |parts| parts.processed.len());
        let entries = self.revoked.iter().map(Revoked::size).fold(0, u32::saturating_add);
        LIST_SIZE
            .saturating_add(u32::try_from(parts).unwrap_or(u32::MAX).saturating_mul(2))
            .saturating_add(entries)
    }
}

impl Parts {
    fn missing(&self) -> Vec<u32> {
        (1..=self.total).filter(|number| !self.processed.contains(number)).collect()
    }
}

impl Revoked {
    /// SGP.22 §4.6.3: what has expired is refused for that reason and need not be kept.
    fn has_expired(&self, now: Option<UnixTime>) -> bool {
        self.expires.zip(now).is_some_and(|(expires, now)| UnixTime(expires) < now)
    }

    fn size(&self) -> u32 {
        u32::try_from(self.serial_number.len()).unwrap_or(u32::MAX).saturating_add(ENTRY_SIZE)
    }
}

impl Octets for CrlNumber {
    fn octets(&self) -> &[u8] {
        CrlNumber::octets(self)
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Self::from_octets(octets).ok_or_else(|| "a revocation list's number has at most 20 bytes".to_owned())
    }
}
