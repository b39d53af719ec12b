//! The extensions that the certificate profiles of SGP.22 §4.5.2.1 use.

mod names;
mod usage;

use std::fmt;

use asn1::SubjectKeyIdentifier;
use rasn::types::Integer;

pub use names::{NameConstraints, SubjectAltName};
pub use usage::{ExtendedKeyUsage, KeyUsage};

use crate::{
    der,
    error::CertError,
    oid::{self, Oid},
};

/// The extensions that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExtensionKind {
    /// subjectKeyIdentifier.
    SubjectKeyIdentifier,
    /// authorityKeyIdentifier.
    AuthorityKeyIdentifier,
    /// keyUsage.
    KeyUsage,
    /// certificatePolicies: names the role.
    CertificatePolicies,
    /// subjectAltName.
    SubjectAltName,
    /// basicConstraints.
    BasicConstraints,
    /// nameConstraints: the EID ranges of an EUM.
    NameConstraints,
    /// cRLDistributionPoints.
    CrlDistributionPoints,
    /// extKeyUsage.
    ExtendedKeyUsage,
}

impl ExtensionKind {
    /// Every extension that is understood.
    pub const ALL: [ExtensionKind; 9] = [
        ExtensionKind::SubjectKeyIdentifier,
        ExtensionKind::AuthorityKeyIdentifier,
        ExtensionKind::KeyUsage,
        ExtensionKind::CertificatePolicies,
        ExtensionKind::SubjectAltName,
        ExtensionKind::BasicConstraints,
        ExtensionKind::NameConstraints,
        ExtensionKind::CrlDistributionPoints,
        ExtensionKind::ExtendedKeyUsage,
    ];

    /// The extension's identifier, below id-ce (RFC 5280 §4.2.1).
    #[must_use]
    pub fn oid(self) -> Oid {
        oid::owned(match self {
            ExtensionKind::SubjectKeyIdentifier => &[2, 5, 29, 14],
            ExtensionKind::KeyUsage => &[2, 5, 29, 15],
            ExtensionKind::SubjectAltName => &[2, 5, 29, 17],
            ExtensionKind::BasicConstraints => &[2, 5, 29, 19],
            ExtensionKind::NameConstraints => &[2, 5, 29, 30],
            ExtensionKind::CrlDistributionPoints => &[2, 5, 29, 31],
            ExtensionKind::CertificatePolicies => &[2, 5, 29, 32],
            ExtensionKind::AuthorityKeyIdentifier => &[2, 5, 29, 35],
            ExtensionKind::ExtendedKeyUsage => &[2, 5, 29, 37],
        })
    }
}

impl fmt::Display for ExtensionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ExtensionKind::SubjectKeyIdentifier => "subjectKeyIdentifier",
            ExtensionKind::AuthorityKeyIdentifier => "authorityKeyIdentifier",
            ExtensionKind::KeyUsage => "keyUsage",
            ExtensionKind::CertificatePolicies => "certificatePolicies",
            ExtensionKind::SubjectAltName => "subjectAltName",
            ExtensionKind::BasicConstraints => "basicConstraints",
            ExtensionKind::NameConstraints => "nameConstraints",
            ExtensionKind::CrlDistributionPoints => "cRLDistributionPoints",
            ExtensionKind::ExtendedKeyUsage => "extKeyUsage",
        })
    }
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the key may sign certificates.
    pub ca: bool,
    /// How many further certificate authorities may follow below.
    pub path_length: Option<u32>,
}

/// One extension as it stands in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension<T> {
    /// Whether the extension is marked critical.
    pub critical: bool,
    /// Its value.
    pub value: T,
}

/// The extensions of a certificate, each read if it is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Extension<SubjectKeyIdentifier>>,
    /// authorityKeyIdentifier: its keyIdentifier, if it has one.
    pub authority_key_identifier: Option<Extension<Option<SubjectKeyIdentifier>>>,
    /// keyUsage.
    pub key_usage: Option<Extension<KeyUsage>>,
    /// certificatePolicies, without qualifiers.
    pub certificate_policies: Option<Extension<Vec<Oid>>>,
    /// subjectAltName.
    pub subject_alt_name: Option<Extension<SubjectAltName>>,
    /// basicConstraints.
    pub basic_constraints: Option<Extension<BasicConstraints>>,
    /// nameConstraints.
    pub name_constraints: Option<Extension<NameConstraints>>,
    /// cRLDistributionPoints: the URIs, in order.
    pub crl_distribution_points: Option<Extension<Vec<String>>>,
    /// extKeyUsage.
    pub extended_key_usage: Option<Extension<ExtendedKeyUsage>>,
    /// What is not understood: identifier and criticality.
    pub unknown: Vec<Extension<Oid>>,
}

