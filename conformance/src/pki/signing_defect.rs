//! What can be wrong with a certificate that a server signs messages with (SGP.22 §4.5.2.1.0.4, §4.5.2.1.0.6).

use asn1::{AuthenticateErrorCode as Authenticate, DownloadErrorCode as Download};
use certs::ExtensionKind::{
    AuthorityKeyIdentifier, CertificatePolicies, KeyUsage as Usage, SubjectKeyIdentifier,
};
use certs::{BasicConstraints, KeyUsage, Role};

use super::defects::defects;
use super::draft::Damage;
use super::flaw::{ECDSA_WITH_SHA384, Flaw, NamesFlaw, SHA256_WITH_RSA};

/// How such a certificate is made, and what a card answers to it.
pub(super) struct Recipe {
    pub(super) spoils: Spoils,
    authenticate_server: &'static [Authenticate],
    prepare_download: &'static [Download],
}

/// What is spoilt.
#[derive(Clone, Copy)]
pub(super) enum Spoils {
    /// The certificate itself.
    Certificate(Flaw),
    /// It is that of the other signing role of a server.
    OtherRole,
    /// It stands below a Certificate Issuer that nobody knows.
    UnknownCi,
    /// Nothing, until the Certificate Issuer's list is loaded.
    Revoked,
}

const INVALID: &[Download] = &[Download::INVALID_CERTIFICATE];

const fn invalid(flaw: Flaw) -> Recipe {
    answered(Spoils::Certificate(flaw), &[Authenticate::INVALID_CERTIFICATE])
}

const fn answered(spoils: Spoils, authenticate_server: &'static [Authenticate]) -> Recipe {
    Recipe { spoils, authenticate_server, prepare_download: INVALID }
}

/// AuthenticateServer has an answer of its own for what identifies the server.
const OID: &[Authenticate] = &[Authenticate::INVALID_OID, Authenticate::INVALID_CERTIFICATE];
/// And for a key that the card has not; to some cards that is one more certificate that cannot be verified.
const NO_ROOT: &[Authenticate] = &[Authenticate::CI_PK_UNKNOWN, Authenticate::INVALID_CERTIFICATE];

const CA: BasicConstraints = BasicConstraints { ca: true, path_length: None };

