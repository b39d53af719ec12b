use http::{Request, Response};
use hyper::body::Bytes;
use protocol::status::Fault;
use wire::es2plus::ClientError;
use wire::server::{Limits, Received, Service};
use wire::transport::TransportError;

use crate::support::messages;
use crate::support::pki::{OPERATOR, Pki};
use crate::support::running::Running;

/// A server with one answer for everything.
#[derive(Clone)]
struct Canned(u16, &'static str, &'static str);

impl Service for Canned {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let Self(status, content_type, body) = self;
        let response = Response::builder().status(*status).header("content-type", *content_type);
        response.body(Bytes::from_static(body.as_bytes())).unwrap()
    }
}

async fn download(canned: Canned) -> ClientError {
    let tls = Pki::get().server([Pki::get().by_oid(OPERATOR)]);
    let server = Running::start(canned, Some(tls), Limits::default()).await;
    server.client().download_order(&messages::header(), &messages::download_order()).await.unwrap_err()
}

const SUCCESS: &str = r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}"#;

#[tokio::test]
async fn an_answer_that_is_none_says_what_is_wrong() {
    let json = "application/json";
    assert!(matches!(download(Canned(204, json, "")).await, ClientError::HttpStatus { .. }));
    assert!(matches!(download(Canned(403, json, "")).await, ClientError::HttpStatus { .. }));
    assert!(matches!(download(Canned(200, "text/html", SUCCESS)).await, ClientError::ContentType { .. }));
    assert!(matches!(download(Canned(200, json, "[]")).await, ClientError::Json(_)));
    assert!(matches!(download(Canned(200, json, "{}")).await, ClientError::MissingHeader));
    let error = download(Canned(200, json, SUCCESS)).await;
    assert!(matches!(&error, ClientError::Field(field) if field.name == "iccid"), "{error}");
    assert_eq!(error.fault(), Some(Fault::PeerMisbehaved));
}

#[tokio::test]
async fn a_busy_server_is_worth_another_try_and_a_refusal_is_not() {
    let failed = |codes: &'static str| Canned(200, "application/json", codes);
    let busy = r#"{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":"1.2","reasonCode":"4.4"}}}}"#;
    let refused = r#"{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{"subjectCode":"8.2.1","reasonCode":"3.9"}}}}"#;
    assert!(download(failed(busy)).await.is_worth_retrying());
    assert!(!download(failed(refused)).await.is_worth_retrying());
    assert!(download(Canned(429, "text/plain", "")).await.is_worth_retrying());
    assert!(download(Canned(503, "text/plain", "")).await.is_worth_retrying());
    assert!(!download(Canned(404, "text/plain", "")).await.is_worth_retrying());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_worth_another_try() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let route = wire::transport::Route { host: crate::support::pki::HOST.to_owned(), to: address };
    let tls = Pki::get().client(&Pki::get().operator);
    let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Smdp);
    let client =
        wire::es2plus::Client::new(crate::support::pki::HOST.parse().unwrap(), tls, tracer).with_route(route);
    let error = client.release_profile(&messages::header(), &messages::release_profile()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Connect { .. })), "{error}");
    assert!(error.is_worth_retrying());
}
