//! One refusal after the other: each chain is a good one but for a single thing.

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
    Attribute, BasicConstraints, CertError, Certificate, Check, ExtendedKeyUsage, ExtensionKind, Identity,
    KeyUsage, Name, Reason, Role, StringKind, UnixTime, Verdict,
    chain::{ChainError, TrustAnchor, VerifiedEuicc, verify_euicc_chain},
    eid, oid,
    workshop::{DescribedExtension, Description, Holder},
};
use common::{Bench, EID, NOW, parse};
use crypto::{Curve, Engine};

fn anchor(ci: &Identity) -> TrustAnchor {
    TrustAnchor::new(ci.certificate().clone(), Engine::RustCrypto).unwrap()
}

fn verify(bench: &Bench, eum: &Certificate, euicc: &Certificate) -> Result<VerifiedEuicc, ChainError> {
    verify_euicc_chain(&[anchor(&bench.ci)], eum, euicc, Some(NOW), &mut |_| ())
}

/// What becomes of a chain whose EUM certificate is changed.
fn with_eum(curve: Curve, change: impl FnOnce(&mut Description)) -> Result<VerifiedEuicc, ChainError> {
    let mut bench = Bench::new(curve);
    let (ci, eum) = (bench.ci.clone(), bench.eum.clone());
    let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &eum, change);
    match Certificate::from_der(&der) {
        Ok(changed) => verify(&bench, &changed, bench.euicc.certificate()),
        Err(error) => Err(ChainError::EumInvalid(error.into())),
    }
}

/// What becomes of a chain whose eUICC certificate is changed.
fn with_euicc(curve: Curve, change: impl FnOnce(&mut Description)) -> Result<VerifiedEuicc, ChainError> {
    let mut bench = Bench::new(curve);
    let (eum, euicc) = (bench.eum.clone(), bench.euicc.clone());
    let der = bench.changed(&eum, &Holder::Euicc(&EID), &euicc, change);
    match Certificate::from_der(&der) {
        Ok(changed) => verify(&bench, bench.eum.certificate(), &changed),
        Err(error) => Err(ChainError::EuiccInvalid(error.into())),
    }
}

#[track_caller]
fn eum_is_refused(expected: Reason, change: impl Fn(&mut Description)) {
    for curve in Curve::ALL {
        assert_eq!(with_eum(curve, &change), Err(ChainError::EumInvalid(expected.clone())), "{curve}");
    }
}

#[track_caller]
fn euicc_is_refused(expected: Reason, change: impl Fn(&mut Description)) {
    for curve in Curve::ALL {
        assert_eq!(with_euicc(curve, &change), Err(ChainError::EuiccInvalid(expected.clone())), "{curve}");
    }
}

fn constraints(pairs: &[&[(Attribute, &str)]]) -> DescribedExtension {
    let names: Vec<Name> = pairs.iter().map(|pair| Name::new(pair)).collect();
    DescribedExtension::name_constraints(&names).unwrap()
}

const O: Attribute = Attribute::Organization;
const SN: Attribute = Attribute::SerialNumber;
const EUM_ORGANIZATION: &str = "RSP Test EUM";

#[test]
fn the_good_chain_is_accepted() {
    for curve in Curve::ALL {
        let bench = Bench::new(curve);
        let verified = verify(&bench, bench.eum.certificate(), bench.euicc.certificate()).unwrap();
        assert_eq!(verified.eid, EID);
        assert_eq!(&verified.public_key, bench.euicc.key().public_key());
        assert_eq!(Some(&verified.ci), bench.ci.certificate().subject_key_identifier());
    }
}

