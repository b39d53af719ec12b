//! What a card refuses of a server: each certificate is a good one but for a single thing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a panic is how a test reports"
)]

mod common;

use certs::{
    BasicConstraints, CertError, Certificate, ExtendedKeyUsage, ExtensionKind, KeyUsage, Reason, Role,
    SubjectAltName, UnixTime,
    chain::{PairError, ServerCertificateError, TrustAnchor, verify_same_server, verify_server_certificate},
    oid,
    workshop::{DescribedExtension, Description},
};
use common::{Bench, NOW, SERVER_ROLES, hosts, server_holder};
use crypto::{Curve, Engine};

fn verify(
    bench: &Bench,
    der: &[u8],
    role: Role,
    now: Option<UnixTime>,
) -> Result<(), ServerCertificateError> {
    let ci = TrustAnchor::new(bench.ci.certificate().clone(), Engine::RustCrypto).unwrap();
    verify_server_certificate(&Certificate::from_der(der)?, role, &ci, now, &mut |_| ())
}

fn changed(bench: &mut Bench, role: Role, change: impl FnOnce(&mut Description)) -> Vec<u8> {
    let (ci, hosts) = (bench.ci.clone(), hosts());
    let holder = server_holder(role, &hosts);
    let key = bench.workshop().issue(&ci, &holder).unwrap();
    bench.changed(&ci, &holder, &key, change)
}

/// Asserts on both curves that a changed certificate of these roles is refused.
#[track_caller]
fn is_refused(roles: &[Role], expected: &ServerCertificateError, change: impl Fn(&mut Description)) {
    for curve in Curve::ALL {
        for role in roles {
            let mut bench = Bench::new(curve);
            let der = changed(&mut bench, *role, &change);
            assert_eq!(verify(&bench, &der, *role, Some(NOW)).as_ref(), Err(expected), "{role} {curve}");
        }
    }
}

const SIGNING: [Role; 3] = [Role::DpAuth, Role::DpPb, Role::DsAuth];
const TLS: [Role; 2] = [Role::DpTls, Role::DsTls];

fn invalid(reason: Reason) -> ServerCertificateError {
    ServerCertificateError::Invalid(reason)
}

#[test]
fn the_good_certificates_are_accepted() {
    for curve in Curve::ALL {
        for role in SERVER_ROLES {
            let mut bench = Bench::new(curve);
            let der = changed(&mut bench, role, |_| ());
            assert_eq!(verify(&bench, &der, role, Some(NOW)), Ok(()), "{role} {curve}");
            assert_eq!(verify(&bench, &der, role, None), Ok(()), "{role} {curve}");
        }
    }
}

#[test]
fn a_certificate_of_another_role_is_told_apart() {
    let mut bench = Bench::new(Curve::P256);
    let der = changed(&mut bench, Role::DpPb, |_| ());
    let expected = ServerCertificateError::WrongRole { expected: Role::DpAuth, actual: Some(Role::DpPb) };
    assert_eq!(verify(&bench, &der, Role::DpAuth, Some(NOW)), Err(expected));
}

#[test]
fn the_certificate_of_an_eum_is_not_taken_for_a_servers() {
    let bench = Bench::new(Curve::P256);
    let expected = ServerCertificateError::WrongRole { expected: Role::DpAuth, actual: Some(Role::Eum) };
    assert_eq!(verify(&bench, bench.eum.certificate().raw(), Role::DpAuth, Some(NOW)), Err(expected));
}

#[test]
fn a_certificate_below_another_certificate_issuer_is_told_apart() {
    let mut bench = Bench::new(Curve::P256);
    let der = changed(&mut bench, Role::DpAuth, |_| ());
    bench.ci = bench.workshop().certificate_issuer(Curve::P256).unwrap();
    let result = verify(&bench, &der, Role::DpAuth, Some(NOW));
    assert!(matches!(result, Err(ServerCertificateError::UnknownCi { .. })), "{result:?}");
}

#[test]
fn a_certificate_on_another_curve_than_the_certificate_issuers_is_refused() {
    let other = Bench::new(Curve::BrainpoolP256r1);
    let mut bench = Bench::new(Curve::P256);
    let der =
        changed(&mut bench, Role::DpAuth, |it| it.set_public_key(other.eum.key().public_key()).unwrap());
    let reason = Reason::Curve { expected: Curve::P256, actual: Curve::BrainpoolP256r1 };
    assert_eq!(verify(&bench, &der, Role::DpAuth, Some(NOW)), Err(invalid(reason)));
}

