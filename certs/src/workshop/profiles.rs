//! What the good certificate of each role looks like: the SGP.26 test certificates are the model.

use crypto::PublicKey;

use super::{DescribedExtension, Description, Hosts, WorkshopError};
use crate::{
    Attribute, BasicConstraints, Certificate, ExtendedKeyUsage, KeyUsage, Name, Role, SubjectAltName,
    UnixTime, Validity,
    oid::{self, Oid},
};

const YEAR: i64 = 365;
/// Some TLS stacks refuse certificates of more than 825 days.
const TLS_DAYS: i64 = 820;
const CI_CRLS: [&str; 2] = ["http://ci.test.example.com/CRL-A.crl", "http://ci.test.example.com/CRL-B.crl"];
const EUM_CRL: [&str; 1] = ["http://ci.test.example.com/CRL-B.crl"];
pub(super) const EUM_ORGANIZATION: &str = "RSP Test EUM";
const SERVER_ORGANIZATION: &str = "ACME";

/// What every certificate below an issuer is made from.
pub(super) struct Blank<'a> {
    /// The holder's key.
    pub key: &'a PublicKey,
    /// The certificate above.
    pub issuer: &'a Certificate,
    /// The time of issue.
    pub now: UnixTime,
    /// The serial number.
    pub serial_number: i128,
}

impl Blank<'_> {
    fn describe(self, subject: Name, validity: Validity, extensions: Vec<DescribedExtension>) -> Description {
        describe(self.key, self.issuer.subject().clone(), subject, validity, self.serial_number, extensions)
    }
}

/// The object identifier and common name of a server.
fn server_names(role: Role) -> Result<(&'static [u32], &'static str), WorkshopError> {
    match role {
        Role::DpAuth | Role::DpPb | Role::DpTls => Ok((oid::TEST_SM_DP, "TEST SM-DP+")),
        Role::DsAuth | Role::DsTls => Ok((oid::TEST_SM_DS, "TEST SM-DS")),
        Role::Ci | Role::Euicc | Role::Eum => Err(WorkshopError::Role(role)),
    }
}

/// SGP.22 §4.5.2.1.0.1.
pub(super) fn certificate_issuer(
    key: &PublicKey,
    now: UnixTime,
    serial_number: i128,
) -> Result<Description, WorkshopError> {
    let name = Name::new(&[
        (Attribute::CommonName, "Test CI"),
        (Attribute::OrganizationalUnit, "TESTCERT"),
        (Attribute::Organization, "RSPTEST"),
        (Attribute::Country, "IT"),
    ]);
    let validity = lasting(now, 35 * YEAR);
    let extensions = vec![
        subject_key_identifier(key)?,
        DescribedExtension::basic_constraints(BasicConstraints { ca: true, path_length: None })?,
        DescribedExtension::certificate_policies(&[Role::Ci.policy()], true)?,
        DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN)?,
        registered_id(oid::TEST_CI)?,
        DescribedExtension::crl_distribution_points(&CI_CRLS)?,
    ];
    Ok(describe(key, name.clone(), name, validity, serial_number, extensions))
}

/// SGP.22 §4.5.2.1.0.3.
pub(super) fn eum(blank: Blank<'_>, organization: &str, iins: &[&str]) -> Result<Description, WorkshopError> {
    let subject = Name::new(&[
        (Attribute::Country, "ES"),
        (Attribute::Organization, organization),
        (Attribute::CommonName, "EUM Test"),
    ]);
    let pair =
        |iin: &&str| Name::new(&[(Attribute::Organization, organization), (Attribute::SerialNumber, iin)]);
    let permitted: Vec<Name> = iins.iter().map(pair).collect();
    let extensions = vec![
        authority_key_identifier(blank.issuer)?,
        subject_key_identifier(blank.key)?,
        DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN)?,
        DescribedExtension::certificate_policies(&[Role::Eum.policy()], true)?,
        registered_id(oid::TEST_EUM)?,
        DescribedExtension::basic_constraints(BasicConstraints { ca: true, path_length: Some(0) })?,
        DescribedExtension::crl_distribution_points(&EUM_CRL)?,
        DescribedExtension::name_constraints(&permitted)?,
    ];
    let validity = lasting(blank.now, 34 * YEAR);
    Ok(blank.describe(subject, validity, extensions))
}

/// SGP.22 §4.5.2.1.0.2.
pub(super) fn euicc(blank: Blank<'_>, eid: &str) -> Result<Description, WorkshopError> {
    // SGP.22 §4.5.2.1.0.2: the organization should be the EUM's own.
    let organization = blank.issuer.organization().unwrap_or(EUM_ORGANIZATION);
    let subject = Name::new(&[
        (Attribute::Country, "ES"),
        (Attribute::Organization, organization),
        (Attribute::SerialNumber, eid),
        (Attribute::CommonName, "Test eUICC"),
    ]);
    let validity = Validity { not_after: UnixTime::NO_EXPIRATION, ..lasting(blank.now, 0) };
    let extensions = vec![
        authority_key_identifier(blank.issuer)?,
        subject_key_identifier(blank.key)?,
        DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE)?,
        DescribedExtension::certificate_policies(&[Role::Euicc.policy()], true)?,
    ];
    Ok(blank.describe(subject, validity, extensions))
}

