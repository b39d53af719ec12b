use std::num::NonZeroU32;

use protocol::es2plus::Function;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::messages::json_of;
use crate::support::running::{Known, Running, endpoint};

fn request() -> String {
    let function = Function::ReleaseProfile;
    let (path, body) = (function.json_path(), json_of(function).to_string());
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// The head of the next answer on a connection that stays open.
async fn exchange(stream: &mut TcpStream) -> String {
    stream.write_all(request().as_bytes()).await.unwrap();
    let (mut answer, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "the connection was closed");
        answer.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return head.to_owned();
        }
    }
}

async fn running(requests_per_second: Option<NonZeroU32>) -> (Running, Fake) {
    let fake = Fake::default();
    let limits = Limits { requests_per_second, burst: NonZeroU32::MIN, ..Limits::default() };
    (Running::start(Known(endpoint(fake.clone())), None, limits).await, fake)
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_again_and_keep_their_connection() {
    let (server, fake) = running(Some(NonZeroU32::MIN)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut served = 0;
    // One a second: however slow this machine is, not all of these are served.
    let refused = loop {
        let head = exchange(&mut stream).await;
        if !head.starts_with("HTTP/1.1 200") {
            break head;
        }
        served += 1;
        assert!(served < 100, "nobody was refused");
    };
    assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
    assert!(refused.contains("retry-after: 1"), "{refused}");
    assert!(refused.contains("x-admin-protocol: gsma/rsp/v2.2.2"), "{refused}");
    assert_eq!(fake.seen().len(), served);
    // The same connection is answered still, and served again when the time has come.
    while !exchange(&mut stream).await.starts_with("HTTP/1.1 200") {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(fake.seen().len(), served + 1);
}

#[tokio::test]
async fn a_new_connection_from_the_same_address_counts_too() {
    let (server, _) = running(Some(NonZeroU32::MIN)).await;
    let mut refused = false;
    for _ in 0..100 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        refused |= exchange(&mut stream).await.starts_with("HTTP/1.1 429");
    }
    assert!(refused);
}

#[tokio::test]
async fn without_a_limit_nobody_is_refused() {
    let (server, fake) = running(None).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for _ in 0..50 {
        assert!(exchange(&mut stream).await.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(fake.seen().len(), 50);
}
