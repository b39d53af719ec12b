//! What an SM-DP+ or an Alternative SM-DS takes for its SM-DS.

use std::sync::Arc;

use certs::workshop::Holder;
use certs::{Role, UnixTime, Validity};
use protocol::clock::FixedClock;
use protocol::trace::{Actor, Tracer};
use rustls::version::{TLS12, TLS13};
use wire::es12::{Client, ClientError};
use wire::tls::{Trust, client_config_with_certificate, server_config_with_client_authentication};
use wire::transport::TransportError;

use crate::support::certificates::{client, issued_to, private_key};
use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::{DAY, HOST, NOW, Pki, policies};
use crate::support::{client_with, secure, with_tls};

async fn reaches(trust: Trust, host: &str) -> Result<(), ClientError> {
    let pki = Pki::get();
    let server = secure(Fake::default()).await;
    let tls = client(trust, &pki.smdp);
    let client = Client::new(host.parse().unwrap(), tls, Tracer::off(Actor::Smdp));
    let client = client.with_route(server.route(host));
    client.register_event(&messages::header(), &messages::register_event()).await
}

fn is_tls_error(outcome: Result<(), ClientError>) -> bool {
    matches!(outcome, Err(ClientError::Transport(TransportError::Tls { .. })))
}

#[tokio::test]
async fn a_cert_ds_tls_below_the_ci_is_accepted_under_its_own_name_only() {
    reaches(Pki::get().trust(), HOST).await.unwrap();
    reaches(Pki::get().trust(), "SMDS.example.com").await.unwrap();
    assert!(is_tls_error(reaches(Pki::get().trust(), "other.example.com").await));
    assert!(is_tls_error(reaches(Pki::new(8).trust(), HOST).await));
}

#[tokio::test]
async fn it_is_accepted_in_both_versions_of_tls() {
    let pki = Pki::get();
    let server = secure(Fake::default()).await;
    let shown = Some((pki.smdp.certificate(), pki.smdp.key()));
    for version in [&TLS12, &TLS13] {
        let client = client_with(&server, pki.odd_client(version, shown));
        client.delete_event(&messages::header(), &messages::delete_event()).await.unwrap();
    }
}

#[tokio::test]
async fn an_expired_cert_ds_tls_is_refused() {
    let pki = Pki::get();
    let holder = Holder::Tls(Role::DsTls, &[HOST.to_owned()]);
    let at = |days: i64| UnixTime(NOW.unix_seconds() + days * DAY);
    let with = |from, to| {
        issued_to(&holder, pki.ci(), 60, |description| {
            description.validity = Validity { not_before: at(from), not_after: at(to) };
        })
    };
    for (smds, trusted) in [(with(-10, 10), true), (with(-10, -1), false), (with(1, 10), false)] {
        let chain = [smds.certificate().raw().to_vec()];
        let clock = Arc::new(FixedClock(NOW));
        let tls = server_config_with_client_authentication(chain, private_key(&smds), pki.all(), clock);
        let server = with_tls(Fake::default(), tls.unwrap()).await;
        let client = client_with(&server, pki.client(&pki.smdp));
        let answer = client.delete_event(&messages::header(), &messages::delete_event()).await;
        assert_eq!(answer.is_ok(), trusted);
        assert!(trusted || is_tls_error(answer));
    }
}

#[tokio::test]
async fn a_client_may_have_a_certificate_with_a_critical_policy() {
    let pki = Pki::get();
    let smdp = pki.dp_tls(|description| description.set(policies(&[Role::DpTls], true)));
    let chain = [smdp.certificate().raw().to_vec()];
    let clock = Arc::new(FixedClock(NOW));
    let tls = client_config_with_certificate(pki.trust(), chain, private_key(&smdp), clock).unwrap();
    let server = secure(Fake::default()).await;
    let client = client_with(&server, tls);
    client.delete_event(&messages::header(), &messages::delete_event()).await.unwrap();
}

/// SGP.22 §5.9, §5.10: the SM-DS shows CERT.DS.TLS.
#[tokio::test]
async fn a_server_of_another_role_is_refused_where_an_smds_is_called() {
    let of = |role| Trust { role: Some(role), ..Pki::get().trust() };
    reaches(of(Role::DsTls), HOST).await.unwrap();
    assert!(is_tls_error(reaches(of(Role::DpTls), HOST).await));
}
