//! One POST and its answer: connections, TLS, reuse, limits. What the bytes mean is no business of this module.

mod connect;
mod pool;

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use protocol::status::Fault;
use protocol::types::ServerAddress;
use rustls::{AlertDescription, ClientConfig};
use thiserror::Error;
use tokio::time::timeout;

use crate::body::{self, ReadError};
use crate::header::{AdminProtocol, MediaType, USER_AGENT_LPAD};
use pool::{Attempt, Connection, Pool};

/// Sends a host name to a fixed place instead of asking DNS, so that addresses inside messages stay free of ports and
/// of this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The host, compared without regard to case.
    pub host: String,
    /// Where it is.
    pub to: SocketAddr,
}

/// How long an answer may take and how large it may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// From the first byte sent to the last received, connection included.
    pub time: Duration,
    /// Bytes of an answer's body. A bound profile package of 512 KB takes 700 KB in base64.
    pub body: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), body: 4 * 1024 * 1024 }
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum TransportError {
    /// No connection: no such host, nobody listens, no way there.
    #[error("cannot connect to {address}: {why}")]
    Connect {
        /// The server.
        address: ServerAddress,
        /// What the system says.
        why: io::Error,
    },
    /// No TLS: one side did not like the other, usually over the certificate.
    #[error("no TLS with {address}: {why}")]
    Tls {
        /// The server.
        address: ServerAddress,
        /// What rustls says, or the network.
        why: io::Error,
        /// Whether the request may have reached the server all the same.
        sent: bool,
    },
    /// The address cannot stand in a TLS or HTTP message.
    #[error("{address} cannot be used as a server name")]
    Address {
        /// The server.
        address: ServerAddress,
    },
    /// The connection broke, or what came over it is not HTTP.
    #[error("the connection to {address} failed: {why}")]
    Broken {
        /// The server.
        address: ServerAddress,
        /// What hyper says.
        why: hyper::Error,
        /// Whether the request may have reached the server.
        sent: bool,
    },
    /// No answer in [`Bounds::time`].
    #[error("{address} did not answer within {after:?}")]
    TimedOut {
        /// The server.
        address: ServerAddress,
        /// The bound.
        after: Duration,
        /// Whether the request may have reached the server.
        sent: bool,
    },
    /// An answer over [`Bounds::body`].
    #[error("the answer of {address} is longer than {limit} bytes")]
    TooLarge {
        /// The server.
        address: ServerAddress,
        /// The bound.
        limit: usize,
    },
}

impl TransportError {
    /// Whose fault it is; `None` where nobody can tell, because it lies on the way between the two.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Connect { .. } | Self::Broken { .. } | Self::TimedOut { .. } => None,
            Self::Address { .. } => Some(Fault::OurConfiguration),
            Self::TooLarge { .. } => Some(Fault::PeerMisbehaved),
            Self::Tls { why, .. } => {
                match why.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())? {
                    // Perhaps the server shows a wrong certificate, perhaps we were given the wrong roots.
                    rustls::Error::InvalidCertificate(_)
                    | rustls::Error::PeerIncompatible(_)
                    | rustls::Error::AlertReceived(_) => Some(Fault::PeerIncompatible),
                    _ => Some(Fault::PeerMisbehaved),
                }
            }
        }
    }
}

impl TransportError {
    /// Whether it may be otherwise later: everything but what lies in the address or in the answer.
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Tls { .. } | Self::Broken { .. } | Self::TimedOut { .. } => true,
            Self::Address { .. } | Self::TooLarge { .. } => false,
        }
    }

    /// Whether the server may have done what it was asked for: not if no byte of the request has left.
    pub fn may_have_been_executed(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Address { .. } => false,
            Self::Tls { sent, .. } | Self::Broken { sent, .. } | Self::TimedOut { sent, .. } => *sent,
            Self::TooLarge { .. } => true,
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Bytes,
}

/// One server as a client sees it. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Transport {
    address: ServerAddress,
    /// `None` for plain HTTP.
    tls: Option<Arc<ClientConfig>>,
    routes: Vec<Route>,
    bounds: Bounds,
    pool: Arc<Pool>,
}

impl Transport {
    /// Reaches `address` over TLS.
    pub fn new(address: ServerAddress, tls: Arc<ClientConfig>) -> Self {
        Self { tls: Some(tls), ..Self::plain(address) }
    }

    /// Reaches `address` in plain HTTP/1.1: for a laboratory.
    pub fn plain(address: ServerAddress) -> Self {
        Self { address, tls: None, routes: Vec::new(), bounds: Bounds::default(), pool: Arc::default() }
    }

