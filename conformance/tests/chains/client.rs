//! What a server refuses of its callers. Those with a certificate of SGP.22 are judged by `certs::chain`, operators by rustls,
//! since their certificates are plain ones.

use std::sync::Arc;
use std::time::Duration;

use certs::chain::verify_server_certificate;
use certs::{CertError, Certificate, Role, oid};
use conformance::pki::{Authority, Client, ClientDefect, TlsChain};
use crypto::Curve;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;

use crate::{NOW, authority, hosts, rng};

/// As an SM-DS does on ES12 and ES15.
fn server_is_accepted(authority: &Authority, role: Role, chain: &TlsChain) -> bool {
    Certificate::from_der(&chain.chain[0]).is_ok_and(|certificate| {
        verify_server_certificate(&certificate, role, authority.anchor(), Some(NOW), &mut |_| ()).is_ok()
    })
}

/// As a TLS library does, and who reads the object identifier out of the certificate that it lets through.
fn operator_is_accepted(authority: &Authority, chain: &TlsChain) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.ci_certificate().raw().to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let chain: Vec<_> = chain.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.0.unsigned_abs()));
    verifier.verify_client_cert(&chain[0], &chain[1..], now).is_ok()
}

#[test]
fn good_callers_are_accepted() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let hosts = hosts();
        for (client, role) in [(Client::SmDp(&hosts), Role::DpTls), (Client::SmDs(&hosts), Role::DsTls)] {
            let chain = authority.client(&client, None, &mut rng()).unwrap();
            assert!(server_is_accepted(&authority, role, &chain), "{role} on {curve}");
        }
    }
    let (authority, oid) = (authority(Curve::P256), oid::parse("2.999.20").unwrap());
    let chain = authority.client(&Client::Operator { name: "MNO", oid: &oid }, None, &mut rng()).unwrap();
    assert!(operator_is_accepted(&authority, &chain));
    assert_eq!(Certificate::from_der(&chain.chain[0]).unwrap().registered_ids(), [oid]);
}

#[test]
fn every_defect_of_a_calling_server_is_refused() {
    let hosts = hosts();
    for curve in Curve::ALL {
        let authority = authority(curve);
        for (client, role) in [(Client::SmDp(&hosts), Role::DpTls), (Client::SmDs(&hosts), Role::DsTls)] {
            for defect in ClientDefect::ALL {
                assert!(defect.concerns(&client), "{defect}");
                let chain = authority.client(&client, Some(defect), &mut rng()).unwrap();
                assert!(!server_is_accepted(&authority, role, &chain), "{defect} of {role} on {curve}");
            }
        }
    }
}

#[test]
fn every_defect_of_an_operator_is_refused() {
    let (authority, oid) = (authority(Curve::P256), oid::parse("2.999.20").unwrap());
    let client = Client::Operator { name: "MNO", oid: &oid };
    for defect in ClientDefect::ALL.into_iter().filter(|defect| defect.concerns(&client)) {
        let chain = authority.client(&client, Some(defect), &mut rng()).unwrap();
        let accepted = operator_is_accepted(&authority, &chain);
        match defect {
            // A TLS library does not look at these, but the server that asks who calls does.
            ClientDefect::NoRegisteredId | ClientDefect::TwoRegisteredIds => {
                let certificate = Certificate::from_der(&chain.chain[0]).unwrap();
                assert_ne!(certificate.registered_ids(), std::slice::from_ref(&oid), "{defect}");
            }
            ClientDefect::WrongKeyUsage => {
                let certificate = Certificate::from_der(&chain.chain[0]).unwrap();
                let usage = certificate.extensions().key_usage.as_ref().unwrap().value;
                assert!(!usage.contains(certs::KeyUsage::DIGITAL_SIGNATURE));
            }
            // Nor at this one before it verifies what the caller signs, which no key of the judge can have signed.
            ClientDefect::PointOffCurve => {
                let error = Certificate::from_der(&chain.chain[0]).unwrap_err();
                assert!(matches!(error, CertError::PublicKey(_)));
            }
            _ => assert!(!accepted, "{defect}"),
        }
    }
}
