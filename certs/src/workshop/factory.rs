//! An EUM that makes eUICCs: one certificate on each curve for each, the EIDs one after the other.

use super::{Holder, Workshop, WorkshopError, issuer_digits};
use crate::{Identity, eid};

/// An EUM with its keys: one certificate on each curve that its eUICCs get keys on.
#[derive(Clone, Debug)]
pub struct Factory {
    eums: Vec<Identity>,
    issuer: String,
}

impl Factory {
    /// The factory of an EUM whose certificates there are, one on each curve; the most preferred first, and so they are in its
    /// eUICCs.
    ///
    /// # Errors
    /// [`WorkshopError::NoRange`] if there is no certificate, or no digits that all of them permit.
    pub fn new(eums: Vec<Identity>) -> Result<Self, WorkshopError> {
        let ranges: Vec<_> = eums.iter().map(|eum| issuer_digits(eum.certificate())).collect();
        let mut candidates = ranges.first().into_iter().flatten();
        let issuer = candidates.find(|iin| ranges.iter().all(|range| range.contains(iin)));
        let issuer = issuer.ok_or(WorkshopError::NoRange)?.to_string();
        Ok(Self { eums, issuer })
    }

    /// A new EUM of this name below Certificate Issuers on one curve each, for EIDs that begin with `issuer`.
    ///
    /// # Errors
    /// [`WorkshopError`] if random numbers run dry, or a certificate cannot be encoded.
    pub fn found(
        workshop: &mut Workshop<'_>,
        certificate_issuers: &[Identity],
        organization: &str,
        issuer: &str,
    ) -> Result<Self, WorkshopError> {
        let iins = [issuer];
        let holder = Holder::NamedEum(organization, &iins);
        let eums = certificate_issuers.iter().map(|ci| workshop.issue(ci, &holder));
        Self::new(eums.collect::<Result<_, _>>()?)
    }

    /// The EUM's certificates and keys.
    #[must_use]
    pub fn eums(&self) -> &[Identity] {
        &self.eums
    }

    /// The name of the EUM.
    #[must_use]
    pub fn organization(&self) -> &str {
        self.eums.first().and_then(|eum| eum.certificate().organization()).unwrap_or_default()
    }

    /// What its EIDs begin with.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The EID with this number among those it may give.
    ///
    /// # Errors
    /// [`eid::EidError`] if there are not so many.
    pub fn eid(&self, number: u128) -> Result<[u8; 16], eid::EidError> {
        eid::numbered(&self.issuer, number)
    }

    /// Keys and certificates for an eUICC, one on each curve of the EUM.
    ///
    /// # Errors
    /// [`WorkshopError::EidOutsideEum`], or random numbers run dry.
    pub fn euicc(&self, workshop: &mut Workshop<'_>, eid: &[u8; 16]) -> Result<Vec<Identity>, WorkshopError> {
        self.eums.iter().map(|eum| workshop.issue(eum, &Holder::Euicc(eid))).collect()
    }
}
