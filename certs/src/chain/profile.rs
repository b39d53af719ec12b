//! The table of what each role's certificate must look like.

use crate::{
    Certificate, ExtendedKeyUsage, ExtensionKind, KeyUsage, Reason, Role,
    check::{Examiner, VERIFICATION},
};

/// What the certificate of a role must look like.
struct Profile {
    /// The section with the role's table of fields.
    section: &'static str,
    /// The extensions that must be there and be critical.
    critical: &'static [ExtensionKind],
    /// What the key must be usable for.
    key_usage: KeyUsage,
    /// What the key may be usable for besides.
    key_usage_optional: KeyUsage,
    /// Whether certificatePolicies may be left out.
    policies_optional: bool,
    authority: Authority,
    names: Names,
}

/// What basicConstraints must say.
enum Authority {
    /// No certificate authority.
    None,
    /// One with anything below it.
    Root,
    /// One with nothing but leaves below it: path length zero.
    Intermediate,
}

/// What subjectAltName must hold.
enum Names {
    /// Nothing.
    Any,
    /// The server's object identifier.
    RegisteredId,
    /// A host name and the server's object identifier.
    DnsAndRegisteredId,
}

use ExtensionKind::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage as ExtKeyUsage, NameConstraints,
};

const CI: Profile = Profile {
    section: "SGP.22 §4.5.2.1.0.1",
    critical: &[ExtensionKind::KeyUsage, CertificatePolicies, BasicConstraints],
    key_usage: KeyUsage::KEY_CERT_SIGN,
    key_usage_optional: KeyUsage::CRL_SIGN,
    policies_optional: false,
    authority: Authority::Root,
    names: Names::Any,
};

const EUICC: Profile = Profile {
    section: "SGP.22 §4.5.2.1.0.2",
    critical: &[ExtensionKind::KeyUsage, CertificatePolicies],
    key_usage: KeyUsage::DIGITAL_SIGNATURE,
    key_usage_optional: KeyUsage::NONE,
    policies_optional: false,
    authority: Authority::None,
    names: Names::Any,
};

const EUM: Profile = Profile {
    section: "SGP.22 §4.5.2.1.0.3",
    critical: &[ExtensionKind::KeyUsage, CertificatePolicies, BasicConstraints, NameConstraints],
    authority: Authority::Intermediate,
    ..CI
};

const DP: Profile = Profile { section: "SGP.22 §4.5.2.1.0.4", names: Names::RegisteredId, ..EUICC };

const DS: Profile = Profile { section: "SGP.22 §4.5.2.1.0.6", ..DP };

const DP_TLS: Profile = Profile {
    section: "SGP.22 §4.5.2.1.0.5",
    critical: &[ExtensionKind::KeyUsage, ExtKeyUsage],
    policies_optional: true,
    names: Names::DnsAndRegisteredId,
    ..EUICC
};

const DS_TLS: Profile = Profile { section: "SGP.22 §4.5.2.1.0.7", ..DP_TLS };

const fn profile(role: Role) -> &'static Profile {
    match role {
        Role::Ci => &CI,
        Role::Euicc => &EUICC,
        Role::Eum => &EUM,
        Role::DpTls => &DP_TLS,
        Role::DpAuth | Role::DpPb => &DP,
        Role::DsTls => &DS_TLS,
        Role::DsAuth => &DS,
    }
}

/// The section with the table of a role's certificate.
pub(super) const fn section(role: Role) -> &'static str {
    profile(role).section
}

/// Checks the extensions of a certificate against the profile of a role.
pub(super) fn examine(
    certificate: &Certificate,
    role: Role,
    to: &mut Examiner<'_, '_>,
) -> Result<(), Reason> {
    let profile = profile(role);
    // SGP.22 §4.5.2.2: the role first, so that a good certificate of another role is told from a broken one.
    to.check(VERIFICATION, "the certificate policies name the role", policies(certificate, role, profile))?;
    // RFC 5280 §4.2: a critical extension that is not understood makes the certificate unusable.
    to.check("RFC 5280 §4.2", "every critical extension is understood", understood(certificate, profile))?;
    // SGP.22 §4.5.2.2: all extensions that the profile calls critical are there and critical.
    to.check(
        VERIFICATION,
        "the critical extensions of the profile are there",
        critical(certificate, profile),
    )?;
    to.check(VERIFICATION, "the key may be used as the role demands", key_usage(certificate, profile))?;
    if profile.critical.contains(&ExtKeyUsage) {
        // SGP.22 §4.5.2.2: serverAuth and clientAuth, and no other.
        let what = "the extended key usage is serverAuth and clientAuth only";
        to.check(VERIFICATION, what, extended_key_usage(certificate))?;
    }
    to.check(profile.section, "only an authority is marked as one", authority(certificate, profile))?;
    to.check(profile.section, "the alternative names are there", names(certificate, profile))
}

