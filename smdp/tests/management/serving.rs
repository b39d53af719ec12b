//! The API on a socket.

use std::time::Duration;

use smdp::management::{Access, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::api::Api;

async fn exchange(stream: &mut TcpStream, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn what_is_in_flight_is_answered_before_the_port_closes() {
    let api = Api::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (smdp, readiness) = (api.smdp.clone(), api.readiness.clone());
    let serving = tokio::spawn(serve(listener, smdp, Access::open(), readiness, async move {
        let _ = stopped.await;
    }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    assert!(exchange(&mut stream, "/ready").await.starts_with("HTTP/1.1 200 "));

    let mut waiting = TcpStream::connect(address).await.unwrap();
    // One that never sends the rest keeps nobody from ending.
    let mut silent = TcpStream::connect(address).await.unwrap();
    silent.write_all(b"GET /ready HTTP/1.1\r\n").await.unwrap();
    let waited = tokio::spawn(async move { exchange(&mut waiting, "/api/v1/events?wait=60").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(()).unwrap();
    let answer = waited.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"events\":[]"), "{answer}");
    serving.await.unwrap().unwrap();
    assert!(api.readiness.is_shutting_down());
    assert!(TcpStream::connect(address).await.is_err(), "the port is closed");
}
