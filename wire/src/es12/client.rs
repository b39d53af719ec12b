//! The half of an SM-DP+ or Alternative SM-DS.

use std::sync::Arc;

use protocol::es12::{DeleteEvent, RegisterEvent};
use protocol::function_call::CallHeader;
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use rustls::ClientConfig;

use super::ClientError;
use crate::function_call::Outgoing;
use crate::transport::{Bounds, Route};

/// An SM-DS as an SM-DP+ or an Alternative SM-DS reaches it. Clones share their connections.
///
/// Of a call that failed, [`ClientError::may_have_been_executed`] says whether its effect is in doubt.
#[derive(Clone)]
pub struct Client(Outgoing);

impl Client {
    /// Reaches `address` over TLS that shows the caller's own CERT.DP.TLS or CERT.DS.TLS
    /// ([`crate::tls::client_config_with_certificate`]), and tells `tracer` of each request and answer.
    pub fn new(address: ServerAddress, tls: Arc<ClientConfig>, tracer: Tracer) -> Self {
        Self(Outgoing::new(address, tls, tracer))
    }

    /// With a host name sent to a fixed place.
    #[must_use]
    pub fn with_route(self, route: Route) -> Self {
        Self(self.0.with_route(route))
    }

    /// With other bounds on time and size.
    #[must_use]
    pub fn with_bounds(self, bounds: Bounds) -> Self {
        Self(self.0.with_bounds(bounds))
    }

    /// The server.
    pub fn address(&self) -> &ServerAddress {
        self.0.address()
    }

    /// Registers an event record (SGP.22 §5.9.1, §5.10.1).
    pub async fn register_event(
        &self,
        header: &CallHeader,
        event: &RegisterEvent,
    ) -> Result<(), ClientError> {
        self.0.call(header, event).await
    }

    /// Deletes an event record (SGP.22 §5.9.2, §5.10.2).
    pub async fn delete_event(&self, header: &CallHeader, event: &DeleteEvent) -> Result<(), ClientError> {
        self.0.call(header, event).await
    }
}
