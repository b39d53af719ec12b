//! What can be wrong with the chain of an eUICC (SGP.22 §5.6.3, §4.5.2.2).

use std::fmt;

use certs::ExtensionKind::{
    AuthorityKeyIdentifier, BasicConstraints as Basic, CertificatePolicies, KeyUsage as Usage,
    NameConstraints, SubjectKeyIdentifier,
};
use certs::{Attribute, BasicConstraints, KeyUsage, Role};

use super::defects::defects;
use super::draft::Damage;
use super::flaw::{ECDSA_WITH_SHA384, Flaw, SHA256_WITH_RSA};

/// What a server has to say of an eUICC's chain (SGP.22 §5.6.3, and §5.8.2 for an SM-DS).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// Subject 8.1.2, reason 6.1: CERT.EUM.ECDSA is invalid.
    EumInvalid,
    /// Subject 8.1.2, reason 6.3: CERT.EUM.ECDSA has expired.
    EumExpired,
    /// Subject 8.1.3, reason 6.1: CERT.EUICC.ECDSA is invalid.
    EuiccInvalid,
    /// Subject 8.1.3, reason 6.3: CERT.EUICC.ECDSA has expired.
    EuiccExpired,
    /// Subject 8.11.1, reason 3.9: the Certificate Issuer of CERT.EUM.ECDSA is not trusted.
    CiUnknown,
}

impl Refusal {
    /// The subject code and the reason code, for example `("8.1.2", "6.1")`.
    #[must_use]
    pub const fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::EumInvalid => ("8.1.2", "6.1"),
            Self::EumExpired => ("8.1.2", "6.3"),
            Self::EuiccInvalid => ("8.1.3", "6.1"),
            Self::EuiccExpired => ("8.1.3", "6.3"),
            Self::CiUnknown => ("8.11.1", "3.9"),
        }
    }
}

/// `8.1.2/6.1`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subject, reason) = self.codes();
        f.pad(&format!("{subject}/{reason}"))
    }
}

/// How such a chain is made, and what it is refused with.
pub(super) struct Recipe {
    pub(super) spoils: Spoils,
    refused_as: &'static [Refusal],
}

/// What of the chain is spoilt.
#[derive(Clone, Copy)]
pub(super) enum Spoils {
    /// CERT.EUM.ECDSA.
    Eum(Flaw),
    /// CERT.EUICC.ECDSA.
    Euicc(Flaw),
    /// The whole chain stands below a Certificate Issuer that nobody knows.
    UnknownCi,
    /// Another EUM issued CERT.EUM.ECDSA.
    EumBelowEum,
    /// The Certificate Issuer issued CERT.EUICC.ECDSA.
    EuiccBelowCi,
    /// The EID begins with other digits than the EUM may give.
    EidOutOfRange,
}

const fn chain(spoils: Spoils, refused_as: &'static [Refusal]) -> Recipe {
    Recipe { spoils, refused_as }
}

const fn eum(flaw: Flaw) -> Recipe {
    chain(Spoils::Eum(flaw), &[Refusal::EumInvalid])
}

const fn euicc(flaw: Flaw) -> Recipe {
    chain(Spoils::Euicc(flaw), &[Refusal::EuiccInvalid])
}

/// Who is named as issuer is not the one who is known: to some this is an unknown root, to some an invalid certificate.
const NO_ROOT: &[Refusal] = &[Refusal::CiUnknown, Refusal::EumInvalid];

const NOT_CA: BasicConstraints = BasicConstraints { ca: false, path_length: None };
const ANY_LENGTH: BasicConstraints = BasicConstraints { ca: true, path_length: None };
const LONGER: BasicConstraints = BasicConstraints { ca: true, path_length: Some(1) };

