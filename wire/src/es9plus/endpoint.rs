//! The server half: HTTP in, [`Es9Plus`] called, HTTP out.

use asn1::{
    AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageRequest, HandleNotification,
    InitiateAuthenticationRequest, TransactionId,
};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es9plus::{ASN1_PATH, Es9Plus, Function};
use protocol::status::Refusal;
use protocol::trace::Tracer;

use super::exchange::{Exchange, ReadRequest, Unreadable};
use super::log::log;
use super::{asn1_binding, json_binding};
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, posted};
use crate::server::{Received, Service};

/// Offers an [`Es9Plus`] at the paths of SGP.22 §6.5.2 and §6.6.1; for [`crate::server::serve`].
///
/// What HTTP can say is said in HTTP: 404 for another path, 405 for another method than POST, 415 for another
/// Content-Type, 413 and 408 for a body that is too long or too slow, 400 for one that is no JSON object or whose outer
/// TLVs are not there. Everything else is a 200 with the function's own status (SGP.22 §6.3).
pub struct Endpoint<S> {
    server: S,
    tracer: Tracer,
}

impl<S: Es9Plus<Error = Refusal>> Endpoint<S> {
    /// An endpoint that tells `tracer` of each request and answer.
    pub fn new(server: S, tracer: Tracer) -> Self {
        Self { server, tracer }
    }

    async fn dispatch(
        &self,
        binding: MediaType,
        function: Function,
        body: &[u8],
        hop: Hop<'_>,
    ) -> Response<Bytes> {
        match function {
            Function::InitiateAuthentication => {
                self.call::<InitiateAuthenticationRequest>(binding, body, hop).await
            }
            Function::AuthenticateClient => self.call::<AuthenticateClientRequest>(binding, body, hop).await,
            Function::GetBoundProfilePackage => {
                self.call::<GetBoundProfilePackageRequest>(binding, body, hop).await
            }
            Function::HandleNotification => self.call::<HandleNotification>(binding, body, hop).await,
            Function::CancelSession => self.call::<CancelSessionRequestEs9>(binding, body, hop).await,
        }
    }

    async fn call<E: Exchange>(&self, binding: MediaType, body: &[u8], mut hop: Hop<'_>) -> Response<Bytes> {
        let read = match binding {
            MediaType::Json => json_binding::read_request::<E>(body),
            MediaType::Asn1 => Ok(asn1_binding::read_request::<E>(body)),
        };
        let ReadRequest { request, transaction_id } = match read {
            Ok(read) => read,
            Err(unreadable) => {
                hop.received(body);
                return hop.rejected(unreadable.into());
            }
        };
        belongs_to(&mut hop, transaction_id.as_ref());
        hop.received(body);

        let executed = request.is_ok();
        let outcome = match request {
            Ok(request) => request.execute(&self.server).await,
            Err(refusal) => Err(refusal),
        };

        let answered = outcome.as_ref().ok().and_then(E::answered_transaction_id).cloned();
        let transaction_id = transaction_id.or(answered);
        belongs_to(&mut hop, transaction_id.as_ref());
        log(E::FUNCTION, transaction_id.as_ref(), &outcome, executed);
        let written = match binding {
            MediaType::Json => json_binding::write_answer::<E>(outcome),
            MediaType::Asn1 => asn1_binding::write_answer::<E>(outcome),
        };
        hop.answered(binding, written)
    }
}

impl<S: Es9Plus<Error = Refusal> + 'static> Service for Endpoint<S> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head);
        let body_seen = body.clone().unwrap_or_default();
        match route(&head, body) {
            Ok((binding, function, body)) => self.dispatch(binding, function, &body, hop).await,
            Err(rejection) => {
                hop.received(&body_seen);
                hop.rejected(rejection)
            }
        }
    }
}

/// Which function is called in which binding, or how HTTP refuses.
fn route(head: &Parts, body: Received) -> Result<(MediaType, Function, Bytes), Rejection> {
    let path = head.uri.path();
    let json = Function::ALL.into_iter().find(|function| function.json_path() == path);
    let binding = match json {
        Some(_) => MediaType::Json,
        None if path == ASN1_PATH => MediaType::Asn1,
        None => return Err(Rejection::new(StatusCode::NOT_FOUND, "no function of ES9+ has this path")),
    };
    let body = posted(head, binding, body)?;
    let function = match json {
        Some(function) => function,
        None => asn1_binding::function_of(&body)?,
    };
    Ok((binding, function, body))
}

/// Ties what follows to a session.
fn belongs_to(hop: &mut Hop<'_>, transaction_id: Option<&TransactionId>) {
    if let Some(id) = transaction_id {
        hop.tie(|tracer| tracer.with_transaction(id));
    }
}

impl From<Unreadable> for Rejection {
    fn from(Unreadable(reason): Unreadable) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }
}
