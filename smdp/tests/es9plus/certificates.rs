//! SGP.22 §5.6.3, §4.5.2.2: the certificates of the eUICC.

use certs::workshop::{DescribedExtension, Holder};
use certs::{Attribute, BasicConstraints, ExtensionKind, KeyUsage, Role, StringKind, UnixTime};
use crypto::Curve;
use protocol::es9plus::Es9Plus;

use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{matching_id, order};
use crate::common::pki::{ISSUER_DIGITS, NOW, authority};
use crate::common::server::{Server, refused};

/// Refused with this code; the order as it was, the session ended.
async fn assert_refused(euicc: &Euicc, code: &str) {
    let server = Server::new();
    server.add(order(1)).await;
    let before = server.snapshot(&[], &[]).await;
    let initiated = server.opened(euicc).await;
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    assert_eq!(refused(server.smdp.authenticate_client(request).await), code);
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
    assert_eq!(server.snapshot(&[], &[]).await, before);
}

fn no_certificate() -> asn1::Certificate {
    asn1::Certificate::from_der(&[0x30, 3, 2, 1, 5]).unwrap()
}

#[tokio::test]
async fn an_eum_certificate_that_the_ci_did_not_sign_is_refused() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let holder = Holder::Eum(&[ISSUER_DIGITS]);
        let mut euicc = Euicc::new(curve, 1);
        euicc.eum_certificate = authority.forged(&authority.ci, &holder, authority.eum.key());
        assert_refused(&euicc, "8.1.2/6.1").await;
    }
}

#[tokio::test]
async fn an_eum_certificate_with_one_wrong_member_is_refused() {
    let authority = authority(Curve::P256);
    let policies = [Role::Euicc.policy()];
    let not_an_eum = DescribedExtension::certificate_policies(&policies, true).unwrap();
    let wrong_usage = DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE).unwrap();
    let no_ca = BasicConstraints { ca: false, path_length: None };
    let no_ca = DescribedExtension::basic_constraints(no_ca).unwrap();
    let long = BasicConstraints { ca: true, path_length: Some(1) };
    let long = DescribedExtension::basic_constraints(long).unwrap();
    for extension in [not_an_eum, wrong_usage, no_ca, long] {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.eum_certificate = authority.eum_but(|description| description.set(extension));
        assert_refused(&euicc, "8.1.2/6.1").await;
    }
}

#[tokio::test]
async fn an_eum_certificate_that_is_none_is_refused() {
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.eum_certificate = no_certificate();
    assert_refused(&euicc, "8.1.2/6.1").await;
}

#[tokio::test]
async fn an_expired_eum_certificate_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::new(curve, 1);
        euicc.eum_certificate = authority(curve).eum_but(|eum| eum.validity.not_after = UnixTime(NOW - 1));
        assert_refused(&euicc, "8.1.2/6.3").await;
    }
}

#[tokio::test]
async fn an_euicc_certificate_that_the_eum_did_not_sign_is_refused() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let mut euicc = Euicc::new(curve, 1);
        let holder = Holder::Euicc(euicc.eid.as_bytes());
        euicc.certificate = authority.forged(&authority.eum, &holder, &euicc.key);
        assert_refused(&euicc, "8.1.3/6.1").await;
    }
}

#[tokio::test]
async fn an_euicc_certificate_with_one_wrong_member_is_refused() {
    let authority = authority(Curve::P256);
    let policies = [Role::DpAuth.policy()];
    let not_an_euicc = DescribedExtension::certificate_policies(&policies, true).unwrap();
    let wrong_usage = DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN).unwrap();
    for extension in [not_an_euicc, wrong_usage] {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.certificate =
            authority.euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| description.set(extension));
        assert_refused(&euicc, "8.1.3/6.1").await;
    }
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = authority.euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
        description.remove(ExtensionKind::KeyUsage);
    });
    assert_refused(&euicc, "8.1.3/6.1").await;
}

#[tokio::test]
async fn an_euicc_certificate_that_is_none_is_refused() {
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = no_certificate();
    assert_refused(&euicc, "8.1.3/6.1").await;
}

/// SGP.22 §4.5.2.1.0.3: the EUM's name constraints bound organization and EID together.
#[tokio::test]
async fn an_eid_or_organization_that_the_eum_may_not_certify_is_refused() {
    let authority = authority(Curve::P256);
    let foreign = certs::eid::with_check_digits("890440020000000000000000000001").unwrap();
    let foreign = certs::eid::to_digits(&foreign);
    for (attribute, text) in
        [(Attribute::SerialNumber, foreign.as_str()), (Attribute::Organization, "Someone")]
    {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.certificate = authority.euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
            let subject = description.subject.clone().without(attribute);
            description.subject = subject.with(attribute, StringKind::Printable, text);
        });
        assert_refused(&euicc, "8.1.3/6.1").await;
    }
}

#[tokio::test]
async fn an_expired_euicc_certificate_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::new(curve, 1);
        euicc.certificate = authority(curve).euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
            description.validity.not_after = UnixTime(NOW - 1);
        });
        assert_refused(&euicc, "8.1.3/6.3").await;
    }
}

#[tokio::test]
async fn a_certificate_that_expires_between_two_sessions_is_refused_in_the_second() {
    let server = Server::new();
    server.add(order(1)).await;
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = authority(Curve::P256).euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
        description.validity.not_after = UnixTime(NOW + 10);
    });
    server.offered(&euicc, &matching_id(1)).await;
    server.clock.advance_seconds(11);
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.1.3/6.3");
}

#[tokio::test]
async fn the_certificate_of_another_euicc_does_not_fit_the_signature() {
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = Euicc::new(Curve::P256, 2).certificate;
    assert_ne!(eid(1), eid(2));
    assert_refused(&euicc, "8.1/6.1").await;
}

/// SGP.22 §5.7.13: the eUICC signs with the key that belongs to euiccCiPKIdToBeUsed.
#[tokio::test]
async fn an_euicc_that_signs_under_another_trusted_ci_than_it_was_told_is_refused() {
    for (told, signed) in [(Curve::P256, Curve::BrainpoolP256r1), (Curve::BrainpoolP256r1, Curve::P256)] {
        let server = Server::new();
        server.add(order(1)).await;
        let initiated = server.opened(&Euicc::new(told, 1)).await;
        let request = Euicc::new(signed, 1).authenticate(&initiated, Some(&matching_id(1)));
        assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.11.1/3.9");
    }
}