defects! {
    /// What is wrong with a certificate that a server signs messages with, as an eUICC sees it: CERT.DPauth.ECDSA,
    /// CERT.DPpb.ECDSA or CERT.DSauth.ECDSA.
    SigningDefect(Recipe) {
        CiUnknown "ci-unknown", Must "SGP.22 §5.7.13",
            "The certificate stands below a Certificate Issuer that the eUICC does not know.",
            answered(Spoils::UnknownCi, NO_ROOT);
        // SGP.22 §4.5.2.2: an eUICC may have no clock, and no support for revocation.
        Expired "expired", Should "SGP.22 §4.5.2.2",
            "The certificate has expired.",
            invalid(Flaw::Expired);
        NotYetValid "not-yet-valid", Should "RFC 5280 §6.1.3",
            "The certificate is not valid yet.",
            invalid(Flaw::NotYetValid);
        Revoked "revoked", Should "SGP.22 §4.5.2.2",
            "The certificate is on the revocation list that was loaded before.",
            answered(Spoils::Revoked, &[Authenticate::INVALID_CERTIFICATE, Authenticate::REVOKED_CERT]);
        SignatureBit "signature-bit", Must "SGP.22 §4.5.2.2",
            "One bit of the certificate's signature is turned.",
            invalid(Flaw::Damaged(Damage::SignatureBit));
        OfForgedCi "of-forged-ci", Must "SGP.22 §4.5.2.2",
            "A Certificate Issuer with the right name and key identifier and another key signed the certificate.",
            invalid(Flaw::SignedByAnotherKey);
        SelfSigned "self-signed", Must "SGP.22 §4.5.2",
            "The server issued the certificate itself.",
            answered(Spoils::Certificate(Flaw::SelfSigned), NO_ROOT);
        AuthorityKey "authority-key", Must "SGP.22 §4.5.2.2",
            "authorityKeyIdentifier is that of another Certificate Issuer.",
            answered(Spoils::Certificate(Flaw::AuthorityKey), NO_ROOT);
        NoAuthorityKey "no-authority-key", Must "SGP.22 §4.5.2.2",
            "The certificate has no authorityKeyIdentifier.",
            answered(
                Spoils::Certificate(Flaw::Without(AuthorityKeyIdentifier)),
                &[Authenticate::INVALID_CERTIFICATE, Authenticate::CI_PK_UNKNOWN],
            );
        NoKeyIdentifier "no-key-identifier", Must "SGP.22 §4.5.2.2",
            "The certificate has no subjectKeyIdentifier.",
            invalid(Flaw::Without(SubjectKeyIdentifier));

        OfOtherServerRole "of-other-server-role", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name another signing role: that of CERT.DPpb.ECDSA, or that of CERT.DPauth.ECDSA.",
            answered(Spoils::OtherRole, OID);
        OfTls "of-tls", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of CERT.DP.TLS.",
            answered(Spoils::Certificate(Flaw::Roles(&[Role::DpTls])), OID);
        OfEuicc "of-euicc", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of an eUICC.",
            answered(Spoils::Certificate(Flaw::Roles(&[Role::Euicc])), OID);
        OfTwoRoles "of-two-roles", Should "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of CERT.DP.TLS besides the right one.",
            answered(Spoils::Certificate(Flaw::AlsoRole(Role::DpTls)), OID);
        NoPolicies "no-policies", Must "SGP.22 §4.5.2.2",
            "The certificate has no certificatePolicies.",
            answered(Spoils::Certificate(Flaw::Without(CertificatePolicies)), OID);
        PoliciesNotCritical "policies-not-critical", Must "SGP.22 §4.5.2.2",
            "certificatePolicies are not critical.",
            invalid(Flaw::NotCritical(CertificatePolicies));
        WrongKeyUsage "key-usage", Must "SGP.22 §4.5.2.2",
            "keyUsage is keyAgreement in place of digitalSignature.",
            invalid(Flaw::KeyUsage(&[KeyUsage::KEY_AGREEMENT]));
        MoreKeyUsage "more-key-usage", Should "SGP.22 §4.5.2.2",
            "keyUsage is keyCertSign besides digitalSignature.",
            invalid(Flaw::KeyUsage(&[KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_CERT_SIGN]));
        NoKeyUsage "no-key-usage", Must "SGP.22 §4.5.2.2",
            "The certificate has no keyUsage.",
            invalid(Flaw::Without(Usage));
        KeyUsageNotCritical "key-usage-not-critical", Must "SGP.22 §4.5.2.2",
            "keyUsage is not critical.",
            invalid(Flaw::NotCritical(Usage));
        Ca "ca", Should "SGP.22 §4.5.2.1.0.4",
            "The certificate is marked as that of an authority.",
            invalid(Flaw::Constraints(CA));
        UnknownCritical "unknown-critical", Must "RFC 5280 §4.2",
            "The certificate has a critical extension that nobody knows.",
            invalid(Flaw::UnknownCritical);
        RepeatedExtension "repeated-extension", Should "RFC 5280 §4.2",
            "keyUsage stands in the certificate twice.",
            invalid(Flaw::Repeated);
        // SGP.22 §4.5.2.2 asks for it in the certificates of an SM-DP+; for those of an SM-DS, §4.5.2.1.0.6 does.
        NoRegisteredId "no-registered-id", Must "SGP.22 §4.5.2.2",
            "The certificate has no subjectAltName, so that the server has no object identifier.",
            answered(
                Spoils::Certificate(Flaw::Names(NamesFlaw::NoRegisteredId)),
                &[Authenticate::INVALID_CERTIFICATE, Authenticate::INVALID_OID],
            );
        TwoRegisteredIds "two-registered-ids", Should "SGP.22 §4.5.2.1.0.4",
            "subjectAltName has two object identifiers.",
            answered(
                Spoils::Certificate(Flaw::Names(NamesFlaw::TwoRegisteredIds)),
                &[Authenticate::INVALID_CERTIFICATE, Authenticate::INVALID_OID],
            );

        OtherCurve "other-curve", Should "SGP.22 §4.5.2",
            "The key lies on another curve than that of the Certificate Issuer.",
            invalid(Flaw::OtherCurve);
        UnsupportedCurve "unsupported-curve", Must "SGP.22 §5.7.13",
            "The key is said to lie on FRP256V1, and is no point of it.",
            Recipe {
                spoils: Spoils::Certificate(Flaw::UnsupportedCurve),
                authenticate_server: &[Authenticate::UNSUPPORTED_CURVE, Authenticate::INVALID_CERTIFICATE],
                prepare_download: &[Download::UNSUPPORTED_CURVE, Download::INVALID_CERTIFICATE],
            };
        PointOffCurve "point-off-curve", Must "SGP.22 §4.5.2.1.1",
            "The key is no point of its curve.",
            invalid(Flaw::PointOffCurve);
        Version1 "version-1", Should "SGP.22 §4.5.2.1.0.4",
            "The certificate is of version 1.",
            invalid(Flaw::Version1);
        Sha384 "sha384", Must "SGP.22 §4.5.2.1.1",
            "The certificate names ecdsa-with-SHA384 as its signature algorithm.",
            invalid(Flaw::Algorithm(ECDSA_WITH_SHA384));
        Rsa "rsa", Must "SGP.22 §4.5.2.1.1",
            "The certificate names RSA as its signature algorithm.",
            invalid(Flaw::Algorithm(SHA256_WITH_RSA));
        TwoAlgorithms "two-algorithms", Must "RFC 5280 §4.1.1.2",
            "The certificate names one signature algorithm inside and another beside its signature.",
            invalid(Flaw::Damaged(Damage::OuterAlgorithm(ECDSA_WITH_SHA384)));
    }
}

impl SigningDefect {
    /// What an eUICC answers to AuthenticateServer with such a certificate: the first fits best, the others do as well
    /// (SGP.22 §5.7.13, which names the codes without saying more of them).
    #[must_use]
    pub const fn authenticate_server_answers(self) -> &'static [Authenticate] {
        self.recipe().authenticate_server
    }

    /// What an eUICC answers to PrepareDownload with such a certificate (SGP.22 §5.7.5).
    #[must_use]
    pub const fn prepare_download_answers(self) -> &'static [Download] {
        self.recipe().prepare_download
    }

    pub(super) const fn spoils(self) -> Spoils {
        self.recipe().spoils
    }
}
