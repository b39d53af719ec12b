//! One connection, from the TLS handshake to its end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, error, info};

use super::activity::Activity;
use super::answers::{busy, failed, last, too_many_requests};
use super::bodies::Body;
use super::delivery::{Cut, CutOff, Delivered, Delivery};
use super::handshake::{self, HandshakeError};
use super::places::Place;
use super::{BodyError, Overload, Peer, Received, Service, Shared, Urgency};
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

/// Serves a connection until it ends, or its place is wanted for another.
pub(super) async fn run<S: Service>(
    shared: Shared<S>,
    place: Arc<Place>,
    stream: TcpStream,
    address: SocketAddr,
) {
    // Messages are small and each is waited for.
    let _ = stream.set_nodelay(true);
    let (wanted, of_port) = (place.clone(), shared.clone());
    tokio::select! {
        // What has arrived counts, however late we look.
        biased;
        () = serve(shared, place, stream, address) => {}
        () = wanted.wanted() => {
            debug!(%address, "the place is another's");
            of_port.overloaded(Overload::Connection);
        }
    }
}

async fn serve<S: Service>(shared: Shared<S>, place: Arc<Place>, stream: TcpStream, address: SocketAddr) {
    let Some(tls) = shared.tls.clone() else {
        let peer = Peer { address, caller: None };
        let builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        return Box::pin(http(shared, place, peer, stream, builder)).await;
    };
    let mut stopping = shared.stopping.clone();
    let turns = shared.handshakes.as_deref().map(|turns| turns.of(address.ip()));
    let shaking = handshake::accept(tls.config.clone(), stream, turns);
    let handshake = tokio::select! {
        done = timeout(shared.limits.handshake_time, shaking) => done,
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
            // In memory of its own: who never gets so far takes up little.
            Box::pin(http(shared, place, peer, stream, builder)).await;
        }
        Ok(Err(HandshakeError::Failed(error))) => info!(%error, %address, "TLS handshake failed"),
        Ok(Err(error @ HandshakeError::TooMany)) => {
            debug!(%address, %error);
            shared.overloaded(Overload::Handshake);
        }
        Err(_) => info!(%address, "TLS handshake took too long"),
    }
}

/// Serves requests until the peer leaves, falls silent, or the server stops.
async fn http<S, I>(
    shared: Shared<S>,
    place: Arc<Place>,
    peer: Peer,
    stream: I,
    mut builder: auto::Builder<TokioExecutor>,
) where
    S: Service,
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    builder.http1().max_buf_size(HEADER_SIZE);
    builder.http2().max_concurrent_streams(STREAMS).max_header_list_size(HEADER_SIZE as u32);
    let activity = Activity::new();
    let service = {
        let (shared, activity) = (shared.clone(), activity.clone());
        service_fn(move |request| {
            answer(shared.clone(), place.clone(), peer.clone(), activity.clone(), request)
        })
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

/// Reads one request and has it answered, unless there is too much to do.
async fn answer<S: Service>(
    shared: Shared<S>,
    place: Arc<Place>,
    peer: Peer,
    activity: Activity,
    request: Request<Incoming>,
) -> Result<Response<Delivered>, CutOff> {
    let _busy = activity.begin();
    let address = peer.address.ip();
    let (mut head, mut body) = request.into_parts();
    let version = AdminProtocol::OWN.towards(AdminProtocol::of(&head.headers));
    if let Some(rate) = &shared.rate
        && let Err(wait) = rate.check(address)
    {
        debug!(address = %peer.address, "too many requests");
        // The connection is good for the next request only if nothing of this one is left on it.
        let _ = timeout(shared.limits.body_time, body::discard(&mut body, shared.limits.body)).await;
        return deliver(too_many_requests(version, wait)).await;
    }
    head.extensions.insert(peer);
    let mut room = shared.bodies.begin(activity.is_single());
    let Some(received) = receive(&mut body, &shared, &mut room).await else {
        debug!("no room for a body");
        shared.overloaded(Overload::Body);
        return deliver(last(busy(version), head.version)).await;
    };
    // Nothing is begun that could not be answered.
    let _working = place.work().ok_or(CutOff)?;
    let urgency = shared.service.urgency(&head, &received);
    let Some(in_work) = shared.admission.admit(urgency).await else {
        debug!(?urgency, "too much is in work");
        shared.overloaded(Overload::Request(urgency));
        return deliver(busy(version)).await;
    };
    if urgency == Urgency::Begins
        && let Some(turns) = &shared.handshakes
    {
        turns.has_begun(address);
    }
    let request = Request::from_parts(head, received);
    let Shared { service, working, .. } = shared;
    // Boxed, since it is large and would be moved several times.
    let work = Box::pin(async move { service.answer(request).await });
    // In a task of its own: a peer that goes away does not stop the work, and a panic becomes a 500.
    let task = tokio::spawn(async move {
        let _until_done = (working, in_work, room);
        fault::scope(work).await
    });
    let response = task.await.unwrap_or_else(|error| {
        error!(%error, "a request ended in a panic");
        failed(version)
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

/// A body as far as there is room for it; `None` where there is not.
async fn receive<S>(body: &mut Incoming, shared: &Shared<S>, room: &mut Body) -> Option<Received> {
    let limit = shared.limits.body;
    let reading = async {
        let received = body::read(body, limit, |length| room.grow(length)).await;
        if matches!(received, Err(ReadError::TooLarge)) {
            body::discard(body, limit.saturating_mul(DISCARDED_BODIES)).await;
        }
        received
    };
    Some(match timeout(shared.limits.body_time, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(ReadError::NoRoom)) => return None,
        Ok(Err(ReadError::TooLarge)) => Err(BodyError::TooLarge),
        Ok(Err(ReadError::Broken(error))) => {
            debug!(%error, "incomplete body");
            Err(BodyError::Broken)
        }
        Err(_) => Err(BodyError::TooSlow),
    })
}