#[test]
fn a_certificate_on_a_curve_that_is_not_supported_is_told_apart() {
    // FRP256V1, NIST P-384 and NIST P-192.
    let curves: [&[u32]; 3] =
        [&[1, 2, 250, 1, 223, 101, 256, 1], &[1, 3, 132, 0, 34], &[1, 2, 840, 10045, 3, 1, 1]];
    for arcs in curves {
        let curve = oid::owned(arcs);
        is_refused(&[Role::DpAuth], &ServerCertificateError::UnsupportedCurve(curve.clone()), |it| {
            it.curve = curve.clone();
        });
    }
}

#[test]
fn a_certificate_whose_signature_is_not_the_issuers_is_refused() {
    for curve in Curve::ALL {
        for role in SERVER_ROLES {
            let mut bench = Bench::new(curve);
            let mut der = changed(&mut bench, role, |_| ());
            *der.last_mut().unwrap() ^= 1;
            assert_eq!(
                verify(&bench, &der, role, Some(NOW)),
                Err(invalid(Reason::Signature)),
                "{role} {curve}"
            );
        }
    }
}

#[test]
fn a_certificate_without_key_identifiers_is_refused() {
    for kind in [ExtensionKind::SubjectKeyIdentifier, ExtensionKind::AuthorityKeyIdentifier] {
        is_refused(&SERVER_ROLES, &invalid(Reason::MissingExtension(kind)), |it| it.remove(kind));
    }
}

#[test]
fn a_certificate_without_key_usage_is_refused() {
    let reason = Reason::MissingExtension(ExtensionKind::KeyUsage);
    is_refused(&SERVER_ROLES, &invalid(reason), |it| it.remove(ExtensionKind::KeyUsage));
}

#[test]
fn a_certificate_whose_key_usage_is_not_critical_is_refused() {
    let reason = Reason::NotCritical(ExtensionKind::KeyUsage);
    is_refused(&SERVER_ROLES, &invalid(reason), |it| it.set_critical(ExtensionKind::KeyUsage, false));
}

#[test]
fn a_certificate_whose_key_is_for_agreement_is_refused() {
    let reason = Reason::KeyUsage { expected: KeyUsage::DIGITAL_SIGNATURE, actual: KeyUsage::KEY_AGREEMENT };
    is_refused(&SERVER_ROLES, &invalid(reason), |it| {
        it.set(DescribedExtension::key_usage(KeyUsage::KEY_AGREEMENT).unwrap());
    });
}

#[test]
fn a_signing_certificate_without_policies_is_refused() {
    let reason = Reason::MissingExtension(ExtensionKind::CertificatePolicies);
    is_refused(&SIGNING, &invalid(reason), |it| it.remove(ExtensionKind::CertificatePolicies));
}

#[test]
fn a_signing_certificate_whose_policies_are_not_critical_is_refused() {
    let reason = Reason::NotCritical(ExtensionKind::CertificatePolicies);
    is_refused(&SIGNING, &invalid(reason), |it| it.set_critical(ExtensionKind::CertificatePolicies, false));
}

#[test]
fn a_tls_certificate_may_leave_policies_out() {
    for role in TLS {
        let mut bench = Bench::new(Curve::P256);
        let der = changed(&mut bench, role, |it| it.remove(ExtensionKind::CertificatePolicies));
        assert_eq!(verify(&bench, &der, role, Some(NOW)), Ok(()));
    }
}

#[test]
fn a_tls_certificate_without_extended_key_usage_is_refused() {
    let reason = Reason::MissingExtension(ExtensionKind::ExtendedKeyUsage);
    is_refused(&TLS, &invalid(reason), |it| it.remove(ExtensionKind::ExtendedKeyUsage));
}

#[test]
fn a_tls_certificate_whose_extended_key_usage_is_not_critical_is_refused() {
    let reason = Reason::NotCritical(ExtensionKind::ExtendedKeyUsage);
    is_refused(&TLS, &invalid(reason), |it| it.set_critical(ExtensionKind::ExtendedKeyUsage, false));
}

