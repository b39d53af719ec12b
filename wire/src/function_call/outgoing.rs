//! The way to a server that is called.

use std::borrow::Cow;
use std::sync::Arc;

use http::StatusCode;
use hyper::body::Bytes;
use protocol::function_call::CallHeader;
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use rustls::ClientConfig;

use super::{Exchange, header};
use crate::call::{self, ClientError};
use crate::header::{MediaType, trace};
use crate::hop::Shown;
use crate::json::Object;
use crate::transport::{Bounds, Reply, Route, Transport};

/// What a client is made of. Clones share their connections.
#[derive(Clone)]
pub(crate) struct Outgoing {
    transport: Transport,
    tracer: Tracer,
    shown: Shown,
}

impl Outgoing {
    /// Bodies without secrets.
    pub(crate) fn new(address: ServerAddress, tls: Arc<ClientConfig>, tracer: Tracer) -> Self {
        Self { transport: Transport::new(address, tls), tracer, shown: |body| Cow::Borrowed(body) }
    }

    /// Shows bodies otherwise than they are.
    pub(crate) fn showing(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }

    pub(crate) fn with_route(self, route: Route) -> Self {
        Self { transport: self.transport.with_route(route), ..self }
    }

    pub(crate) fn with_bounds(self, bounds: Bounds) -> Self {
        Self { transport: self.transport.with_bounds(bounds), ..self }
    }

    pub(crate) fn address(&self) -> &ServerAddress {
        self.transport.address()
    }

    pub(crate) async fn call<E: Exchange>(
        &self,
        header: &CallHeader,
        request: &E,
    ) -> Result<E::Answer, ClientError> {
        let tracer = match request.about().eid {
            Some(eid) => self.tracer.with_eid(&eid),
            None => self.tracer.clone(),
        };
        let body = request.to_json(header::write(header)).into_json();
        let headers = Transport::headers(MediaType::Json);
        trace(&tracer, "request", E::PATH, None, &headers, &(self.shown)(&body));

        let reply = self.transport.post(E::PATH, &headers, Bytes::from(body)).await?;

        let shown = (self.shown)(&reply.body);
        trace(&tracer, "response", E::PATH, Some(reply.status), &reply.headers, &shown);
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
