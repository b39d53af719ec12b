//! The certificate of the SM-DP+ in TLS (SGP.22 §3.1.2 step 5, §4.5.2.2): with a bad one nothing is asked.

use super::procedure;
use crate::case::{Function, Head, Id, Level};
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{Comes, SendsNothing};
use crate::lpa::situation::{DOWNLOAD, Server, Situation};
use crate::pki::TlsDefect;

const CERTIFICATE: Function = procedure("TlsCertificate", "4.5.2.2");

const fn refuses(number: u16, defect: TlsDefect, requirement: &'static str) -> Case {
    Case {
        head: Head {
            id: Id { function: CERTIFICATE, number },
            requirement,
            level: level(defect),
            sgp23: None,
            tags: &["tls", "certificate"],
        },
        situation: Situation { acts: &[DOWNLOAD], tls: Some(defect), ..Situation::GOOD },
        expected: &[Comes(Server::Smdp), SendsNothing(Server::Smdp)],
    }
}

/// An LPA learns from CERT.XXauth which kind of server it has met, after TLS: SGP.22 §3.1.2 step 5 speaks of CERT.XX.TLS, so one of
/// the other kind is valid in itself.
const fn level(defect: TlsDefect) -> Level {
    match defect {
        TlsDefect::OfOtherServer => Level::Should,
        other => other.level(),
    }
}

pub(super) const CASES: &[Case] = &[
    refuses(
        1,
        TlsDefect::WrongHost,
        "Nothing is asked of a server whose TLS certificate is for another host",
    ),
    refuses(
        2,
        TlsDefect::OtherHostBesideCommonName,
        "Nothing is asked of a server whose TLS certificate names the host in its common name alone, and another in subjectAltName",
    ),
    refuses(
        3,
        TlsDefect::WildcardTooHigh,
        "Nothing is asked of a server whose TLS certificate has a wildcard for more than one label",
    ),
    refuses(
        4,
        TlsDefect::WildcardTooLow,
        "Nothing is asked of a server whose TLS certificate has a wildcard for the names below the host",
    ),
    refuses(
        5,
        TlsDefect::CommonNameOnly,
        "Nothing is asked of a server whose TLS certificate has no host in subjectAltName",
    ),
    refuses(
        6,
        TlsDefect::IpAddressOnly,
        "Nothing is asked of a server whose TLS certificate has an IP address where the host should stand",
    ),
    refuses(7, TlsDefect::Expired, "Nothing is asked of a server whose TLS certificate has expired"),
    refuses(8, TlsDefect::NotYetValid, "Nothing is asked of a server whose TLS certificate is not valid yet"),
    refuses(
        9,
        TlsDefect::CiUnknown,
        "Nothing is asked of a server whose TLS certificate stands below an unknown CI",
    ),
    refuses(
        10,
        TlsDefect::CiUnknownAndShown,
        "Nothing is asked of a server whose TLS certificate stands below an unknown CI, whose certificate is shown too",
    ),
    refuses(
        11,
        TlsDefect::CiForged,
        "Nothing is asked of a server whose TLS certificate stands below a CI that only calls itself the right one",
    ),
    refuses(
        12,
        TlsDefect::SelfSigned,
        "Nothing is asked of a server whose TLS certificate the server issued itself",
    ),
    refuses(13, TlsDefect::BelowEum, "Nothing is asked of a server whose TLS certificate an EUM issued"),
    refuses(
        14,
        TlsDefect::SignatureBit,
        "Nothing is asked of a server whose TLS certificate has a signature that does not verify",
    ),
    refuses(
        15,
        TlsDefect::AuthorityKey,
        "Nothing is asked of a server whose TLS certificate names the key of another CI",
    ),
    refuses(
        16,
        TlsDefect::NoAuthorityKey,
        "Nothing is asked of a server whose TLS certificate does not name the key of its CI",
    ),
    refuses(
        17,
        TlsDefect::NoKeyIdentifier,
        "Nothing is asked of a server whose TLS certificate does not name its own key",
    ),
    refuses(
        18,
        TlsDefect::OfSigningRole,
        "Nothing is asked of a server whose TLS certificate has the role of CERT.DPauth",
    ),
    refuses(
        19,
        TlsDefect::OfOtherServer,
        "Nothing is asked of a server whose TLS certificate has the role of an SM-DS",
    ),
    refuses(
        20,
        TlsDefect::NoPurposes,
        "Nothing is asked of a server whose TLS certificate has no extended key usage",
    ),
    refuses(
        21,
        TlsDefect::ClientOnly,
        "Nothing is asked of a server whose TLS certificate is for TLS clients only",
    ),
    refuses(
        22,
        TlsDefect::ServerOnly,
        "Nothing is asked of a server whose TLS certificate is not for TLS clients too",
    ),
    refuses(
        23,
        TlsDefect::ThirdPurpose,
        "Nothing is asked of a server whose TLS certificate has a purpose too many",
    ),
    refuses(
        24,
        TlsDefect::PurposesNotCritical,
        "Nothing is asked of a server whose TLS certificate has an extended key usage that is not critical",
    ),
    refuses(
        25,
        TlsDefect::WrongKeyUsage,
        "Nothing is asked of a server whose TLS certificate has another key usage than digitalSignature",
    ),
    refuses(26, TlsDefect::NoKeyUsage, "Nothing is asked of a server whose TLS certificate has no key usage"),
    refuses(
        27,
        TlsDefect::KeyUsageNotCritical,
        "Nothing is asked of a server whose TLS certificate has a key usage that is not critical",
    ),
    refuses(28, TlsDefect::Ca, "Nothing is asked of a server whose TLS certificate is that of an authority"),
    refuses(
        29,
        TlsDefect::UnknownCritical,
        "Nothing is asked of a server whose TLS certificate has a critical extension that nobody knows",
    ),
    refuses(
        30,
        TlsDefect::RepeatedExtension,
        "Nothing is asked of a server whose TLS certificate has an extension twice",
    ),
    refuses(
        31,
        TlsDefect::NoRegisteredId,
        "Nothing is asked of a server whose TLS certificate has no object identifier",
    ),
    refuses(
        32,
        TlsDefect::TwoRegisteredIds,
        "Nothing is asked of a server whose TLS certificate has two object identifiers",
    ),
    refuses(
        33,
        TlsDefect::PointOffCurve,
        "Nothing is asked of a server whose TLS certificate has a key that is no point of its curve",
    ),
    refuses(34, TlsDefect::Version1, "Nothing is asked of a server whose TLS certificate is of version 1"),
    refuses(
        35,
        TlsDefect::Sha384,
        "Nothing is asked of a server whose TLS certificate names ECDSA with SHA-384 as its signature algorithm",
    ),
    refuses(
        36,
        TlsDefect::Rsa,
        "Nothing is asked of a server whose TLS certificate names RSA as its signature algorithm",
    ),
    refuses(
        37,
        TlsDefect::TwoAlgorithms,
        "Nothing is asked of a server whose TLS certificate names two signature algorithms",
    ),
    refuses(
        38,
        TlsDefect::TrailingBytes,
        "Nothing is asked of a server whose TLS certificate has bytes behind it",
    ),
    refuses(39, TlsDefect::Truncated, "Nothing is asked of a server whose TLS certificate is cut off"),
    refuses(40, TlsDefect::Emptied, "Nothing is asked of a server whose TLS certificate is empty"),
];
