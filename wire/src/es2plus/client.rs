//! The operator's half.

use std::sync::Arc;

use http::StatusCode;
use hyper::body::Bytes;
use protocol::es2plus::{
    CallHeader, CancelOrder, ConfirmOrder, ConfirmOrderOk, DownloadOrder, DownloadOrderOk, ReleaseProfile,
};
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use rustls::ClientConfig;

use super::exchange::Exchange;
use super::redacted::redacted;
use super::{ClientError, call_header};
use crate::call;
use crate::header::{MediaType, trace};
use crate::json::Object;
use crate::transport::{Bounds, Reply, Route, Transport};

/// An SM-DP+ as an operator reaches it. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    tracer: Tracer,
}

impl Client {
    /// Reaches `address` over TLS that shows a certificate ([`crate::tls::client_config_with_certificate`]), and tells
    /// `tracer` of each request and answer, but of no confirmation code.
    pub fn new(address: ServerAddress, tls: Arc<ClientConfig>, tracer: Tracer) -> Self {
        Self { transport: Transport::new(address, tls), tracer }
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

    /// Reserves a profile (SGP.22 §5.3.1).
    pub async fn download_order(
        &self,
        header: &CallHeader,
        order: &DownloadOrder,
    ) -> Result<DownloadOrderOk, ClientError> {
        self.call(header, order).await
    }

    /// Says how the order will be found (SGP.22 §5.3.2).
    pub async fn confirm_order(
        &self,
        header: &CallHeader,
        order: &ConfirmOrder,
    ) -> Result<ConfirmOrderOk, ClientError> {
        self.call(header, order).await
    }

    /// Takes an order back (SGP.22 §5.3.3).
    pub async fn cancel_order(&self, header: &CallHeader, order: &CancelOrder) -> Result<(), ClientError> {
        self.call(header, order).await
    }

    /// Lets the profile be downloaded (SGP.22 §5.3.4).
    pub async fn release_profile(
        &self,
        header: &CallHeader,
        order: &ReleaseProfile,
    ) -> Result<(), ClientError> {
        self.call(header, order).await
    }

    async fn call<E: Exchange>(&self, header: &CallHeader, request: &E) -> Result<E::Answer, ClientError> {
        let tracer = match request.eid() {
            Some(eid) => self.tracer.with_eid(&eid),
            None => self.tracer.clone(),
        };
        let path = E::FUNCTION.json_path();
        let body = request.to_json(call_header::write(header)).to_json();
        let headers = Transport::headers(MediaType::Json);
        trace(&tracer, "request", path, None, &headers, &redacted(&body));

        let reply = self.transport.post(path, &headers, Bytes::from(body)).await?;

        trace(&tracer, "response", path, Some(reply.status), &reply.headers, &redacted(&reply.body));
        read::<E>(&reply)
    }
}

fn read<E: Exchange>(reply: &Reply) -> Result<E::Answer, ClientError> {
    // SGP.22 §6.3: executed or not, a function answers with 200.
    if reply.status != StatusCode::OK {
        return Err(call::other_status(reply));
    }
    call::check_media_type(MediaType::Json, reply)?;
    let object = Object::parse(&reply.body, E::ANSWER_MEMBERS)?;
    call::executed(&object)?;
    Ok(E::answer_from_json(&object)?)
}
