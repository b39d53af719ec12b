//! One connection, from the TLS handshake to its end.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, error, info};

use super::activity::Activity;
use super::delivery::{Cut, CutOff, Delivered, Delivery};
use super::{BodyError, Peer, Received, Service, Shared};
use crate::body::{self, ReadError};
use crate::fault;
use crate::header::AdminProtocol;

/// For a peer to take the last bytes after we have said that the connection ends.
const LINGER: Duration = Duration::from_secs(5);
/// Bytes of a request header, and of the read buffer that holds it.
const HEADER_SIZE: usize = 64 * 1024;
/// Requests at a time on one HTTP/2 connection: an LPA needs one.
const STREAMS: u32 = 32;
/// How many bodies' worth of an overlong body is read and dropped, so that its sender sees the refusal.
const DISCARDED_BODIES: usize = 4;

pub(super) async fn run<S: Service>(shared: Shared<S>, stream: TcpStream, address: SocketAddr) {
    // Messages are small and each is waited for.
    let _ = stream.set_nodelay(true);
    let Some(tls) = shared.tls.clone() else {
        let peer = Peer { address, caller: None };
        return http(shared, peer, stream, auto::Builder::new(TokioExecutor::new()).http1_only()).await;
    };
    let acceptor = TlsAcceptor::from(tls.config.clone());
    let mut stopping = shared.stopping.clone();
    let handshake = tokio::select! {
        done = timeout(shared.limits.handshake_time, acceptor.accept(stream)) => done,
        _ = stopping.wait_for(|stop| *stop) => return,
    };
    match handshake {
        Ok(Ok(stream)) => {
            let peer = Peer { address, caller: tls.caller(stream.get_ref().1) };
            let builder = auto::Builder::new(TokioExecutor::new());
            let builder = match stream.get_ref().1.alpn_protocol() {
                Some(b"h2") => builder.http2_only(),
                _ => builder.http1_only(),
            };
            http(shared, peer, stream, builder).await;
        }
        Ok(Err(error)) => info!(%error, %address, "TLS handshake failed"),
        Err(_) => info!(%address, "TLS handshake took too long"),
    }
}

/// Serves requests until the peer leaves, falls silent, or the server stops.
async fn http<S, I>(shared: Shared<S>, peer: Peer, stream: I, mut builder: auto::Builder<TokioExecutor>)
where
    S: Service,
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    builder.http1().max_buf_size(HEADER_SIZE);
    builder.http2().max_concurrent_streams(STREAMS).max_header_list_size(HEADER_SIZE as u32);
    let activity = Activity::new();
    let service = {
        let (shared, activity) = (shared.clone(), activity.clone());
        service_fn(move |request| answer(shared.clone(), peer.clone(), activity.clone(), request))
    };
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut stopping = shared.stopping.clone();
    let mut patience = shared.limits.quiet_time;
    let mut closing = false;
    let mut look = pin!(sleep(patience));
    loop {
        let must_close = tokio::select! {
            // What has arrived counts, however late we look.
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    debug!(%error, "connection ended");
                }
                return;
            }
            _ = stopping.wait_for(|stop| *stop), if !closing => true,
            () = look.as_mut() => match activity.quiet_for() {
                Some(quiet) if quiet >= patience => true,
                quiet => {
                    look.as_mut().reset(Instant::now() + patience - quiet.unwrap_or_default());
                    false
                }
            },
        };
        if must_close && closing {
            return;
        }
        if must_close {
            closing = true;
            patience = LINGER.min(shared.limits.quiet_time);
            connection.as_mut().graceful_shutdown();
            look.as_mut().reset(Instant::now() + patience);
        }
    }
}

/// Reads one request and has it answered, in a task of its own: a peer that goes away does not stop the work, and a
/// panic becomes a 500.
async fn answer<S: Service>(
    shared: Shared<S>,
    peer: Peer,
    activity: Activity,
    request: Request<Incoming>,
) -> Result<Response<Delivered>, CutOff> {
    let _busy = activity.begin();
    let (mut head, mut body) = request.into_parts();
    let version = AdminProtocol::OWN.towards(AdminProtocol::of(&head.headers));
    if let Some(rate) = &shared.rate
        && let Err(wait) = rate.check(peer.address.ip())
    {
        debug!(address = %peer.address, "too many requests");
        // The connection is good for the next request only if nothing of this one is left on it.
        let _ = timeout(shared.limits.body_time, body::discard(&mut body, shared.limits.body)).await;
        return deliver(too_many_requests(version, wait)).await;
    }
    head.extensions.insert(peer);
    let received = receive(&mut body, &shared).await;
    let request = Request::from_parts(head, received);
    let Shared { service, working, .. } = shared;
    let task = tokio::spawn(async move {
        let _working = working;
        fault::scope(service.answer(request)).await
    });
    let response = task.await.unwrap_or_else(|error| {
        error!(%error, "a request ended in a panic");
        plain(StatusCode::INTERNAL_SERVER_ERROR, version, "the server failed")
    });
    deliver(response).await
}

/// Lets an answer go as its service wants it to.
async fn deliver(mut response: Response<Bytes>) -> Result<Response<Delivered>, CutOff> {
    let delivery: Delivery = response.extensions_mut().remove().unwrap_or_default();
    if !delivery.delay.is_zero() {
        sleep(delivery.delay).await;
    }
    match delivery.cut {
        Some(Cut::BeforeAnswer) => Err(CutOff),
        _ => Ok(response.map(|body| delivery.body(body))),
    }
}

async fn receive<S>(body: &mut Incoming, shared: &Shared<S>) -> Received {
    let limit = shared.limits.body;
    let reading = async {
        let received = body::read(body, limit).await;
        if matches!(received, Err(ReadError::TooLarge)) {
            body::discard(body, limit.saturating_mul(DISCARDED_BODIES)).await;
        }
        received
    };
    match timeout(shared.limits.body_time, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(ReadError::TooLarge)) => Err(BodyError::TooLarge),
        Ok(Err(ReadError::Broken(error))) => {
            debug!(%error, "incomplete body");
            Err(BodyError::Broken)
        }
        Err(_) => Err(BodyError::TooSlow),
    }
}

/// Whole seconds are what the field can say, so they are rounded up.
fn too_many_requests(version: AdminProtocol, wait: Duration) -> Response<Bytes> {
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, version, "too many requests");
    let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// An answer that no service gave.
fn plain(status: StatusCode, version: AdminProtocol, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    version.write(headers);
    response
}
