//! What can be wrong with the TLS certificate of a server, as an LPA sees it (SGP.22 §3.1.2 step 5, §5.6, §5.8).

use certs::ExtensionKind::{
    AuthorityKeyIdentifier, ExtendedKeyUsage as Purposes, KeyUsage as Usage, SubjectKeyIdentifier,
};
use certs::oid::{CLIENT_AUTH, SERVER_AUTH};
use certs::{BasicConstraints, KeyUsage, Role};

use super::defects::defects;
use super::draft::Damage;
use super::flaw::{CODE_SIGNING, ECDSA_WITH_SHA384, Flaw, NamesFlaw, SHA256_WITH_RSA};

/// What of a TLS chain is spoilt.
#[derive(Clone, Copy)]
pub(super) enum Spoils {
    /// The certificate itself.
    Certificate(Flaw),
    /// It is a good certificate of another host.
    Host,
    /// Its host is a wildcard that is this much too high or too low.
    Wildcard(Wildcard),
    /// It stands below a Certificate Issuer that nobody knows.
    UnknownCi(Above),
    /// It stands below a Certificate Issuer with the right name and key identifier and another key, which is shown too.
    ForgedCi,
    /// An EUM issued it, which is shown too.
    BelowEum,
}

/// Whether the certificate above is shown.
#[derive(Clone, Copy)]
pub(super) enum Above {
    Shown,
    NotShown,
}

/// A wildcard stands for one label, no more and no less (RFC 2818 §3.1).
#[derive(Clone, Copy)]
pub(super) enum Wildcard {
    /// For `smdp.example.com`, `*.com`.
    TooHigh,
    /// For `smdp.example.com`, `*.smdp.example.com`.
    TooLow,
}

const fn flaw(flaw: Flaw) -> Spoils {
    Spoils::Certificate(flaw)
}

pub(super) const CA: BasicConstraints = BasicConstraints { ca: true, path_length: None };

