//! The server half: HTTP in, [`Es11`] called, HTTP out.

use http::request::Parts;
use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es9plus;
use protocol::es11::{Es11, Function};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;

use crate::es9plus::{Incoming, LpaFunction};
use crate::hop::Hop;
use crate::server::{Received, Service, Urgency};

/// Offers an [`Es11`] at the paths of ES9+ (SGP.22 §6.5.2, §6.6.1); for [`crate::server::serve`].
///
/// HTTP says what it says on ES9+ ([`crate::es9plus::Endpoint`]). A function that only an SM-DP+ has is one that this server
/// does not know: 404 in JSON, 400 in ASN.1.
pub struct Endpoint<S> {
    server: S,
    tracer: Tracer,
}

impl<S: Es11<Error = Refusal>> Endpoint<S> {
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
        }
    }
}

impl<S: Es11<Error = Refusal> + 'static> Service for Endpoint<S> {
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
    const INTERFACE: &'static str = "ES11";
    const OFFERED: &'static [Self] = &Self::ALL;

    fn on_es9plus(self) -> es9plus::Function {
        match self {
            Self::InitiateAuthentication => es9plus::Function::InitiateAuthentication,
            Self::AuthenticateClient => es9plus::Function::AuthenticateClient,
        }
    }

    fn error_number(self, code: StatusCode) -> i64 {
        self.asn1_error(code)
    }
}
