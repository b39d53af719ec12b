//! SGP.22 §5.8.2, §4.5.2.2: the certificates of the eUICC.

use certs::workshop::{DescribedExtension, Holder};
use certs::{Attribute, BasicConstraints, KeyUsage, Role, StringKind, UnixTime};
use crypto::Curve;

use crate::authenticate_client::assert_refused as refused_with;
use crate::common::euicc::Euicc;
use crate::common::pki::{ISSUER_DIGITS, NOW, authority, signed};
use crate::common::server::{Server, refused};

async fn assert_refused(euicc: &Euicc, code: &str) {
    refused_with(euicc, code, |_| ()).await;
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
    let no_ca = BasicConstraints { ca: false, path_length: None };
    for extension in [
        DescribedExtension::certificate_policies(&[Role::Euicc.policy()], true).unwrap(),
        DescribedExtension::key_usage(KeyUsage::DIGITAL_SIGNATURE).unwrap(),
        DescribedExtension::basic_constraints(no_ca).unwrap(),
    ] {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.eum_certificate = authority(Curve::P256).eum_but(|description| description.set(extension));
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
    for extension in [
        DescribedExtension::certificate_policies(&[Role::DpAuth.policy()], true).unwrap(),
        DescribedExtension::key_usage(KeyUsage::KEY_CERT_SIGN).unwrap(),
    ] {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.certificate =
            authority(Curve::P256)
                .euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| description.set(extension));
        assert_refused(&euicc, "8.1.3/6.1").await;
    }
}

#[tokio::test]
async fn an_euicc_certificate_that_is_none_is_refused() {
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = no_certificate();
    assert_refused(&euicc, "8.1.3/6.1").await;
}

/// SGP.22 §4.5.2.1.0.3: a manufacturer that is trusted like the other, and has digits of its own, cannot name an eUICC
/// of the other to read its events.
#[tokio::test]
async fn an_eid_of_another_eum_is_refused() {
    for curve in Curve::ALL {
        let other = authority(curve).other_eum("89044000");
        let mut euicc = Euicc::new(curve, 1);
        euicc.eum_certificate = other.certificate().to_asn1();
        euicc.certificate = signed(&other, &Holder::Euicc(euicc.eid.as_bytes()), &euicc.key, |_| ());
        assert_refused(&euicc, "8.1.3/6.1").await;
        // With a certificate of the right manufacturer beside it no better: that one did not sign it.
        euicc.eum_certificate = authority(curve).eum.certificate().to_asn1();
        assert_refused(&euicc, "8.1.3/6.1").await;
    }
}

#[tokio::test]
async fn an_eid_or_organization_that_the_eum_may_not_certify_is_refused() {
    let foreign = certs::eid::with_check_digits("890440000000000000000000000001").unwrap();
    let foreign = certs::eid::to_digits(&foreign);
    for (attribute, text) in
        [(Attribute::SerialNumber, foreign.as_str()), (Attribute::Organization, "Someone")]
    {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.certificate =
            authority(Curve::P256).euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
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
    let server = Server::root();
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.certificate = authority(Curve::P256).euicc_but(euicc.eid.as_bytes(), &euicc.key, |description| {
        description.validity.not_after = UnixTime(NOW + 10);
    });
    server.ask(&euicc, None).await.unwrap();
    server.clock.advance_seconds(11);
    assert_eq!(refused(server.ask(&euicc, None).await), "8.1.3/6.3");
}
