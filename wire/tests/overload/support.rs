use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::request::Parts;
use http::{Request, Response};
use hyper::body::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::timeout;
use wire::server::{Limits, Overload, Received, Service, Urgency, serve};
use wire::tls::ServerTls;

/// Begins something.
pub const BEGIN: &str = "/begin";
/// Goes on with it.
pub const GO_ON: &str = "/go-on";
/// What takes longer does not come.
const LONG: Duration = Duration::from_secs(10);

/// A service that answers nothing while its gate is shut.
#[derive(Clone)]
pub struct Gated(Arc<State>);

struct State {
    gate: watch::Sender<bool>,
    begun: Notify,
    told: Mutex<Vec<Overload>>,
}

impl Gated {
    pub fn shut() -> Self {
        Self(Arc::new(State { gate: watch::channel(false).0, begun: Notify::new(), told: Mutex::default() }))
    }

    pub fn open(&self) {
        self.0.gate.send_replace(true);
    }

    /// Until one request has reached the service that was not waited for before.
    pub async fn begun(&self) {
        timeout(LONG, self.0.begun.notified()).await.expect("no request has reached the service");
    }

    /// What was not done.
    pub fn told(&self) -> Vec<Overload> {
        self.0.told.lock().unwrap().clone()
    }
}

impl Service for Gated {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let mut gate = self.0.gate.subscribe();
        self.0.begun.notify_one();
        gate.wait_for(|open| *open).await.unwrap();
        Response::new(Bytes::from_static(b"done"))
    }

    fn urgency(&self, head: &Parts, _: &Received) -> Urgency {
        urgency(head)
    }

    fn overloaded(&self, what: Overload) {
        self.0.told.lock().unwrap().push(what);
    }
}

/// What a request is, by its path.
pub fn urgency(head: &Parts) -> Urgency {
    if head.uri.path() == GO_ON { Urgency::GoesOn } else { Urgency::Begins }
}

/// A server on a port of its own; stops when dropped.
pub struct Running {
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Running {
    pub async fn start(service: impl Service, limits: Limits) -> Self {
        Self::start_with(service, None, limits).await
    }

    pub async fn start_with(service: impl Service, tls: Option<ServerTls>, limits: Limits) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        tokio::spawn(serve(listener, tls, service, limits, shutdown));
        Self { address, _stop: stop }
    }

    pub async fn connect(&self) -> Connection {
        Connection(TcpStream::connect(self.address).await.unwrap())
    }

    /// A request on a connection of its own.
    pub async fn ask(&self, path: &str) -> Connection {
        let mut connection = self.connect().await;
        connection.ask(path).await;
        connection
    }
}

/// A connection that is kept.
pub struct Connection(pub TcpStream);

impl Connection {
    pub async fn ask(&mut self, path: &str) {
        self.ask_with(path, "{}").await;
    }

    pub async fn ask_with(&mut self, path: &str, body: &str) {
        let length = body.len();
        let request = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}");
        self.0.write_all(request.as_bytes()).await.unwrap();
    }

    /// The next answer's head, in small letters.
    pub async fn answer(&mut self) -> String {
        timeout(LONG, self.read_answer()).await.expect("no answer")
    }

    async fn read_answer(&mut self) -> String {
        let (mut answer, mut buffer) = (Vec::new(), [0; 1024]);
        loop {
            let read = self.0.read(&mut buffer).await.unwrap();
            assert_ne!(read, 0, "the connection was closed");
            answer.extend_from_slice(&buffer[..read]);
            let text = std::str::from_utf8(&answer).unwrap().to_ascii_lowercase();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return head.to_owned();
            }
        }
    }

    pub async fn status(&mut self) -> u16 {
        self.answer().await.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Until the server has ended it without a word.
    pub async fn is_closed(&mut self) {
        assert_eq!(self.rest().await, "");
    }

    /// What the server says until it ends the connection, in small letters.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = timeout(LONG, self.0.read_to_end(&mut rest)).await.expect("the connection stays open");
        String::from_utf8(rest).unwrap().to_ascii_lowercase()
    }
}

/// So many requests in work, and waits that do not matter.
pub fn at_most(requests: usize) -> Limits {
    Limits { requests_in_work: NonZeroUsize::new(requests), wait: None, ..Limits::default() }
}
