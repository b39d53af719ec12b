//! Connections that are kept for the next request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use tokio::time::Instant;

/// Longer than this a server may have lost patience with us.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// The sending end of a connection whose other end runs in a task of its own.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// What became of a request.
pub(super) enum Attempt {
    Answered(Response<Incoming>),
    /// Nothing of it has left: it may go another way.
    NotSent(hyper::Error),
    /// It may have arrived, so it must not be sent again.
    Failed(hyper::Error),
}

impl Connection {
    pub(super) fn version(&self) -> Version {
        match self {
            Self::Http1(_) => Version::HTTP_11,
            Self::Http2(_) => Version::HTTP_2,
        }
    }

    pub(super) async fn send(&mut self, request: Request<Full<Bytes>>) -> Attempt {
        let sent = match self {
            Self::Http1(sender) => sender.try_send_request(request).await,
            Self::Http2(sender) => sender.try_send_request(request).await,
        };
        match sent {
            Ok(response) => Attempt::Answered(response),
            Err(error) if error.message().is_some() => Attempt::NotSent(error.into_error()),
            Err(error) => Attempt::Failed(error.into_error()),
        }
    }
}

/// HTTP/1.1 connections that nobody uses now, and the HTTP/2 connection that all use at once.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    http1: Vec<(http1::SendRequest<Full<Bytes>>, Instant)>,
    http2: Option<http2::SendRequest<Full<Bytes>>>,
}

impl Pool {
    /// A connection that is still good, as far as one can know.
    pub(super) async fn take(&self) -> Option<Connection> {
        if let Some(sender) = self.shared_http2() {
            return Some(Connection::Http2(sender));
        }
        loop {
            let (mut sender, since) = self.kept().http1.pop()?;
            if since.elapsed() < KEPT_FOR && sender.ready().await.is_ok() {
                return Some(Connection::Http1(sender));
            }
        }
    }

    /// Keeps a connection whose answer has been read whole.
    pub(super) fn keep(&self, connection: Connection) {
        let mut kept = self.kept();
        match connection {
            Connection::Http1(sender) => kept.http1.push((sender, Instant::now())),
            Connection::Http2(sender) => kept.http2 = Some(sender),
        }
    }

    fn shared_http2(&self) -> Option<http2::SendRequest<Full<Bytes>>> {
        let mut kept = self.kept();
        kept.http2.take_if(|sender| sender.is_closed());
        kept.http2.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