#[test]
fn what_is_remembered_of_an_eum_is_only_who_signed_its_certificate() {
    for curve in Curve::ALL {
        let mut bench = Bench::new(curve);
        let anchors = [anchor(&bench.ci)];
        let verify = |anchors: &[TrustAnchor], eum: &Certificate, euicc: &Certificate, now: i64| {
            verify_euicc_chain(anchors, eum, euicc, Some(UnixTime(now)), &mut |_| ()).map(drop)
        };
        let (ci, eum, euicc) = (bench.ci.clone(), bench.eum.clone(), bench.euicc.clone());
        let (eum, euicc) = (eum.certificate(), euicc.certificate());
        assert!(anchors[0].known_eum(eum.raw()).is_none());
        verify(&anchors, eum, euicc, NOW.0).unwrap();
        assert_eq!(anchors[0].known_eum(eum.raw()).as_deref(), Some(eum));

        // It expires all the same.
        let end = eum.validity().not_after.0;
        assert!(matches!(
            verify(&anchors, eum, euicc, end + 1),
            Err(ChainError::EumExpired(_) | ChainError::EumInvalid(_))
        ));
        // Another certificate of the same EUM is verified for itself, and not remembered where it does not hold.
        let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &bench.eum.clone(), |_| ());
        let mut forged = der.clone();
        *forged.last_mut().unwrap() ^= 1;
        let forged = Certificate::from_der(&forged).unwrap();
        for _ in 0..2 {
            assert_eq!(
                verify(&anchors, &forged, euicc, NOW.0),
                Err(ChainError::EumInvalid(Reason::Signature))
            );
        }
        assert!(anchors[0].known_eum(forged.raw()).is_none());
        // An eUICC's certificate is verified each time.
        let (issuer, own) = (bench.eum.clone(), bench.euicc.clone());
        let mut other = bench.changed(&issuer, &Holder::Euicc(&EID), &own, |_| ());
        *other.last_mut().unwrap() ^= 1;
        assert!(matches!(
            verify(&anchors, eum, &Certificate::from_der(&other).unwrap(), NOW.0),
            Err(ChainError::EuiccInvalid(Reason::Signature))
        ));
        // What the Certificate Issuer has signed, and is no EUM's, is refused this time and the next.
        let without_usage = |it: &mut Description| it.remove(ExtensionKind::KeyUsage);
        let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &bench.eum.clone(), without_usage);
        let stranger = Certificate::from_der(&der).unwrap();
        for _ in 0..2 {
            assert!(matches!(verify(&anchors, &stranger, euicc, NOW.0), Err(ChainError::EumInvalid(_))));
        }
        assert!(anchors[0].known_eum(stranger.raw()).is_none());
        // Whom others trust is no business of ours: a new set of roots knows nobody.
        assert!(anchor(&bench.ci).known_eum(eum.raw()).is_none());
        assert!(anchors.clone()[0].known_eum(eum.raw()).is_some());
    }
}

#[test]
fn unchanged_descriptions_are_accepted() {
    for curve in Curve::ALL {
        assert!(with_eum(curve, |_| ()).is_ok());
        assert!(with_euicc(curve, |_| ()).is_ok());
    }
}

// The root.

#[test]
fn an_eum_below_another_certificate_issuer_is_unknown() {
    let bench = Bench::new(Curve::P256);
    let mut rng = common::rng(99);
    let stranger = certs::workshop::Workshop::new(NOW, &mut rng).certificate_issuer(Curve::P256).unwrap();
    let (eum, euicc) = (bench.eum.certificate(), bench.euicc.certificate());
    let result = verify_euicc_chain(&[anchor(&stranger)], eum, euicc, Some(NOW), &mut |_| ());
    assert_eq!(result, Err(ChainError::UnknownCi(eum.authority_key_identifier().unwrap().clone())));
    assert!(
        verify_euicc_chain(&[anchor(&stranger), anchor(&bench.ci)], eum, euicc, Some(NOW), &mut |_| ())
            .is_ok()
    );
}

#[test]
fn an_eum_that_names_no_issuer_key_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::AuthorityKeyIdentifier), |eum| {
        eum.remove(ExtensionKind::AuthorityKeyIdentifier);
    });
    eum_is_refused(Reason::NoAuthorityKeyIdentifier, |eum| {
        let mut empty = DescribedExtension::authority_key_identifier(&[1]).unwrap();
        empty.value = vec![0x30, 0];
        eum.set(empty);
    });
}

