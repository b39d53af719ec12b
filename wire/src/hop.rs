//! One request on its way through a server: what is traced, logged and said about it in HTTP.

use std::borrow::Cow;

use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use hyper::body::Bytes;
use protocol::status::{Fault, Refusal};
use protocol::trace::Tracer;
use tracing::{debug, info};

use crate::fault;
use crate::header::{AdminProtocol, MediaType, trace};
use crate::server::Received;

/// An answer as a binding wrote it.
pub(crate) enum Written {
    /// 200 with this body.
    Body(Vec<u8>),
    /// 204.
    Acknowledged,
    /// A notification that is not accepted: HTTP says it, with whose fault it was, and a body where the binding has one.
    Refused { refusal: Refusal, body: Option<Vec<u8>> },
}

/// A request that HTTP itself refuses.
pub(crate) struct Rejection {
    pub(crate) status: StatusCode,
    /// For the peer and the log; nothing for the peer if it is empty.
    pub(crate) reason: String,
}

impl Rejection {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

/// The body of a function's call, or how HTTP refuses it: 405, 415, 413, 408, 400.
pub(crate) fn posted(head: &Parts, media_type: MediaType, body: &Received) -> Result<Bytes, Rejection> {
    if head.method != Method::POST {
        return Err(Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "a function is called with POST"));
    }
    if !media_type.is_of(&head.headers) {
        let reason = format!("Content-Type must be {}", media_type.as_str());
        return Err(Rejection::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    body.clone().map_err(|error| Rejection::new(error.status(), error.to_string()))
}

/// How a body is shown in a trace.
pub(crate) type Shown = for<'b> fn(&'b [u8]) -> Cow<'b, [u8]>;

/// The request and who is told about it.
pub(crate) struct Hop<'a> {
    tracer: Tracer,
    head: &'a Parts,
    shown: Shown,
}

impl<'a> Hop<'a> {
    /// A request whose body has no secrets.
    pub(crate) fn new(tracer: &Tracer, head: &'a Parts) -> Self {
        Self { tracer: tracer.clone(), head, shown: |body| Cow::Borrowed(body) }
    }

    /// Shows the request's body otherwise than it is.
    pub(crate) fn showing(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }

    /// Ties what follows to a session, an eUICC or an order.
    pub(crate) fn tie(&mut self, to: impl FnOnce(&Tracer) -> Tracer) {
        self.tracer = to(&self.tracer);
    }

    /// Tells the trace what came.
    pub(crate) fn received(&self, body: &[u8]) {
        if self.tracer.is_on() {
            let (path, headers) = (self.head.uri.path(), &self.head.headers);
            trace(&self.tracer, "request", path, None, headers, &(self.shown)(body));
        }
    }

    /// The answer of a function.
    pub(crate) fn answered(&self, media_type: MediaType, written: Written) -> Response<Bytes> {
        match written {
            Written::Body(body) => self.respond(StatusCode::OK, Some(media_type.as_str()), body),
            // SGP.22 §6.2: no Content-Type without a body.
            Written::Acknowledged => self.respond(StatusCode::NO_CONTENT, None, Vec::new()),
            Written::Refused { refusal, body } => {
                let status = match refusal.fault {
                    Fault::PeerMisbehaved | Fault::PeerIncompatible => StatusCode::BAD_REQUEST,
                    Fault::OurConfiguration | Fault::OurStorage => StatusCode::INTERNAL_SERVER_ERROR,
                };
                match body {
                    Some(body) => self.respond(status, Some(media_type.as_str()), body),
                    None => self.respond(status, Some("text/plain"), refusal.to_string().into_bytes()),
                }
            }
        }
    }

    /// The answer of HTTP itself to a body that no function has seen.
    pub(crate) fn turned_away(&self, body: &[u8], rejection: Rejection) -> Response<Bytes> {
        self.received(body);
        self.rejected(rejection)
    }

    fn rejected(&self, rejection: Rejection) -> Response<Bytes> {
        let Rejection { status, reason } = rejection;
        info!(status = status.as_u16(), path = self.head.uri.path(), ?reason, "request rejected");
        let content_type = (!reason.is_empty()).then_some("text/plain");
        let mut response = self.respond(status, content_type, reason.into_bytes());
        if status == StatusCode::METHOD_NOT_ALLOWED {
            // SGP.22 §6.2: every function is a POST.
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }

    fn respond(
        &self,
        status: StatusCode,
        content_type: Option<&'static str>,
        body: Vec<u8>,
    ) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        AdminProtocol::OWN.towards(AdminProtocol::of(&self.head.headers)).write(headers);
        headers.extend(content_type.map(|value| (CONTENT_TYPE, HeaderValue::from_static(value))));
        if let Some(fault) = fault::take_noted() {
            let applied = fault.apply(&mut response);
            debug!(%fault, applied, "the answer has a fault");
        }
        // Told before the answer leaves, so that the peer's next event cannot come first.
        let path = self.head.uri.path();
        let (status, headers) = (Some(response.status()), response.headers());
        trace(&self.tracer, "response", path, status, headers, response.body());
        response
    }
}
