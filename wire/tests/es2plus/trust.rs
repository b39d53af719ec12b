//! Whom a client with a certificate takes for its server.

use wire::es2plus::ClientError;
use wire::tls::Trust;
use wire::transport::{Route, TransportError};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::{OPERATOR, Pki, client, sha256};
use crate::support::running::Running;

async fn reaches(trust: Trust, host: &str) -> Result<(), ClientError> {
    let pki = Pki::get();
    let server = Running::with_tls(Fake::default(), pki.server([pki.by_oid(OPERATOR)])).await;
    let tls = client(trust, &pki.operator);
    let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Smdp);
    let route = Route { host: host.to_owned(), to: server.address };
    let client = wire::es2plus::Client::new(host.parse().unwrap(), tls, tracer).with_route(route);
    client.release_profile(&messages::header(), &messages::release_profile()).await
}

fn is_tls_error(outcome: Result<(), ClientError>) -> bool {
    matches!(outcome, Err(ClientError::Transport(TransportError::Tls { .. })))
}

#[tokio::test]
async fn a_server_below_a_root_is_trusted_under_its_own_name_only() {
    reaches(Pki::get().trust(), "smdp.example.com").await.unwrap();
    assert!(is_tls_error(reaches(Pki::get().trust(), "other.example.com").await));
    assert!(is_tls_error(reaches(Pki::new(8).trust(), "smdp.example.com").await));
}

#[tokio::test]
async fn a_pinned_server_is_trusted_as_it_is() {
    let pin = sha256(Pki::get().smdp.certificate());
    let pins = |pins: Vec<[u8; 32]>| Trust { pins, ..Trust::default() };
    reaches(pins(vec![[0; 32], pin]), "smdp.example.com").await.unwrap();
    reaches(pins(vec![pin]), "lab.example.com").await.unwrap();
    assert!(is_tls_error(reaches(pins(vec![[0; 32]]), "smdp.example.com").await));
}

#[tokio::test]
async fn a_root_or_a_pin_will_do() {
    let pki = Pki::get();
    let other_root = vec![Pki::new(8).ci.certificate().raw().to_vec()];
    let pinned = Trust { roots: other_root, pins: vec![sha256(pki.smdp.certificate())], ..Trust::default() };
    reaches(pinned, "smdp.example.com").await.unwrap();
    let rooted = Trust { pins: vec![[0; 32]], ..pki.trust() };
    reaches(rooted, "smdp.example.com").await.unwrap();
}

#[test]
fn a_client_that_trusts_nobody_and_one_without_a_certificate_are_refused() {
    use std::sync::Arc;

    use protocol::clock::FixedClock;
    use wire::tls::client_config_with_certificate;

    use crate::support::pki::{NOW, private_key};

    let pki = Pki::get();
    let clock = Arc::new(FixedClock(NOW));
    let chain = [pki.operator.certificate().raw().to_vec()];
    let key = || private_key(&pki.operator);
    assert!(client_config_with_certificate(Trust::default(), chain.clone(), key(), clock.clone()).is_err());
    let none = Vec::<Vec<u8>>::new();
    assert!(client_config_with_certificate(pki.trust(), none, key(), clock.clone()).is_err());
    let error =
        client_config_with_certificate(pki.trust(), chain, private_key(&pki.smdp), clock).unwrap_err();
    assert!(error.to_string().contains("private key SK.pem"), "{error}");
}
