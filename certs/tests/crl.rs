//! Revocation lists: what SGP.22 §4.6 asks of them is read, and everything else is refused by name.
#![cfg(test)]

mod common;

use asn1::SubjectKeyIdentifier;
use certs::chain::TrustAnchor;
use certs::crl::{Crl, CrlError, CrlNumber, MAX_CRL_LENGTH, Part, SignedCrl};
use certs::workshop::{CrlDescription, CrlForm, DescribedEntry, DescribedExtension, Holder, Workshop};
use certs::{Certificate, ExtensionKind, Identity, KeyUsage, Oid, Role, UnixTime};
use common::{NOW, rng};
use crypto::{Curve, Engine};

/// A Certificate Issuer and one certificate of an SM-DP+ below it.
struct Bench {
    ci: Identity,
    server: Identity,
}

impl Bench {
    fn new(curve: Curve) -> Self {
        let mut rng = rng(5);
        let mut workshop = Workshop::new(NOW, &mut rng);
        let ci = workshop.certificate_issuer(curve).unwrap();
        let server = workshop.issue(&ci, &Holder::Server(Role::DpAuth)).unwrap();
        Self { ci, server }
    }

    fn anchor(&self) -> TrustAnchor {
        TrustAnchor::new(self.ci.certificate().clone(), Engine::RustCrypto).unwrap()
    }

    fn describe(&self, form: &CrlForm, revoked: &[&Certificate]) -> CrlDescription {
        Workshop::new(NOW, &mut rng(6)).describe_crl(self.ci.certificate(), form, revoked).unwrap()
    }

    fn signed(&self, description: &CrlDescription) -> Vec<u8> {
        description.sign(self.ci.key()).unwrap()
    }

    fn read(&self, description: &CrlDescription) -> Result<Crl, CrlError> {
        let signed = SignedCrl::from_der(&self.signed(description))?;
        signed.verify(&self.anchor())?;
        signed.read()
    }

    /// What becomes of a good list, in which one thing was changed.
    fn spoiled(&self, spoil: impl FnOnce(&mut CrlDescription)) -> Result<Crl, CrlError> {
        let mut description = self.describe(&CrlForm::complete(7), &[self.server.certificate()]);
        spoil(&mut description);
        self.read(&description)
    }
}

fn oid(arcs: &'static [u32]) -> Oid {
    Oid::new_unchecked(arcs.into())
}

const CRL_NUMBER: &[u32] = &[2, 5, 29, 20];
const ISSUING_DISTRIBUTION_POINT: &[u32] = &[2, 5, 29, 28];
const TOTAL: &[u32] = &[2, 23, 146, 1, 2, 0, 2];
const PART: &[u32] = &[2, 23, 146, 1, 2, 0, 3];

fn extension(arcs: &'static [u32], critical: bool, value: &[u8]) -> DescribedExtension {
    DescribedExtension { id: oid(arcs), critical, value: value.to_vec() }
}

#[test]
fn a_complete_list_tells_what_its_issuer_wrote() {
    for curve in Curve::ALL {
        let bench = Bench::new(curve);
        let crl = bench.spoiled(|_| ()).unwrap();
        assert_eq!(crl.issuer, *bench.ci.certificate().subject());
        assert_eq!((crl.this_update, crl.next_update), (NOW, NOW.plus_days(30)));
        assert_eq!((crl.number, crl.base, crl.part), (CrlNumber::from(7), None, None));
        let [entry] = &crl.revoked[..] else { panic!("{crl:?}") };
        assert_eq!(entry.serial_number, bench.server.certificate().serial_number());
        assert_eq!(entry.expiration_date, Some(bench.server.certificate().validity().not_after));
        assert_eq!(entry.revocation_date, NOW);
    }
}

#[test]
fn a_list_may_be_empty() {
    let bench = Bench::new(Curve::P256);
    let crl = bench.read(&bench.describe(&CrlForm::complete(0), &[])).unwrap();
    assert_eq!((crl.number, crl.revoked.len()), (CrlNumber::from(0), 0));
}

#[test]
fn a_delta_list_names_its_base_and_a_part_its_place() {
    let bench = Bench::new(Curve::BrainpoolP256r1);
    let form = CrlForm { base: Some(200.into()), part: Part::new(2, 300), ..CrlForm::complete(300) };
    let crl = bench.read(&bench.describe(&form, &[])).unwrap();
    assert_eq!((crl.number, crl.base, crl.part), (300.into(), Some(200.into()), Part::new(2, 300)));
}

#[test]
fn only_a_part_may_leave_the_expiration_date_out() {
    let bench = Bench::new(Curve::P256);
    let without = |description: &mut CrlDescription| description.revoked[0].extensions.clear();
    assert_eq!(bench.spoiled(without), Err(CrlError::NoExpirationDate));
    let form = CrlForm { part: Part::new(1, 1), ..CrlForm::complete(7) };
    let mut part = bench.describe(&form, &[bench.server.certificate()]);
    without(&mut part);
    assert_eq!(bench.read(&part).unwrap().revoked[0].expiration_date, None);
}

