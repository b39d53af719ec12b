//! What a card refuses of a server.

use asn1::{AuthenticateErrorCode, DownloadErrorCode};
use certs::chain::{ServerCertificateError as Error, verify_same_server, verify_server_certificate};
use certs::crl::SignedCrl;
use certs::{CertError, Certificate, Reason, Role};
use conformance::pki::{Authority, CardAnswer, Credential, ServerDefect, ServerPair, SigningDefect};
use crypto::{Curve, Engine};

use crate::{NOW, authority, rng};

fn verify(authority: &Authority, role: Role, credential: &Credential) -> Result<(), Error> {
    let certificate = Certificate::from_der(&credential.certificate)?;
    verify_server_certificate(&certificate, role, authority.anchor(), Some(NOW), &mut |_| ())?;
    assert_eq!(certificate.public_key(), credential.key.public_key());
    Ok(())
}

fn belong_together(pair: &ServerPair) -> bool {
    let read = |credential: &Credential| Certificate::from_der(&credential.certificate).unwrap();
    verify_same_server(&read(&pair.auth), &read(&pair.pb)).is_ok()
}

#[test]
fn good_certificates_verify_on_both_curves() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let pair = authority.server_pair(None, &mut rng()).unwrap();
        assert_eq!(verify(&authority, Role::DpAuth, &pair.auth), Ok(()));
        assert_eq!(verify(&authority, Role::DpPb, &pair.pb), Ok(()));
        assert!(belong_together(&pair));
        let ds_auth = authority.ds_auth(None, &mut rng()).unwrap();
        assert_eq!(verify(&authority, Role::DsAuth, &ds_auth), Ok(()));
    }
}

#[test]
fn every_defect_spoils_the_certificate_that_it_says_and_no_other() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        for defect in ServerDefect::ALL {
            let pair = authority.server_pair(Some(defect), &mut rng()).unwrap();
            let auth = verify(&authority, Role::DpAuth, &pair.auth);
            let pb = verify(&authority, Role::DpPb, &pair.pb);
            match defect {
                ServerDefect::Auth(SigningDefect::Revoked) | ServerDefect::Pb(SigningDefect::Revoked) => {
                    assert_eq!((auth, pb), (Ok(()), Ok(())));
                }
                ServerDefect::Auth(defect) => {
                    assert!(fits(defect, auth.as_ref()), "{defect} on {curve}: {auth:?}");
                    assert_eq!(pb, Ok(()), "{defect} on {curve}");
                }
                ServerDefect::Pb(defect) => {
                    assert_eq!(auth, Ok(()), "{defect} on {curve}");
                    assert!(fits(defect, pb.as_ref()), "{defect} on {curve}: {pb:?}");
                }
                ServerDefect::OidsDiffer => {
                    assert_eq!((auth, pb), (Ok(()), Ok(())));
                    assert!(!belong_together(&pair));
                }
                ServerDefect::AuthTwice => {
                    let expected = Error::WrongRole { expected: Role::DpPb, actual: Some(Role::DpAuth) };
                    assert_eq!((auth, pb), (Ok(()), Err(expected)));
                }
            }
        }
    }
}

#[test]
fn every_defect_of_an_sm_ds_is_refused_for_its_reason() {
    let authority = authority(Curve::BrainpoolP256r1);
    for defect in SigningDefect::ALL.into_iter().filter(|defect| *defect != SigningDefect::Revoked) {
        let ds_auth = authority.ds_auth(Some(defect), &mut rng()).unwrap();
        let result = verify(&authority, Role::DsAuth, &ds_auth);
        assert!(fits(defect, result.as_ref()), "{defect}: {result:?}");
    }
}