defects! {
    /// What is wrong with the TLS certificate of an SM-DP+ or SM-DS, as an LPA sees it. The answer to all of them is that
    /// the connection ends before anything is asked.
    TlsDefect(Spoils) {
        // HTTPS (SGP.22 §5.6) knows its server by its host name, as RFC 2818 §3.1 has it.
        WrongHost "wrong-host", Must "RFC 2818 §3.1",
            "The certificate is that of another host.",
            Spoils::Host;
        OtherHostBesideCommonName "other-host-beside-common-name", Must "RFC 2818 §3.1",
            "subjectAltName names another host; only the common name is the right one.",
            flaw(Flaw::Names(NamesFlaw::OtherHost));
        WildcardTooHigh "wildcard-too-high", Must "RFC 2818 §3.1",
            "The host is a wildcard that would have to stand for more than one label.",
            Spoils::Wildcard(Wildcard::TooHigh);
        WildcardTooLow "wildcard-too-low", Must "RFC 2818 §3.1",
            "The host is a wildcard for the names below the right one.",
            Spoils::Wildcard(Wildcard::TooLow);
        CommonNameOnly "common-name-only", Should "SGP.22 §4.5.2.1.0.5",
            "The host stands in the common name alone, subjectAltName has none.",
            flaw(Flaw::Names(NamesFlaw::NoHost));
        IpAddressOnly "ip-address-only", Should "SGP.22 §4.5.2.1.0.5",
            "subjectAltName has an IP address in place of a host name.",
            flaw(Flaw::Names(NamesFlaw::IpAddressOnly));

        // SGP.22 §4.5.2.2: the Device may have no reliable time.
        Expired "expired", Should "SGP.22 §4.5.2.2",
            "The certificate has expired.",
            flaw(Flaw::Expired);
        NotYetValid "not-yet-valid", Should "RFC 5280 §6.1.3",
            "The certificate is not valid yet.",
            flaw(Flaw::NotYetValid);
        CiUnknown "ci-unknown", Must "SGP.22 §4.5.2.2",
            "The certificate stands below a Certificate Issuer that the LPA does not know.",
            Spoils::UnknownCi(Above::NotShown);
        CiUnknownAndShown "ci-unknown-and-shown", Must "SGP.22 §4.5.2.2",
            "The same, and the unknown Certificate Issuer's certificate is shown with it.",
            Spoils::UnknownCi(Above::Shown);
        CiForged "ci-forged", Must "SGP.22 §4.5.2.2",
            "A Certificate Issuer with the right name and key identifier and another key issued the certificate, and is shown.",
            Spoils::ForgedCi;
        SelfSigned "self-signed", Must "SGP.22 §4.5.2",
            "The server issued the certificate itself.",
            flaw(Flaw::SelfSigned);
        BelowEum "below-eum", Must "SGP.22 §4.5.2",
            "An EUM issued the certificate, and is shown: a server's certificate is the Certificate Issuer's to issue.",
            Spoils::BelowEum;
        SignatureBit "signature-bit", Must "SGP.22 §4.5.2.2",
            "One bit of the certificate's signature is turned.",
            flaw(Flaw::Damaged(Damage::SignatureBit));
        AuthorityKey "authority-key", Must "SGP.22 §4.5.2.2",
            "authorityKeyIdentifier is that of another Certificate Issuer.",
            flaw(Flaw::AuthorityKey);
        NoAuthorityKey "no-authority-key", Must "SGP.22 §4.5.2.2",
            "The certificate has no authorityKeyIdentifier.",
            flaw(Flaw::Without(AuthorityKeyIdentifier));
        NoKeyIdentifier "no-key-identifier", Must "SGP.22 §4.5.2.2",
            "The certificate has no subjectKeyIdentifier.",
            flaw(Flaw::Without(SubjectKeyIdentifier));

        OfSigningRole "of-signing-role", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the role of CERT.DPauth.ECDSA.",
            flaw(Flaw::Roles(&[Role::DpAuth]));
        OfOtherServer "of-other-server", Must "SGP.22 §4.5.2.2",
            "certificatePolicies name the TLS role of an SM-DS in place of an SM-DP+, or the other way round.",
            flaw(Flaw::OtherTlsRole);
        NoPurposes "no-purposes", Must "SGP.22 §4.5.2.2",
            "The certificate has no extKeyUsage.",
            flaw(Flaw::Without(Purposes));
        ClientOnly "client-only", Must "SGP.22 §4.5.2.2",
            "extKeyUsage is clientAuth alone.",
            flaw(Flaw::ExtendedKeyUsage(&[CLIENT_AUTH]));
        ServerOnly "server-only", Must "SGP.22 §4.5.2.2",
            "extKeyUsage is serverAuth alone.",
            flaw(Flaw::ExtendedKeyUsage(&[SERVER_AUTH]));
        ThirdPurpose "third-purpose", Must "SGP.22 §4.5.2.2",
            "extKeyUsage is codeSigning besides serverAuth and clientAuth.",
            flaw(Flaw::ExtendedKeyUsage(&[SERVER_AUTH, CLIENT_AUTH, CODE_SIGNING]));
        PurposesNotCritical "purposes-not-critical", Must "SGP.22 §4.5.2.2",
            "extKeyUsage is not critical.",
            flaw(Flaw::NotCritical(Purposes));
        WrongKeyUsage "key-usage", Must "SGP.22 §4.5.2.2",
            "keyUsage is keyAgreement in place of digitalSignature.",
            flaw(Flaw::KeyUsage(&[KeyUsage::KEY_AGREEMENT]));
        NoKeyUsage "no-key-usage", Must "SGP.22 §4.5.2.2",
            "The certificate has no keyUsage.",
            flaw(Flaw::Without(Usage));
        KeyUsageNotCritical "key-usage-not-critical", Must "SGP.22 §4.5.2.2",
            "keyUsage is not critical.",
            flaw(Flaw::NotCritical(Usage));
        Ca "ca", Should "SGP.22 §4.5.2.1.0.5",
            "The certificate is marked as that of an authority.",
            flaw(Flaw::Constraints(CA));
        UnknownCritical "unknown-critical", Must "RFC 5280 §4.2",
            "The certificate has a critical extension that nobody knows.",
            flaw(Flaw::UnknownCritical);
        RepeatedExtension "repeated-extension", Should "RFC 5280 §4.2",
            "keyUsage stands in the certificate twice.",
            flaw(Flaw::Repeated);
        NoRegisteredId "no-registered-id", Should "SGP.22 §4.5.2.1.0.5",
            "subjectAltName has no object identifier.",
            flaw(Flaw::Names(NamesFlaw::NoRegisteredId));
        TwoRegisteredIds "two-registered-ids", Should "SGP.22 §4.5.2.1.0.5",
            "subjectAltName has two object identifiers.",
            flaw(Flaw::Names(NamesFlaw::TwoRegisteredIds));

        PointOffCurve "point-off-curve", Must "SGP.22 §4.5.2.1.1",
            "The key is no point of its curve.",
            flaw(Flaw::PointOffCurve);
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
        TrailingBytes "trailing-bytes", Should "RFC 5246 §7.4.2",
            "Bytes follow the certificate that do not belong to it.",
            flaw(Flaw::Damaged(Damage::TrailingBytes));
        Truncated "truncated", Must "RFC 5246 §7.4.2",
            "The last bytes of the certificate are missing.",
            flaw(Flaw::Damaged(Damage::Truncated));
        Emptied "emptied", Must "RFC 5246 §7.4.2",
            "The certificate is a SEQUENCE without members.",
            flaw(Flaw::Damaged(Damage::Emptied));
    }
}

impl TlsDefect {
    pub(super) const fn spoils(self) -> Spoils {
        self.recipe()
    }
}
