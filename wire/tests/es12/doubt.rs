//! Whether a call that failed may have been executed all the same.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Bytes;
use protocol::status::{Refusal, StatusCode};
use protocol::trace::{Actor, Tracer};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS13;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use wire::es12::{Client, ClientError};
use wire::server::{Limits, Received, Service};
use wire::tls::server_config;
use wire::transport::{Bounds, Route, TransportError};

use crate::support::certificates::private_key;
use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::{HOST, Pki};
use crate::support::running::Running;
use crate::support::{client, client_with, secure};

async fn register(client: &Client) -> ClientError {
    client.register_event(&messages::header(), &messages::register_event()).await.unwrap_err()
}

/// A server with one answer for everything.
struct Canned(u16, &'static str, String);

impl Service for Canned {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let Self(status, content_type, body) = self;
        let response = Response::builder().status(*status).header("content-type", *content_type);
        response.body(Bytes::from(body.clone())).unwrap()
    }
}

async fn answered(status: u16, content_type: &'static str, body: &str) -> ClientError {
    let tls = Pki::get().server(Pki::get().all());
    let canned = Canned(status, content_type, body.to_owned());
    let server = Running::start(canned, Some(tls), Limits::default()).await;
    register(&client(&server)).await
}

fn with_status(status: &str) -> String {
    format!(r#"{{"header":{{"functionExecutionStatus":{status}}}}}"#)
}

const JSON: &str = "application/json";

#[tokio::test]
async fn a_refusal_says_that_nothing_was_done() {
    for code in [
        StatusCode::EVENT_IN_USE,
        StatusCode::EVENT_UNKNOWN,
        StatusCode::SMDS_INACCESSIBLE,
        StatusCode::SMDS_EXECUTION_ERROR,
        StatusCode::INVALID_PARAMETER,
        StatusCode::BUSY,
    ] {
        let server = secure(Fake::refusing(Refusal::incompatible(code, "no"))).await;
        assert!(!register(&client(&server)).await.may_have_been_executed(), "{code}");
    }
}

#[tokio::test]
async fn a_server_that_failed_while_it_executed_may_have_done_it() {
    let server = secure(Fake::refusing(Refusal::storage())).await;
    let error = register(&client(&server)).await;
    assert!(matches!(error, ClientError::Refused { .. }) && error.may_have_been_executed());
    for status in [r#"{"status":"Failed"}"#, r#"{"status":"Expired"}"#, r#"{"status":"OK"}"#] {
        assert!(answered(200, JSON, &with_status(status)).await.may_have_been_executed(), "{status}");
    }
}

#[tokio::test]
async fn an_http_status_tells_who_is_to_blame() {
    for (status, expected) in [
        (201, true),
        (204, true),
        (302, false),
        (400, false),
        (403, false),
        (404, false),
        (408, false),
        (413, false),
        (429, false),
        (500, true),
        (502, true),
        (503, true),
        (504, true),
    ] {
        let error = answered(status, "text/plain", "").await;
        assert!(matches!(error, ClientError::HttpStatus { .. }), "{error}");
        assert_eq!(error.may_have_been_executed(), expected, "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_says_nothing() {
    let success = with_status(r#"{"status":"Executed-Success"}"#);
    for (content_type, body) in [
        ("text/html", success.as_str()),
        (JSON, ""),
        (JSON, "[]"),
        (JSON, "{}"),
        (JSON, r#"{"header":7}"#),
        (JSON, &success[..success.len() - 1]),
    ] {
        assert!(answered(200, content_type, body).await.may_have_been_executed(), "{body}");
    }
}

#[tokio::test]
async fn an_answer_beyond_the_bound_may_be_a_success() {
    let server = secure(Fake::default()).await;
    let bounds = Bounds { body: 10, ..Bounds::default() };
    let error = register(&client(&server).with_bounds(bounds)).await;
    assert!(matches!(error, ClientError::Transport(TransportError::TooLarge { .. })), "{error}");
    assert!(error.may_have_been_executed());
}

/// A client of whatever listens there.
fn client_of(listener: &TcpListener) -> Client {
    let route = Route { host: HOST.to_owned(), to: listener.local_addr().unwrap() };
    let tls = Pki::get().client(&Pki::get().smdp);
    Client::new(HOST.parse().unwrap(), tls, Tracer::off(Actor::Smdp)).with_route(route)
}

async fn listener() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap()
}

#[tokio::test]
async fn a_server_that_is_not_there_has_done_nothing() {
    let listener = listener().await;
    let client = client_of(&listener);
    drop(listener);
    let error = register(&client).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Connect { .. })), "{error}");
    assert!(!error.may_have_been_executed() && error.is_worth_retrying());
}

#[tokio::test]
async fn a_server_that_hangs_up_before_tls_has_done_nothing() {
    let listener = listener().await;
    let client = client_of(&listener);
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let error = register(&client).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_server_that_we_do_not_trust_has_done_nothing() {
    let server = secure(Fake::default()).await;
    let stranger = Pki::new(8);
    let error = register(&client_with(&server, stranger.client(&stranger.smdp))).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_handshake_that_does_not_end_in_time_has_done_nothing() {
    let listener = listener().await;
    let bounds = Bounds { time: Duration::from_millis(300), ..Bounds::default() };
    let client = client_of(&listener).with_bounds(bounds);
    // Nobody accepts: the system does, and then nothing comes.
    let error = register(&client).await;
    assert!(matches!(error, ClientError::Transport(TransportError::TimedOut { .. })), "{error}");
    assert!(!error.may_have_been_executed());
    drop(listener);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_may_be_a_success() {
    let begun = Arc::new(Notify::new());
    let server = secure(Fake::hanging(begun.clone())).await;
    let bounds = Bounds { time: Duration::from_secs(2), ..Bounds::default() };
    let error = register(&client(&server).with_bounds(bounds)).await;
    begun.notified().await;
    assert!(matches!(error, ClientError::Transport(TransportError::TimedOut { .. })), "{error}");
    assert!(error.may_have_been_executed());
}

/// Reads so many requests on each connection, gives `answers` in turn (as HTTP) while there are any, and closes.
async fn hangs_up_after(requests: usize, answers: &'static [&'static [u8]]) -> Client {
    let listener = listener().await;
    let client = client_of(&listener);
    let chain = [Pki::get().smds.certificate().raw().to_vec()];
    let acceptor = TlsAcceptor::from(server_config(chain, private_key(&Pki::get().smds)).unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            for number in 0..requests {
                read_request(&mut stream).await;
                if let Some(answer) = answers.get(number) {
                    stream.write_all(answer).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
            // Without close_notify, as a process that was killed.
            drop(stream);
        }
    });
    client
}

async fn read_request(stream: &mut tokio_rustls::server::TlsStream<TcpStream>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"}") {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
}

#[tokio::test]
async fn a_connection_lost_after_sending_leaves_it_open() {
    let error = register(&hangs_up_after(1, &[]).await).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Broken { .. })), "{error}");
    assert!(error.may_have_been_executed() && error.is_worth_retrying());
}

