//! HandleDownloadProgressInfo, the SM-DP+'s half (SGP.22 §5.3.5).

use std::sync::Arc;

use http::StatusCode;
use hyper::body::Bytes;
use protocol::es2plus::{CallHeader, HandleDownloadProgressInfo};
use protocol::trace::Tracer;
use rustls::ClientConfig;
use thiserror::Error;

use super::progress_url::ProgressUrl;
use super::{ClientError, handle_download_progress_info};
use crate::call;
use crate::header::{MediaType, trace};
use crate::transport::{Bounds, Route, Transport};

/// An operator that wants to be told. Clones share their connections.
#[derive(Clone)]
pub struct ProgressClient {
    transport: Transport,
    url: ProgressUrl,
    tracer: Tracer,
}

/// An `https` URL without the means to reach it: a fault of the configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("an https URL needs a TLS certificate to show")]
pub struct NoTls;

impl ProgressClient {
    /// Reaches `url`, over `tls` ([`crate::tls::client_config_with_certificate`]) if it is `https`, and tells `tracer` of
    /// each request and answer.
    pub fn new(url: ProgressUrl, tls: Option<Arc<ClientConfig>>, tracer: Tracer) -> Result<Self, NoTls> {
        let transport = match (url.is_https(), tls) {
            (true, Some(tls)) => Transport::new(url.address.clone(), tls),
            (true, None) => return Err(NoTls),
            (false, _) => Transport::plain(url.address.clone()),
        };
        Ok(Self { transport, url, tracer })
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

    /// Where it goes.
    pub fn url(&self) -> &ProgressUrl {
        &self.url
    }

    /// Tells the operator.
    ///
    /// # Errors
    /// Anything but an acknowledgement; [`ClientError::is_worth_retrying`] says whether another try may do better.
    pub async fn handle_download_progress_info(
        &self,
        header: &CallHeader,
        info: &HandleDownloadProgressInfo,
    ) -> Result<(), ClientError> {
        let tracer = match &info.eid {
            Some(eid) => self.tracer.with_eid(eid),
            None => self.tracer.clone(),
        };
        let path = self.url.path.split('?').next().unwrap_or_default();
        let body = handle_download_progress_info::write(header, info).into_json();
        let headers = Transport::headers(MediaType::Json);
        trace(&tracer, "request", path, None, &headers, &body);

        let reply = self.transport.post(&self.url.path, &headers, Bytes::from(body)).await?;

        trace(&tracer, "response", path, Some(reply.status), &reply.headers, &reply.body);
        match reply.status {
            // SGP.22 §6.3 knows 204 only; operators in the field answer 200, some with a body of their own.
            StatusCode::NO_CONTENT | StatusCode::OK => Ok(()),
            _ => Err(call::other_status(&reply)),
        }
    }
}
