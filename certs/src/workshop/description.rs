//! A certificate described field by field, before it is signed.

use std::net::IpAddr;

use asn1::tlv;
use crypto::{PublicKey, SigningKey};
use rasn::types::{Any, BitString, Ia5String, Integer, ObjectIdentifier, OctetString};
use rasn_pkix::{
    AlgorithmIdentifier, DistributionPoint, DistributionPointName, GeneralName, GeneralSubtree,
    PolicyInformation, SubjectPublicKeyInfo, TbsCertificate, Time, Version,
};

use super::WorkshopError;
use crate::{
    BasicConstraints, ExtendedKeyUsage, ExtensionKind, KeyUsage, Name, SubjectAltName, UnixTime, Validity,
    der,
    oid::{self, Oid},
    time,
};

/// Everything that stands in a certificate besides its signature. Every field may be changed before signing, also to
/// what no certificate should hold.
#[derive(Clone, Debug)]
pub struct Description {
    /// The version field; version 3 is written 2.
    pub version: u64,
    /// The serial number.
    pub serial_number: i128,
    /// The algorithm in both places that name it.
    pub signature_algorithm: Oid,
    /// Who is said to sign.
    pub issuer: Name,
    /// Who holds the key.
    pub subject: Name,
    /// When the certificate is valid.
    pub validity: Validity,
    /// The curve of the key.
    pub curve: Oid,
    /// The key: an encoded point.
    pub point: Vec<u8>,
    /// The extensions, in order.
    pub extensions: Vec<DescribedExtension>,
}

impl Description {
    /// Changes an extension that is there, keeping its place, or adds one at the end.
    pub fn set(&mut self, extension: DescribedExtension) {
        match self.extensions.iter_mut().find(|present| present.id == extension.id) {
            Some(present) => *present = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Leaves an extension out.
    pub fn remove(&mut self, kind: ExtensionKind) {
        self.extensions.retain(|extension| extension.id != kind.oid());
    }

    /// Marks an extension critical, or not, leaving its value as it is.
    pub fn set_critical(&mut self, kind: ExtensionKind, critical: bool) {
        self.extensions.iter_mut().filter(|e| e.id == kind.oid()).for_each(|e| e.critical = critical);
    }

    /// Puts another key in: point and curve, and subjectKeyIdentifier with them.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if the key identifier cannot be encoded.
    pub fn set_public_key(&mut self, key: &PublicKey) -> Result<(), WorkshopError> {
        self.curve = oid::owned(key.curve().oid_arcs());
        self.point = key.point().to_vec();
        self.set(DescribedExtension::subject_key_identifier(&crypto::digest::key_identifier(key.point()))?);
        Ok(())
    }

    /// The certificate in DER, signed with this key.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if a field cannot be encoded, [`WorkshopError::Crypto`] if the key cannot sign.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, WorkshopError> {
        let tbs = encode(&self.to_be_signed()?)?;
        let signature = key.sign(&tbs)?.to_der()?;
        let parts = [tbs, encode(&self.algorithm())?, encode(&BitString::from_vec(signature))?];
        Ok(tlv::wrap(0x30, &parts.concat()))
    }

    fn algorithm(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier { algorithm: self.signature_algorithm.clone(), parameters: None }
    }

    fn to_be_signed(&self) -> Result<TbsCertificate, WorkshopError> {
        let version =
            [Version::V1, Version::V2, Version::V3].into_iter().find(|v| v.raw_value() == self.version);
        Ok(TbsCertificate {
            version: version.ok_or_else(|| WorkshopError::Encoding("there is no such version".to_owned()))?,
            serial_number: Integer::from(self.serial_number),
            signature: self.algorithm(),
            issuer: self.issuer.to_rasn(),
            validity: rasn_pkix::Validity {
                not_before: time(self.validity.not_before)?,
                not_after: time(self.validity.not_after)?,
            },
            subject: self.subject.to_rasn(),
            subject_public_key_info: SubjectPublicKeyInfo {
                algorithm: AlgorithmIdentifier {
                    algorithm: oid::owned(oid::EC_PUBLIC_KEY),
                    parameters: Some(Any::new(encode(&self.curve)?)),
                },
                subject_public_key: BitString::from_vec(self.point.clone()),
            },
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: match self.extensions.as_slice() {
                [] => None,
                some => Some(some.iter().map(DescribedExtension::to_rasn).collect::<Vec<_>>().into()),
            },
        })
    }
}

/// One extension: its identifier, whether it is critical, and its value in DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedExtension {
    /// The extension's identifier.
    pub id: Oid,
    /// Whether it is critical.
    pub critical: bool,
    /// The encoded value.
    pub value: Vec<u8>,
}

impl DescribedExtension {
    fn new<T: rasn::Encode>(kind: ExtensionKind, critical: bool, value: &T) -> Result<Self, WorkshopError> {
        Ok(DescribedExtension { id: kind.oid(), critical, value: encode(value)? })
    }

