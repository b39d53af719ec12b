use std::sync::{Arc, Mutex};

use http::{Request, Response, Version};
use hyper::body::Bytes;
use protocol::es9plus::Es9Plus;
use protocol::trace::{Actor, Tracer};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use tokio::net::TcpListener;
use wire::es9plus::{Binding, Client, Endpoint};
use wire::server::{Limits, Received, Service, serve};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::Pki;
use crate::support::running::{Running, endpoint};

/// Calls all five functions and compares what arrives at either end with what the other end gave.
async fn all_five_arrive(client: &Client, fake: &Fake) {
    let answer = client.initiate_authentication(messages::initiate_authentication()).await.unwrap();
    assert_eq!(answer, messages::initiate_authentication_ok());
    let answer = client.authenticate_client(messages::authenticate_client()).await.unwrap();
    assert_eq!(answer, messages::authenticate_client_ok());
    let answer = client.get_bound_profile_package(messages::get_bound_profile_package()).await.unwrap();
    assert_eq!(answer, messages::get_bound_profile_package_ok());
    client.handle_notification(messages::handle_notification()).await.unwrap();
    client.cancel_session(messages::cancel_session()).await.unwrap();
    let sent = [
        format!("{:?}", messages::initiate_authentication()),
        format!("{:?}", messages::authenticate_client()),
        format!("{:?}", messages::get_bound_profile_package()),
        format!("{:?}", messages::handle_notification()),
        format!("{:?}", messages::cancel_session()),
    ];
    assert_eq!(fake.seen(), sent);
}

/// Notes in which HTTP version requests come.
struct Versions {
    endpoint: Endpoint<Fake>,
    seen: Arc<Mutex<Vec<Version>>>,
}

impl Service for Versions {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        self.seen.lock().unwrap().push(request.version());
        self.endpoint.answer(request).await
    }
}

async fn five_functions(binding: Binding, alpn: &[u8], version: Version) {
    let (fake, seen) = (Fake::default(), Arc::new(Mutex::new(Vec::new())));
    let service = Versions { endpoint: endpoint(fake.clone()), seen: seen.clone() };
    let server = Running::start(service, Some(Pki::get().server()), Limits::default()).await;
    let mut tls = ClientConfig::clone(&Pki::get().client());
    tls.alpn_protocols = vec![alpn.to_vec()];
    let client = server.client_with(Arc::new(tls), Tracer::off(Actor::Lpa)).with_binding(binding);
    all_five_arrive(&client, &fake).await;
    assert_eq!(*seen.lock().unwrap(), [version; 5]);
}

#[tokio::test]
async fn the_five_functions_travel_in_json_over_http1() {
    five_functions(Binding::Json, b"http/1.1", Version::HTTP_11).await;
}

#[tokio::test]
async fn the_five_functions_travel_in_json_over_http2() {
    five_functions(Binding::Json, b"h2", Version::HTTP_2).await;
}

#[tokio::test]
async fn the_five_functions_travel_in_asn1_over_http1() {
    five_functions(Binding::Asn1, b"http/1.1", Version::HTTP_11).await;
}

#[tokio::test]
async fn the_five_functions_travel_in_asn1_over_http2() {
    five_functions(Binding::Asn1, b"h2", Version::HTTP_2).await;
}

async fn five_functions_over(version: &'static SupportedProtocolVersion) {
    let fake = Fake::default();
    let server = Running::secure(fake.clone()).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(Pki::get().ci.certificate().raw().to_vec().into()).unwrap();
    let tls = Pki::get().client();
    let mut only =
        ClientConfig::builder_with_details(tls.crypto_provider().clone(), tls.time_provider.clone())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    only.alpn_protocols = tls.alpn_protocols.clone();
    all_five_arrive(&server.client_with(Arc::new(only), Tracer::off(Actor::Lpa)), &fake).await;
}

#[tokio::test]
async fn a_client_that_knows_only_tls_1_2_is_served() {
    five_functions_over(&TLS12).await;
}

#[tokio::test]
async fn a_client_that_knows_only_tls_1_3_is_served() {
    five_functions_over(&TLS13).await;
}

#[tokio::test]
async fn one_connection_serves_all_calls_of_a_client() {
    // A second connection would have to wait for the end of the first, and the call would time out.
    let limits = Limits { connections: 1, ..Limits::default() };
    for alpn in [&b"http/1.1"[..], b"h2"] {
        let fake = Fake::default();
        let server = Running::start(endpoint(fake.clone()), Some(Pki::get().server()), limits).await;
        let mut tls = ClientConfig::clone(&Pki::get().client());
        tls.alpn_protocols = vec![alpn.to_vec()];
        let client = server.client_with(Arc::new(tls), Tracer::off(Actor::Lpa));
        all_five_arrive(&client, &fake).await;
        client.clone().cancel_session(messages::cancel_session()).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_survives_the_restart_of_its_server() {
    for alpn in [&b"http/1.1"[..], b"h2"] {
        let server = Running::secure(Fake::default()).await;
        let address = server.address;
        let mut tls = ClientConfig::clone(&Pki::get().client());
        tls.alpn_protocols = vec![alpn.to_vec()];
        let client = server.client_with(Arc::new(tls), Tracer::off(Actor::Lpa));
        client.cancel_session(messages::cancel_session()).await.unwrap();
        server.stop().await.unwrap();
        assert!(client.cancel_session(messages::cancel_session()).await.is_err());

        let listener = TcpListener::bind(address).await.unwrap();
        let service = endpoint(Fake::default());
        let never = std::future::pending();
        let tls = Some(Pki::get().server());
        let restarted = tokio::spawn(serve(listener, tls, service, Limits::default(), never));
        client.cancel_session(messages::cancel_session()).await.unwrap();
        restarted.abort();
    }
}

#[tokio::test]
async fn a_flag_of_later_versions_travels_in_both_bindings() {
    for binding in [Binding::Json, Binding::Asn1] {
        let fake = Fake::default();
        let server = Running::secure(fake.clone()).await;
        let mut request = messages::authenticate_client();
        request.use_matching_id_for_acr = Some(());
        server.client().with_binding(binding).authenticate_client(request.clone()).await.unwrap();
        assert_eq!(fake.seen(), [format!("{request:?}")]);
    }
}
