//! A revocation list described field by field, before it is signed.

use asn1::tlv;
use crypto::SigningKey;
use rasn::types::{BitString, Integer};
use rasn_pkix::{AlgorithmIdentifier, DistributionPointName, GeneralName, IssuingDistributionPoint};

use super::{
    Workshop, WorkshopError,
    description::{DescribedExtension, encode, ia5, time},
};
use crate::{
    Certificate, Name, UnixTime,
    crl::{
        CRL_NUMBER, CrlNumber, DELTA_CRL_INDICATOR, EXPIRATION_DATE, ISSUING_DISTRIBUTION_POINT,
        PARTIAL_CRL_NUMBER, Part, TOTAL_PARTIAL_CRL_NUMBER,
    },
    oid::{self, Oid},
};

/// Days until the next list comes at the latest.
const PERIOD: i64 = 30;
const DISTRIBUTION_POINT: &str = "http://ci.test.example.com/CRL-B.crl";

/// Which list of a Certificate Issuer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrlForm {
    /// Its number.
    pub number: CrlNumber,
    /// The number of the list that it adds to, on a delta list.
    pub base: Option<CrlNumber>,
    /// Which part it is, of a list in parts.
    pub part: Option<Part>,
}

impl CrlForm {
    /// A list that is whole and complete.
    #[must_use]
    pub fn complete(number: u64) -> CrlForm {
        CrlForm { number: number.into(), base: None, part: None }
    }
}

/// Everything that stands in a revocation list besides its signature. Every field may be changed before signing, also to
/// what no list should hold.
#[derive(Clone, Debug)]
pub struct CrlDescription {
    /// The version field; version 2 is written 1.
    pub version: u8,
    /// The algorithm in both places that name it.
    pub signature_algorithm: Oid,
    /// Who is said to sign.
    pub issuer: Name,
    /// When it is issued.
    pub this_update: UnixTime,
    /// When the next one comes.
    pub next_update: Option<UnixTime>,
    /// The entries, in order.
    pub revoked: Vec<DescribedEntry>,
    /// The extensions, in order.
    pub extensions: Vec<DescribedExtension>,
}

/// An entry of a revocation list.
#[derive(Clone, Debug)]
pub struct DescribedEntry {
    /// The serial number of the certificate: the bytes of the INTEGER.
    pub serial_number: Vec<u8>,
    /// When it was revoked.
    pub revocation_date: UnixTime,
    /// Its extensions, in order.
    pub extensions: Vec<DescribedExtension>,
}

impl Workshop<'_> {
    /// The description of a good revocation list of this issuer, issued now, to be changed and signed. Each entry tells
    /// when its certificate expires.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if an extension cannot be encoded.
    pub fn describe_crl(
        &self,
        issuer: &Certificate,
        form: &CrlForm,
        revoked: &[&Certificate],
    ) -> Result<CrlDescription, WorkshopError> {
        let entry = |certificate: &&Certificate| {
            Ok(DescribedEntry {
                serial_number: certificate.serial_number().to_vec(),
                revocation_date: self.now,
                extensions: vec![DescribedExtension::expiration_date(certificate.validity().not_after)?],
            })
        };
        Ok(CrlDescription {
            version: 1,
            signature_algorithm: oid::owned(oid::ECDSA_WITH_SHA256),
            issuer: issuer.subject().clone(),
            this_update: self.now,
            next_update: Some(self.now.plus_days(PERIOD)),
            revoked: revoked.iter().map(entry).collect::<Result<_, WorkshopError>>()?,
            extensions: extensions(issuer, form)?,
        })
    }
}

/// SGP.22 §4.6 table 17.
fn extensions(issuer: &Certificate, form: &CrlForm) -> Result<Vec<DescribedExtension>, WorkshopError> {
    let authority = issuer.subject_key_identifier().map_or(&[][..], |identifier| identifier.bytes());
    let authority = DescribedExtension::authority_key_identifier(authority)?;
    let mut extensions = vec![
        DescribedExtension { critical: true, ..authority },
        numbered(CRL_NUMBER, false, form.number)?,
        issuing_distribution_point()?,
    ];
    if let Some(base) = form.base {
        extensions.push(numbered(DELTA_CRL_INDICATOR, true, base)?);
    }
    if let Some(part) = form.part {
        extensions.push(numbered(TOTAL_PARTIAL_CRL_NUMBER, false, u64::from(part.total()).into())?);
        extensions.push(numbered(PARTIAL_CRL_NUMBER, false, u64::from(part.number()).into())?);
    }
    Ok(extensions)
}

