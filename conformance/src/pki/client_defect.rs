//! What can be wrong with the certificate of a caller, as a server sees it on ES2+, ES12 and ES15 (SGP.22 §6.1).

use certs::ExtensionKind::{
    AuthorityKeyIdentifier, ExtendedKeyUsage as Purposes, KeyUsage as Usage, SubjectKeyIdentifier,
};
use certs::oid::SERVER_AUTH;
use certs::{KeyUsage, Role};

use super::client::Client;
use super::defects::defects;
use super::draft::Damage;
use super::flaw::{ECDSA_WITH_SHA384, Flaw, NamesFlaw, SHA256_WITH_RSA};
use super::tls_defect::{Above, CA, Spoils};

/// How such a chain is made, and whose it can be.
pub(super) struct Recipe {
    spoils: Spoils,
    whose: Whose,
}

/// Who is refused for it.
#[derive(Clone, Copy)]
enum Whose {
    /// Every caller.
    Everybodys,
    /// An SM-DP+ or SM-DS: SGP.22 §4.5.2.1.0.5 and §4.5.2.1.0.7 describe their certificates, and none describes an
    /// operator's.
    Servers,
}

const fn everybodys(spoils: Spoils) -> Recipe {
    Recipe { spoils, whose: Whose::Everybodys }
}

const fn flaw(flaw: Flaw) -> Recipe {
    everybodys(Spoils::Certificate(flaw))
}

const fn servers(flaw: Flaw) -> Recipe {
    Recipe { spoils: Spoils::Certificate(flaw), whose: Whose::Servers }
}

