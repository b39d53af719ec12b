//! One request on its way through a server: what is traced, logged and said about it in HTTP.

use asn1::TransactionId;
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es9plus::Function;
use protocol::status::{Fault, Refusal};
use protocol::trace::Tracer;
use tracing::{error, info};

use super::exchange::Written;
use crate::header::{AdminProtocol, MediaType, X_ADMIN_PROTOCOL, trace};

/// A request that HTTP itself refuses.
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

/// The request and who is told about it.
pub(super) struct Hop<'a> {
    tracer: Tracer,
    head: &'a Parts,
}

impl<'a> Hop<'a> {
    pub(super) fn new(tracer: &Tracer, head: &'a Parts) -> Self {
        Self { tracer: tracer.clone(), head }
    }

    /// Ties what follows to a session.
    pub(super) fn belongs_to(&mut self, transaction_id: Option<&TransactionId>) {
        if let Some(id) = transaction_id {
            self.tracer = self.tracer.with_transaction(id);
        }
    }

    /// Tells the trace what came.
    pub(super) fn received(&self, body: &[u8]) {
        trace(&self.tracer, "request", self.head.uri.path(), None, &self.head.headers, body);
    }

    /// The answer of a function.
    pub(super) fn answered(&self, media_type: MediaType, written: Written) -> Response<Bytes> {
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

    /// The answer of HTTP itself.
    pub(super) fn rejected(&self, rejection: Rejection) -> Response<Bytes> {
        let Rejection { status, reason } = rejection;
        info!(status = status.as_u16(), path = self.head.uri.path(), ?reason, "request rejected");
        let mut response = self.respond(status, Some("text/plain"), reason.into_bytes());
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
        let version = AdminProtocol::OWN.towards(AdminProtocol::of(&self.head.headers));
        // A version is ASCII: nothing is lost here.
        headers
            .extend(HeaderValue::try_from(version.to_string()).ok().map(|value| (X_ADMIN_PROTOCOL, value)));
        headers.extend(content_type.map(|value| (CONTENT_TYPE, HeaderValue::from_static(value))));
        // Told before the answer leaves, so that the peer's next event cannot come first.
        let path = self.head.uri.path();
        trace(&self.tracer, "response", path, Some(status), response.headers(), response.body());
        response
    }
}

/// One line per call. A refusal is told here and nowhere else; what a peer wrote is quoted.
pub(super) fn log<T>(
    function: Function,
    transaction_id: Option<&TransactionId>,
    outcome: &Result<T, Refusal>,
) {
    let function = function.name();
    let transaction_id = transaction_id.map(ToString::to_string);
    let transaction_id = transaction_id.as_deref().unwrap_or("-");
    match outcome {
        Ok(_) => info!(function, transaction_id, outcome = "Executed-Success"),
        Err(Refusal { code, fault, message }) => match fault {
            Fault::PeerMisbehaved | Fault::PeerIncompatible => {
                info!(function, transaction_id, outcome = %code, ?fault, ?message);
            }
            Fault::OurConfiguration | Fault::OurStorage => {
                error!(function, transaction_id, outcome = %code, ?fault, ?message);
            }
        },
    }
}
