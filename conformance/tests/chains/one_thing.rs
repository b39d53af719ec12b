//! A bad certificate differs from the good one of the same seed in one thing.

use std::collections::BTreeSet;

use asn1::tlv;
use certs::Role;
use conformance::pki::{Client, ClientDefect, EuiccDefect, SigningDefect, TlsDefect};
use crypto::Curve;

use crate::{EID, authority, hosts, rng};

/// The parts of a certificate, each extension one of them, without the signature value.
fn parts(certificate: &[u8]) -> BTreeSet<Vec<u8>> {
    let children = |value: &[u8]| -> Vec<(u32, Vec<u8>, Vec<u8>)> {
        let children = tlv::children(value).map(Result::unwrap);
        children.map(|part| (part.tag.0, part.value.to_vec(), part.raw.to_vec())).collect()
    };
    let (outermost, _) = tlv::read(certificate).unwrap();
    let outermost = children(outermost.value);
    let mut parts = BTreeSet::new();
    for (place, (tag, value, raw)) in children(&outermost[0].1).into_iter().enumerate() {
        if tag == 0xA3 {
            let (list, _) = tlv::read(&value).unwrap();
            parts.extend(children(list.value).into_iter().map(|(.., raw)| raw));
        } else {
            parts.insert([vec![u8::try_from(place).unwrap()], raw].concat());
        }
    }
    parts
}

/// How many parts of the good one are not in the bad one.
fn missing(good: &[u8], bad: &[u8]) -> usize {
    parts(good).difference(&parts(bad)).count()
}

/// How many parts of the bad one are not in the good one.
fn added(good: &[u8], bad: &[u8]) -> usize {
    missing(bad, good)
}

#[track_caller]
fn differ_in(expected: usize, name: &str, good: &[u8], bad: &[u8]) {
    let (missing, added) = (missing(good, bad), added(good, bad));
    assert!(missing.max(added) <= expected, "{name}: {missing} parts are missing, {added} added");
}

#[test]
fn a_signing_certificate_differs_in_one_part() {
    use SigningDefect as D;
    let authority = authority(Curve::P256);
    let good = authority.ds_auth(None, &mut rng()).unwrap().certificate;
    for defect in SigningDefect::ALL {
        let bad = authority.ds_auth(Some(defect), &mut rng()).unwrap().certificate;
        let expected = match defect {
            // Only the signature is another one, or what is done to the bytes.
            D::SignatureBit | D::OfForgedCi | D::TwoAlgorithms | D::Revoked | D::RepeatedExtension => 0,
            // Issuer and authorityKeyIdentifier; the key and its identifier.
            D::SelfSigned | D::OtherCurve => 2,
            // Another server stands there: its name, its object identifier and its role.
            D::OfOtherServerRole => 3,
            // Serial number, key and both key identifiers are new: everything below another Certificate Issuer.
            D::CiUnknown => continue,
            // Version 1 is left out of the encoding, so that everything moves up.
            D::Version1 => continue,
            _ => 1,
        };
        differ_in(expected, defect.name(), &good, &bad);
        if expected > 0 {
            assert!(missing(&good, &bad) + added(&good, &bad) > 0, "{defect}");
        } else {
            assert_eq!(good == bad, defect == D::Revoked, "{defect}");
        }
    }
}

#[test]
fn a_certificate_of_an_euicc_or_an_eum_differs_in_one_part() {
    use EuiccDefect as D;
    let authority = authority(Curve::BrainpoolP256r1);
    let good = authority.euicc_chain(EID, None, &mut rng()).unwrap();
    for defect in EuiccDefect::ALL {
        let bad = authority.euicc_chain(EID, Some(defect), &mut rng()).unwrap();
        let expected = match defect {
            D::CiUnknown | D::EumBelowEum | D::EumVersion1 | D::EuiccVersion1 => continue,
            D::EumSelfSigned | D::EumOtherCurve | D::EuiccSelfSigned | D::EuiccOtherCurve => 2,
            // Issuer and authorityKeyIdentifier are those of the one who issued it.
            D::EuiccBelowCi => 2,
            _ => 1,
        };
        if defect.name().starts_with("eum-") {
            differ_in(expected, defect.name(), &good.eum, &bad.eum);
        } else {
            assert_eq!(good.eum, bad.eum, "{defect}");
            differ_in(expected, defect.name(), &good.euicc.certificate, &bad.euicc.certificate);
        }
    }
}

#[test]
fn a_tls_certificate_differs_in_one_part() {
    use TlsDefect as D;
    let authority = authority(Curve::P256);
    let good = authority.tls(Role::DpTls, &hosts(), None, &mut rng()).unwrap().chain;
    for defect in TlsDefect::ALL {
        let bad = authority.tls(Role::DpTls, &hosts(), Some(defect), &mut rng()).unwrap().chain;
        let expected = match defect {
            D::CiUnknown | D::CiUnknownAndShown | D::CiForged | D::BelowEum | D::Version1 => continue,
            D::Truncated | D::Emptied => continue,
            // Common name and subjectAltName; issuer and authorityKeyIdentifier.
            D::WrongHost | D::SelfSigned => 2,
            _ => 1,
        };
        differ_in(expected, defect.name(), &good[0], &bad[0]);
    }
}

#[test]
fn the_certificate_of_a_caller_differs_in_one_part() {
    use ClientDefect as D;
    let authority = authority(Curve::P256);
    let hosts = hosts();
    let client = Client::SmDp(&hosts);
    let good = authority.client(&client, None, &mut rng()).unwrap().chain;
    for defect in ClientDefect::ALL {
        let bad = authority.client(&client, Some(defect), &mut rng()).unwrap().chain;
        let expected = match defect {
            D::CiUnknown | D::CiUnknownAndShown | D::CiForged | D::BelowEum | D::Version1 => continue,
            D::Truncated | D::Emptied => continue,
            D::SelfSigned => 2,
            _ => 1,
        };
        differ_in(expected, defect.name(), &good[0], &bad[0]);
    }
}
