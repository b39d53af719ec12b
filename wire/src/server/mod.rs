//! The HTTP server loop that every interface runs in.
//!
//! It reads a request whole, within [`Limits`], before a [`Service`] sees it, and lets a request that was read run to its
//! end even if the peer goes away: what the service writes is never cut off half-way by the network.
//!
//! Asked for more than it can do, it begins nothing new, so that what has begun comes to its end; `admission` says how it knows.
//! Connections are cheap and slow ones make room for others (`places`); handshakes take turns with requests (`handshake`).

mod activity;
mod admission;
mod answers;
mod bodies;
mod connection;
mod delivery;
mod handshake;
mod limits;
mod overload;
mod places;
mod rate;
mod turn;
mod turns;

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::MonotonicClock;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es12;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{error, warn};

pub use admission::Urgency;
pub use delivery::{Cut, Delivery};
pub use limits::Limits;
pub use overload::Overload;

use crate::tls::ServerTls;
use admission::Admission;
use bodies::Bodies;
use overload::Warnings;
use places::Places;
use rate::Rate;
use turns::Turns;

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What answers requests.
pub trait Service: Send + Sync + 'static {
    /// Answers one request. The body is there already, or the reason why it is not; a [`Peer`] is among the extensions.
    fn answer(&self, request: Request<Received>) -> impl Future<Output = Response<Bytes>> + Send;

    /// Whether a request begins something or goes on with it; asked of each, so it has to cost next to nothing.
    fn urgency(&self, _head: &Parts, _body: &Received) -> Urgency {
        Urgency::Begins
    }

    /// Told each time something was not done because too much was asked, for its metrics; the log has one warning a minute.
    fn overloaded(&self, _what: Overload) {}
}

/// Who is at the other end of a connection: an extension of each request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// From where.
    pub address: SocketAddr,
    /// Whom TLS authenticated; `None` on a port that asks for no certificate.
    pub caller: Option<Authenticated>,
}

/// Whom TLS authenticated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Authenticated {
    /// One whom the configuration knows, by the name of [`crate::tls::Caller`].
    Named(Arc<str>),
    /// An SM-DP+ or SM-DS, by its certificate ([`crate::tls::RspServers`]).
    RspServer(Arc<es12::Caller>),
}

impl Peer {
    /// The caller's name, if it is one whom the configuration knows.
    pub fn name(&self) -> Option<&str> {
        match &self.caller {
            Some(Authenticated::Named(name)) => Some(name),
            _ => None,
        }
    }

    /// The caller, if it is an SM-DP+ or SM-DS by its certificate.
    pub fn rsp_server(&self) -> Option<&es12::Caller> {
        match &self.caller {
            Some(Authenticated::RspServer(server)) => Some(server),
            _ => None,
        }
    }
}

impl From<&str> for Authenticated {
    fn from(name: &str) -> Self {
        Self::Named(name.into())
    }
}

/// The body of a request.
pub type Received = Result<Bytes, BodyError>;

/// Why a request has no body to speak of: the peer's fault each time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BodyError {
    /// More than [`Limits::body`].
    #[error("the body is longer than this server takes")]
    TooLarge,
    /// Slower than [`Limits::body_time`].
    #[error("the body did not arrive in time")]
    TooSlow,
    /// Cut off or badly framed.
    #[error("the body is incomplete")]
    Broken,
}

impl BodyError {
    /// How HTTP says it.
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// What every connection of a server shares.
struct Shared<S> {
    service: Arc<S>,
    limits: Limits,
    tls: Option<ServerTls>,
    rate: Option<Arc<Rate>>,
    admission: Arc<Admission>,
    bodies: Arc<Bodies>,
    warnings: Arc<Warnings>,
    handshakes: Option<Arc<Turns>>,
    stopping: watch::Receiver<bool>,
    /// Held by whoever has work to finish.
    working: mpsc::Sender<()>,
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            limits: self.limits,
            tls: self.tls.clone(),
            rate: self.rate.clone(),
            admission: self.admission.clone(),
            bodies: self.bodies.clone(),
            warnings: self.warnings.clone(),
            handshakes: self.handshakes.clone(),
            stopping: self.stopping.clone(),
            working: self.working.clone(),
        }
    }
}

impl<S: Service> Shared<S> {
    /// Something was not done because too much was asked.
    fn overloaded(&self, what: Overload) {
        self.warnings.warn(what);
        self.service.overloaded(what);
    }
}

/// Serves until `shutdown`, then finishes what is in flight, for at most [`Limits::shutdown_time`].
///
/// Without `tls` it speaks plain HTTP/1.1, for use behind something that ends TLS in front of it. What goes wrong on
/// one connection, a panic of the service included, stays on that connection.
pub async fn serve<S: Service>(
    listener: TcpListener,
    tls: Option<impl Into<ServerTls>>,
    service: S,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopping) = watch::channel(false);
    let (working, mut finished) = mpsc::channel(1);
    let rate = |per_second| Arc::new(Rate::new(per_second, limits.burst, MonotonicClock));
    let shared = Shared {
        service: Arc::new(service),
        limits,
        tls: tls.map(Into::into),
        rate: limits.requests_per_second.map(rate),
        admission: Admission::new(&limits),
        // The longest body has to find room when it is alone.
        bodies: Bodies::new(limits.bodies.max(limits.body)),
        warnings: Arc::default(),
        handshakes: limits.handshakes.map(Turns::new),
        stopping,
        working,
    };
    let mut connections = JoinSet::new();
    accept_until(shutdown, &listener, &shared, &mut connections).await;

    // From here on a new connection is refused by the system.
    drop(listener);
    drop(shared);
    let _ = stop.send(true);
    let all_done = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
        // Gives up its last sender when the last request has run to its end.
        let _ = finished.recv().await;
    };
    if timeout(limits.shutdown_time, all_done).await.is_err() {
        warn!("shutdown: some requests were still being answered and have been cut off");
        connections.shutdown().await;
    }
}

async fn accept_until<S: Service>(
    shutdown: impl Future<Output = ()>,
    listener: &TcpListener,
    shared: &Shared<S>,
    connections: &mut JoinSet<()>,
) {
    let places = Places::new(shared.limits.connections);
    let mut shutdown = pin!(shutdown);
    loop {
        while let Some(ended) = connections.try_join_next() {
            report(ended);
        }
        let accepted = tokio::select! {
            biased;
            () = shutdown.as_mut() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, address): (TcpStream, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Where nobody can make room, the next peers wait in the system's queue and cost us nothing.
        let place = tokio::select! {
            biased;
            () = shutdown.as_mut() => return,
            place = places.take() => place,
        };
        connections.spawn(connection::run(shared.clone(), place, stream, address));
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        error!(%error, "a connection ended in a panic");
    }
}