defects! {
    /// What is wrong with the TLS certificate of a caller, as an SM-DP+ sees it on ES2+ and an SM-DS on ES12 and ES15. The
    /// answer to all of them is that the connection ends before anything is answered.
    ClientDefect(Recipe) {
        Expired "expired", Must "SGP.22 §4.5.2.2",
            "The certificate has expired.",
            flaw(Flaw::Expired);
        NotYetValid "not-yet-valid", Must "RFC 5280 §6.1.3",
            "The certificate is not valid yet.",
            flaw(Flaw::NotYetValid);
        CiUnknown "ci-unknown", Must "SGP.22 §4.5.2.2",
            "The certificate stands below a Certificate Issuer that the server does not know.",
            everybodys(Spoils::UnknownCi(Above::NotShown));
        CiUnknownAndShown "ci-unknown-and-shown", Must "SGP.22 §4.5.2.2",
            "The same, and the unknown Certificate Issuer's certificate is shown with it.",
            everybodys(Spoils::UnknownCi(Above::Shown));
        CiForged "ci-forged", Must "SGP.22 §4.5.2.2",
            "A Certificate Issuer with the right name and key identifier and another key issued the certificate, and is shown.",
            everybodys(Spoils::ForgedCi);
        SelfSigned "self-signed", Must "SGP.22 §4.5.2",
            "The caller issued the certificate itself.",
            flaw(Flaw::SelfSigned);
        BelowEum "below-eum", Must "SGP.22 §4.5.2",
            "An EUM issued the certificate, and is shown.",
            everybodys(Spoils::BelowEum);
        SignatureBit "signature-bit", Must "SGP.22 §4.5.2.2",
            "One bit of the certificate's signature is turned.",
            flaw(Flaw::Damaged(Damage::SignatureBit));
        AuthorityKey "authority-key", Must "SGP.22 §4.5.2.2",
            "authorityKeyIdentifier is that of another Certificate Issuer.",
            servers(Flaw::AuthorityKey);
        NoAuthorityKey "no-authority-key", Must "SGP.22 §4.5.2.2",
            "The certificate has no authorityKeyIdentifier.",
            servers(Flaw::Without(AuthorityKeyIdentifier));
        NoKeyIdentifier "no-key-identifier", Must "SGP.22 §4.5.2.2",
            "The certificate has no subjectKeyIdentifier.",
            servers(Flaw::Without(SubjectKeyIdentifier));

        OfSigningRole "of-signing-role", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of CERT.DPauth.ECDSA.",
            servers(Flaw::Roles(&[Role::DpAuth]));
        OfEuicc "of-euicc", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of an eUICC.",
            servers(Flaw::Roles(&[Role::Euicc]));
        NoPurposes "no-purposes", Must "SGP.22 §4.5.2.2",
            "The certificate has no extKeyUsage.",
            servers(Flaw::Without(Purposes));
        // For an operator's too, RFC 5280 §4.2.1.12: a purpose that is not in the list is not allowed.
        ServerOnly "server-only", Must "RFC 5280 §4.2.1.12",
            "extKeyUsage is serverAuth alone.",
            flaw(Flaw::ExtendedKeyUsage(&[SERVER_AUTH]));
        PurposesNotCritical "purposes-not-critical", Must "SGP.22 §4.5.2.2",
            "extKeyUsage is not critical.",
            servers(Flaw::NotCritical(Purposes));
        WrongKeyUsage "key-usage", Must "RFC 5280 §4.2.1.3",
            "keyUsage is keyAgreement in place of digitalSignature.",
            flaw(Flaw::KeyUsage(&[KeyUsage::KEY_AGREEMENT]));
        NoKeyUsage "no-key-usage", Must "SGP.22 §4.5.2.2",
            "The certificate has no keyUsage.",
            servers(Flaw::Without(Usage));
        KeyUsageNotCritical "key-usage-not-critical", Must "SGP.22 §4.5.2.2",
            "keyUsage is not critical.",
            servers(Flaw::NotCritical(Usage));
        Ca "ca", Should "SGP.22 §4.5.2.1.0.5",
            "The certificate is marked as that of an authority.",
            flaw(Flaw::Constraints(CA));
        UnknownCritical "unknown-critical", Must "RFC 5280 §4.2",
            "The certificate has a critical extension that nobody knows.",
            flaw(Flaw::UnknownCritical);
        RepeatedExtension "repeated-extension", Should "RFC 5280 §4.2",
            "keyUsage stands in the certificate twice.",
            flaw(Flaw::Repeated);
        // SGP.22 §3.6.1: the caller's object identifier is taken from its TLS certificate. §6.4 for operators.
        NoRegisteredId "no-registered-id", Must "SGP.22 §3.6.1",
            "subjectAltName has no object identifier, so that nobody knows who calls.",
            flaw(Flaw::Names(NamesFlaw::NoRegisteredId));
        TwoRegisteredIds "two-registered-ids", Should "SGP.22 §4.5.2.1.0.5",
            "subjectAltName has two object identifiers.",
            flaw(Flaw::Names(NamesFlaw::TwoRegisteredIds));

        Version1 "version-1", Should "SGP.22 §4.5.2.1.0.5",
            "The certificate is of version 1.",
            flaw(Flaw::Version1);
        Sha384 "sha384", Must "SGP.22 §4.5.2.1.1",
            "The certificate names ecdsa-with-SHA384 as its signature algorithm.",
            flaw(Flaw::Algorithm(ECDSA_WITH_SHA384));
        Rsa "rsa", Must "SGP.22 §4.5.2.1.1",
            "The certificate names RSA as its signature algorithm.",
            flaw(Flaw::Algorithm(SHA256_WITH_RSA));
        TwoAlgorithms "two-algorithms", Must "RFC 5280 §4.1.1.2",
            "The certificate names one signature algorithm inside and another beside its signature.",
            flaw(Flaw::Damaged(Damage::OuterAlgorithm(ECDSA_WITH_SHA384)));
        PointOffCurve "point-off-curve", Must "SGP.22 §4.5.2.1.1",
            "The key is no point of its curve.",
            flaw(Flaw::PointOffCurve);
        TrailingBytes "trailing-bytes", Should "RFC 5246 §7.4.6",
            "Bytes follow the certificate that do not belong to it.",
            flaw(Flaw::Damaged(Damage::TrailingBytes));
        Truncated "truncated", Must "RFC 5246 §7.4.6",
            "The last bytes of the certificate are missing.",
            flaw(Flaw::Damaged(Damage::Truncated));
        Emptied "emptied", Must "RFC 5246 §7.4.6",
            "The certificate is a SEQUENCE without members.",
            flaw(Flaw::Damaged(Damage::Emptied));
    }
}

impl ClientDefect {
    /// Whether a caller of this kind has to be refused for it.
    #[must_use]
    pub const fn concerns(self, client: &Client<'_>) -> bool {
        match (self.recipe().whose, client) {
            (Whose::Everybodys, _) | (Whose::Servers, Client::SmDp(_) | Client::SmDs(_)) => true,
            (Whose::Servers, Client::Operator { .. }) => false,
        }
    }

    pub(super) const fn spoils(self) -> Spoils {
        self.recipe().spoils
    }
}
