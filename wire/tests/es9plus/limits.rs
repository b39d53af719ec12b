use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use protocol::es9plus::{Es9Plus, Function};
use rustls::ClientConnection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use wire::server::Limits;

use crate::support::fake::{Behaviour, Fake};
use crate::support::messages::{self, json};
use crate::support::pki::{HOST, Pki};
use crate::support::raw::{post_json, request, send};
use crate::support::running::{Running, endpoint};

const MIB: usize = 1024 * 1024;
/// Long enough for a good request on a busy machine, short enough to wait for.
const PATIENCE: Duration = Duration::from_millis(300);
/// For something to happen that must not.
const A_WHILE: Duration = Duration::from_millis(50);
const FUNCTION: Function = Function::CancelSession;

fn head(length: &str) -> String {
    let path = FUNCTION.json_path();
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n")
}

/// A good request of that many bytes.
fn padded(length: usize) -> String {
    let mut body = json(FUNCTION);
    body.push_str(&" ".repeat(length - body.len()));
    body
}

async fn still_serves(server: &Running) {
    let answer = post_json(server.address, FUNCTION.json_path(), &json(FUNCTION)).await;
    assert_eq!(answer.execution_status(), "Executed-Success");
}

/// The server ends the connection, whatever it says before.
async fn is_closed_by_the_server(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_body_of_1_mib_is_taken_and_one_byte_more_is_too_large() {
    let server = Running::plain(Fake::default()).await;
    let fits = post_json(server.address, FUNCTION.json_path(), &padded(MIB)).await;
    assert_eq!(fits.execution_status(), "Executed-Success");
    let exceeds = post_json(server.address, FUNCTION.json_path(), &padded(MIB + 1)).await;
    assert_eq!(exceeds.status, 413);
    still_serves(&server).await;
}

#[tokio::test]
async fn a_chunked_body_is_measured_as_it_comes() {
    let server = Running::plain(Fake::default()).await;
    for (length, status) in [(MIB, 200), (MIB + 1, 413), (3 * MIB, 413)] {
        let mut bytes = head("Transfer-Encoding: chunked\r\nConnection: close").into_bytes();
        for chunk in padded(length).as_bytes().chunks(10_000) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        assert_eq!(send(server.address, &bytes).await.status, status, "{length}");
    }
    still_serves(&server).await;
}

#[tokio::test]
async fn a_large_body_over_http2_is_too_large_as_well() {
    let limits = Limits { body: 50, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), Some(Pki::get().server()), limits).await;
    let error = server.client().cancel_session(messages::cancel_session()).await.unwrap_err();
    assert!(error.to_string().contains("413"), "{error}");
}

#[tokio::test]
async fn a_client_that_never_finishes_its_header_is_cut_off() {
    let limits = Limits { quiet_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), None, limits).await;
    for start in [&b""[..], b"P", b"POST /gsma/rsp2/asn1 HTTP/1.1\r\nHost: x\r\nX: "] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(start).await.unwrap();
        is_closed_by_the_server(stream).await;
    }
    still_serves(&server).await;
}

#[tokio::test]
async fn a_client_that_goes_silent_between_two_requests_is_cut_off() {
    let limits = Limits { quiet_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), None, limits).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let body = json(FUNCTION);
    let request = format!("{}{body}", head(&format!("Content-Length: {}", body.len())));
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_never_finishes_its_body_is_told_so() {
    let limits = Limits { body_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), None, limits).await;
    let answer = send(server.address, head("Content-Length: 10").as_bytes()).await;
    assert_eq!(answer.status, 408);
    still_serves(&server).await;
}

#[tokio::test]
async fn a_body_with_bad_framing_is_a_bad_request() {
    let server = Running::plain(Fake::default()).await;
    let bytes = head("Transfer-Encoding: chunked\r\nConnection: close") + "zz\r\n";
    assert_eq!(send(server.address, bytes.as_bytes()).await.status, 400);
    still_serves(&server).await;
}

#[tokio::test]
async fn a_client_that_never_finishes_the_tls_handshake_is_cut_off() {
    let limits = Limits { handshake_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), Some(Pki::get().server()), limits).await;
    for start in [&b""[..], &[0x16, 0x03, 0x01, 0x02, 0x00], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(start).await.unwrap();
        is_closed_by_the_server(stream).await;
    }
    server.client().cancel_session(messages::cancel_session()).await.unwrap();
}