#[tokio::test]
async fn an_answer_that_is_cut_off_leaves_it_open() {
    const CUT: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"header\"";
    let error = register(&hangs_up_after(1, &[CUT]).await).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Broken { .. })), "{error}");
    assert!(error.may_have_been_executed());
}

#[tokio::test]
async fn a_kept_connection_that_is_lost_after_sending_leaves_it_open() {
    const OK: &[u8] = concat!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 68\r\n\r\n",
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}"#
    )
    .as_bytes();
    let client = hangs_up_after(2, &[OK]).await;
    client.register_event(&messages::header(), &messages::register_event()).await.unwrap();
    let error = register(&client).await;
    assert!(matches!(error, ClientError::Transport(TransportError::Broken { .. })), "{error}");
    assert!(error.may_have_been_executed());
}

/// In TLS 1.3 the client has sent its request when it learns that the server does not take its certificate; but the server
/// has not read it.
#[tokio::test]
async fn a_server_that_refuses_our_certificate_has_done_nothing() {
    let (pki, stranger) = (Pki::get(), Pki::new(8));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(stranger.ci().certificate().raw().to_vec())).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let key = PrivateKeyDer::from_pem_slice(pki.smds.key().to_pem().unwrap().as_bytes()).unwrap();
    let chain = vec![CertificateDer::from(pki.smds.certificate().raw().to_vec())];
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));

    let listener = listener().await;
    let client = client_of(&listener);
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (_, mut stream) = acceptor.accept(stream).into_fallible().await.unwrap_err();
        // The connection stays until the client has heard.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let error = register(&client).await;
    server.await.unwrap();
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert!(error.to_string().contains("received fatal alert"), "{error}");
    assert!(!error.may_have_been_executed());
}