#[test]
fn numbers_of_up_to_20_bytes_are_read_and_longer_or_negative_ones_are_not() {
    let bench = Bench::new(Curve::P256);
    let numbered = |value: &[u8]| {
        let value = asn1::tlv::wrap(0x02, value);
        bench
            .spoiled(|description| description.set(extension(CRL_NUMBER, false, &value)))
            .map(|crl| crl.number)
    };
    assert_eq!(numbered(&[0x7F; 20]), Ok(CrlNumber::from_octets(&[0x7F; 20]).unwrap()));
    assert_eq!(numbered(&[0, 0x80]), Ok(128.into()));
    for value in [&[0x7F; 21][..], &[0x80], &[0, 1], &[]] {
        assert!(matches!(numbered(value), Err(CrlError::Malformed { field: "cRLNumber", .. })), "{value:?}");
    }
}

#[test]
fn the_key_is_named_before_anything_else_is_looked_at() {
    let bench = Bench::new(Curve::P256);
    let mut description = bench.describe(&CrlForm::complete(7), &[]);
    description.version = 9;
    let signed = SignedCrl::from_der(&bench.signed(&description)).unwrap();
    let expected: &SubjectKeyIdentifier = bench.ci.certificate().subject_key_identifier().unwrap();
    assert_eq!(signed.authority_key_identifier(), expected);
    signed.verify(&bench.anchor()).unwrap();
    assert!(matches!(signed.read(), Err(CrlError::Malformed { field: "version", .. })));
}

#[test]
fn a_list_of_another_key_is_not_the_issuers() {
    let bench = Bench::new(Curve::P256);
    let description = bench.describe(&CrlForm::complete(7), &[]);
    let forged = description.sign(bench.server.key()).unwrap();
    assert_eq!(SignedCrl::from_der(&forged).unwrap().verify(&bench.anchor()), Err(CrlError::Signature));
}

#[test]
fn a_key_that_may_not_sign_lists_is_none_for_them() {
    let mut rng = rng(5);
    let mut workshop = Workshop::new(NOW, &mut rng);
    let key = workshop.key(Curve::P256).unwrap();
    let mut description = workshop.describe_certificate_issuer(key.public_key()).unwrap();
    description.set(DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN).unwrap());
    let ci = Certificate::from_der(&description.sign(&key).unwrap()).unwrap();
    let crl = workshop.describe_crl(&ci, &CrlForm::complete(1), &[]).unwrap().sign(&key).unwrap();
    let anchor = TrustAnchor::new(ci, Engine::RustCrypto).unwrap();
    assert_eq!(SignedCrl::from_der(&crl).unwrap().verify(&anchor), Err(CrlError::KeyUsage));
}

#[test]
fn extensions_that_have_to_be_there_are_missed() {
    let bench = Bench::new(Curve::P256);
    let without = |id: Oid| bench.spoiled(|description| description.extensions.retain(|e| e.id != id));
    let authority = ExtensionKind::AuthorityKeyIdentifier.oid();
    assert_eq!(without(authority), Err(CrlError::MissingExtension("authorityKeyIdentifier")));
    assert_eq!(without(oid(CRL_NUMBER)), Err(CrlError::MissingExtension("cRLNumber")));
    let scope = without(oid(ISSUING_DISTRIBUTION_POINT));
    assert_eq!(scope, Err(CrlError::MissingExtension("issuingDistributionPoint")));
}

#[test]
fn extensions_that_are_not_understood_matter_only_where_they_are_critical() {
    let bench = Bench::new(Curve::P256);
    let add = |critical| extension(&[2, 999, 1], critical, &[5, 0]);
    let unknown = Err(CrlError::UnknownCriticalExtension(oid(&[2, 999, 1])));
    assert_eq!(bench.spoiled(|description| description.extensions.push(add(true))), unknown);
    assert_eq!(bench.spoiled(|description| description.revoked[0].extensions.push(add(true))), unknown);
    bench.spoiled(|description| description.extensions.push(add(false))).unwrap();
    bench.spoiled(|description| description.revoked[0].extensions.push(add(false))).unwrap();
}

#[test]
fn an_extension_that_occurs_twice_is_refused() {
    let bench = Bench::new(Curve::P256);
    let twice = bench.spoiled(|description| description.extensions.push(description.extensions[1].clone()));
    assert_eq!(twice, Err(CrlError::RepeatedExtension(oid(CRL_NUMBER))));
}

