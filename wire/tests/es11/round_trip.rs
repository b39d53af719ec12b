use std::sync::Arc;

use protocol::es11::Es11;
use protocol::trace::{Actor, Tracer};
use rustls::ClientConfig;
use wire::es9plus::{Binding, Client};

use crate::support::fake::Fake;
use crate::support::pki::{HOST, Pki};
use crate::support::{client, events, messages, secure};

const EVENTS: &[(&str, &str)] =
    &[("B-2", "smdp.example.com:8443"), ("A-1", "smds.example.com"), ("ä \"\\/", "x.example.com")];

#[tokio::test]
async fn both_functions_travel_in_both_bindings_over_both_versions_of_http() {
    for binding in [Binding::Json, Binding::Asn1] {
        for alpn in [&b"http/1.1"[..], b"h2"] {
            let fake = Fake::answering(EVENTS);
            let server = secure(fake.clone()).await;
            let mut tls = ClientConfig::clone(&Pki::get().client());
            tls.alpn_protocols = vec![alpn.to_vec()];
            let client = Client::new(HOST.parse().unwrap(), Arc::new(tls), Tracer::off(Actor::Lpa));
            let client = client.with_route(server.route(HOST)).with_binding(binding);

            let answer = client.initiate_authentication(messages::initiate_authentication()).await.unwrap();
            assert_eq!(answer, messages::initiate_authentication_ok());
            let answer = client.authenticate_client(messages::authenticate_client()).await.unwrap();
            assert_eq!(answer, events(EVENTS), "in the order in which the server gave them");
            let sent = [
                format!("{:?}", messages::initiate_authentication()),
                format!("{:?}", messages::authenticate_client()),
            ];
            assert_eq!(fake.seen(), sent);
        }
    }
}

#[tokio::test]
async fn an_euicc_without_events_is_told_so() {
    for binding in [Binding::Json, Binding::Asn1] {
        let server = secure(Fake::answering(&[])).await;
        let answer = client(&server, binding).authenticate_client(messages::authenticate_client()).await;
        assert_eq!(answer.unwrap(), events(&[]));
    }
}

#[tokio::test]
async fn many_events_travel_in_one_answer() {
    let ids: Vec<String> = (0..2000).map(|n| format!("EVENT-{n}")).collect();
    let many: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "smdp.example.com")).collect();
    for binding in [Binding::Json, Binding::Asn1] {
        let server = secure(Fake::answering(&many)).await;
        let answer = client(&server, binding).authenticate_client(messages::authenticate_client()).await;
        assert_eq!(answer.unwrap(), events(&many));
    }
}