/// Whether a certificate is refused for what is wrong with it.
fn fits(defect: SigningDefect, result: Result<&(), &Error>) -> bool {
    use SigningDefect as D;
    let Err(error) = result else { return false };
    let reason = match error {
        Error::Invalid(reason) | Error::Expired(reason) => Some(reason),
        _ => None,
    };
    match defect {
        D::Revoked => false,
        D::CiUnknown | D::SelfSigned | D::AuthorityKey => matches!(error, Error::UnknownCi { .. }),
        D::OfOtherServerRole | D::OfTls | D::OfEuicc => {
            matches!(error, Error::WrongRole { actual: Some(_), .. })
        }
        D::OfTwoRoles => matches!(error, Error::WrongRole { actual: None, .. }),
        D::UnsupportedCurve => matches!(error, Error::UnsupportedCurve(_)),
        D::Expired => matches!(error, Error::Expired(Reason::Expired { .. })),
        D::NotYetValid => matches!(reason, Some(Reason::NotYetValid { .. })),
        D::SignatureBit | D::OfForgedCi => matches!(reason, Some(Reason::Signature)),
        D::NoAuthorityKey | D::NoKeyIdentifier | D::NoPolicies | D::NoKeyUsage => {
            matches!(reason, Some(Reason::MissingExtension(_)))
        }
        D::PoliciesNotCritical | D::KeyUsageNotCritical => matches!(reason, Some(Reason::NotCritical(_))),
        D::WrongKeyUsage | D::MoreKeyUsage => matches!(reason, Some(Reason::KeyUsage { .. })),
        D::Ca => matches!(reason, Some(Reason::Ca)),
        D::UnknownCritical => matches!(reason, Some(Reason::UnknownCriticalExtension(_))),
        D::RepeatedExtension => matches!(reason, Some(Reason::Unreadable(CertError::RepeatedExtension(_)))),
        D::NoRegisteredId => matches!(reason, Some(Reason::RegisteredId(0))),
        D::TwoRegisteredIds => matches!(reason, Some(Reason::RegisteredId(2))),
        D::OtherCurve => matches!(reason, Some(Reason::Curve { .. })),
        D::PointOffCurve => matches!(reason, Some(Reason::Unreadable(CertError::PublicKey(_)))),
        D::Version1 => matches!(reason, Some(Reason::Unreadable(CertError::Version(0)))),
        D::Sha384 | D::Rsa | D::TwoAlgorithms => {
            matches!(reason, Some(Reason::Unreadable(CertError::SignatureAlgorithm { .. })))
        }
    }
}

#[test]
fn the_answer_of_the_card_belongs_to_the_function_that_sees_the_bad_certificate() {
    for defect in ServerDefect::ALL {
        match (defect, defect.answer()) {
            (ServerDefect::Auth(SigningDefect::CiUnknown), CardAnswer::AuthenticateServer(codes)) => {
                assert_eq!(codes.first(), Some(&AuthenticateErrorCode::CI_PK_UNKNOWN));
            }
            (ServerDefect::Auth(_), CardAnswer::AuthenticateServer(codes)) => assert!(!codes.is_empty()),
            (ServerDefect::Auth(_), CardAnswer::PrepareDownload(_)) => panic!("{defect}"),
            (ServerDefect::Pb(SigningDefect::UnsupportedCurve), CardAnswer::PrepareDownload(codes)) => {
                assert_eq!(codes.first(), Some(&DownloadErrorCode::UNSUPPORTED_CURVE));
            }
            (_, CardAnswer::PrepareDownload(codes)) => {
                assert_eq!(codes.first(), Some(&DownloadErrorCode::INVALID_CERTIFICATE));
            }
            (_, CardAnswer::AuthenticateServer(_)) => panic!("{defect}"),
        }
    }
}

#[test]
fn two_certificates_below_two_certificate_issuers_are_both_good_and_do_not_belong_together() {
    let [nist, brainpool] = Curve::ALL.map(authority);
    let pair = nist.server_pair_below_two(&brainpool, &mut rng()).unwrap();
    assert_eq!(verify(&nist, Role::DpAuth, &pair.auth), Ok(()));
    assert_eq!(verify(&brainpool, Role::DpPb, &pair.pb), Ok(()));
    assert!(!belong_together(&pair));
}

#[test]
fn the_revocation_list_is_the_certificate_issuers_and_holds_the_serial_number() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let defect = ServerDefect::Auth(SigningDefect::Revoked);
        let pair = authority.server_pair(Some(defect), &mut rng()).unwrap();
        let list = authority.crl(7, &[&pair.auth.certificate], &mut rng()).unwrap();
        let signed = SignedCrl::from_der(&list).unwrap();
        assert_eq!(signed.verify(authority.anchor()), Ok(()));
        let list = signed.read().unwrap();
        let certificate = Certificate::from_der(&pair.auth.certificate).unwrap();
        let revoked: Vec<_> = list.revoked.iter().map(|entry| entry.serial_number.clone()).collect();
        assert_eq!(revoked, [certificate.serial_number()]);
        assert_eq!(list.revoked[0].expiration_date, Some(certificate.validity().not_after));
        assert!(list.this_update < NOW && NOW < list.next_update);
        assert_eq!(
            certificate.verify_signature(Engine::RustCrypto, authority.ci_certificate().public_key()),
            Ok(())
        );
    }
}