defects! {
    /// What is wrong with the chain of an eUICC, as an SM-DP+ or SM-DS sees it in AuthenticateClient.
    EuiccDefect(Recipe) {
        CiUnknown "ci-unknown", Must "SGP.22 §5.6.3",
            "The chain stands below a Certificate Issuer that the server does not know.",
            chain(Spoils::UnknownCi, &[Refusal::CiUnknown]);

        // SGP.22 §4.5.2.2, what every certificate has to be; here CERT.EUM.ECDSA.
        EumExpired "eum-expired", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has expired.",
            chain(Spoils::Eum(Flaw::Expired), &[Refusal::EumExpired]);
        EumNotYetValid "eum-not-yet-valid", Must "RFC 5280 §6.1.3",
            "CERT.EUM.ECDSA is not valid yet.",
            chain(Spoils::Eum(Flaw::NotYetValid), &[Refusal::EumInvalid, Refusal::EumExpired]);
        EumSignatureBit "eum-signature-bit", Must "SGP.22 §4.5.2.2",
            "One bit of the signature of CERT.EUM.ECDSA is turned.",
            eum(Flaw::Damaged(Damage::SignatureBit));
        EumOfForgedCi "eum-of-forged-ci", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA was signed by a Certificate Issuer with the right name and key identifier and another key.",
            eum(Flaw::SignedByAnotherKey);
        EumSelfSigned "eum-self-signed", Must "SGP.22 §4.5.2",
            "The EUM issued CERT.EUM.ECDSA itself.",
            chain(Spoils::Eum(Flaw::SelfSigned), NO_ROOT);
        EumBelowEum "eum-below-eum", Must "SGP.22 §4.5.2",
            "Another EUM, which is good, issued CERT.EUM.ECDSA: the path is longer than its path length allows.",
            chain(Spoils::EumBelowEum, NO_ROOT);
        EumAuthorityKey "eum-authority-key", Must "SGP.22 §4.5.2.2",
            "authorityKeyIdentifier of CERT.EUM.ECDSA is that of another Certificate Issuer.",
            chain(Spoils::Eum(Flaw::AuthorityKey), NO_ROOT);
        EumNoAuthorityKey "eum-no-authority-key", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no authorityKeyIdentifier.",
            chain(Spoils::Eum(Flaw::Without(AuthorityKeyIdentifier)), &[Refusal::EumInvalid, Refusal::CiUnknown]);
        EumNoKeyIdentifier "eum-no-key-identifier", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no subjectKeyIdentifier.",
            eum(Flaw::Without(SubjectKeyIdentifier));

        // SGP.22 §4.5.2.2, what CERT.EUM.ECDSA has to be besides, and its critical extensions.
        EumOfAnotherRole "eum-of-another-role", Must "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUM.ECDSA name the role of an eUICC.",
            eum(Flaw::Roles(&[Role::Euicc]));
        EumOfTwoRoles "eum-of-two-roles", Should "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUM.ECDSA name the role of an SM-DP+ besides that of an EUM.",
            eum(Flaw::AlsoRole(Role::DpAuth));
        EumNoPolicies "eum-no-policies", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no certificatePolicies.",
            eum(Flaw::Without(CertificatePolicies));
        EumPoliciesNotCritical "eum-policies-not-critical", Must "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUM.ECDSA are not critical.",
            eum(Flaw::NotCritical(CertificatePolicies));
        EumKeyUsage "eum-key-usage", Must "SGP.22 §4.5.2.2",
            "keyUsage of CERT.EUM.ECDSA is digitalSignature in place of keyCertSign.",
            eum(Flaw::KeyUsage(&[KeyUsage::DIGITAL_SIGNATURE]));
        EumNoKeyUsage "eum-no-key-usage", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no keyUsage.",
            eum(Flaw::Without(Usage));
        EumKeyUsageNotCritical "eum-key-usage-not-critical", Must "SGP.22 §4.5.2.2",
            "keyUsage of CERT.EUM.ECDSA is not critical.",
            eum(Flaw::NotCritical(Usage));
        EumNotCa "eum-not-ca", Must "SGP.22 §4.5.2.2",
            "basicConstraints of CERT.EUM.ECDSA has cA false.",
            eum(Flaw::Constraints(NOT_CA));
        EumNoConstraints "eum-no-basic-constraints", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no basicConstraints.",
            eum(Flaw::Without(Basic));
        EumConstraintsNotCritical "eum-basic-constraints-not-critical", Must "SGP.22 §4.5.2.2",
            "basicConstraints of CERT.EUM.ECDSA is not critical.",
            eum(Flaw::NotCritical(Basic));
        EumAnyPathLength "eum-any-path-length", Must "SGP.22 §4.5.2.2",
            "basicConstraints of CERT.EUM.ECDSA sets no path length.",
            eum(Flaw::Constraints(ANY_LENGTH));
        EumPathLength "eum-path-length", Must "SGP.22 §4.5.2.2",
            "The path length in CERT.EUM.ECDSA is 1 in place of 0.",
            eum(Flaw::Constraints(LONGER));
        EumNoNameConstraints "eum-no-name-constraints", Must "SGP.22 §4.5.2.2",
            "CERT.EUM.ECDSA has no nameConstraints.",
            eum(Flaw::Without(NameConstraints));
        EumNameConstraintsNotCritical "eum-name-constraints-not-critical", Must "SGP.22 §4.5.2.2",
            "nameConstraints of CERT.EUM.ECDSA are not critical.",
            eum(Flaw::NotCritical(NameConstraints));
        EumUnknownCritical "eum-unknown-critical", Must "RFC 5280 §4.2",
            "CERT.EUM.ECDSA has a critical extension that nobody knows.",
            eum(Flaw::UnknownCritical);
        EumRepeatedExtension "eum-repeated-extension", Should "RFC 5280 §4.2",
            "keyUsage stands in CERT.EUM.ECDSA twice.",
            eum(Flaw::Repeated);

        // SGP.22 §4.5.2 and §4.5.2.1.1: the form, the algorithms and the curve.
        EumOtherCurve "eum-other-curve", Should "SGP.22 §4.5.2",
            "The keys of EUM and eUICC lie on another curve than that of the Certificate Issuer.",
            eum(Flaw::OtherCurve);
        EumPointOffCurve "eum-point-off-curve", Must "SGP.22 §4.5.2.1.1",
            "The key in CERT.EUM.ECDSA is no point of its curve.",
            eum(Flaw::PointOffCurve);
        EumVersion1 "eum-version-1", Should "SGP.22 §4.5.2.1.0.3",
            "CERT.EUM.ECDSA is of version 1.",
            eum(Flaw::Version1);
        EumSha384 "eum-sha384", Must "SGP.22 §4.5.2.1.1",
            "CERT.EUM.ECDSA names ecdsa-with-SHA384 as its signature algorithm.",
            eum(Flaw::Algorithm(ECDSA_WITH_SHA384));
        EumRsa "eum-rsa", Must "SGP.22 §4.5.2.1.1",
            "CERT.EUM.ECDSA names RSA as its signature algorithm.",
            eum(Flaw::Algorithm(SHA256_WITH_RSA));
        EumTwoAlgorithms "eum-two-algorithms", Must "RFC 5280 §4.1.1.2",
            "CERT.EUM.ECDSA names one signature algorithm inside and another beside its signature.",
            eum(Flaw::Damaged(Damage::OuterAlgorithm(ECDSA_WITH_SHA384)));

        // The same for CERT.EUICC.ECDSA.
        EuiccExpired "euicc-expired", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA has expired.",
            chain(Spoils::Euicc(Flaw::Expired), &[Refusal::EuiccExpired]);
        EuiccNotYetValid "euicc-not-yet-valid", Must "RFC 5280 §6.1.3",
            "CERT.EUICC.ECDSA is not valid yet.",
            chain(Spoils::Euicc(Flaw::NotYetValid), &[Refusal::EuiccInvalid, Refusal::EuiccExpired]);
        EuiccSignatureBit "euicc-signature-bit", Must "SGP.22 §4.5.2.2",
            "One bit of the signature of CERT.EUICC.ECDSA is turned.",
            euicc(Flaw::Damaged(Damage::SignatureBit));
        EuiccOfForgedEum "euicc-of-forged-eum", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA was signed by an EUM with the right name and key identifier and another key.",
            euicc(Flaw::SignedByAnotherKey);
        EuiccSelfSigned "euicc-self-signed", Must "SGP.22 §4.5.2",
            "The eUICC issued CERT.EUICC.ECDSA itself.",
            euicc(Flaw::SelfSigned);
        EuiccBelowCi "euicc-below-ci", Must "SGP.22 §4.5.2",
            "The Certificate Issuer issued CERT.EUICC.ECDSA, not the EUM that is shown with it.",
            chain(Spoils::EuiccBelowCi, &[Refusal::EuiccInvalid]);
        EuiccIssuerName "euicc-issuer-name", Must "SGP.22 §4.5.2.1.0.2",
            "The issuer of CERT.EUICC.ECDSA is not the subject of CERT.EUM.ECDSA.",
            euicc(Flaw::IssuerName);
        EuiccAuthorityKey "euicc-authority-key", Must "SGP.22 §4.5.2.2",
            "authorityKeyIdentifier of CERT.EUICC.ECDSA is that of another EUM.",
            euicc(Flaw::AuthorityKey);
        EuiccNoAuthorityKey "euicc-no-authority-key", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA has no authorityKeyIdentifier.",
            euicc(Flaw::Without(AuthorityKeyIdentifier));
        EuiccNoKeyIdentifier "euicc-no-key-identifier", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA has no subjectKeyIdentifier.",
            euicc(Flaw::Without(SubjectKeyIdentifier));
        EuiccOfAnotherRole "euicc-of-another-role", Must "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUICC.ECDSA name the role of an SM-DP+.",
            euicc(Flaw::Roles(&[Role::DpAuth]));
        EuiccOfTwoRoles "euicc-of-two-roles", Should "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUICC.ECDSA name the role of an SM-DP+ besides that of an eUICC.",
            euicc(Flaw::AlsoRole(Role::DpAuth));
        EuiccNoPolicies "euicc-no-policies", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA has no certificatePolicies.",
            euicc(Flaw::Without(CertificatePolicies));
        EuiccPoliciesNotCritical "euicc-policies-not-critical", Must "SGP.22 §4.5.2.2",
            "certificatePolicies of CERT.EUICC.ECDSA are not critical.",
            euicc(Flaw::NotCritical(CertificatePolicies));
        EuiccKeyUsage "euicc-key-usage", Must "SGP.22 §4.5.2.2",
            "keyUsage of CERT.EUICC.ECDSA is keyAgreement in place of digitalSignature.",
            euicc(Flaw::KeyUsage(&[KeyUsage::KEY_AGREEMENT]));
        EuiccNoKeyUsage "euicc-no-key-usage", Must "SGP.22 §4.5.2.2",
            "CERT.EUICC.ECDSA has no keyUsage.",
            euicc(Flaw::Without(Usage));
        EuiccKeyUsageNotCritical "euicc-key-usage-not-critical", Must "SGP.22 §4.5.2.2",
            "keyUsage of CERT.EUICC.ECDSA is not critical.",
            euicc(Flaw::NotCritical(Usage));
        EuiccCa "euicc-ca", Should "SGP.22 §4.5.2.1.0.2",
            "CERT.EUICC.ECDSA is marked as the certificate of an authority.",
            euicc(Flaw::Constraints(ANY_LENGTH));
        EuiccUnknownCritical "euicc-unknown-critical", Must "RFC 5280 §4.2",
            "CERT.EUICC.ECDSA has a critical extension that nobody knows.",
            euicc(Flaw::UnknownCritical);
        EuiccRepeatedExtension "euicc-repeated-extension", Should "RFC 5280 §4.2",
            "keyUsage stands in CERT.EUICC.ECDSA twice.",
            euicc(Flaw::Repeated);

        // SGP.22 §4.5.2.2: the subject of an eUICC lies within the name constraints of its EUM.
        EidOutOfRange "eid-out-of-range", Must "SGP.22 §4.5.2.2",
            "The EID begins with other digits than the EUM may give.",
            chain(Spoils::EidOutOfRange, &[Refusal::EuiccInvalid]);
        OtherOrganization "other-organization", Must "SGP.22 §4.5.2.2",
            "The eUICC belongs to another organization than those that the EUM may issue for.",
            euicc(Flaw::Subject(Attribute::Organization, "Another EUM"));
        NoOrganization "no-organization", Must "SGP.22 §4.5.2.2",
            "The subject of CERT.EUICC.ECDSA has no organization.",
            euicc(Flaw::SubjectWithout(Attribute::Organization));
        NoEid "no-eid", Must "SGP.22 §4.5.2.2",
            "The subject of CERT.EUICC.ECDSA has no serialNumber.",
            euicc(Flaw::SubjectWithout(Attribute::SerialNumber));
        // SGP.22 §4.5.2.1.0.2 describes the EID; nothing but its beginning is asked to be verified.
        EidCheckDigits "eid-check-digits", Should "SGP.22 §4.5.2.1.0.2",
            "The check digits of the EID in CERT.EUICC.ECDSA are wrong.",
            euicc(Flaw::CheckDigits);
        EidTooShort "eid-too-short", Should "SGP.22 §4.5.2.1.0.2",
            "The EID in CERT.EUICC.ECDSA has 30 digits.",
            euicc(Flaw::ShortEid);
        EidNotPrintable "eid-not-printable", Should "SGP.22 §4.5.2.1.0.2",
            "The EID in CERT.EUICC.ECDSA is a UTF8String in place of a PrintableString.",
            euicc(Flaw::Utf8SerialNumber);

        EuiccOtherCurve "euicc-other-curve", Should "SGP.22 §4.5.2",
            "The key of the eUICC lies on another curve than those above it.",
            euicc(Flaw::OtherCurve);
        EuiccPointOffCurve "euicc-point-off-curve", Must "SGP.22 §4.5.2.1.1",
            "The key in CERT.EUICC.ECDSA is no point of its curve.",
            euicc(Flaw::PointOffCurve);
        EuiccVersion1 "euicc-version-1", Should "SGP.22 §4.5.2.1.0.2",
            "CERT.EUICC.ECDSA is of version 1.",
            euicc(Flaw::Version1);
        EuiccSha384 "euicc-sha384", Must "SGP.22 §4.5.2.1.1",
            "CERT.EUICC.ECDSA names ecdsa-with-SHA384 as its signature algorithm.",
            euicc(Flaw::Algorithm(ECDSA_WITH_SHA384));
        EuiccRsa "euicc-rsa", Must "SGP.22 §4.5.2.1.1",
            "CERT.EUICC.ECDSA names RSA as its signature algorithm.",
            euicc(Flaw::Algorithm(SHA256_WITH_RSA));
        EuiccTwoAlgorithms "euicc-two-algorithms", Must "RFC 5280 §4.1.1.2",
            "CERT.EUICC.ECDSA names one signature algorithm inside and another beside its signature.",
            euicc(Flaw::Damaged(Damage::OuterAlgorithm(ECDSA_WITH_SHA384)));
    }
}

impl EuiccDefect {
    /// What a server has to say: the first fits best, the others do as well.
    #[must_use]
    pub const fn refused_as(self) -> &'static [Refusal] {
        self.recipe().refused_as
    }

    pub(super) const fn spoils(self) -> Spoils {
        self.recipe().spoils
    }
}