fn policies(certificate: &Certificate, expected: Role, profile: &Profile) -> Result<(), Reason> {
    let absent = certificate.extensions().certificate_policies.is_none();
    match certificate.role() {
        None if absent && profile.policies_optional => Ok(()),
        None if absent => Err(Reason::MissingExtension(CertificatePolicies)),
        Some(actual) if actual == expected => Ok(()),
        actual => Err(Reason::Role { expected, actual }),
    }
}

fn understood(certificate: &Certificate, profile: &Profile) -> Result<(), Reason> {
    let extensions = certificate.extensions();
    if let Some(unknown) = extensions.unknown.iter().find(|extension| extension.critical) {
        return Err(Reason::UnknownCriticalExtension(unknown.value.clone()));
    }
    // Both of these restrict the certificate; where the profile does not use them, nobody would obey.
    let restricting = [NameConstraints, ExtKeyUsage].into_iter();
    let mut out_of_place = restricting
        .filter(|kind| extensions.criticality(*kind) == Some(true) && !profile.critical.contains(kind));
    match out_of_place.next() {
        Some(kind) => Err(Reason::UnknownCriticalExtension(kind.oid())),
        None => Ok(()),
    }
}

fn critical(certificate: &Certificate, profile: &Profile) -> Result<(), Reason> {
    let criticality = |kind: &ExtensionKind| certificate.extensions().criticality(*kind);
    profile.critical.iter().try_for_each(|kind| match criticality(kind) {
        Some(true) => Ok(()),
        Some(false) => Err(Reason::NotCritical(*kind)),
        None => Err(Reason::MissingExtension(*kind)),
    })
}

fn key_usage(certificate: &Certificate, profile: &Profile) -> Result<(), Reason> {
    let actual =
        certificate.extensions().key_usage.as_ref().map_or(KeyUsage::NONE, |extension| extension.value);
    if actual.contains(profile.key_usage) && (profile.key_usage | profile.key_usage_optional).contains(actual)
    {
        Ok(())
    } else {
        Err(Reason::KeyUsage { expected: profile.key_usage, actual })
    }
}

fn extended_key_usage(certificate: &Certificate) -> Result<(), Reason> {
    match &certificate.extensions().extended_key_usage {
        Some(extension) if extension.value.is_tls() => Ok(()),
        Some(extension) => Err(Reason::ExtendedKeyUsage {
            expected: ExtendedKeyUsage::tls(),
            actual: extension.value.clone(),
        }),
        None => Err(Reason::MissingExtension(ExtKeyUsage)),
    }
}

fn authority(certificate: &Certificate, profile: &Profile) -> Result<(), Reason> {
    let constraints =
        certificate.extensions().basic_constraints.as_ref().map(|e| e.value).unwrap_or_default();
    match (&profile.authority, constraints.ca, constraints.path_length) {
        (Authority::None, false, _)
        | (Authority::Root, true, _)
        | (Authority::Intermediate, true, Some(0)) => Ok(()),
        (Authority::None, true, _) => Err(Reason::Ca),
        (Authority::Root | Authority::Intermediate, false, _) => Err(Reason::NotCa),
        // SGP.22 §4.5.2.2: the EUM's path length restriction is zero.
        (Authority::Intermediate, true, length) => Err(Reason::PathLength(length)),
    }
}

fn names(certificate: &Certificate, profile: &Profile) -> Result<(), Reason> {
    let registered_ids = certificate.registered_ids().len();
    match profile.names {
        Names::Any => Ok(()),
        Names::RegisteredId | Names::DnsAndRegisteredId if registered_ids != 1 => {
            Err(Reason::RegisteredId(registered_ids))
        }
        Names::DnsAndRegisteredId if certificate.dns_names().is_empty() => Err(Reason::NoDnsName),
        Names::RegisteredId | Names::DnsAndRegisteredId => Ok(()),
    }
}
