//! What an LPA refuses of a TLS server.

use certs::chain::{ServerCertificateError as Error, verify_server_certificate};
use certs::{CertError, Certificate, Reason, Role};
use conformance::pki::{Authority, PkiError, TlsChain, TlsDefect};
use crypto::Curve;

use crate::{NOW, authority, hosts, rng};

const ROLES: [Role; 2] = [Role::DpTls, Role::DsTls];

/// Why an LPA hangs up.
#[derive(Debug)]
enum Refused {
    Chain(Error),
    Host,
}

/// What SGP.22 §4.5.2.2 and RFC 2818 §3.1 ask of an LPA.
fn verify(authority: &Authority, role: Role, host: &str, chain: &TlsChain) -> Result<(), Refused> {
    let certificate = Certificate::from_der(&chain.chain[0]).map_err(|error| Refused::Chain(error.into()))?;
    verify_server_certificate(&certificate, role, authority.anchor(), Some(NOW), &mut |_| ())
        .map_err(Refused::Chain)?;
    assert_eq!(certificate.public_key(), chain.key.public_key());
    let named = certificate.dns_names().iter().any(|name| stands_for(name, host));
    if named { Ok(()) } else { Err(Refused::Host) }
}

fn stands_for(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(above) => host.split_once('.').is_some_and(|(_, rest)| rest == above),
        None => name == host,
    }
}

#[test]
fn a_good_certificate_is_that_of_its_host() {
    for curve in Curve::ALL {
        for role in ROLES {
            let authority = authority(curve);
            let chain = authority.tls(role, &hosts(), None, &mut rng()).unwrap();
            assert_eq!(chain.chain.len(), 1);
            verify(&authority, role, &hosts()[0], &chain).unwrap();
        }
    }
}

#[test]
fn every_defect_is_refused_for_its_reason() {
    for curve in Curve::ALL {
        for role in ROLES {
            let authority = authority(curve);
            for defect in TlsDefect::ALL {
                let chain = authority.tls(role, &hosts(), Some(defect), &mut rng()).unwrap();
                let refused = verify(&authority, role, &hosts()[0], &chain).expect_err(defect.name());
                assert!(fits(defect, &refused), "{defect} of {role} on {curve}: {refused:?}");
            }
        }
    }
}

/// Whether a certificate is refused for what is wrong with it.
fn fits(defect: TlsDefect, refused: &Refused) -> bool {
    use TlsDefect as D;
    let error = match refused {
        Refused::Host => {
            return matches!(
                defect,
                D::WrongHost | D::OtherHostBesideCommonName | D::WildcardTooHigh | D::WildcardTooLow
            );
        }
        Refused::Chain(error) => error,
    };
    let reason = match error {
        Error::Invalid(reason) | Error::Expired(reason) => Some(reason),
        _ => None,
    };
    match defect {
        D::WrongHost | D::OtherHostBesideCommonName | D::WildcardTooHigh | D::WildcardTooLow => false,
        D::CommonNameOnly | D::IpAddressOnly => matches!(reason, Some(Reason::NoDnsName)),
        D::Expired => matches!(error, Error::Expired(Reason::Expired { .. })),
        D::NotYetValid => matches!(reason, Some(Reason::NotYetValid { .. })),
        D::CiUnknown | D::CiUnknownAndShown | D::SelfSigned | D::BelowEum | D::AuthorityKey => {
            matches!(error, Error::UnknownCi { .. })
        }
        D::CiForged | D::SignatureBit => matches!(reason, Some(Reason::Signature)),
        D::NoAuthorityKey | D::NoKeyIdentifier | D::NoPurposes | D::NoKeyUsage => {
            matches!(reason, Some(Reason::MissingExtension(_)))
        }
        D::OfSigningRole | D::OfOtherServer => matches!(error, Error::WrongRole { actual: Some(_), .. }),
        D::ClientOnly | D::ServerOnly | D::ThirdPurpose => {
            matches!(reason, Some(Reason::ExtendedKeyUsage { .. }))
        }
        D::PurposesNotCritical | D::KeyUsageNotCritical => matches!(reason, Some(Reason::NotCritical(_))),
        D::WrongKeyUsage => matches!(reason, Some(Reason::KeyUsage { .. })),
        D::Ca => matches!(reason, Some(Reason::Ca)),
        D::UnknownCritical => matches!(reason, Some(Reason::UnknownCriticalExtension(_))),
        D::RepeatedExtension => matches!(reason, Some(Reason::Unreadable(CertError::RepeatedExtension(_)))),
        D::NoRegisteredId => matches!(reason, Some(Reason::RegisteredId(0))),
        D::TwoRegisteredIds => matches!(reason, Some(Reason::RegisteredId(2))),
        D::PointOffCurve => matches!(reason, Some(Reason::Unreadable(CertError::PublicKey(_)))),
        D::Version1 => matches!(reason, Some(Reason::Unreadable(CertError::Version(0)))),
        D::Sha384 | D::Rsa | D::TwoAlgorithms => {
            matches!(reason, Some(Reason::Unreadable(CertError::SignatureAlgorithm { .. })))
        }
        D::TrailingBytes | D::Truncated | D::Emptied => {
            matches!(reason, Some(Reason::Unreadable(CertError::Malformed { .. })))
        }
    }
}

