use protocol::es9plus::{Es9Plus, Function};
use protocol::trace::{Actor, What};
use wire::es9plus::{Binding, Endpoint};
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::Pki;
use crate::support::raw::{post_json, request};
use crate::support::running::Running;
use crate::support::sink::Memory;

async fn session(binding: Binding) -> Memory {
    let memory = Memory::default();
    let endpoint = Endpoint::new(Fake::default(), memory.tracer(Actor::Smdp));
    let server = Running::start(endpoint, Some(Pki::get().server()), Limits::default()).await;
    let client = server.client_with(Pki::get().client(), memory.tracer(Actor::Lpa)).with_binding(binding);
    client.initiate_authentication(messages::initiate_authentication()).await.unwrap();
    client.authenticate_client(messages::authenticate_client()).await.unwrap();
    client.handle_notification(messages::handle_notification()).await.unwrap();
    memory
}

#[tokio::test]
async fn both_ends_tell_of_every_message_always_in_the_same_order() {
    let expected = [
        "Lpa request initiateAuthentication -",
        "Smdp request initiateAuthentication -",
        "Smdp response initiateAuthentication 200 0A1B2C3D",
        "Lpa response initiateAuthentication 200 0A1B2C3D",
        "Lpa request authenticateClient 0A1B2C3D",
        "Smdp request authenticateClient 0A1B2C3D",
        "Smdp response authenticateClient 200 0A1B2C3D",
        "Lpa response authenticateClient 200 0A1B2C3D",
        "Lpa request handleNotification -",
        "Smdp request handleNotification -",
        "Smdp response handleNotification 204 -",
        "Lpa response handleNotification 204 -",
    ];
    for _ in 0..5 {
        assert_eq!(session(Binding::Json).await.lines(), expected);
    }
}

#[tokio::test]
async fn a_trace_is_the_same_each_time_and_holds_no_port() {
    for binding in [Binding::Json, Binding::Asn1] {
        let (one, other) = (session(binding).await.events(), session(binding).await.events());
        assert_eq!(one, other);
        assert!(!format!("{one:?}").contains("127.0.0.1"));
    }
}

#[tokio::test]
async fn a_traced_message_shows_the_fields_that_matter_and_its_body() {
    let events = session(Binding::Json).await.events();
    let What::Http { headers, body, path, .. } = &events[1].what else { panic!() };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        field("x-admin-protocol", "gsma/rsp/v2.2.2"),
        field("user-agent", "gsma-rsp-lpad"),
        field("content-type", "application/json"),
    ];
    assert_eq!(
        (headers.as_slice(), path.as_str()),
        (&expected[..], Function::InitiateAuthentication.json_path())
    );
    assert_eq!(*body, messages::json(Function::InitiateAuthentication));
    let What::Http { headers, .. } = &events[2].what else { panic!() };
    assert_eq!(*headers, [expected[0].clone(), expected[2].clone()]);
}

#[tokio::test]
async fn what_http_refuses_is_traced_too() {
    let memory = Memory::default();
    let endpoint = Endpoint::new(Fake::default(), memory.tracer(Actor::Smdp));
    let limits = Limits { body: 10, ..Limits::default() };
    let server = Running::start(endpoint, None, limits).await;
    let path = Function::CancelSession.json_path();
    request(server.address, "GET /elsewhere", &[], b"").await;
    post_json(server.address, path, "nonsense").await;
    post_json(server.address, path, "far too long for this server").await;
    post_json(server.address, path, "{}").await;
    let expected = [
        "Smdp request elsewhere -",
        "Smdp response elsewhere 404 -",
        "Smdp request cancelSession -",
        "Smdp response cancelSession 400 -",
        "Smdp request cancelSession -",
        "Smdp response cancelSession 413 -",
        "Smdp request cancelSession -",
        "Smdp response cancelSession 200 -",
    ];
    assert_eq!(memory.lines(), expected);
}

#[tokio::test]
async fn a_request_with_a_bad_member_is_still_traced_under_its_session() {
    let memory = Memory::default();
    let endpoint = Endpoint::new(Fake::default(), memory.tracer(Actor::Smdp));
    let server = Running::start(endpoint, None, Limits::default()).await;
    let body = r#"{"transactionId":"0a1b","cancelSessionResponse":"*"}"#;
    post_json(server.address, Function::CancelSession.json_path(), body).await;
    let expected = ["Smdp request cancelSession 0A1B", "Smdp response cancelSession 200 0A1B"];
    assert_eq!(memory.lines(), expected);
}
