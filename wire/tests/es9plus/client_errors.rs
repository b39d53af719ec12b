use std::time::Duration;

use asn1::{InitiateAuthenticationError, tlv};
use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es9plus::Es9Plus;
use protocol::status::Fault;
use protocol::trace::{Actor, Tracer};
use tokio::net::TcpListener;
use wire::es9plus::{Binding, Client, ClientError};
use wire::json::{Problem, Status, StatusCodeData};
use wire::server::{Limits, Received, Service};
use wire::transport::{Bounds, Route, TransportError};

use crate::support::fake::{Behaviour, Fake};
use crate::support::messages;
use crate::support::pki::{HOST, Pki};
use crate::support::running::Running;

/// A server with one answer for everything.
struct Canned {
    status: u16,
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

impl Canned {
    fn json(body: &str) -> Self {
        Self { status: 200, content_type: Some("application/json"), body: body.into() }
    }

    fn asn1(body: Vec<u8>) -> Self {
        Self { status: 200, content_type: Some("application/x-gsma-rsp-asn1"), body }
    }

    async fn start(self) -> Running {
        Running::start(self, Some(Pki::get().server()), Limits::default()).await
    }
}

impl Service for Canned {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let mut response = Response::builder().status(self.status);
        if let Some(content_type) = self.content_type {
            response = response.header("content-type", content_type);
        }
        response.body(Bytes::from(self.body.clone())).unwrap()
    }
}

async fn initiate(canned: Canned) -> Result<(), ClientError> {
    let server = canned.start().await;
    server.client().initiate_authentication(messages::initiate_authentication()).await.map(drop)
}

async fn cancel(canned: Canned) -> Result<(), ClientError> {
    let server = canned.start().await;
    server.client().cancel_session(messages::cancel_session()).await
}

async fn notify(canned: Canned) -> Result<(), ClientError> {
    let server = canned.start().await;
    server.client().handle_notification(messages::handle_notification()).await
}

