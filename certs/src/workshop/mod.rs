//! The workshop: makes a test PKI of chain variant O, whole or certificate by certificate.
//!
//! What it makes looks like the SGP.26 test certificates: the same names, extensions, criticality and object
//! identifiers, on either curve. The same seed and the same time give the same bytes, since keys and serial numbers
//! come from the caller's random numbers and signatures are deterministic (RFC 6979).
//!
//! A certificate is described before it is signed ([`Description`]), every field open to change, so that a test makes
//! a bad certificate as a good one that differs in one thing.

mod crl;
mod description;
mod factory;
mod profiles;

use std::net::IpAddr;

use crypto::{CryptoError, Curve, Engine, PublicKey, SigningKey};
use rand_core::CryptoRng;
use thiserror::Error;

pub use crl::{CrlDescription, CrlForm, DescribedEntry};
pub use description::{DescribedExtension, Description};
pub use factory::Factory;

use crate::{
    Attribute, CertError, Certificate, Identity, KeyMismatch, Oid, Role, UnixTime, Variant, eid,
    tree::{self, Tree},
};

/// Why the workshop cannot make something. The fault is that of whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WorkshopError {
    /// A TLS certificate without a host name (SGP.22 §4.5.2.1.0.5 asks for one at least).
    #[error("a TLS certificate needs at least one host name besides IP addresses")]
    NoHostName,
    /// A host name that no certificate can hold.
    #[error("{0:?} is no host name")]
    HostName(String),
    /// An EUM that has no certificate at all, or whose certificate permits no EIDs.
    #[error("the EUM has no certificate, or one that permits no EID")]
    NoRange,
    /// The EUM may not issue a certificate for this EID.
    #[error("the EUM's name constraints do not cover the EID {0}")]
    EidOutsideEum(String),
    /// The role is none of a server that signs, or none of one that speaks TLS.
    #[error("{0} is no role of such a server")]
    Role(Role),
    /// A field cannot be encoded.
    #[error("the certificate cannot be encoded: {0}")]
    Encoding(String),
    /// The key cannot be made or used.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// What was made cannot be read back.
    #[error(transparent)]
    Certificate(#[from] CertError),
    /// Key and certificate do not belong together.
    #[error(transparent)]
    KeyMismatch(#[from] KeyMismatch),
}

/// What a whole test PKI is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The EID of the eUICC; its first eight digits become the EUM's range.
    pub eid: [u8; 16],
    /// Host names and IP addresses of the SM-DP+.
    pub dp_hosts: Vec<String>,
    /// Host names and IP addresses of the SM-DS.
    pub ds_hosts: Vec<String>,
}

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// An EUM that may issue for EIDs which begin with one of these digits.
    Eum(&'a [&'a str]),
    /// The same for one of several EUMs: its organization, of 1 to 64 characters, and its digits.
    NamedEum(&'a str, &'a [&'a str]),
    /// The eUICC with this EID.
    Euicc(&'a [u8; 16]),
    /// A server that signs: [`Role::DpAuth`], [`Role::DpPb`] or [`Role::DsAuth`].
    Server(Role),
    /// A TLS server, [`Role::DpTls`] or [`Role::DsTls`], on these hosts: names (also with a wildcard as first label) and
    /// IP addresses, one name at least.
    Tls(Role, &'a [String]),
    /// An operator of this name and object identifier, who calls ES2+ over TLS.
    Operator(&'a str, &'a Oid),
}

/// Makes certificates at a given time out of given random numbers.
pub struct Workshop<'r> {
    now: UnixTime,
    rng: &'r mut dyn CryptoRng,
}

impl<'r> Workshop<'r> {
    /// A workshop whose certificates are valid from a day before this time on.
    pub fn new(now: UnixTime, rng: &'r mut dyn CryptoRng) -> Workshop<'r> {
        Workshop { now, rng }
    }

    /// A whole PKI on both curves, in the directory layout of the SGP.26 test certificates.
    ///
    /// # Errors
    /// [`WorkshopError`], if a host name is none or random numbers run dry.
    pub fn tree(&mut self, plan: &Plan) -> Result<Tree, WorkshopError> {
        let mut tree = Tree::new();
        for curve in Curve::ALL {
            for (role, identity) in self.chain(curve, plan)? {
                tree::insert(&mut tree, Variant::O, curve, role, &identity)?;
            }
        }
        Ok(tree)
    }

    fn chain(&mut self, curve: Curve, plan: &Plan) -> Result<Vec<(Role, Identity)>, WorkshopError> {
        let ci = self.certificate_issuer(curve)?;
        let digits = eid::to_digits(&plan.eid);
        let eum = self.issue(&ci, &Holder::Eum(&[digits.get(..8).unwrap_or_default()]))?;
        let mut chain = vec![(Role::Euicc, self.issue(&eum, &Holder::Euicc(&plan.eid))?)];
        for role in [Role::DpAuth, Role::DpPb, Role::DsAuth] {
            chain.push((role, self.issue(&ci, &Holder::Server(role))?));
        }
        for (role, hosts) in [(Role::DpTls, &plan.dp_hosts), (Role::DsTls, &plan.ds_hosts)] {
            chain.push((role, self.issue(&ci, &Holder::Tls(role, hosts))?));
        }
        chain.extend([(Role::Eum, eum), (Role::Ci, ci)]);
        Ok(chain)
    }

    /// A Certificate Issuer.
    ///
    /// # Errors
    /// [`WorkshopError::Crypto`] if random numbers run dry.
    pub fn certificate_issuer(&mut self, curve: Curve) -> Result<Identity, WorkshopError> {
        let key = self.key(curve)?;
        let description = self.describe_certificate_issuer(key.public_key())?;
        sign(&description, &key, key.clone())
    }

    /// The certificate of an operator that is known by nothing but this very certificate: signed by itself, with a new key
    /// on P-256.
    ///
    /// # Errors
    /// [`WorkshopError`], if the name does not fit a certificate or random numbers run dry.
    pub fn self_signed_operator(&mut self, name: &str, identifier: &Oid) -> Result<Identity, WorkshopError> {
        let key = self.key(Curve::P256)?;
        let serial_number = self.serial_number();
        let description =
            profiles::self_signed_operator(key.public_key(), self.now, serial_number, name, identifier)?;
        sign(&description, &key, key.clone())
    }

    /// A certificate with a new key, below an issuer of any origin: one made here, or one of the published test
    /// certificates, whose own TLS certificate names a host that nobody has.
    ///
    /// # Errors
    /// [`WorkshopError`], if a host name is none, the EUM may not issue for the EID, or random numbers run dry.
    pub fn issue(&mut self, issuer: &Identity, holder: &Holder<'_>) -> Result<Identity, WorkshopError> {
        if let Holder::Euicc(eid) = holder {
            verify_range(issuer.certificate(), eid)?;
        }
        let key = self.key(issuer.certificate().curve())?;
        let description = self.describe(issuer.certificate(), holder, key.public_key())?;
        sign(&description, issuer.key(), key)
    }

    /// The description of a good Certificate Issuer's certificate, to be changed and signed.
    ///
    /// # Errors
    /// [`WorkshopError::Encoding`] if an extension cannot be encoded.
    pub fn describe_certificate_issuer(&mut self, key: &PublicKey) -> Result<Description, WorkshopError> {
        let serial_number = self.serial_number();
        profiles::certificate_issuer(key, self.now, serial_number)
    }

    /// The description of a good certificate below an issuer, to be changed and signed.
    ///
    /// # Errors
    /// [`WorkshopError::NoHostName`], [`WorkshopError::HostName`], [`WorkshopError::Role`],
    /// [`WorkshopError::Encoding`].
    pub fn describe(
        &mut self,
        issuer: &Certificate,
        holder: &Holder<'_>,
        key: &PublicKey,
    ) -> Result<Description, WorkshopError> {
        let blank = profiles::Blank { key, issuer, now: self.now, serial_number: self.serial_number() };
        match holder {
            Holder::Eum(iins) => profiles::eum(blank, profiles::EUM_ORGANIZATION, iins),
            Holder::NamedEum(organization, iins) => profiles::eum(blank, organization, iins),
            Holder::Euicc(eid) => profiles::euicc(blank, &eid::to_digits(eid)),
            Holder::Server(role) => profiles::server(blank, *role),
            Holder::Tls(role, hosts) => profiles::tls(blank, *role, &Hosts::parse(hosts)?),
            Holder::Operator(name, identifier) => profiles::operator(blank, name, identifier),
        }
    }

    /// A new key.
    ///
    /// # Errors
    /// [`WorkshopError::Crypto`] if random numbers run dry.
    pub fn key(&mut self, curve: Curve) -> Result<SigningKey, WorkshopError> {
        Ok(SigningKey::generate(Engine::RustCrypto, curve, self.rng)?)
    }

    /// A positive number of up to 63 bits.
    fn serial_number(&mut self) -> i128 {
        let mut bytes = [0; 8];
        self.rng.fill_bytes(&mut bytes);
        i128::from(u64::from_be_bytes(bytes) >> 1 | 1)
    }
}

/// Checks that the name constraints of the EUM cover an EID, so that nobody makes a useless certificate unawares.
fn verify_range(eum: &Certificate, eid: &[u8; 16]) -> Result<(), WorkshopError> {
    let digits = eid::to_digits(eid);
    if issuer_digits(eum).iter().any(|iin| digits.starts_with(iin)) {
        Ok(())
    } else {
        Err(WorkshopError::EidOutsideEum(digits))
    }
}

/// What the EIDs begin with that an EUM may issue certificates for.
fn issuer_digits(eum: &Certificate) -> Vec<&str> {
    let constraints = eum.extensions().name_constraints.as_ref();
    let permitted = constraints.map_or(&[][..], |constraints| &constraints.value.permitted);
    permitted.iter().filter_map(|name| name.get(Attribute::SerialNumber)).collect()
}

/// Signs a description with the issuer's key and joins the certificate with the key it was made for.
fn sign(description: &Description, issuer: &SigningKey, key: SigningKey) -> Result<Identity, WorkshopError> {
    let certificate = Certificate::from_der(&description.sign(issuer)?)?;
    Ok(Identity::new(certificate, key)?)
}

/// The hosts of a TLS certificate.
struct Hosts {
    first_name: String,
    names: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl Hosts {
    fn parse(hosts: &[String]) -> Result<Hosts, WorkshopError> {
        let (mut names, mut addresses) = (Vec::new(), Vec::new());
        for host in hosts {
            match host.parse::<IpAddr>() {
                Ok(address) => addresses.push(address),
                Err(_) if is_host_name(host) => names.push(host.clone()),
                Err(_) => return Err(WorkshopError::HostName(host.clone())),
            }
        }
        let first_name = names.first().cloned().ok_or(WorkshopError::NoHostName)?;
        Ok(Hosts { first_name, names, addresses })
    }
}

/// Letters, digits and hyphens between dots (RFC 1123 §2.1), with a wildcard as the first label if need be
/// (SGP.22 §4.5.2.1.0.5, RFC 2818).
fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = host.strip_prefix("*.").unwrap_or(host);
    host.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_told_from_texts_that_are_none() {
        for good in ["localhost", "smdp.example.com", "*.example.com", "a-1.b"] {
            assert!(is_host_name(good), "{good}");
        }
        for bad in
            ["", ".", "a..b", "-a.b", "a b", "smdp.example.com:8443", "https://a", "*", "a.*.b", "é.example"]
        {
            assert!(!is_host_name(bad), "{bad}");
        }
    }
}