#[test]
fn a_part_has_a_number_and_a_total_that_fit() {
    let bench = Bench::new(Curve::P256);
    let with = |extensions: &[DescribedExtension]| {
        bench.spoiled(|description| description.extensions.extend_from_slice(extensions)).map(|crl| crl.part)
    };
    let (total, part) =
        (|n: u8| extension(TOTAL, false, &[2, 1, n]), |n: u8| extension(PART, false, &[2, 1, n]));
    assert_eq!(with(&[total(3), part(3)]), Ok(Part::new(3, 3)));
    for wrong in
        [&[total(3)][..], &[part(1)], &[total(3), part(0)], &[total(3), part(4)], &[total(0), part(0)]]
    {
        assert_eq!(with(wrong), Err(CrlError::Part));
    }
    let huge = extension(TOTAL, false, &[2, 5, 1, 0, 0, 0, 0]);
    assert_eq!(with(&[huge, part(1)]), Err(CrlError::Part));
}

#[test]
fn a_list_for_some_certificates_only_is_refused() {
    let bench = Bench::new(Curve::P256);
    for tag in [0x81, 0x82, 0x84, 0x85] {
        let value = asn1::tlv::wrap(0x30, &[tag, 1, 0xFF]);
        let limited =
            bench.spoiled(|description| description.set(extension(ISSUING_DISTRIBUTION_POINT, true, &value)));
        assert_eq!(limited, Err(CrlError::Scope), "{tag:02X}");
    }
}

#[test]
fn version_algorithm_and_next_update_are_those_of_the_specification() {
    let bench = Bench::new(Curve::P256);
    let version = bench.spoiled(|description| description.version = 0);
    assert!(matches!(version, Err(CrlError::Malformed { field: "version", .. })));
    let algorithm =
        bench.spoiled(|description| description.signature_algorithm = oid(&[1, 2, 840, 10045, 4, 3, 3]));
    assert!(matches!(algorithm, Err(CrlError::SignatureAlgorithm { field: "signatureAlgorithm", .. })));
    let endless = bench.spoiled(|description| description.next_update = None);
    assert!(matches!(endless, Err(CrlError::Malformed { field: "tbsCertList", .. })));
}

#[test]
fn a_serial_number_has_1_to_20_bytes() {
    let bench = Bench::new(Curve::P256);
    let numbered =
        |length: usize| bench.spoiled(|description| description.revoked[0].serial_number = vec![1; length]);
    numbered(20).unwrap();
    for length in [0, 21] {
        assert!(matches!(numbered(length), Err(CrlError::Malformed { field: "userCertificate", .. })));
    }
}

#[test]
fn a_list_as_long_as_a_card_can_be_sent_is_read_and_a_longer_one_is_not() {
    let bench = Bench::new(Curve::P256);
    let mut description = bench.describe(&CrlForm::complete(7), &[bench.server.certificate()]);
    let entry = description.revoked[0].clone();
    let mut filled = |count: u32| {
        let numbered = |number: u32| DescribedEntry {
            serial_number: (number | 1 << 30).to_be_bytes().to_vec(),
            ..entry.clone()
        };
        description.revoked = (0..count).map(numbered).collect();
        bench.signed(&description)
    };
    let each = (filled(1001).len() - filled(1).len()) / 1000;
    let most = u32::try_from((MAX_CRL_LENGTH - 600) / each).unwrap();
    let longest = filled(most);
    assert!(longest.len() <= MAX_CRL_LENGTH);
    assert_eq!(
        SignedCrl::from_der(&longest).unwrap().read().unwrap().revoked.len(),
        usize::try_from(most).unwrap()
    );
    let longer = filled(most + 20);
    assert_eq!(SignedCrl::from_der(&longer), Err(CrlError::TooLong(longer.len())));
}

#[test]
fn dates_beyond_2050_are_read_as_they_were_written() {
    let bench = Bench::new(Curve::P256);
    let late = UnixTime(4_000_000_000);
    let crl = bench.spoiled(|description| {
        description.next_update = Some(late);
        description.revoked[0].extensions =
            vec![DescribedExtension::expiration_date(UnixTime::NO_EXPIRATION).unwrap()];
    });
    let crl = crl.unwrap();
    assert_eq!((crl.next_update, crl.revoked[0].expiration_date), (late, Some(UnixTime::NO_EXPIRATION)));
}

/// Every bit of a list turned, one at a time: nothing panics and nothing is accepted.
#[test]
fn a_list_with_any_bit_turned_is_refused() {
    let bench = Bench::new(Curve::P256);
    let form = CrlForm { base: Some(6.into()), part: Part::new(1, 2), ..CrlForm::complete(7) };
    let good = bench.signed(&bench.describe(&form, &[bench.server.certificate()]));
    let anchor = bench.anchor();
    for index in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[index] ^= 1 << bit;
            let outcome = SignedCrl::from_der(&bytes);
            let _ = outcome.as_ref().map(SignedCrl::read);
            assert!(outcome.and_then(|signed| signed.verify(&anchor)).is_err(), "bit {bit} of byte {index}");
        }
        assert!(SignedCrl::from_der(&good[..index]).is_err());
    }
}