impl Extensions {
    /// Whether an extension is critical; `None` if the certificate does not have it.
    #[must_use]
    pub fn criticality(&self, kind: ExtensionKind) -> Option<bool> {
        match kind {
            ExtensionKind::SubjectKeyIdentifier => self.subject_key_identifier.as_ref().map(|e| e.critical),
            ExtensionKind::AuthorityKeyIdentifier => {
                self.authority_key_identifier.as_ref().map(|e| e.critical)
            }
            ExtensionKind::KeyUsage => self.key_usage.as_ref().map(|e| e.critical),
            ExtensionKind::CertificatePolicies => self.certificate_policies.as_ref().map(|e| e.critical),
            ExtensionKind::SubjectAltName => self.subject_alt_name.as_ref().map(|e| e.critical),
            ExtensionKind::BasicConstraints => self.basic_constraints.as_ref().map(|e| e.critical),
            ExtensionKind::NameConstraints => self.name_constraints.as_ref().map(|e| e.critical),
            ExtensionKind::CrlDistributionPoints => self.crl_distribution_points.as_ref().map(|e| e.critical),
            ExtensionKind::ExtendedKeyUsage => self.extended_key_usage.as_ref().map(|e| e.critical),
        }
    }

    pub(crate) fn from_rasn(list: &[rasn_pkix::Extension]) -> Result<Extensions, CertError> {
        let mut seen: Vec<&Oid> = Vec::new();
        let mut extensions = Extensions::default();
        for extension in list {
            // RFC 5280 §4.2: no extension may occur twice.
            if seen.contains(&&extension.extn_id) {
                return Err(CertError::RepeatedExtension(extension.extn_id.clone()));
            }
            seen.push(&extension.extn_id);
            extensions.read(extension)?;
        }
        Ok(extensions)
    }

    fn read(&mut self, extension: &rasn_pkix::Extension) -> Result<(), CertError> {
        let critical = extension.critical;
        let Some(kind) = ExtensionKind::ALL.into_iter().find(|kind| kind.oid() == extension.extn_id) else {
            self.unknown.push(Extension { critical, value: extension.extn_id.clone() });
            return Ok(());
        };
        let source = Source { kind, value: &extension.extn_value };
        match kind {
            ExtensionKind::SubjectKeyIdentifier => {
                self.subject_key_identifier =
                    Some(Extension { critical, value: subject_key_identifier(&source)? });
            }
            ExtensionKind::AuthorityKeyIdentifier => {
                self.authority_key_identifier =
                    Some(Extension { critical, value: authority_key_identifier(&source)? });
            }
            ExtensionKind::KeyUsage => {
                self.key_usage = Some(Extension { critical, value: KeyUsage::read(&source)? });
            }
            ExtensionKind::CertificatePolicies => {
                self.certificate_policies =
                    Some(Extension { critical, value: certificate_policies(&source)? });
            }
            ExtensionKind::SubjectAltName => {
                self.subject_alt_name = Some(Extension { critical, value: SubjectAltName::read(&source)? });
            }
            ExtensionKind::BasicConstraints => {
                self.basic_constraints = Some(Extension { critical, value: basic_constraints(&source)? });
            }
            ExtensionKind::NameConstraints => {
                self.name_constraints = Some(Extension { critical, value: NameConstraints::read(&source)? });
            }
            ExtensionKind::CrlDistributionPoints => {
                let value = names::crl_distribution_points(&source)?;
                self.crl_distribution_points = Some(Extension { critical, value });
            }
            ExtensionKind::ExtendedKeyUsage => {
                self.extended_key_usage =
                    Some(Extension { critical, value: ExtendedKeyUsage::read(&source)? });
            }
        }
        Ok(())
    }
}

/// The bytes of one extension, and how to complain about them.
pub(crate) struct Source<'a> {
    kind: ExtensionKind,
    value: &'a [u8],
}

impl Source<'_> {
    fn decode<T: rasn::Decode + rasn::Encode>(&self) -> Result<T, CertError> {
        der::decode(self.value).map_err(|why| self.malformed(&why))
    }

    fn malformed(&self, why: &str) -> CertError {
        CertError::Extension { extension: self.kind, why: why.to_owned() }
    }
}

fn subject_key_identifier(source: &Source<'_>) -> Result<SubjectKeyIdentifier, CertError> {
    let value: rasn_pkix::SubjectKeyIdentifier = source.decode()?;
    key_identifier(source, &value)
}

fn authority_key_identifier(source: &Source<'_>) -> Result<Option<SubjectKeyIdentifier>, CertError> {
    let value: rasn_pkix::AuthorityKeyIdentifier = source.decode()?;
    value.key_identifier.map(|identifier| key_identifier(source, &identifier)).transpose()
}

fn key_identifier(source: &Source<'_>, value: &[u8]) -> Result<SubjectKeyIdentifier, CertError> {
    if value.is_empty() {
        return Err(source.malformed("the key identifier is empty"));
    }
    SubjectKeyIdentifier::new(value.to_vec()).map_err(|error| source.malformed(&error.to_string()))
}

fn certificate_policies(source: &Source<'_>) -> Result<Vec<Oid>, CertError> {
    let policies: rasn_pkix::CertificatePolicies = source.decode()?;
    if policies.is_empty() {
        return Err(source.malformed("there is no policy in it"));
    }
    Ok(policies.into_iter().map(|policy| policy.policy_identifier).collect())
}

fn basic_constraints(source: &Source<'_>) -> Result<BasicConstraints, CertError> {
    let value: rasn_pkix::BasicConstraints = source.decode()?;
    let path_length = value
        .path_len_constraint
        .map(|length: Integer| {
            u32::try_from(&length).map_err(|_| source.malformed("the path length is no count"))
        })
        .transpose()?;
    Ok(BasicConstraints { ca: value.ca, path_length })
}