fn with_status(status: &str) -> String {
    format!(r#"{{"header":{{"functionExecutionStatus":{status}}}}}"#)
}

#[tokio::test]
async fn another_http_status_is_an_error_with_what_the_server_says() {
    for status in [201, 301, 400, 404, 503] {
        let canned = Canned { status, content_type: Some("text/html"), body: b"<p>no\x1B</p>".to_vec() };
        let error = cancel(canned).await.unwrap_err();
        let ClientError::HttpStatus { status: got, .. } = &error else { panic!("{error}") };
        assert_eq!((got.as_u16(), error.fault()), (status, Some(Fault::PeerMisbehaved)));
        assert!(error.to_string().ends_with(r#": "<p>no\u{1b}</p>""#), "{error}");
    }
}

#[tokio::test]
async fn only_a_notification_may_be_acknowledged_without_an_answer() {
    let empty = || Canned { status: 204, content_type: None, body: Vec::new() };
    notify(empty()).await.unwrap();
    assert!(matches!(cancel(empty()).await, Err(ClientError::HttpStatus { .. })));
    for status in [202, 400, 500] {
        let refused = notify(Canned { status, ..empty() }).await;
        assert!(matches!(refused, Err(ClientError::HttpStatus { .. })), "{status}");
    }
}

#[tokio::test]
async fn a_notification_that_failed_is_not_taken_for_acknowledged() {
    let failed = r#"{"status":"Failed","statusCodeData":{"subjectCode":"1.2","reasonCode":"4.2"}}"#;
    assert!(matches!(notify(Canned::json(&with_status(failed))).await, Err(ClientError::Refused { .. })));
    assert!(matches!(notify(Canned::json("{}")).await, Err(ClientError::MissingHeader)));
}

#[tokio::test]
async fn another_content_type_is_an_error() {
    let success = with_status(r#"{"status":"Executed-Success"}"#);
    for found in [None, Some("text/html")] {
        let canned = Canned { content_type: found, ..Canned::json(&success) };
        let Err(ClientError::ContentType { found: got, .. }) = cancel(canned).await else {
            panic!("{found:?}")
        };
        assert_eq!(got.as_deref(), found);
    }
    let canned = Canned { content_type: Some("application/json;charset=UTF-8"), ..Canned::json(&success) };
    cancel(canned).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_no_json_object_is_an_error() {
    for body in ["", "[]", "{", "<html>"] {
        assert!(matches!(cancel(Canned::json(body)).await, Err(ClientError::Json(_))), "{body}");
    }
}

#[tokio::test]
async fn an_answer_without_a_header_is_an_error() {
    for body in ["{}", r#"{"header":null}"#] {
        assert!(matches!(cancel(Canned::json(body)).await, Err(ClientError::MissingHeader)), "{body}");
    }
    let malformed = cancel(Canned::json(r#"{"header":{}}"#)).await.unwrap_err();
    assert!(matches!(&malformed, ClientError::Field(field) if field.name == "header"), "{malformed}");
}

#[tokio::test]
async fn a_refusal_keeps_its_codes_as_text() {
    let data = r#"{"subjectCode":"8.8","reasonCode":"3.10","subjectIdentifier":"x","message":"other OID"}"#;
    let error =
        cancel(Canned::json(&with_status(&format!(r#"{{"status":"Failed","statusCodeData":{data}}}"#))));
    let error = error.await.unwrap_err();
    assert_eq!(error.to_string(), r#"the server refused: 8.8 3.10: "other OID""#);
    assert_eq!(error.fault(), Some(Fault::PeerIncompatible));
    let ClientError::Refused { status } = error else { panic!() };
    let expected = StatusCodeData {
        subject_code: "8.8".to_owned(),
        reason_code: "3.10".to_owned(),
        subject_identifier: Some("x".to_owned()),
        message: Some("other OID".to_owned()),
    };
    assert_eq!(status, expected);
}

#[tokio::test]
async fn a_refusal_without_codes_is_its_own_error() {
    let error = cancel(Canned::json(&with_status(r#"{"status":"Failed"}"#))).await.unwrap_err();
    let ClientError::RefusedWithoutCode { status } = error else { panic!("{error}") };
    assert_eq!(status, Status::Failed);
}

#[tokio::test]
async fn a_warning_is_a_success() {
    cancel(Canned::json(&with_status(r#"{"status":"Executed-WithWarning"}"#))).await.unwrap();
}

#[tokio::test]
async fn a_status_that_does_not_exist_is_an_error() {
    let error = cancel(Canned::json(&with_status(r#"{"status":"OK"}"#))).await.unwrap_err();
    assert!(matches!(error, ClientError::UnknownStatus { status } if status == "OK"));
}

#[tokio::test]
async fn a_missing_or_malformed_member_of_an_answer_is_named() {
    let answer = |members: &str| {
        Canned::json(&format!(
            r#"{{"header":{{"functionExecutionStatus":{{"status":"Executed-Success"}}}}{members}}}"#
        ))
    };
    for (members, name, missing) in [
        ("", "transactionId", true),
        (r#","transactionId":"0A""#, "serverSigned1", true),
        (r#","transactionId":"XY""#, "transactionId", false),
        (r#","transactionId":"0A","serverSigned1":"MAA=""#, "serverSigned1", false),
    ] {
        let error = initiate(answer(members)).await.unwrap_err();
        let ClientError::Field(field) = &error else { panic!("{error}") };
        assert_eq!((field.name, field.problem == Problem::Missing), (name, missing), "{members}");
        assert_eq!(error.fault(), Some(Fault::PeerMisbehaved));
    }
}

async fn initiate_in_asn1(body: Vec<u8>) -> ClientError {
    let server = Canned::asn1(body).start().await;
    let client = server.client().with_binding(Binding::Asn1);
    client.initiate_authentication(messages::initiate_authentication()).await.unwrap_err()
}

#[tokio::test]
async fn an_asn1_error_keeps_its_number_and_its_name() {
    let error = |number| tlv::wrap(0xA2, &tlv::wrap(0xBF39, &tlv::wrap(0x81, &[number])));
    let named = initiate_in_asn1(error(3)).await;
    assert_eq!(named.to_string(), "the server refused: ciPKNotSupported(3)");
    let ClientError::RefusedInAsn1 { number, name } = named else { panic!() };
    assert_eq!((number, name), (3, InitiateAuthenticationError::CI_PK_NOT_SUPPORTED.name()));
    let unnamed = initiate_in_asn1(error(77)).await;
    assert_eq!(unnamed.to_string(), "the server refused: unknown error(77)");
}

#[tokio::test]
async fn a_malformed_asn1_answer_is_an_error() {
    for body in [vec![], vec![0xA2, 0x00], tlv::wrap(0xA2, &tlv::wrap(0xBF39, &tlv::wrap(0xA0, &[])))] {
        assert!(matches!(initiate_in_asn1(body).await, ClientError::Der(_)));
    }
}

#[tokio::test]
async fn the_asn1_answer_of_another_function_is_an_error() {
    let body = tlv::wrap(0xA2, &tlv::wrap(0xBF41, &tlv::wrap(0xA0, &[])));
    assert!(matches!(initiate_in_asn1(body).await, ClientError::OtherFunction));
}

#[tokio::test]
async fn an_answer_beyond_the_bound_is_an_error() {
    let server = Running::secure(Fake::default()).await;
    let request = messages::get_bound_profile_package;
    let bounds = Bounds { body: 100_000, ..Bounds::default() };
    let error = server.client().with_bounds(bounds).get_bound_profile_package(request()).await.unwrap_err();
    assert!(
        matches!(error, ClientError::Transport(TransportError::TooLarge { limit: 100_000, .. })),
        "{error}"
    );
    server.client().get_bound_profile_package(request()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_answer_in_time_is_an_error() {
    let waits = Behaviour::Wait { begun: Default::default(), go_on: Default::default() };
    let server = Running::secure(Fake::that(waits)).await;
    let bounds = Bounds { time: Duration::from_millis(200), ..Bounds::default() };
    let error =
        server.client().with_bounds(bounds).cancel_session(messages::cancel_session()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::TimedOut { .. })), "{error}");
    assert_eq!(error.fault(), None);
}

fn client_of(listener: &TcpListener) -> Client {
    let route = Route { host: HOST.to_owned(), to: listener.local_addr().unwrap() };
    Client::new(HOST.parse().unwrap(), Pki::get().client(), Tracer::off(Actor::Lpa)).with_route(route)
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let client = client_of(&listener);
    drop(listener);
    let error = client.cancel_session(messages::cancel_session()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Connect { .. })), "{error}");
    assert!(error.to_string().starts_with("cannot connect to smdp.example.com: "), "{error}");
    assert_eq!(error.fault(), None);
}

#[tokio::test]
async fn a_server_that_hangs_up_is_an_error() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let client = client_of(&listener);
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let error = client.cancel_session(messages::cancel_session()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert_eq!(error.fault(), None);
}