    /// With a host sent elsewhere.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// With other bounds.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// The server.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// The header fields of SGP.22 §6.2 on a request of a server.
    pub fn headers(media_type: MediaType) -> HeaderMap {
        let mut headers = HeaderMap::new();
        AdminProtocol::OWN.write(&mut headers);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type.as_str()));
        headers
    }

    /// The same on a request of an LPA.
    pub fn lpa_headers(media_type: MediaType) -> HeaderMap {
        let mut headers = Self::headers(media_type);
        headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_LPAD));
        headers
    }

    /// Posts `body` to `path` and reads the whole answer.
    pub async fn post(&self, path: &str, headers: &HeaderMap, body: Bytes) -> Result<Reply, TransportError> {
        let after = self.bounds.time;
        let sent = Sent::default();
        let exchange = timeout(after, self.exchange(path, headers, body, &sent)).await;
        exchange.unwrap_or_else(|_| {
            Err(TransportError::TimedOut { address: self.address.clone(), after, sent: sent.get() })
        })
    }

    async fn exchange(
        &self,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
        sent: &Sent,
    ) -> Result<Reply, TransportError> {
        // Kept connections first: one may have ended since, and then nothing of the request has left.
        while let Some(mut connection) = self.pool.take().await {
            let request = self.request(connection.version(), path, headers, body.clone())?;
            match sent.during(connection.send(request)).await {
                Attempt::Answered(response) => return self.read(connection, response).await,
                Attempt::NotSent(_) => continue,
                Attempt::Failed(why) => return Err(self.broken(why, true)),
            }
        }
        let (mut connection, ended) = self.connect().await?;
        let request = self.request(connection.version(), path, headers, body)?;
        match sent.during(connection.send(request)).await {
            Attempt::Answered(response) => self.read(connection, response).await,
            // The connection was gone before the request could leave; it knows better why.
            Attempt::NotSent(why) => Err(self.broken(ended.await.unwrap_or(why), false)),
            // A server judges our certificate before it reads what came behind it.
            Attempt::Failed(why) => {
                let unread = tls_alert(&why).is_some_and(refuses_our_certificate);
                Err(self.broken(why, !unread))
            }
        }
    }

    fn request(
        &self,
        version: Version,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, TransportError> {
        let address = self.address.as_str();
        let unusable = || TransportError::Address { address: self.address.clone() };
        // HTTP/2 takes the host from the URI, HTTP/1.1 from the Host field.
        let uri = match version {
            Version::HTTP_2 => format!("https://{address}{path}").parse::<Uri>(),
            _ => path.parse::<Uri>(),
        };
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.map_err(|_| unusable())?;
        *request.version_mut() = version;
        *request.headers_mut() = headers.clone();
        if version != Version::HTTP_2 {
            let host = HeaderValue::from_str(address).map_err(|_| unusable())?;
            request.headers_mut().insert(HOST, host);
        }
        Ok(request)
    }

    async fn read(
        &self,
        connection: Connection,
        response: Response<Incoming>,
    ) -> Result<Reply, TransportError> {
        let (head, mut body) = response.into_parts();
        let limit = self.bounds.body;
        let body = body::read(&mut body, limit, |_| true).await.map_err(|error| match error {
            ReadError::TooLarge | ReadError::NoRoom => {
                TransportError::TooLarge { address: self.address.clone(), limit }
            }
            ReadError::Broken(why) => self.broken(why, true),
        })?;
        self.pool.keep(connection);
        Ok(Reply { status: head.status, headers: head.headers, body })
    }

    fn broken(&self, why: hyper::Error, sent: bool) -> TransportError {
        let address = self.address.clone();
        match tls_alert(&why) {
            Some(alert) => TransportError::Tls { address, why: io::Error::other(alert.clone()), sent },
            None => TransportError::Broken { address, why, sent },
        }
    }
}

/// Whether something of a request may have left, told from within to whoever gives up waiting.
#[derive(Default)]
struct Sent(AtomicBool);

impl Sent {
    async fn during(&self, attempt: impl Future<Output = Attempt>) -> Attempt {
        self.0.store(true, Ordering::Relaxed);
        let attempt = attempt.await;
        self.0.store(!matches!(attempt, Attempt::NotSent(_)), Ordering::Relaxed);
        attempt
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// In TLS 1.3 a client is done before the server has judged its certificate, so a refusal comes where an answer is
/// awaited (RFC 8446 §4.4.2.4).
fn tls_alert(error: &hyper::Error) -> Option<&rustls::Error> {
    let mut causes = std::iter::successors(error.source(), |error| below(*error));
    causes.find_map(|error| error.downcast_ref())
}

/// The alerts that end a handshake over a certificate or the key that goes with it (RFC 8446 §6.2).
fn refuses_our_certificate(error: &rustls::Error) -> bool {
    use AlertDescription as A;
    let rustls::Error::AlertReceived(alert) = error else { return false };
    matches!(
        alert,
        A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::UnknownCA
            | A::AccessDenied
            | A::DecryptError
            | A::CertificateRequired
    )
}

/// The cause of an error; what [`io::Error::source`] gives stands below the error that was wrapped.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
