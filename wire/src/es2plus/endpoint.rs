//! The server half: HTTP in, [`Es2Plus`] called, HTTP out.

use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es2plus::{Es2Plus, Function};
use protocol::trace::Tracer;
use tracing::error;

use super::redacted::redacted;
use crate::function_call::Incoming;
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, posted};
use crate::server::{Peer, Received, Service};

/// Offers an [`Es2Plus`] at the paths of SGP.22 §6.5.2, for [`crate::server::serve`] on a port that asks for certificates
/// ([`crate::tls::server_config_with_client_authentication`] with [`crate::tls::Callers`]).
///
/// What HTTP can say is said in HTTP, as on ES9+: 404, 405, 415, 413, 408, and 400 for a body that is no JSON object.
/// Everything else is a 200 with the function's own status (SGP.22 §6.3). A connection without such a caller gets a 403.
pub struct Endpoint<S> {
    server: S,
    tracer: Tracer,
}

impl<S: Es2Plus> Endpoint<S> {
    /// An endpoint that tells `tracer` of each request and answer, but of no confirmation code.
    pub fn new(server: S, tracer: Tracer) -> Self {
        Self { server, tracer }
    }

    async fn dispatch(&self, caller: &str, function: Function, incoming: Incoming<'_>) -> Response<Bytes> {
        let server = &self.server;
        match function {
            Function::DownloadOrder => incoming.answer(|call| server.download_order(caller, call)).await,
            Function::ConfirmOrder => incoming.answer(|call| server.confirm_order(caller, call)).await,
            Function::CancelOrder => incoming.answer(|call| server.cancel_order(caller, call)).await,
            Function::ReleaseProfile => incoming.answer(|call| server.release_profile(caller, call)).await,
            // The operator offers this one.
            Function::HandleDownloadProgressInfo => incoming.hop.turned_away(&incoming.body, no_such_path()),
        }
    }
}

impl<S: Es2Plus + 'static> Service for Endpoint<S> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head).showing(redacted);
        match route(&head, &body) {
            Ok((caller, function, body)) => {
                self.dispatch(caller, function, Incoming { caller: caller.to_owned(), body, hop }).await
            }
            Err(rejection) => hop.turned_away(&body.unwrap_or_default(), rejection),
        }
    }
}

/// Who calls which function, or how HTTP refuses.
fn route<'a>(head: &'a Parts, body: &Received) -> Result<(&'a str, Function, Bytes), Rejection> {
    let Some(caller) = head.extensions.get::<Peer>().and_then(Peer::name) else {
        error!("ES2+ stands on a port that knows no operators");
        return Err(Rejection::new(StatusCode::FORBIDDEN, ""));
    };
    let path = head.uri.path();
    let function = Function::ALL.into_iter().find(|function| function.json_path() == path);
    let offered = function.filter(|function| *function != Function::HandleDownloadProgressInfo);
    let function = offered.ok_or_else(no_such_path)?;
    Ok((caller, function, posted(head, MediaType::Json, body)?))
}

fn no_such_path() -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, "no function of ES2+ that an SM-DP+ offers has this path")
}