#[test]
fn a_tls_certificate_for_clients_only_is_refused() {
    let actual = ExtendedKeyUsage(vec![oid::owned(oid::CLIENT_AUTH)]);
    let reason = Reason::ExtendedKeyUsage { expected: ExtendedKeyUsage::tls(), actual: actual.clone() };
    is_refused(&TLS, &invalid(reason), |it| it.set(DescribedExtension::extended_key_usage(&actual).unwrap()));
}

#[test]
fn a_tls_certificate_for_a_third_purpose_is_refused() {
    let mut actual = ExtendedKeyUsage::tls();
    actual.0.push(oid::owned(&[1, 3, 6, 1, 5, 5, 7, 3, 3]));
    let reason = Reason::ExtendedKeyUsage { expected: ExtendedKeyUsage::tls(), actual: actual.clone() };
    is_refused(&TLS, &invalid(reason), |it| it.set(DescribedExtension::extended_key_usage(&actual).unwrap()));
}

#[test]
fn a_signing_certificate_with_a_critical_extended_key_usage_is_refused() {
    let reason = Reason::UnknownCriticalExtension(ExtensionKind::ExtendedKeyUsage.oid());
    is_refused(&SIGNING, &invalid(reason), |it| {
        it.set(DescribedExtension::extended_key_usage(&ExtendedKeyUsage::tls()).unwrap());
    });
}

#[test]
fn a_certificate_with_an_unknown_critical_extension_is_refused() {
    let id = oid::owned(&[2, 999, 77]);
    is_refused(&SERVER_ROLES, &invalid(Reason::UnknownCriticalExtension(id.clone())), |it| {
        it.set(DescribedExtension { id: id.clone(), critical: true, value: vec![5, 0] });
    });
}

#[test]
fn a_certificate_that_is_a_certificate_authoritys_is_refused() {
    let constraints = BasicConstraints { ca: true, path_length: None };
    is_refused(&SERVER_ROLES, &invalid(Reason::Ca), |it| {
        it.set(DescribedExtension::basic_constraints(constraints).unwrap());
    });
}

#[test]
fn a_certificate_without_registered_id_is_refused() {
    is_refused(&SERVER_ROLES, &invalid(Reason::RegisteredId(0)), |it| {
        it.remove(ExtensionKind::SubjectAltName)
    });
}

#[test]
fn a_certificate_with_two_registered_ids_is_refused() {
    let names = SubjectAltName {
        dns_names: hosts(),
        registered_ids: vec![oid::owned(oid::TEST_SM_DP), oid::owned(oid::TEST_SM_DS)],
        ..Default::default()
    };
    is_refused(&SERVER_ROLES, &invalid(Reason::RegisteredId(2)), |it| {
        it.set(DescribedExtension::subject_alt_name(&names).unwrap());
    });
}

#[test]
fn a_tls_certificate_without_a_host_name_is_refused() {
    let names = SubjectAltName { registered_ids: vec![oid::owned(oid::TEST_SM_DP)], ..Default::default() };
    is_refused(&TLS, &invalid(Reason::NoDnsName), |it| {
        it.set(DescribedExtension::subject_alt_name(&names).unwrap());
    });
}

#[test]
fn a_certificate_that_has_expired_is_told_apart_where_the_time_is_known() {
    for role in SERVER_ROLES {
        let mut bench = Bench::new(Curve::P256);
        let not_after = NOW.plus_days(-1);
        let der = changed(&mut bench, role, |it| it.validity.not_after = not_after);
        let expected = ServerCertificateError::Expired(Reason::Expired { not_after, now: NOW });
        assert_eq!(verify(&bench, &der, role, Some(NOW)), Err(expected));
        assert_eq!(verify(&bench, &der, role, None), Ok(()));
        assert_eq!(verify(&bench, &der, role, Some(not_after)), Ok(()));
    }
}

#[test]
fn a_certificate_that_is_not_valid_yet_is_refused() {
    let not_before = NOW.plus_days(1);
    is_refused(&SERVER_ROLES, &invalid(Reason::NotYetValid { not_before, now: NOW }), |it| {
        it.validity.not_before = not_before;
    });
}

#[test]
fn a_certificate_of_another_version_is_refused() {
    for version in [0, 1] {
        let reason = Reason::Unreadable(CertError::Version(version));
        is_refused(&[Role::DpAuth], &invalid(reason), |it| it.version = version);
    }
}