#[test]
fn a_chain_below_an_expired_certificate_issuer_is_refused() {
    let bench = Bench::new(Curve::P256);
    let (eum, euicc) = (bench.eum.certificate(), bench.euicc.certificate());
    let late = bench.ci.certificate().validity().not_after.plus_days(1);
    let result = verify_euicc_chain(&[anchor(&bench.ci)], eum, euicc, Some(late), &mut |_| ());
    assert!(matches!(result, Err(ChainError::EumInvalid(Reason::CertificateIssuer(_)))), "{result:?}");
}

// The EUM's certificate.

#[test]
fn an_eum_whose_signature_is_not_the_issuers_is_refused() {
    for curve in Curve::ALL {
        let bench = Bench::new(curve);
        let mut der = bench.eum.certificate().raw().to_vec();
        *der.last_mut().unwrap() ^= 1;
        let result = verify(&bench, &parse(&der), bench.euicc.certificate());
        assert_eq!(result, Err(ChainError::EumInvalid(Reason::Signature)));
    }
}

#[test]
fn an_eum_signed_by_another_key_is_refused() {
    let mut bench = Bench::new(Curve::P256);
    let (ci, eum) = (bench.ci.clone(), bench.eum.clone());
    let stranger = bench.workshop().key(Curve::P256).unwrap();
    let mut workshop = bench.workshop();
    let description =
        workshop.describe(ci.certificate(), &Holder::Eum(&["89049032"]), eum.key().public_key()).unwrap();
    let forged = parse(&description.sign(&stranger).unwrap());
    let result = verify(&bench, &forged, bench.euicc.certificate());
    assert_eq!(result, Err(ChainError::EumInvalid(Reason::Signature)));
}

#[test]
fn a_root_that_was_certified_again_under_another_name_is_found_by_its_key() {
    let name = Name::new(&[(Attribute::CommonName, "GSMA Test CI")]);
    assert!(with_eum(Curve::P256, |eum| eum.issuer = name).is_ok());
}

#[test]
fn an_eum_without_subject_key_identifier_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::SubjectKeyIdentifier), |eum| {
        eum.remove(ExtensionKind::SubjectKeyIdentifier);
    });
}

#[test]
fn an_eum_without_key_usage_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::KeyUsage), |eum| {
        eum.remove(ExtensionKind::KeyUsage)
    });
}

#[test]
fn an_eum_whose_key_usage_is_not_critical_is_refused() {
    eum_is_refused(Reason::NotCritical(ExtensionKind::KeyUsage), |eum| {
        eum.set_critical(ExtensionKind::KeyUsage, false);
    });
}

#[test]
fn an_eum_that_may_not_sign_certificates_is_refused() {
    let reason = Reason::KeyUsage { expected: KeyUsage::KEY_CERT_SIGN, actual: KeyUsage::DIGITAL_SIGNATURE };
    eum_is_refused(reason, |eum| {
        eum.set(DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE).unwrap())
    });
}

#[test]
fn an_eum_that_may_do_more_than_sign_certificates_is_refused() {
    let both = KeyUsage::KEY_CERT_SIGN | KeyUsage::DIGITAL_SIGNATURE;
    eum_is_refused(Reason::KeyUsage { expected: KeyUsage::KEY_CERT_SIGN, actual: both }, |eum| {
        eum.set(DescribedExtension::key_usage(both).unwrap());
    });
}

#[test]
fn an_eum_that_may_sign_nothing_but_revocation_lists_is_refused() {
    for actual in [KeyUsage::CRL_SIGN, KeyUsage::NONE] {
        eum_is_refused(Reason::KeyUsage { expected: KeyUsage::KEY_CERT_SIGN, actual }, |eum| {
            eum.set(DescribedExtension::key_usage(actual).unwrap());
        });
    }
}

#[test]
fn an_eum_may_sign_revocation_lists_too() {
    let both = KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
    let result = with_eum(Curve::P256, |eum| eum.set(DescribedExtension::key_usage(both).unwrap()));
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn an_eum_without_policies_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::CertificatePolicies), |eum| {
        eum.remove(ExtensionKind::CertificatePolicies);
    });
}