fn issuing_distribution_point() -> Result<DescribedExtension, WorkshopError> {
    let name = GeneralName::Uri(ia5(DISTRIBUTION_POINT)?);
    let value = IssuingDistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![name])),
        only_contains_user_certs: false,
        only_contains_ca_certs: false,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    Ok(DescribedExtension {
        id: oid::owned(ISSUING_DISTRIBUTION_POINT),
        critical: true,
        value: encode(&value)?,
    })
}

fn numbered(
    id: &'static [u32],
    critical: bool,
    number: CrlNumber,
) -> Result<DescribedExtension, WorkshopError> {
    // A leading zero keeps the number from being read as negative; DER leaves it out where it is not needed.
    let mut octets = number.octets().to_vec();
    if octets.first().is_none_or(|first| first & 0x80 != 0) {
        octets.insert(0, 0);
    }
    Ok(DescribedExtension { id: oid::owned(id), critical, value: tlv::wrap(0x02, &octets) })
}

impl DescribedExtension {
    /// id-rsp-expDate of a revocation list's entry, critical.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if the time is in no calendar.
    pub fn expiration_date(moment: UnixTime) -> Result<Self, WorkshopError> {
        Ok(DescribedExtension {
            id: oid::owned(EXPIRATION_DATE),
            critical: true,
            value: encode(&time(moment)?)?,
        })
    }
}

impl CrlDescription {
    /// Changes an extension that is there, keeping its place, or adds one at the end.
    pub fn set(&mut self, extension: DescribedExtension) {
        match self.extensions.iter_mut().find(|present| present.id == extension.id) {
            Some(present) => *present = extension,
            None => self.extensions.push(extension),
        }
    }

    /// The list in DER, signed with this key.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if a field cannot be encoded, [`WorkshopError::Crypto`] if the key cannot sign.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, WorkshopError> {
        let algorithm = AlgorithmIdentifier { algorithm: self.signature_algorithm.clone(), parameters: None };
        let algorithm = encode(&algorithm)?;
        let tbs = self.to_be_signed(&algorithm)?;
        let signature = encode(&BitString::from_vec(key.sign(&tbs)?.to_der()?))?;
        Ok(tlv::wrap(0x30, &[tbs, algorithm, signature].concat()))
    }

    fn to_be_signed(&self, algorithm: &[u8]) -> Result<Vec<u8>, WorkshopError> {
        let mut fields = encode(&Integer::from(self.version))?;
        fields.extend_from_slice(algorithm);
        fields.extend(encode(&self.issuer.to_rasn())?);
        fields.extend(encode(&time(self.this_update)?)?);
        if let Some(next_update) = self.next_update {
            fields.extend(encode(&time(next_update)?)?);
        }
        // RFC 5280 §5.1.2.6: where nothing is revoked, there is no list of it.
        if !self.revoked.is_empty() {
            let entries: Vec<Vec<u8>> =
                self.revoked.iter().map(DescribedEntry::encoded).collect::<Result<_, _>>()?;
            fields.extend(tlv::wrap(0x30, &entries.concat()));
        }
        fields.extend(tlv::wrap(0xA0, &list(&self.extensions)?));
        Ok(tlv::wrap(0x30, &fields))
    }
}

impl DescribedEntry {
    fn encoded(&self) -> Result<Vec<u8>, WorkshopError> {
        let mut fields = tlv::wrap(0x02, &self.serial_number);
        fields.extend(encode(&time(self.revocation_date)?)?);
        if !self.extensions.is_empty() {
            fields.extend(list(&self.extensions)?);
        }
        Ok(tlv::wrap(0x30, &fields))
    }
}

fn list(extensions: &[DescribedExtension]) -> Result<Vec<u8>, WorkshopError> {
    let encoded: Vec<Vec<u8>> =
        extensions.iter().map(|extension| encode(&extension.to_rasn())).collect::<Result<_, _>>()?;
    Ok(tlv::wrap(0x30, &encoded.concat()))
}