#[test]
fn what_stands_above_is_shown_where_the_defect_says_so() {
    let authority = authority(Curve::P256);
    for defect in TlsDefect::ALL {
        let chain = authority.tls(Role::DpTls, &hosts(), Some(defect), &mut rng()).unwrap().chain;
        let shown =
            matches!(defect, TlsDefect::CiUnknownAndShown | TlsDefect::CiForged | TlsDefect::BelowEum);
        assert_eq!(chain.len(), if shown { 2 } else { 1 }, "{defect}");
        if shown {
            let [leaf, above] = [0, 1].map(|at| Certificate::from_der(&chain[at]).unwrap());
            let engine = crypto::Engine::RustCrypto;
            assert_eq!(leaf.verify_signature(engine, above.public_key()), Ok(()), "{defect}");
            assert_ne!(above.raw(), authority.ci_certificate().raw());
        }
    }
}

#[test]
fn the_forged_certificate_issuer_has_the_name_and_the_key_identifier_of_the_right_one() {
    let authority = authority(Curve::BrainpoolP256r1);
    let chain = authority.tls(Role::DsTls, &hosts(), Some(TlsDefect::CiForged), &mut rng()).unwrap();
    let forged = Certificate::from_der(&chain.chain[1]).unwrap();
    let right = authority.ci_certificate();
    assert!(forged.subject().matches(right.subject()));
    assert_eq!(forged.subject_key_identifier(), right.subject_key_identifier());
    assert_ne!(forged.public_key(), right.public_key());
}

#[test]
fn a_wildcard_too_high_needs_a_host_of_three_labels() {
    let authority = authority(Curve::P256);
    let make = |host: &str| {
        let hosts = [host.to_owned()];
        authority.tls(Role::DpTls, &hosts, Some(TlsDefect::WildcardTooHigh), &mut rng())
    };
    for host in ["localhost", "example.com"] {
        assert!(matches!(make(host), Err(PkiError::Host { .. })), "{host}");
    }
    let certificate = Certificate::from_der(&make("a.b.c.example").unwrap().chain[0]).unwrap();
    assert_eq!(certificate.dns_names(), ["*.c.example"]);
}

#[test]
fn the_unknown_certificate_issuer_has_another_name_and_another_key_identifier() {
    let authority = authority(Curve::P256);
    let chain = authority.tls(Role::DpTls, &hosts(), Some(TlsDefect::CiUnknownAndShown), &mut rng()).unwrap();
    let unknown = Certificate::from_der(&chain.chain[1]).unwrap();
    let right = authority.ci_certificate();
    assert!(!unknown.subject().matches(right.subject()));
    assert_ne!(unknown.subject_key_identifier(), right.subject_key_identifier());
}
