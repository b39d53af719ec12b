//! The API on a socket.

use service::management::Access;
use smds::management::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::api::Api;

#[tokio::test]
async fn the_port_closes_at_shutdown() {
    let api = Api::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (smds, readiness) = (api.server.smds.clone(), api.readiness.clone());
    let serving = tokio::spawn(serve(listener, smds, Access::open(), readiness, async move {
        let _ = stopped.await;
    }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"events\":[]"), "{answer}");

    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(api.readiness.is_shutting_down());
    assert!(TcpStream::connect(address).await.is_err(), "the port is closed");
}
