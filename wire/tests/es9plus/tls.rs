use std::sync::Arc;

use certs::Certificate;
use crypto::Curve;
use protocol::clock::{FixedClock, Timestamp};
use protocol::es9plus::Es9Plus;
use protocol::status::Fault;
use protocol::trace::{Actor, Tracer};
use wire::es9plus::{Client, ClientError};
use wire::server::Limits;
use wire::tls::{PrivateKey, client_config, server_config};
use wire::transport::{Route, TransportError};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::{NOW, Pki};
use crate::support::running::{Running, endpoint};

async fn tls_error(client: Client) -> String {
    let error = client.cancel_session(messages::cancel_session()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert_eq!(error.fault(), Some(Fault::PeerIncompatible));
    error.to_string()
}

#[tokio::test]
async fn a_server_under_another_ci_is_not_trusted() {
    let server = Running::secure(Fake::default()).await;
    let client = server.client_with(Pki::new(Curve::P256, 8).client(), Tracer::off(Actor::Lpa));
    let error = tls_error(client).await;
    assert!(error.contains("invalid peer certificate"), "{error}");
}

#[tokio::test]
async fn a_server_certificate_is_judged_by_the_clock_that_was_given() {
    let server = Running::secure(Fake::default()).await;
    for (years, expected) in [(-30, "not valid yet"), (200, "expired")] {
        let then = Timestamp::from_unix_seconds(NOW.unix_seconds() + years * 365 * 86_400);
        let client = server.client_with(Pki::get().client_at(then), Tracer::off(Actor::Lpa));
        let error = tls_error(client).await;
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_server_certificate_for_another_host_is_not_accepted() {
    let server = Running::secure(Fake::default()).await;
    let route = Route { host: "other.example.com".to_owned(), to: server.address };
    let address = "other.example.com".parse().unwrap();
    let client = Client::new(address, Pki::get().client(), Tracer::off(Actor::Lpa)).with_route(route);
    assert!(tls_error(client).await.contains("not valid for name"));
}

#[test]
fn a_private_key_that_is_not_the_certificates_is_named() {
    let chain = [Pki::get().dp_tls.certificate().raw().to_vec()];
    let error = server_config(chain, Pki::new(Curve::P256, 9).private_key()).unwrap_err();
    assert!(error.to_string().contains("private key SK_S_SM_DP_TLS.pem"), "{error}");
}

#[test]
fn a_brainpool_key_is_refused_with_what_would_do() {
    let pki = Pki::new(Curve::BrainpoolP256r1, 9);
    let error = server_config([pki.dp_tls.certificate().raw().to_vec()], pki.private_key()).unwrap_err();
    assert!(error.to_string().starts_with("SK_S_SM_DP_TLS.pem: "), "{error}");
    assert!(error.to_string().contains("P-256"), "{error}");
}

#[test]
fn a_private_key_is_never_shown() {
    assert_eq!(format!("{:?}", Pki::get().private_key()), r#"PrivateKey("SK_S_SM_DP_TLS.pem")"#);
}

#[test]
fn an_empty_chain_and_missing_or_broken_roots_are_refused() {
    let clock = || Arc::new(FixedClock(NOW));
    assert!(server_config(Vec::<Vec<u8>>::new(), Pki::get().private_key()).is_err());
    assert!(client_config(Vec::<Vec<u8>>::new(), clock()).is_err());
    let good = Pki::get().ci.certificate().raw().to_vec();
    let error = client_config([good, vec![0x30, 0x00]], clock()).unwrap_err();
    assert!(error.to_string().starts_with("trust root number 2: "), "{error}");
}

/// The published certificates: SAN with registeredID below 2.999, a CI with a critical certificate policy.
#[tokio::test]
async fn the_published_test_certificates_are_accepted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/sgp26");
    let read = |path: &str| std::fs::read(format!("{folder}/{path}"));
    let Ok(ci) = read("CertificateIssuer/CERT_CI_ECDSA_NIST.der") else {
        println!("skipped: the reference data in ../shared/data is not there");
        return;
    };
    let dp = read("DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der").unwrap();
    let key = PrivateKey::read("SK", &read("DPtls/SK_S_SM_DP_TLS_NIST.pem").unwrap()).unwrap();
    let certificate = Certificate::from_der(&dp).unwrap();
    let host = certificate.dns_names()[0].clone();
    let during = Timestamp::from_unix_seconds(certificate.validity().not_before.0 + 86_400);

    let tls = server_config([dp], key).unwrap();
    let server = Running::start(endpoint(Fake::default()), Some(tls), Limits::default()).await;
    let tls = client_config([ci], Arc::new(FixedClock(during))).unwrap();
    let route = Route { host: host.clone(), to: server.address };
    let client = Client::new(host.parse().unwrap(), tls, Tracer::off(Actor::Lpa)).with_route(route);
    client.cancel_session(messages::cancel_session()).await.unwrap();
}

/// SGP.22 §3.1.2 step 5: keys of an earlier TLS session are not used again, even for a client that would.
#[tokio::test]
async fn a_tls_session_is_never_resumed() {
    use rustls::pki_types::{CertificateDer, ServerName};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Running::secure(Fake::default()).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(Pki::get().ci.certificate().raw().to_vec())).unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots.clone())
        .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        for _ in 0..3 {
            let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
            let name = ServerName::try_from("smdp.example.com").unwrap();
            let mut stream = connector.connect(name, stream).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
            let _ = stream.read_to_end(&mut Vec::new()).await;
            let kind = stream.get_ref().1.handshake_kind();
            assert_eq!(kind, Some(rustls::HandshakeKind::Full), "{version:?}");
        }
    }
}