/// SGP.22 §4.5.2.1.0.4 and §4.5.2.1.0.6.
pub(super) fn server(blank: Blank<'_>, role: Role) -> Result<Description, WorkshopError> {
    if matches!(role, Role::DpTls | Role::DsTls) {
        return Err(WorkshopError::Role(role));
    }
    let (identifier, name) = server_names(role)?;
    let subject = Name::new(&[(Attribute::Organization, SERVER_ORGANIZATION), (Attribute::CommonName, name)]);
    let extensions = vec![
        authority_key_identifier(blank.issuer)?,
        subject_key_identifier(blank.key)?,
        registered_id(identifier)?,
        DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE)?,
        DescribedExtension::certificate_policies(&[role.policy()], true)?,
        DescribedExtension::crl_distribution_points(&CI_CRLS)?,
    ];
    let validity = lasting(blank.now, 10 * YEAR);
    Ok(blank.describe(subject, validity, extensions))
}

/// SGP.22 §4.5.2.1.0.5 and §4.5.2.1.0.7.
pub(super) fn tls(blank: Blank<'_>, role: Role, hosts: &Hosts) -> Result<Description, WorkshopError> {
    if !matches!(role, Role::DpTls | Role::DsTls) {
        return Err(WorkshopError::Role(role));
    }
    let (identifier, _) = server_names(role)?;
    // SGP.22 §4.5.2.1.0.5: the name of the signing certificates but for the common name, which is a host name.
    let subject = Name::new(&[
        (Attribute::Organization, SERVER_ORGANIZATION),
        (Attribute::CommonName, &hosts.first_name),
    ]);
    let names = SubjectAltName {
        dns_names: hosts.names.clone(),
        ip_addresses: hosts.addresses.clone(),
        registered_ids: vec![oid::owned(identifier)],
    };
    let extensions = vec![
        DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE)?,
        DescribedExtension::extended_key_usage(&ExtendedKeyUsage::tls())?,
        DescribedExtension::certificate_policies(&[role.policy()], false)?,
        subject_key_identifier(blank.key)?,
        authority_key_identifier(blank.issuer)?,
        DescribedExtension::subject_alt_name(&names)?,
        DescribedExtension::crl_distribution_points(&CI_CRLS)?,
    ];
    let validity = lasting(blank.now, TLS_DAYS);
    Ok(blank.describe(subject, validity, extensions))
}

/// SGP.22 has no table for an operator's certificate; §6.4 asks for an object identifier in it, RFC 5280 §4.2.1.12 for its
/// purpose.
pub(super) fn operator(blank: Blank<'_>, name: &str, identifier: &Oid) -> Result<Description, WorkshopError> {
    let mut extensions = operator_extensions(blank.key, identifier)?;
    extensions.push(authority_key_identifier(blank.issuer)?);
    let validity = lasting(blank.now, TLS_DAYS);
    Ok(blank.describe(operator_name(name), validity, extensions))
}

/// The same, issued by its holder.
pub(super) fn self_signed_operator(
    key: &PublicKey,
    now: UnixTime,
    serial_number: i128,
    name: &str,
    identifier: &Oid,
) -> Result<Description, WorkshopError> {
    let (name, extensions) = (operator_name(name), operator_extensions(key, identifier)?);
    Ok(describe(key, name.clone(), name, lasting(now, TLS_DAYS), serial_number, extensions))
}

fn operator_name(name: &str) -> Name {
    Name::new(&[(Attribute::CommonName, name)])
}

fn operator_extensions(key: &PublicKey, identifier: &Oid) -> Result<Vec<DescribedExtension>, WorkshopError> {
    let names = SubjectAltName { registered_ids: vec![identifier.clone()], ..Default::default() };
    Ok(vec![
        DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE)?,
        DescribedExtension::extended_key_usage(&ExtendedKeyUsage(vec![oid::owned(oid::CLIENT_AUTH)]))?,
        subject_key_identifier(key)?,
        DescribedExtension::subject_alt_name(&names)?,
    ])
}

fn describe(
    key: &PublicKey,
    issuer: Name,
    subject: Name,
    validity: Validity,
    serial_number: i128,
    extensions: Vec<DescribedExtension>,
) -> Description {
    Description {
        version: 2,
        serial_number,
        signature_algorithm: oid::owned(oid::ECDSA_WITH_SHA256),
        issuer,
        subject,
        validity,
        curve: oid::owned(key.curve().oid_arcs()),
        point: key.point().to_vec(),
        extensions,
    }
}

/// From a day before now, so that a peer whose clock is late accepts the certificate as well.
fn lasting(now: UnixTime, days: i64) -> Validity {
    Validity { not_before: now.plus_days(-1), not_after: now.plus_days(days) }
}

fn subject_key_identifier(key: &PublicKey) -> Result<DescribedExtension, WorkshopError> {
    DescribedExtension::subject_key_identifier(&crypto::digest::key_identifier(key.point()))
}

fn authority_key_identifier(issuer: &Certificate) -> Result<DescribedExtension, WorkshopError> {
    let point = issuer.public_key().point();
    match issuer.subject_key_identifier() {
        Some(identifier) => DescribedExtension::authority_key_identifier(identifier.bytes()),
        None => DescribedExtension::authority_key_identifier(&crypto::digest::key_identifier(point)),
    }
}

fn registered_id(arcs: &'static [u32]) -> Result<DescribedExtension, WorkshopError> {
    let registered_ids: Vec<Oid> = vec![oid::owned(arcs)];
    DescribedExtension::subject_alt_name(&SubjectAltName { registered_ids, ..Default::default() })
}
