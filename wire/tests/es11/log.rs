use protocol::es9plus::Function;
use protocol::es11::Es11;
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Actor;
use wire::es9plus::{Binding, Client};
use wire::es11::Endpoint;
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::logs::Log;
use crate::support::pki::{HOST, Pki};
use crate::support::raw::{post_json, request};
use crate::support::running::Running;
use crate::support::sink::Memory;
use crate::support::{messages, plain};

#[tokio::test]
async fn both_ends_tell_of_every_message_under_its_session() {
    for binding in [Binding::Json, Binding::Asn1] {
        let memory = Memory::default();
        let endpoint = Endpoint::new(Fake::answering(&[("1", "a.b")]), memory.tracer(Actor::Smds));
        let tls = Some(Pki::get().server().into());
        let server = Running::start(endpoint, tls, Limits::default()).await;
        let client = Client::new(HOST.parse().unwrap(), Pki::get().client(), memory.tracer(Actor::Lpa));
        let client = client.with_route(server.route(HOST)).with_binding(binding);
        client.initiate_authentication(messages::initiate_authentication()).await.unwrap();
        client.authenticate_client(messages::authenticate_client()).await.unwrap();
        let (one, other) = match binding {
            Binding::Json => ("initiateAuthentication", "authenticateClient"),
            Binding::Asn1 => ("asn1", "asn1"),
        };
        let expected = [
            format!("Lpa request {one} -"),
            format!("Smds request {one} -"),
            format!("Smds response {one} 200 0A1B2C3D"),
            format!("Lpa response {one} 200 0A1B2C3D"),
            format!("Lpa request {other} 0A1B2C3D"),
            format!("Smds request {other} 0A1B2C3D"),
            format!("Smds response {other} 200 0A1B2C3D"),
            format!("Lpa response {other} 200 0A1B2C3D"),
        ];
        assert_eq!(memory.lines(), expected);
    }
}

#[tokio::test]
async fn what_http_refuses_is_traced_too() {
    let memory = Memory::default();
    let endpoint = Endpoint::new(Fake::answering(&[]), memory.tracer(Actor::Smds));
    let server = Running::start(endpoint, None, Limits::default()).await;
    request(server.address, "GET /elsewhere", &[], b"").await;
    post_json(server.address, Function::CancelSession.json_path(), "{}").await;
    let expected = [
        "Smds request elsewhere -",
        "Smds response elsewhere 404 -",
        "Smds request cancelSession -",
        "Smds response cancelSession 404 -",
    ];
    assert_eq!(memory.lines(), expected);
}

#[tokio::test]
async fn a_call_is_logged_in_one_line() {
    let refusal = Refusal::misbehaved(StatusCode::EVENT_UNKNOWN, "line\nbreak");
    let good = r#"DEBUG function="authenticateClient" transaction_id="0A1B2C3D" outcome="Executed-Success""#;
    let refused = concat!(
        r#"DEBUG function="authenticateClient" transaction_id="0A1B2C3D" outcome=8.9.5/3.9 "#,
        r#"fault=PeerMisbehaved "line\nbreak""#
    );
    for (fake, expected) in [(Fake::answering(&[]), good), (Fake::refusing(refusal), refused)] {
        let (log, _guard) = Log::start();
        let server = plain(fake).await;
        let function = Function::AuthenticateClient;
        post_json(server.address, function.json_path(), &messages::json(function)).await;
        assert_eq!(log.lines_with("function="), [expected]);
    }
}

/// The server never sees it, so nobody else would tell.
#[tokio::test]
async fn a_request_that_lacks_a_member_is_logged_for_all_to_see() {
    let (log, _guard) = Log::start();
    let server = plain(Fake::answering(&[])).await;
    post_json(server.address, Function::AuthenticateClient.json_path(), "{}").await;
    let lines = log.lines_with("function=");
    assert!(lines.len() == 1 && lines[0].starts_with(" INFO ") && lines[0].contains("outcome=1.6/2.2"));
}
