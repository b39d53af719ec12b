use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wire::server::Limits;

use crate::support::{Gated, Running};

/// What a slow peer is given, and how long it waits between two bytes.
const PATIENCE: Duration = Duration::from_millis(300);
const PAUSE: Duration = Duration::from_millis(60);

/// Sends `begin`, and after it a byte at a time for as long as the server listens; gives what it says.
async fn dribbled(limits: Limits, begin: &str) -> String {
    let service = Gated::shut();
    service.open();
    let server = Running::start(service, limits).await;
    let (mut from, mut to) = server.connect().await.0.into_split();
    to.write_all(begin.as_bytes()).await.unwrap();
    let dribbling = tokio::spawn(async move {
        while to.write_all(b"a").await.is_ok() {
            tokio::time::sleep(PAUSE).await;
        }
    });
    let mut said = Vec::new();
    let _ = from.read_to_end(&mut said).await;
    dribbling.await.unwrap();
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn a_byte_now_and_then_does_not_put_off_the_end_of_a_header() {
    let limits = Limits { quiet_time: PATIENCE, ..Limits::default() };
    for begin in ["", "POST / HTTP/1.1\r\nHost: x\r\nX: "] {
        assert_eq!(dribbled(limits, begin).await, "");
    }
}

#[tokio::test]
async fn a_byte_now_and_then_does_not_put_off_the_end_of_a_body() {
    let limits = Limits { body_time: PATIENCE, quiet_time: PATIENCE, ..Limits::default() };
    let said = dribbled(limits, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n").await;
    // What is sent after the answer may reset the connection before the answer is read.
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 200"), "{said}");
}