#[tokio::test]
async fn a_byte_now_and_then_does_not_put_off_the_end_of_the_tls_handshake() {
    let limits = Limits { handshake_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), Some(Pki::get().server()), limits).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // A record of 16 KB.
    stream.write_all(&[0x16, 0x03, 0x01, 0x40, 0x00]).await.unwrap();
    while stream.write_all(&[0x01]).await.is_ok() {
        tokio::time::sleep(A_WHILE).await;
    }
}

#[tokio::test]
async fn peers_that_stop_in_the_middle_of_a_handshake_hold_nobody_up() {
    let limits = Limits { handshakes: NonZeroUsize::new(1), ..Limits::default() };
    let server = Running::start(endpoint(Fake::default()), Some(Pki::get().server()), limits).await;
    let mut hello = Vec::new();
    let mut client = ClientConnection::new(Pki::get().client(), HOST.try_into().unwrap()).unwrap();
    client.write_tls(&mut hello).unwrap();
    let mut stopped = Vec::new();
    for length in [hello.len() / 2, hello.len(), hello.len()] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&hello[..length]).await.unwrap();
        stopped.push(stream);
    }
    // The answer to the last hello is there: it has had its turn, and does not say another word.
    stopped.last_mut().unwrap().read_u8().await.unwrap();
    server.client().cancel_session(messages::cancel_session()).await.unwrap();
}

fn waiting() -> (Fake, Arc<Notify>, Arc<Notify>) {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    (Fake::that(Behaviour::Wait { begun: begun.clone(), go_on: go_on.clone() }), begun, go_on)
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_answers_what_it_has_begun() {
    let (fake, begun, go_on) = waiting();
    let server = Running::secure(fake.clone()).await;
    let idle = server.client();
    let client = server.client();
    let call = tokio::spawn(async move { client.cancel_session(messages::cancel_session()).await });
    begun.notified().await;
    let address = server.address;
    let stopping = server.stop();
    tokio::time::sleep(A_WHILE).await;
    assert!(!stopping.is_finished());
    assert!(TcpStream::connect(address).await.is_err(), "a new connection");
    go_on.notify_one();
    call.await.unwrap().unwrap();
    stopping.await.unwrap();
    assert!(idle.cancel_session(messages::cancel_session()).await.is_err());
}

#[tokio::test]
async fn a_server_stops_at_once_when_its_connections_are_idle() {
    let long = Duration::from_secs(3600);
    let limits = Limits { shutdown_time: long, quiet_time: long, handshake_time: long, ..Limits::default() };
    for tls in [None, Some(Pki::get().server())] {
        let server = Running::start(endpoint(Fake::default()), tls.clone(), limits).await;
        let _silent = TcpStream::connect(server.address).await.unwrap();
        let client = server.client();
        if tls.is_some() {
            client.cancel_session(messages::cancel_session()).await.unwrap();
        } else {
            still_serves(&server).await;
        }
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_longer_than_its_limit() {
    let (fake, begun, _go_on) = waiting();
    let limits = Limits { shutdown_time: PATIENCE, ..Limits::default() };
    let server = Running::start(endpoint(fake), None, limits).await;
    let address = server.address;
    tokio::spawn(async move {
        request(
            address,
            &format!("POST {}", FUNCTION.json_path()),
            &["Content-Type: application/json"],
            b"{}",
        )
        .await
    });
    tokio::spawn(async move { post_json(address, FUNCTION.json_path(), &json(FUNCTION)).await });
    begun.notified().await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn work_that_was_begun_is_finished_although_the_client_has_gone() {
    let (fake, begun, go_on) = waiting();
    let server = Running::plain(fake.clone()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let body = json(FUNCTION);
    let request = format!("{}{body}", head(&format!("Content-Length: {}", body.len())));
    stream.write_all(request.as_bytes()).await.unwrap();
    begun.notified().await;
    drop(stream);
    tokio::time::sleep(A_WHILE).await;
    go_on.notify_one();
    server.stop().await.unwrap();
    assert_eq!(fake.seen(), [format!("{:?}", messages::cancel_session())]);
}
