//! The operator's half.

use std::sync::Arc;

use protocol::es2plus::{
    CallHeader, CancelOrder, ConfirmOrder, ConfirmOrderOk, DownloadOrder, DownloadOrderOk, ReleaseProfile,
};
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use rustls::ClientConfig;

use super::ClientError;
use super::redacted::redacted;
use crate::function_call::Outgoing;
use crate::transport::{Bounds, Route};

/// An SM-DP+ as an operator reaches it. Clones share their connections.
#[derive(Clone)]
pub struct Client(Outgoing);

impl Client {
    /// Reaches `address` over TLS that shows a certificate ([`crate::tls::client_config_with_certificate`]), and tells
    /// `tracer` of each request and answer, but of no confirmation code.
    pub fn new(address: ServerAddress, tls: Arc<ClientConfig>, tracer: Tracer) -> Self {
        Self(Outgoing::new(address, tls, tracer).showing(redacted))
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

    /// Reserves a profile (SGP.22 §5.3.1).
    pub async fn download_order(
        &self,
        header: &CallHeader,
        order: &DownloadOrder,
    ) -> Result<DownloadOrderOk, ClientError> {
        self.0.call(header, order).await
    }

    /// Says how the order will be found (SGP.22 §5.3.2).
    pub async fn confirm_order(
        &self,
        header: &CallHeader,
        order: &ConfirmOrder,
    ) -> Result<ConfirmOrderOk, ClientError> {
        self.0.call(header, order).await
    }

    /// Takes an order back (SGP.22 §5.3.3).
    pub async fn cancel_order(&self, header: &CallHeader, order: &CancelOrder) -> Result<(), ClientError> {
        self.0.call(header, order).await
    }

    /// Lets the profile be downloaded (SGP.22 §5.3.4).
    pub async fn release_profile(
        &self,
        header: &CallHeader,
        order: &ReleaseProfile,
    ) -> Result<(), ClientError> {
        self.0.call(header, order).await
    }
}