#[test]
fn an_eum_whose_policies_are_not_critical_is_refused() {
    eum_is_refused(Reason::NotCritical(ExtensionKind::CertificatePolicies), |eum| {
        eum.set_critical(ExtensionKind::CertificatePolicies, false);
    });
}

#[test]
fn an_eum_of_another_role_is_refused() {
    let actual = Some(Role::Euicc);
    eum_is_refused(Reason::Role { expected: Role::Eum, actual }, |eum| {
        eum.set(DescribedExtension::certificate_policies(&[Role::Euicc.policy()], true).unwrap());
    });
}

#[test]
fn an_eum_of_two_roles_is_refused() {
    eum_is_refused(Reason::Role { expected: Role::Eum, actual: None }, |eum| {
        let policies = [Role::Eum.policy(), Role::DpAuth.policy()];
        eum.set(DescribedExtension::certificate_policies(&policies, true).unwrap());
    });
}

#[test]
fn an_eum_without_basic_constraints_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::BasicConstraints), |eum| {
        eum.remove(ExtensionKind::BasicConstraints);
    });
}

#[test]
fn an_eum_that_is_no_certificate_authority_is_refused() {
    eum_is_refused(Reason::NotCa, |eum| {
        let constraints = BasicConstraints { ca: false, path_length: None };
        eum.set(DescribedExtension::basic_constraints(constraints).unwrap());
    });
}

#[test]
fn an_eum_without_path_length_is_refused() {
    eum_is_refused(Reason::PathLength(None), |eum| {
        let constraints = BasicConstraints { ca: true, path_length: None };
        eum.set(DescribedExtension::basic_constraints(constraints).unwrap());
    });
}

#[test]
fn an_eum_with_a_path_length_of_one_is_refused() {
    eum_is_refused(Reason::PathLength(Some(1)), |eum| {
        let constraints = BasicConstraints { ca: true, path_length: Some(1) };
        eum.set(DescribedExtension::basic_constraints(constraints).unwrap());
    });
}

#[test]
fn an_eum_with_an_unknown_critical_extension_is_refused() {
    let id = oid::owned(&[2, 999, 77]);
    eum_is_refused(Reason::UnknownCriticalExtension(id.clone()), |eum| {
        eum.set(DescribedExtension { id: id.clone(), critical: true, value: vec![5, 0] });
    });
}

#[test]
fn an_eum_with_an_unknown_extension_that_is_not_critical_is_accepted() {
    let unknown = DescribedExtension { id: oid::owned(&[2, 999, 77]), critical: false, value: vec![5, 0] };
    assert!(with_eum(Curve::P256, |eum| eum.set(unknown)).is_ok());
}

#[test]
fn an_eum_with_a_critical_extended_key_usage_is_refused() {
    let usage = DescribedExtension::extended_key_usage(&ExtendedKeyUsage::tls()).unwrap();
    eum_is_refused(Reason::UnknownCriticalExtension(ExtensionKind::ExtendedKeyUsage.oid()), |eum| {
        eum.set(usage.clone());
    });
}

#[test]
fn an_eum_with_an_extension_that_occurs_twice_is_refused() {
    let id = ExtensionKind::KeyUsage.oid();
    eum_is_refused(Reason::Unreadable(CertError::RepeatedExtension(id.clone())), |eum| {
        let again = eum.extensions.iter().find(|extension| extension.id == id).cloned().unwrap();
        eum.extensions.push(again);
    });
}

#[test]
fn an_eum_that_has_expired_is_told_apart() {
    for curve in Curve::ALL {
        let result = with_eum(curve, |eum| eum.validity.not_after = NOW.plus_days(-1));
        let reason = Reason::Expired { not_after: NOW.plus_days(-1), now: NOW };
        assert_eq!(result, Err(ChainError::EumExpired(reason)));
    }
}

#[test]
fn an_eum_that_is_not_valid_yet_is_refused() {
    let not_before = NOW.plus_days(1);
    eum_is_refused(Reason::NotYetValid { not_before, now: NOW }, |eum| eum.validity.not_before = not_before);
}

