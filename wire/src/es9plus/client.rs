//! The client half: [`Es9Plus`] implemented by asking a server; [`crate::es11`] adds ES11.

use std::sync::Arc;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use http::StatusCode;
use hyper::body::Bytes;
use protocol::es9plus::{ASN1_PATH, Es9Plus};
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use rustls::ClientConfig;

use super::exchange::{RequestMessage, ResponseMessage};
use super::{ClientError, asn1_binding, json_binding};
use crate::call;
use crate::header::{MediaType, trace};
use crate::transport::{Bounds, Reply, Route, Transport};

/// In which form the functions are called: the client's choice (SGP.22 §6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Binding {
    /// SGP.22 §6.5.
    #[default]
    Json,
    /// SGP.22 §6.6.
    Asn1,
}

/// An SM-DP+ or SM-DS as an LPA reaches it. Clones share their connections.
///
/// It implements [`Es9Plus`] and [`protocol::es11::Es11`]: the paths are the same, and an LPA learns which of the two kinds
/// stands behind an address from the certificate in the answer to InitiateAuthentication.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    binding: Binding,
    tracer: Tracer,
}

impl Client {
    /// Reaches `address` over TLS, in JSON, and tells `tracer` of each request and answer.
    pub fn new(address: ServerAddress, tls: Arc<ClientConfig>, tracer: Tracer) -> Self {
        Self { transport: Transport::new(address, tls), binding: Binding::default(), tracer }
    }

    /// In another binding.
    #[must_use]
    pub fn with_binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// With a host name sent to a fixed place.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        self.transport = self.transport.with_route(route);
        self
    }

    /// With other bounds on time and size.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.transport = self.transport.with_bounds(bounds);
        self
    }

    /// The server.
    pub fn address(&self) -> &ServerAddress {
        self.transport.address()
    }

    pub(crate) async fn call<Q, A>(&self, request: Q) -> Result<A, ClientError>
    where
        Q: RequestMessage,
        A: ResponseMessage<Q>,
    {
        let tracer = match request.transaction_id() {
            Some(id) => self.tracer.with_transaction(id),
            None => self.tracer.clone(),
        };
        let (path, media_type, body) = match self.binding {
            Binding::Json => (Q::FUNCTION.json_path(), MediaType::Json, request.to_json().into_json()),
            Binding::Asn1 => (ASN1_PATH, MediaType::Asn1, asn1_binding::write_request(request)),
        };
        let headers = Transport::lpa_headers(media_type);
        trace(&tracer, "request", path, None, &headers, &body);

        let reply = self.transport.post(path, &headers, Bytes::from(body)).await?;

        let answer = self.read::<Q, A>(media_type, &reply);
        let tracer = match answer.as_ref().ok().and_then(A::transaction_id) {
            Some(id) => tracer.with_transaction(id),
            None => tracer,
        };
        trace(&tracer, "response", path, Some(reply.status), &reply.headers, &reply.body);
        answer
    }

    fn read<Q, A: ResponseMessage<Q>>(&self, media_type: MediaType, reply: &Reply) -> Result<A, ClientError> {
        match (reply.status, A::acknowledgement()) {
            (StatusCode::OK, _) => {}
            (StatusCode::NO_CONTENT, Some(accepted)) => return Ok(accepted),
            _ => return Err(call::other_status(reply)),
        }
        call::check_media_type(media_type, reply)?;
        match self.binding {
            Binding::Json => json_binding::read_answer(&reply.body),
            Binding::Asn1 => asn1_binding::read_answer(&reply.body),
        }
    }
}

impl Es9Plus for Client {
    type Error = ClientError;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, ClientError> {
        self.call(request).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, ClientError> {
        self.call(request).await
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, ClientError> {
        self.call(request).await
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), ClientError> {
        self.call(request).await
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), ClientError> {
        self.call(request).await
    }
}