#[test]
fn a_certificate_signed_with_another_algorithm_is_refused() {
    let ecdsa_with_sha384 = oid::owned(&[1, 2, 840, 10045, 4, 3, 3]);
    let actual = ecdsa_with_sha384.clone();
    let reason = Reason::Unreadable(CertError::SignatureAlgorithm { field: "signatureAlgorithm", actual });
    is_refused(&[Role::DpAuth], &invalid(reason), |it| it.signature_algorithm = ecdsa_with_sha384.clone());
}

/// A good certificate whose n-th ecdsa-with-SHA256 (0 in tbsCertificate, 1 outside) is replaced.
fn with_algorithm(place: usize, algorithm: &[u8]) -> Result<Certificate, CertError> {
    const ECDSA_WITH_SHA256: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let mut der = changed(&mut Bench::new(Curve::P256), Role::DpAuth, |_| ());
    let places: Vec<usize> =
        (0..der.len() - 12).filter(|at| der[*at..at + 12] == *ECDSA_WITH_SHA256).collect();
    assert_eq!(places.len(), 2);
    der.splice(places[place]..places[place] + 12, algorithm.iter().copied());
    // Both lengths are written in two bytes, and tbsCertificate begins behind the first.
    for length in if place == 0 { vec![2, 6] } else { vec![2] } {
        let value = usize::from(u16::from_be_bytes([der[length], der[length + 1]])) + algorithm.len() - 12;
        der[length..length + 2].copy_from_slice(&u16::try_from(value).unwrap().to_be_bytes());
    }
    Certificate::from_der(&der)
}