#[test]
fn an_eum_on_another_curve_than_its_issuer_is_refused() {
    for (expected, actual) in [(Curve::P256, Curve::BrainpoolP256r1), (Curve::BrainpoolP256r1, Curve::P256)] {
        let other = Bench::new(actual);
        let result = with_eum(expected, |eum| eum.set_public_key(other.eum.key().public_key()).unwrap());
        assert_eq!(result, Err(ChainError::EumInvalid(Reason::Curve { expected, actual })));
    }
}

// Name constraints.

#[test]
fn an_eum_without_name_constraints_is_refused() {
    eum_is_refused(Reason::MissingExtension(ExtensionKind::NameConstraints), |eum| {
        eum.remove(ExtensionKind::NameConstraints);
    });
}

#[test]
fn an_eum_whose_name_constraints_are_not_critical_is_refused() {
    eum_is_refused(Reason::NotCritical(ExtensionKind::NameConstraints), |eum| {
        eum.set_critical(ExtensionKind::NameConstraints, false);
    });
}

#[test]
fn name_constraints_without_organization_or_digits_are_refused() {
    for pair in [&[(O, EUM_ORGANIZATION)][..], &[(SN, "89049032")], &[(O, EUM_ORGANIZATION), (SN, "")]] {
        let result = with_eum(Curve::P256, |eum| eum.set(constraints(&[pair])));
        assert!(
            matches!(result, Err(ChainError::EumInvalid(Reason::NameConstraints(_)))),
            "{pair:?} {result:?}"
        );
    }
    let empty = with_eum(Curve::P256, |eum| eum.set(constraints(&[])));
    assert!(matches!(empty, Err(ChainError::EumInvalid(_))), "{empty:?}");
}

#[test]
fn name_constraints_of_a_form_that_nobody_evaluates_are_refused() {
    // Excluded subtrees [1] with the directory name of the good permitted ones.
    let result = with_eum(Curve::P256, |eum| {
        let mut extension = constraints(&[&[(O, EUM_ORGANIZATION), (SN, "89049032")]]);
        let permitted = extension.value[2..].to_vec();
        let mut excluded = permitted.clone();
        excluded[0] = 0xa1;
        extension.value =
            [vec![0x30, u8::try_from(2 * permitted.len()).unwrap()], permitted, excluded].concat();
        eum.set(extension);
    });
    assert!(matches!(result, Err(ChainError::EumInvalid(Reason::NameConstraints(_)))), "{result:?}");
}

