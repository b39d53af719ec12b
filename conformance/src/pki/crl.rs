//! Revocation lists of the Certificate Issuer.

use certs::Certificate;
use certs::workshop::{CrlForm, Workshop};
use rand_core::CryptoRng;

use super::draft::{GOOD, ISSUED};
use super::{Authority, PkiError};

impl Authority {
    /// A complete list with this number, signed by the Certificate Issuer, of these certificates (DER): for LoadCRL
    /// (SGP.22 §5.7.12). It is of 2026-01-01.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the Certificate Issuer's key, [`PkiError::Certificate`] if one cannot be read.
    pub fn crl(&self, number: u64, revoked: &[&[u8]], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, PkiError> {
        let ci = self.ci()?;
        let revoked: Vec<Certificate> =
            revoked.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>()?;
        let revoked: Vec<&Certificate> = revoked.iter().collect();
        let workshop = Workshop::new(ISSUED, rng);
        let mut list = workshop.describe_crl(ci.certificate(), &CrlForm::complete(number), &revoked)?;
        list.next_update = Some(GOOD.not_after);
        Ok(list.sign(ci.key())?)
    }
}