#[test]
fn both_places_that_name_the_algorithm_must_name_the_same_one() {
    for (place, field) in [(0, "signature"), (1, "signatureAlgorithm")] {
        let ecdsa_with_sha384 = [0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
        let actual = oid::owned(&[1, 2, 840, 10045, 4, 3, 3]);
        let expected = CertError::SignatureAlgorithm { field, actual };
        assert_eq!(with_algorithm(place, &ecdsa_with_sha384), Err(expected));
    }
}

#[test]
fn an_algorithm_with_parameters_is_refused() {
    for (place, field) in [(0, "signature"), (1, "signatureAlgorithm")] {
        let with_null = [0x30, 12, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2, 5, 0];
        let expected = CertError::SignatureAlgorithm { field, actual: oid::owned(oid::ECDSA_WITH_SHA256) };
        assert_eq!(with_algorithm(place, &with_null), Err(expected));
    }
}

#[test]
fn an_extension_that_is_not_in_canonical_form_is_refused() {
    // cA FALSE spelled out, which DER leaves out.
    let id = ExtensionKind::BasicConstraints.oid();
    let spelled_out = DescribedExtension { id, critical: true, value: vec![0x30, 3, 1, 1, 0] };
    let why = "not in canonical form".to_owned();
    let error = CertError::Extension { extension: ExtensionKind::BasicConstraints, why };
    is_refused(&SERVER_ROLES, &invalid(Reason::Unreadable(error)), |it| it.set(spelled_out.clone()));
}

#[test]
fn a_public_key_that_is_compressed_or_not_on_the_curve_is_refused() {
    for curve in Curve::ALL {
        for change in [
            |point: &mut Vec<u8>| {
                point[0] = 2;
                point.truncate(33);
            },
            |point: &mut Vec<u8>| *point.last_mut().unwrap() ^= 1,
            |point: &mut Vec<u8>| *point = vec![0],
        ] {
            let mut bench = Bench::new(curve);
            let der = changed(&mut bench, Role::DpAuth, |it| change(&mut it.point));
            let result = verify(&bench, &der, Role::DpAuth, Some(NOW));
            let expected = matches!(
                result,
                Err(ServerCertificateError::Invalid(Reason::Unreadable(CertError::PublicKey(_))))
            );
            assert!(expected, "{result:?}");
        }
    }
}

#[test]
fn times_on_both_sides_of_1950_and_2050_are_written_and_read_alike() {
    // RFC 5280 §4.1.2.5: UTCTime from 1950 to 2049, GeneralizedTime elsewhere.
    let mut bench = Bench::new(Curve::P256);
    for (seconds, kind) in [
        (-631_152_001, 0x18),
        (-631_152_000, 0x17),
        (0, 0x17),
        (2_524_607_999, 0x17),
        (2_524_608_000, 0x18),
        (UnixTime::NO_EXPIRATION.0, 0x18),
    ] {
        let der = changed(&mut bench, Role::DpAuth, |it| it.validity.not_after = UnixTime(seconds));
        let certificate = common::parse(&der);
        assert_eq!(certificate.validity().not_after, UnixTime(seconds));
        let digits = certificate.validity().not_after.to_string().replace(['-', ':', 'T'], "");
        let text = if kind == 0x17 { &digits[2..] } else { &digits };
        let value = [&[kind, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        assert!(der.windows(value.len()).any(|window| window == value), "{seconds}");
    }
}

// CERT.DPauth and CERT.DPpb.

fn pair(bench: &mut Bench, change: impl FnOnce(&mut Description)) -> Result<(), PairError> {
    let dp_auth = changed(bench, Role::DpAuth, |_| ());
    let dp_pb = changed(bench, Role::DpPb, change);
    verify_same_server(&common::parse(&dp_auth), &common::parse(&dp_pb))
}

#[test]
fn the_two_certificates_of_an_sm_dp_belong_together() {
    assert_eq!(pair(&mut Bench::new(Curve::P256), |_| ()), Ok(()));
}

#[test]
fn certificates_with_different_object_identifiers_do_not_belong_together() {
    let names = SubjectAltName { registered_ids: vec![oid::owned(&[2, 999, 12])], ..Default::default() };
    let names = DescribedExtension::subject_alt_name(&names).unwrap();
    let result = pair(&mut Bench::new(Curve::P256), |it| it.set(names));
    let (dp_auth, dp_pb) = (vec!["2.999.10".to_owned()], vec!["2.999.12".to_owned()]);
    assert_eq!(result, Err(PairError::RegisteredId { dp_auth, dp_pb }));
}

#[test]
fn certificates_without_object_identifiers_do_not_belong_together() {
    let mut bench = Bench::new(Curve::P256);
    let der = changed(&mut bench, Role::DpAuth, |it| it.remove(ExtensionKind::SubjectAltName));
    let nameless = common::parse(&der);
    assert!(matches!(verify_same_server(&nameless, &nameless), Err(PairError::RegisteredId { .. })));
}

#[test]
fn certificates_of_different_issuers_do_not_belong_together() {
    let other = DescribedExtension::authority_key_identifier(&[1; 20]).unwrap();
    let result = pair(&mut Bench::new(Curve::P256), |it| it.set(other));
    assert_eq!(result, Err(PairError::CertificateIssuer));
}

// The root of trust.

fn anchor(change: impl FnOnce(&mut Description)) -> Result<(), Reason> {
    let mut bench = Bench::new(Curve::P256);
    let key = bench.workshop().key(Curve::P256).unwrap();
    let mut description = bench.workshop().describe_certificate_issuer(key.public_key()).unwrap();
    change(&mut description);
    let certificate = Certificate::from_der(&description.sign(&key).unwrap())?;
    TrustAnchor::new(certificate, Engine::RustCrypto).map(drop)
}

#[test]
fn a_good_certificate_issuer_is_a_root_of_trust() {
    assert_eq!(anchor(|_| ()), Ok(()));
}

#[test]
fn a_root_of_trust_is_signed_by_itself() {
    let bench = Bench::new(Curve::P256);
    let mut der = bench.ci.certificate().raw().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let result = TrustAnchor::new(common::parse(&der), Engine::RustCrypto);
    assert_eq!(result.map(drop), Err(Reason::Signature));
    let name = bench.eum.certificate().subject().clone();
    let expected = Reason::NotSelfSigned(Box::new(name.clone()));
    assert_eq!(anchor(|ci| ci.issuer = name), Err(expected));
}

#[test]
fn a_root_of_trust_has_a_subject_key_identifier() {
    let expected = Reason::MissingExtension(ExtensionKind::SubjectKeyIdentifier);
    assert_eq!(anchor(|ci| ci.remove(ExtensionKind::SubjectKeyIdentifier)), Err(expected));
}

#[test]
fn no_other_role_is_a_root_of_trust() {
    let bench = Bench::new(Curve::P256);
    let result = TrustAnchor::new(bench.eum.certificate().clone(), Engine::RustCrypto);
    let expected = Reason::Role { expected: Role::Ci, actual: Some(Role::Eum) };
    assert_eq!(result.map(drop), Err(expected));
}
