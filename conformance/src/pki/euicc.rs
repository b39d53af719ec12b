//! The chain of an eUICC.

use certs::workshop::Holder;
use certs::{Attribute, Certificate, Identity, Role, eid};
use rand_core::CryptoRng;

use super::draft::Draft;
use super::euicc_defect::{EuiccDefect, Spoils};
use super::flaw::Flaw;
use super::{Authority, EuiccChain, PkiError};

/// How many digits of an EID name its issuer (SGP.22 §4.5.2.1.0.3).
const IIN: usize = 8;
/// The EUMs that are founded here, so that they are told from those of a directory.
const ORGANIZATION: &str = "Judge's EUM";

impl Authority {
    /// The certificates of an eUICC with this EID, good but for the defect.
    ///
    /// A good chain for [`Authority::own_eid`] is that of the directory as it is. Otherwise the EUM of the directory issues
    /// CERT.EUICC.ECDSA, or where its key is not there or the EID is not in its range, a new one.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] where the directory does not have what the chain needs: the key of the EUM, for most things that
    /// concern the EUM that of the Certificate Issuer. [`PkiError::Eid`] if the EID is none.
    pub fn euicc_chain(
        &self,
        eid: [u8; 16],
        defect: Option<EuiccDefect>,
        rng: &mut dyn CryptoRng,
    ) -> Result<EuiccChain, PkiError> {
        eid::verify_check_digits(&eid)?;
        match defect.map(EuiccDefect::spoils) {
            None => self.good_chain(eid, rng),
            Some(Spoils::UnknownCi) => self.stranger(rng)?.good_chain(eid, rng),
            Some(Spoils::Eum(flaw)) => self.spoilt_eum(eid, flaw, rng),
            Some(Spoils::EumBelowEum) => {
                let upper = self.found_eum(&eid, rng)?;
                let digits = iin(&eid);
                let lower =
                    Draft::new(&upper, &Holder::NamedEum("EUM Below", &[&digits]), rng)?.finish_good()?;
                issue(&lower, lower.certificate().raw(), eid, None, rng)
            }
            Some(Spoils::Euicc(flaw)) => {
                let eum = self.eum_for(&eid, rng)?;
                issue(&eum, eum.certificate().raw(), eid, Some(flaw), rng)
            }
            Some(Spoils::EuiccBelowCi) => {
                let eum = self.eum_for(&eid, rng)?;
                let mut draft = Draft::new(&eum, &Holder::Euicc(&eid), rng)?;
                draft.description.issuer = self.ci_certificate().subject().clone();
                draft.set_authority_key_identifier(self.key_id().bytes())?;
                draft.signer = self.ci()?.key().clone();
                Ok(EuiccChain { eid, eum: eum.certificate().raw().to_vec(), euicc: draft.finish()? })
            }
            Some(Spoils::EidOutOfRange) => {
                let eum = self.eum_for(&eid, rng)?;
                let outside = outside(&eum, &eid)?;
                issue(&eum, eum.certificate().raw(), outside, None, rng)
            }
        }
    }

    fn good_chain(&self, eid: [u8; 16], rng: &mut dyn CryptoRng) -> Result<EuiccChain, PkiError> {
        if let (Some(eum), Some(own)) = (self.eum_certificate(), self.identity(Role::Euicc))
            && own.certificate().eid() == Some(eid)
        {
            let eum = eum.raw().to_vec();
            return Ok(EuiccChain { eid, eum, euicc: own.into() });
        }
        let eum = self.eum_for(&eid, rng)?;
        issue(&eum, eum.certificate().raw(), eid, None, rng)
    }

    /// A chain whose eUICC is good below an EUM whose certificate is not.
    fn spoilt_eum(&self, eid: [u8; 16], flaw: Flaw, rng: &mut dyn CryptoRng) -> Result<EuiccChain, PkiError> {
        let digits = iin(&eid);
        let mut draft = Draft::new(&self.ci()?, &Holder::NamedEum(ORGANIZATION, &[&digits]), rng)?;
        let good = Identity::new(
            Certificate::from_der(&draft.description.sign(&draft.signer)?)?,
            draft.key.clone(),
        )?;
        flaw.spoil(&mut draft, rng)?;
        let spoilt = draft.finish()?;
        // The eUICC's certificate fits the one that is shown, where that can be read at all.
        let eum = match Certificate::from_der(&spoilt.certificate) {
            Ok(certificate) => Identity::new(certificate, spoilt.key)?,
            Err(_) => good,
        };
        issue(&eum, &spoilt.certificate, eid, None, rng)
    }

    /// An EUM that may issue for this EID.
    fn eum_for(&self, eid: &[u8; 16], rng: &mut dyn CryptoRng) -> Result<Identity, PkiError> {
        match self.identity(Role::Eum) {
            Some(eum) if permits(eum, &eid::to_digits(eid)) => Ok(eum.clone()),
            // Whoever has an EUM without its key lacks that one first of all.
            None if self.eum_certificate().is_some() && !self.has_ci_key() => {
                Err(PkiError::NoKey { whose: Role::Eum.certificate_name() })
            }
            _ => self.found_eum(eid, rng),
        }
    }

    fn found_eum(&self, eid: &[u8; 16], rng: &mut dyn CryptoRng) -> Result<Identity, PkiError> {
        let digits = iin(eid);
        Draft::new(&self.ci()?, &Holder::NamedEum(ORGANIZATION, &[&digits]), rng)?.finish_good()
    }
}

/// CERT.EUICC.ECDSA below an EUM, and beside it the certificate that the EUM is shown with.
fn issue(
    eum: &Identity,
    shown: &[u8],
    eid: [u8; 16],
    flaw: Option<Flaw>,
    rng: &mut dyn CryptoRng,
) -> Result<EuiccChain, PkiError> {
    let mut draft = Draft::new(eum, &Holder::Euicc(&eid), rng)?;
    if let Some(flaw) = flaw {
        flaw.spoil(&mut draft, rng)?;
    }
    Ok(EuiccChain { eid, eum: shown.to_vec(), euicc: draft.finish()? })
}

fn iin(eid: &[u8; 16]) -> String {
    eid::to_digits(eid).chars().take(IIN).collect()
}

fn permits(eum: &Identity, digits: &str) -> bool {
    let constraints = eum.certificate().extensions().name_constraints.as_ref();
    let permitted = constraints.map_or(&[][..], |constraints| &constraints.value.permitted);
    permitted
        .iter()
        .filter_map(|pair| pair.get(Attribute::SerialNumber))
        .any(|range| digits.starts_with(range))
}

/// An EID like this one, but for one digit of its beginning, the last that there is a choice for: the EUM may not give it.
fn outside(eum: &Identity, eid: &[u8; 16]) -> Result<[u8; 16], PkiError> {
    let digits: Vec<char> = eid::to_digits(eid).chars().take(30).collect();
    for place in (0..IIN).rev() {
        for digit in '0'..='9' {
            let replaced = |(at, old): (usize, &char)| if at == place { digit } else { *old };
            let candidate: String = digits.iter().enumerate().map(replaced).collect();
            if !permits(eum, &candidate) {
                return Ok(eid::with_check_digits(&candidate)?);
            }
        }
    }
    Err(PkiError::NoEidOutside)
}
