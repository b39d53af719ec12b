//! The server half: HTTP in, [`Es9Plus`] called, HTTP out.

use http::request::Parts;
use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es9plus::{Es9Plus, Function};
use protocol::status::{Refusal, StatusCode, asn1_error};
use protocol::trace::Tracer;

use super::exchange::LpaFunction;
use super::incoming::Incoming;
use crate::hop::Hop;
use crate::server::{Received, Service, Urgency};

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

    async fn dispatch(&self, call: Incoming<Function>, hop: Hop<'_>) -> Response<Bytes> {
        let server = &self.server;
        match call.function {
            Function::InitiateAuthentication => {
                call.answer(hop, |request| server.initiate_authentication(request)).await
            }
            Function::AuthenticateClient => {
                call.answer(hop, |request| server.authenticate_client(request)).await
            }
            Function::GetBoundProfilePackage => {
                call.answer(hop, |request| server.get_bound_profile_package(request)).await
            }
            Function::HandleNotification => {
                call.answer(hop, |request| server.handle_notification(request)).await
            }
            Function::CancelSession => call.answer(hop, |request| server.cancel_session(request)).await,
        }
    }
}

impl<S: Es9Plus<Error = Refusal> + 'static> Service for Endpoint<S> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head);
        match Incoming::route(&head, &body) {
            Ok(call) => self.dispatch(call, hop).await,
            Err(rejection) => hop.turned_away(&body.unwrap_or_default(), rejection),
        }
    }

    fn urgency(&self, head: &Parts, body: &Received) -> Urgency {
        Incoming::<Function>::urgency(head, body)
    }
}

impl LpaFunction for Function {
    const INTERFACE: &'static str = "ES9+";
    const OFFERED: &'static [Self] = &Self::ALL;

    fn on_es9plus(self) -> Function {
        self
    }

    fn error_number(self, code: StatusCode) -> i64 {
        asn1_error(self, code)
    }
}
