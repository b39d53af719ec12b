//! The server half: HTTP in, [`Es12`] called, HTTP out.

use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es12::{Caller, Es12, Function};
use protocol::trace::Tracer;
use tracing::error;

use crate::function_call::Incoming;
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, posted};
use crate::server::{Peer, Received, Service, Urgency};

/// Offers an [`Es12`] at the paths of SGP.22 §6.5.2, for [`crate::server::serve`] on a port that asks for certificates
/// ([`crate::tls::server_config_with_client_authentication`] with [`crate::tls::RspServers`]).
///
/// What HTTP can say is said in HTTP, as on ES2+: 404, 405, 415, 413, 408, and 400 for a body that is no JSON object.
/// Everything else is a 200 with the function's own status (SGP.22 §6.3). A connection without such a caller gets a 403.
pub struct Endpoint<S> {
    server: S,
    tracer: Tracer,
}

impl<S: Es12> Endpoint<S> {
    /// An endpoint that tells `tracer` of each request and answer.
    pub fn new(server: S, tracer: Tracer) -> Self {
        Self { server, tracer }
    }

    async fn dispatch(&self, caller: &Caller, function: Function, incoming: Incoming<'_>) -> Response<Bytes> {
        let server = &self.server;
        match function {
            Function::RegisterEvent => incoming.answer(|call| server.register_event(caller, call)).await,
            Function::DeleteEvent => incoming.answer(|call| server.delete_event(caller, call)).await,
        }
    }
}

impl<S: Es12 + 'static> Service for Endpoint<S> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head);
        match route(&head, &body) {
            Ok((caller, function, body)) => {
                self.dispatch(caller, function, Incoming { caller: caller.to_string(), body, hop }).await
            }
            Err(rejection) => hop.turned_away(&body.unwrap_or_default(), rejection),
        }
    }

    /// DeleteEvent ends what RegisterEvent has begun.
    fn urgency(&self, head: &Parts, body: &Received) -> Urgency {
        let deletes = head.uri.path() == Function::DeleteEvent.json_path();
        if deletes && body.is_ok() { Urgency::GoesOn } else { Urgency::Begins }
    }
}

/// Who calls which function, or how HTTP refuses.
fn route<'a>(head: &'a Parts, body: &Received) -> Result<(&'a Caller, Function, Bytes), Rejection> {
    let Some(caller) = head.extensions.get::<Peer>().and_then(Peer::rsp_server) else {
        error!("ES12 stands on a port that does not ask for the certificate of an SM-DP+ or SM-DS");
        return Err(Rejection::new(StatusCode::FORBIDDEN, ""));
    };
    let path = head.uri.path();
    let function = Function::ALL.into_iter().find(|function| function.json_path() == path);
    let not_found = || Rejection::new(StatusCode::NOT_FOUND, "no function of ES12 has this path");
    Ok((caller, function.ok_or_else(not_found)?, posted(head, MediaType::Json, body)?))
}