#[test]
fn name_constraints_that_spell_out_the_default_minimum_are_understood() {
    let result = with_eum(Curve::P256, |eum| {
        let mut extension = constraints(&[&[(O, EUM_ORGANIZATION), (SN, "89049032")]]);
        // `minimum [0] 0` behind the directory name, and the three lengths around it three bytes longer.
        extension.value.extend([0x80, 1, 0]);
        for length in [1, 3, 5] {
            extension.value[length] += 3;
        }
        eum.set(extension);
    });
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn an_eid_outside_the_range_of_the_eum_is_refused() {
    let result =
        with_eum(Curve::P256, |eum| eum.set(constraints(&[&[(O, EUM_ORGANIZATION), (SN, "89049033")]])));
    let Err(ChainError::EuiccInvalid(reason @ Reason::OutsideNameConstraints { .. })) = result else {
        panic!("{result:?}")
    };
    let text = reason.to_string();
    assert!(text.contains(&eid::to_digits(&EID)) && text.contains("89049033"), "{text}");
}

#[test]
fn an_organization_that_the_eum_may_not_name_is_refused() {
    let result = with_eum(Curve::P256, |eum| eum.set(constraints(&[&[(O, "Other EUM"), (SN, "89049032")]])));
    assert!(
        matches!(result, Err(ChainError::EuiccInvalid(Reason::OutsideNameConstraints { .. }))),
        "{result:?}"
    );
}

#[test]
fn any_of_several_pairs_will_do() {
    let pairs: [&[(Attribute, &str)]; 2] =
        [&[(O, "Other EUM"), (SN, "89033023")], &[(O, EUM_ORGANIZATION), (SN, "89049032")]];
    assert!(with_eum(Curve::P256, |eum| eum.set(constraints(&pairs))).is_ok());
}

#[test]
fn the_digits_of_one_pair_do_not_go_with_the_organization_of_another() {
    let pairs: [&[(Attribute, &str)]; 2] =
        [&[(O, "Other EUM"), (SN, "89049032")], &[(O, EUM_ORGANIZATION), (SN, "89033023")]];
    let result = with_eum(Curve::P256, |eum| eum.set(constraints(&pairs)));
    assert!(
        matches!(result, Err(ChainError::EuiccInvalid(Reason::OutsideNameConstraints { .. }))),
        "{result:?}"
    );
}

#[test]
fn the_organization_may_differ_in_letter_case_and_string_type() {
    let result = with_eum(Curve::P256, |eum| {
        let pair = Name::new(&[(SN, "89049032")]).with(O, StringKind::Printable, "rsp TEST  eum");
        eum.set(DescribedExtension::name_constraints(&[pair]).unwrap());
    });
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_further_attribute_in_the_pair_must_be_in_the_euiccs_name_as_well() {
    let pair =
        |country| constraints(&[&[(O, EUM_ORGANIZATION), (Attribute::Country, country), (SN, "89049032")]]);
    assert!(with_eum(Curve::P256, |eum| eum.set(pair("ES"))).is_ok());
    let result = with_eum(Curve::P256, |eum| eum.set(pair("IT")));
    assert!(
        matches!(result, Err(ChainError::EuiccInvalid(Reason::OutsideNameConstraints { .. }))),
        "{result:?}"
    );
}

// The eUICC's certificate.

#[test]
fn an_euicc_whose_signature_is_not_the_eums_is_refused() {
    let bench = Bench::new(Curve::BrainpoolP256r1);
    let mut der = bench.euicc.certificate().raw().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let result = verify(&bench, bench.eum.certificate(), &parse(&der));
    assert_eq!(result, Err(ChainError::EuiccInvalid(Reason::Signature)));
}

#[test]
fn an_euicc_below_another_eum_is_refused() {
    let mut bench = Bench::new(Curve::P256);
    let ci = bench.ci.clone();
    let other = bench.workshop().issue(&ci, &Holder::Eum(&["89049032"])).unwrap();
    let result = verify(&bench, other.certificate(), bench.euicc.certificate());
    assert!(
        matches!(result, Err(ChainError::EuiccInvalid(Reason::AuthorityKeyIdentifier { .. }))),
        "{result:?}"
    );
}

#[test]
fn an_euicc_with_another_issuer_name_is_refused() {
    let name = Name::new(&[(Attribute::CommonName, "Somebody")]);
    let result = with_euicc(Curve::P256, |euicc| euicc.issuer = name);
    assert!(matches!(result, Err(ChainError::EuiccInvalid(Reason::Issuer { .. }))), "{result:?}");
}

#[test]
fn an_euicc_without_key_identifiers_is_refused() {
    for kind in [ExtensionKind::SubjectKeyIdentifier, ExtensionKind::AuthorityKeyIdentifier] {
        euicc_is_refused(Reason::MissingExtension(kind), |euicc| euicc.remove(kind));
    }
}

#[test]
fn an_euicc_without_key_usage_is_refused() {
    euicc_is_refused(Reason::MissingExtension(ExtensionKind::KeyUsage), |euicc| {
        euicc.remove(ExtensionKind::KeyUsage);
    });
}

#[test]
fn an_euicc_whose_key_is_for_agreement_is_refused() {
    let reason = Reason::KeyUsage { expected: KeyUsage::DIGITAL_SIGNATURE, actual: KeyUsage::KEY_AGREEMENT };
    euicc_is_refused(reason, |euicc| {
        euicc.set(DescribedExtension::key_usage(KeyUsage::KEY_AGREEMENT).unwrap())
    });
}

#[test]
fn an_euicc_without_policies_is_refused() {
    euicc_is_refused(Reason::MissingExtension(ExtensionKind::CertificatePolicies), |euicc| {
        euicc.remove(ExtensionKind::CertificatePolicies);
    });
}

#[test]
fn an_euicc_of_another_role_is_refused() {
    euicc_is_refused(Reason::Role { expected: Role::Euicc, actual: Some(Role::Eum) }, |euicc| {
        euicc.set(DescribedExtension::certificate_policies(&[Role::Eum.policy()], true).unwrap());
    });
}

#[test]
fn an_euicc_that_is_a_certificate_authority_is_refused() {
    euicc_is_refused(Reason::Ca, |euicc| {
        let constraints = BasicConstraints { ca: true, path_length: Some(0) };
        euicc.set(DescribedExtension::basic_constraints(constraints).unwrap());
    });
}

#[test]
fn an_euicc_that_says_that_it_is_no_certificate_authority_is_accepted() {
    let plain = DescribedExtension::basic_constraints(BasicConstraints::default()).unwrap();
    assert!(with_euicc(Curve::P256, |euicc| euicc.set(plain)).is_ok());
}

#[test]
fn an_euicc_with_critical_name_constraints_is_refused() {
    euicc_is_refused(Reason::UnknownCriticalExtension(ExtensionKind::NameConstraints.oid()), |euicc| {
        euicc.set(constraints(&[&[(O, EUM_ORGANIZATION), (SN, "89049032")]]));
    });
}

#[test]
fn an_euicc_without_organization_or_eid_is_refused() {
    euicc_is_refused(Reason::Subject("organization"), |euicc| {
        euicc.subject = euicc.subject.clone().without(O);
    });
    euicc_is_refused(Reason::Subject("serialNumber"), |euicc| {
        euicc.subject = euicc.subject.clone().without(SN);
    });
}

#[test]
fn an_euicc_with_two_eids_is_refused() {
    euicc_is_refused(Reason::Subject("serialNumber"), |euicc| {
        euicc.subject =
            euicc.subject.clone().with(SN, StringKind::Printable, "89049032123451234512345678901235");
    });
}

#[test]
fn an_eid_with_wrong_check_digits_is_refused() {
    let digits = "89049032123451234512345678901236";
    let error = eid::EidError::CheckDigits { expected: 35, actual: 36 };
    euicc_is_refused(Reason::Eid { digits: digits.to_owned(), error }, |euicc| {
        euicc.subject = euicc.subject.clone().without(SN).with(SN, StringKind::Printable, digits);
    });
}

#[test]
fn an_eid_that_is_too_short_is_refused() {
    let error = eid::EidError::Length(8);
    euicc_is_refused(Reason::Eid { digits: "89049032".to_owned(), error }, |euicc| {
        euicc.subject = euicc.subject.clone().without(SN).with(SN, StringKind::Printable, "89049032");
    });
}

#[test]
fn an_eid_that_is_no_printable_string_is_refused() {
    euicc_is_refused(Reason::EidNotPrintable, |euicc| {
        let digits = eid::to_digits(&EID);
        euicc.subject = euicc.subject.clone().without(SN).with(SN, StringKind::Utf8, &digits);
    });
}

#[test]
fn an_euicc_that_has_expired_is_told_apart() {
    for curve in Curve::ALL {
        let result = with_euicc(curve, |euicc| euicc.validity.not_after = NOW.plus_days(-1));
        let reason = Reason::Expired { not_after: NOW.plus_days(-1), now: NOW };
        assert_eq!(result, Err(ChainError::EuiccExpired(reason)));
    }
}

#[test]
fn an_euicc_on_another_curve_than_its_eum_is_refused() {
    let other = Bench::new(Curve::BrainpoolP256r1);
    let result =
        with_euicc(Curve::P256, |euicc| euicc.set_public_key(other.euicc.key().public_key()).unwrap());
    let (expected, actual) = (Curve::P256, Curve::BrainpoolP256r1);
    assert_eq!(result, Err(ChainError::EuiccInvalid(Reason::Curve { expected, actual })));
}

// The time.

#[test]
fn both_ends_of_the_validity_belong_to_it() {
    let bench = Bench::new(Curve::P256);
    let (eum, euicc) = (bench.eum.certificate(), bench.euicc.certificate());
    let verify_at = |now| verify_euicc_chain(&[anchor(&bench.ci)], eum, euicc, Some(now), &mut |_| ());
    let validity = eum.validity();
    assert!(verify_at(validity.not_before).is_ok());
    assert!(verify_at(validity.not_after).is_ok());
    let UnixTime(end) = validity.not_after;
    let after = UnixTime(end + 1);
    let reason = Reason::Expired { not_after: validity.not_after, now: after };
    assert_eq!(verify_at(after), Err(ChainError::EumExpired(reason)));
    let UnixTime(start) = validity.not_before;
    assert!(matches!(verify_at(UnixTime(start - 1)), Err(ChainError::EumInvalid(_))));
}

#[test]
fn without_a_clock_nothing_has_expired() {
    let mut bench = Bench::new(Curve::P256);
    let (ci, eum) = (bench.ci.clone(), bench.eum.clone());
    let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &eum, |eum| {
        eum.validity.not_after = eum.validity.not_before;
    });
    let (expired, euicc) = (parse(&der), bench.euicc.certificate());
    let anchors = [anchor(&bench.ci)];
    assert!(verify_euicc_chain(&anchors, &expired, euicc, Some(NOW), &mut |_| ()).is_err());
    assert!(verify_euicc_chain(&anchors, &expired, euicc, None, &mut |_| ()).is_ok());
}

// The report.

fn checks(bench: &Bench, eum: &Certificate, now: Option<UnixTime>) -> Vec<Check> {
    let mut checks = Vec::new();
    let euicc = bench.euicc.certificate();
    let _ = verify_euicc_chain(&[anchor(&bench.ci)], eum, euicc, now, &mut |check| checks.push(check));
    checks
}

#[test]
fn every_check_of_a_good_chain_is_reported_as_passed() {
    let bench = Bench::new(Curve::P256);
    let checks = checks(&bench, bench.eum.certificate(), Some(NOW));
    assert!(checks.iter().all(|check| check.verdict == Verdict::Passed), "{checks:?}");
    assert!(checks.iter().all(|check| check.section.contains('§')), "{checks:?}");
    for role in [Role::Ci, Role::Eum, Role::Euicc] {
        assert!(checks.iter().any(|check| check.certificate == role), "{role}");
    }
    assert_eq!(checks.last().map(|check| check.what), Some("the certificate is valid now"));
}

#[test]
fn the_report_ends_with_the_check_that_failed() {
    let bench = Bench::new(Curve::P256);
    let mut der = bench.eum.certificate().raw().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let checks = checks(&bench, &parse(&der), Some(NOW));
    let (last, before) = checks.split_last().unwrap();
    assert!(before.iter().all(|check| check.verdict == Verdict::Passed));
    assert_eq!(last.verdict, Verdict::Failed(Reason::Signature.to_string()));
    assert_eq!((last.certificate, last.section), (Role::Eum, "SGP.22 §4.5.2.2"));
}

#[test]
fn a_chain_that_fails_before_its_first_signature_is_reported_too() {
    let mut bench = Bench::new(Curve::P256);
    let (ci, eum) = (bench.ci.clone(), bench.eum.clone());
    let der = bench.changed(&ci, &Holder::Eum(&["89049032"]), &eum, |eum| {
        eum.remove(ExtensionKind::AuthorityKeyIdentifier);
    });
    let checks = checks(&bench, &parse(&der), Some(NOW));
    assert!(matches!(checks.as_slice(), [Check { verdict: Verdict::Failed(_), .. }]), "{checks:?}");
}

#[test]
fn checks_that_need_a_clock_are_reported_as_skipped_without_one() {
    let bench = Bench::new(Curve::P256);
    let checks = checks(&bench, bench.eum.certificate(), None);
    let skipped = checks.iter().filter(|check| matches!(check.verdict, Verdict::Skipped(_))).count();
    assert_eq!(skipped, 3);
}
