//! Extensions made of general names: subjectAltName, nameConstraints and cRLDistributionPoints.

use std::net::IpAddr;

use rasn_pkix::{DistributionPointName, GeneralName, GeneralSubtree};

use super::Source;
use crate::{Name, der, error::CertError, oid::Oid};

/// subjectAltName (RFC 5280 §4.2.1.6). Names of other forms are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectAltName {
    /// dNSName entries: the host names of a TLS server.
    pub dns_names: Vec<String>,
    /// iPAddress entries.
    pub ip_addresses: Vec<IpAddr>,
    /// registeredID entries: the object identifier of the server, the EUM or the Certificate Issuer.
    pub registered_ids: Vec<Oid>,
}

impl SubjectAltName {
    pub(super) fn read(source: &Source<'_>) -> Result<SubjectAltName, CertError> {
        let names: rasn_pkix::SubjectAltName = source.decode()?;
        let mut result = SubjectAltName::default();
        for name in names {
            match name {
                GeneralName::DnsName(host) => result.dns_names.push(host.to_string()),
                GeneralName::RegisteredId(identifier) => result.registered_ids.push(identifier),
                GeneralName::IpAddress(address) => result.ip_addresses.push(
                    ip_address(&address)
                        .ok_or_else(|| source.malformed("an IP address has 4 or 16 bytes"))?,
                ),
                _ => {}
            }
        }
        Ok(result)
    }
}

fn ip_address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// nameConstraints (RFC 5280 §4.2.1.10) as SGP.22 §4.5.2.1.0.3 fills them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// The permitted directory names: each an organization with the first digits of its EIDs.
    pub permitted: Vec<Name>,
    /// Whether there are constraints of another form, which nobody evaluates here: excluded subtrees, maximum
    /// distances, names that are no directory names.
    pub other_forms: bool,
}

impl NameConstraints {
    pub(super) fn read(source: &Source<'_>) -> Result<NameConstraints, CertError> {
        // SGP.22 table 12 writes `minimum 0`, which is the default that DER leaves out. An issuer that follows the
        // table to the letter is understood: hence no comparison with the canonical form here.
        der::check(source.value).map_err(|why| source.malformed(&why))?;
        let value: rasn_pkix::NameConstraints =
            rasn::der::decode(source.value).map_err(|error| source.malformed(&error.kind.to_string()))?;
        let mut result =
            NameConstraints { permitted: Vec::new(), other_forms: value.excluded_subtrees.is_some() };
        for subtree in value.permitted_subtrees.into_iter().flatten() {
            match subtree {
                GeneralSubtree { base: GeneralName::DirectoryName(name), maximum: None, .. } => {
                    result.permitted.push(Name::from_rasn("nameConstraints", &name)?);
                }
                _ => result.other_forms = true,
            }
        }
        Ok(result)
    }
}

/// The URIs of all distribution points (SGP.22 §4.5.2.1.3).
pub(super) fn crl_distribution_points(source: &Source<'_>) -> Result<Vec<String>, CertError> {
    let points: rasn_pkix::CrlDistributionPoints = source.decode()?;
    let names = points.into_iter().filter_map(|point| match point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    let uri = |name| match name {
        GeneralName::Uri(uri) => Some(uri.to_string()),
        _ => None,
    };
    Ok(names.flatten().filter_map(uri).collect())
}