    /// subjectKeyIdentifier.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`], here and in all functions below, if the value cannot be encoded.
    pub fn subject_key_identifier(identifier: &[u8]) -> Result<Self, WorkshopError> {
        Self::new(ExtensionKind::SubjectKeyIdentifier, false, &OctetString::from(identifier.to_vec()))
    }

    /// authorityKeyIdentifier with a keyIdentifier only.
    ///
    /// # Errors
    /// As above.
    pub fn authority_key_identifier(identifier: &[u8]) -> Result<Self, WorkshopError> {
        let value = rasn_pkix::AuthorityKeyIdentifier {
            key_identifier: Some(OctetString::from(identifier.to_vec())),
            ..Default::default()
        };
        Self::new(ExtensionKind::AuthorityKeyIdentifier, false, &value)
    }

    /// keyUsage, critical.
    ///
    /// # Errors
    /// As above.
    pub fn key_usage(usage: KeyUsage) -> Result<Self, WorkshopError> {
        Self::new(ExtensionKind::KeyUsage, true, &usage.to_bits())
    }

    /// extKeyUsage, critical.
    ///
    /// # Errors
    /// As above.
    pub fn extended_key_usage(usage: &ExtendedKeyUsage) -> Result<Self, WorkshopError> {
        Self::new(ExtensionKind::ExtendedKeyUsage, true, &usage.0)
    }

    /// certificatePolicies with one policy and no qualifiers.
    ///
    /// # Errors
    /// As above.
    pub fn certificate_policies(policies: &[Oid], critical: bool) -> Result<Self, WorkshopError> {
        let policy =
            |oid: &Oid| PolicyInformation { policy_identifier: oid.clone(), policy_qualifiers: None };
        let value: Vec<PolicyInformation> = policies.iter().map(policy).collect();
        Self::new(ExtensionKind::CertificatePolicies, critical, &value)
    }

    /// basicConstraints, critical.
    ///
    /// # Errors
    /// As above.
    pub fn basic_constraints(constraints: BasicConstraints) -> Result<Self, WorkshopError> {
        let path_len_constraint = constraints.path_length.map(Integer::from);
        let value = rasn_pkix::BasicConstraints { ca: constraints.ca, path_len_constraint };
        Self::new(ExtensionKind::BasicConstraints, true, &value)
    }

    /// subjectAltName: host names, then IP addresses, then object identifiers.
    ///
    /// # Errors
    /// As above.
    pub fn subject_alt_name(names: &SubjectAltName) -> Result<Self, WorkshopError> {
        let mut value = Vec::new();
        for name in &names.dns_names {
            value.push(GeneralName::DnsName(ia5(name)?));
        }
        value.extend(names.ip_addresses.iter().map(|address| {
            GeneralName::IpAddress(match address {
                IpAddr::V4(address) => OctetString::from(address.octets().to_vec()),
                IpAddr::V6(address) => OctetString::from(address.octets().to_vec()),
            })
        }));
        value.extend(names.registered_ids.iter().cloned().map(GeneralName::RegisteredId));
        Self::new(ExtensionKind::SubjectAltName, false, &value)
    }

    /// nameConstraints, critical, with these permitted directory names.
    ///
    /// # Errors
    /// As above.
    pub fn name_constraints(permitted: &[Name]) -> Result<Self, WorkshopError> {
        let subtree = |name: &Name| GeneralSubtree {
            base: GeneralName::DirectoryName(name.to_rasn()),
            minimum: Integer::ZERO,
            maximum: None,
        };
        let permitted_subtrees = Some(permitted.iter().map(subtree).collect());
        let value = rasn_pkix::NameConstraints { permitted_subtrees, excluded_subtrees: None };
        Self::new(ExtensionKind::NameConstraints, true, &value)
    }

    /// cRLDistributionPoints, one for each URI.
    ///
    /// # Errors
    /// As above.
    pub fn crl_distribution_points(uris: &[&str]) -> Result<Self, WorkshopError> {
        let point = |uri: &&str| {
            Ok(DistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![GeneralName::Uri(ia5(uri)?)])),
                reasons: None,
                crl_issuer: None,
            })
        };
        let value: Vec<DistributionPoint> = uris.iter().map(point).collect::<Result<_, WorkshopError>>()?;
        Self::new(ExtensionKind::CrlDistributionPoints, false, &value)
    }

    pub(super) fn to_rasn(&self) -> rasn_pkix::Extension {
        rasn_pkix::Extension {
            extn_id: ObjectIdentifier::clone(&self.id),
            critical: self.critical,
            extn_value: OctetString::from(self.value.clone()),
        }
    }
}

pub(super) fn time(moment: UnixTime) -> Result<Time, WorkshopError> {
    time::to_rasn(moment).ok_or_else(|| WorkshopError::Encoding(format!("{moment} is in no calendar")))
}

pub(super) fn ia5(text: &str) -> Result<Ia5String, WorkshopError> {
    Ia5String::from_iso646_bytes(text.as_bytes()).map_err(|error| WorkshopError::Encoding(error.to_string()))
}

pub(super) fn encode<T: rasn::Encode>(value: &T) -> Result<Vec<u8>, WorkshopError> {
    der::encode(value).map_err(WorkshopError::Encoding)
}
