//! ES9+ over HTTPS as eUICCs in great number call it.
//!
//! [`wire::es9plus::Client`] does the same for one LPA, which has no use for Retry-After, nor for what an answer took apart from
//! what it took to read it.

mod answer;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, RemoteProfileProvisioningRequest as Request, der,
};
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use protocol::es9plus::{ASN1_PATH, Es9Plus};
use protocol::types::ServerAddress;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::es9plus::Binding;
use wire::header::MediaType;
use wire::transport::{Reply, Route, Transport};

use self::answer::{Answer, Executed};
use super::ending::{Ending, Failure};
use super::target::{self, Target};

/// An SM-DP+ over HTTPS, HTTP/1.1.
pub struct Server {
    address: ServerAddress,
    tls: Arc<ClientConfig>,
    routes: Vec<Route>,
    /// The connections that attempts share; none where each makes its own.
    shared: Option<Transport>,
    binding: Binding,
    headers: Arc<HeaderMap>,
}

impl Server {
    /// Reaches `address` as `tls` says, hosts that `routes` name at their fixed places. Attempts share connections, which are
    /// kept.
    pub fn new(address: ServerAddress, tls: &ClientConfig, routes: &[Route], binding: Binding) -> Self {
        let mut tls = tls.clone();
        // In HTTP/2 all attempts would be on one connection, which is not how LPAs come.
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let headers = Arc::new(Transport::lpa_headers(media_type(binding)));
        let server =
            Self { address, tls: Arc::new(tls), routes: routes.to_vec(), shared: None, binding, headers };
        Self { shared: Some(server.unconnected()), ..server }
    }

    /// Each attempt makes a connection of its own, as LPAs do.
    #[must_use]
    pub fn with_new_connections(self) -> Self {
        Self { shared: None, ..self }
    }

    /// With the place of its host found out once and for all, so that no attempt asks DNS; as it was where nobody listens there.
    pub async fn resolved(mut self) -> Self {
        /// Whoever takes longer to take a connection is not there.
        const PATIENCE: Duration = Duration::from_secs(5);
        let (host, port) = (self.address.host(), self.address.port());
        if self.routes.iter().any(|route| route.host.eq_ignore_ascii_case(host)) {
            return self;
        }
        // A host may have several addresses, of which not all answer.
        if let Ok(Ok(stream)) = timeout(PATIENCE, TcpStream::connect((host, port))).await
            && let Ok(to) = stream.peer_addr()
        {
            let route = Route { host: host.to_owned(), to };
            self.shared = self.shared.map(|shared| shared.with_route(route.clone()));
            self.routes.push(route);
        }
        self
    }

    fn unconnected(&self) -> Transport {
        let transport = Transport::new(self.address.clone(), self.tls.clone());
        self.routes.iter().cloned().fold(transport, Transport::with_route)
    }
}

impl Target for Server {
    type Line = Line;

    fn address(&self) -> &str {
        self.address.as_str()
    }

    fn binding(&self) -> &'static str {
        match self.binding {
            Binding::Json => "json",
            Binding::Asn1 => "asn1",
        }
    }

    fn new_connections(&self) -> bool {
        self.shared.is_none()
    }

    fn line(&self) -> Line {
        let transport = self.shared.clone().unwrap_or_else(|| self.unconnected());
        Line { transport, binding: self.binding, headers: self.headers.clone(), took: AtomicU64::new(0) }
    }
}

fn media_type(binding: Binding) -> MediaType {
    match binding {
        Binding::Json => MediaType::Json,
        Binding::Asn1 => MediaType::Asn1,
    }
}

/// The way to the server that one attempt takes.
pub struct Line {
    transport: Transport,
    binding: Binding,
    headers: Arc<HeaderMap>,
    /// Nanoseconds that the last call took over the wire.
    took: AtomicU64,
}

impl target::Line for Line {
    fn took(&self) -> Option<Duration> {
        Some(Duration::from_nanos(self.took.load(Ordering::Relaxed)))
    }
}

impl Line {
    async fn call<A: Answer>(&self, request: Request) -> Result<A, Failure> {
        self.read(&self.post(request).await?)
    }

    fn read<A: Answer>(&self, reply: &Reply) -> Result<A, Failure> {
        if reply.status != StatusCode::OK {
            return Err(other_status(reply));
        }
        match self.binding {
            Binding::Json => answer::of_json(&reply.body),
            Binding::Asn1 => answer::of_asn1(&reply.body),
        }
    }

    async fn post(&self, request: Request) -> Result<Reply, Failure> {
        let (path, body) = match self.binding {
            Binding::Json => request::to_json(&request),
            Binding::Asn1 => (ASN1_PATH, der::encode(&request)),
        };
        let begun = Instant::now();
        let reply = self.transport.post(path, &self.headers, body.into()).await;
        let took = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.took.store(took, Ordering::Relaxed);
        Ok(reply?)
    }
}

fn other_status(reply: &Reply) -> Failure {
    /// So many bytes of a body as may help somebody.
    const LENGTH: usize = 200;
    let ending = match reply.status {
        StatusCode::SERVICE_UNAVAILABLE => {
            Ending::Busy { retry_after: reply.headers.contains_key(RETRY_AFTER) }
        }
        status => Ending::Status(status.as_u16()),
    };
    ending.because(String::from_utf8_lossy(reply.body.get(..LENGTH).unwrap_or(&reply.body)))
}

impl Es9Plus for Line {
    type Error = Failure;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Failure> {
        self.call(Request::InitiateAuthenticationRequest(request)).await
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Failure> {
        self.call(Request::AuthenticateClientRequest(request)).await
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        self.call(Request::GetBoundProfilePackageRequest(request)).await
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Failure> {
        let reply = self.post(Request::HandleNotification(request)).await?;
        // SGP.22 §6.3: 204 is all the answer there is. Servers are seen that answer 200, with a header.
        if reply.status == StatusCode::NO_CONTENT { Ok(()) } else { self.read(&reply).map(|Executed| ()) }
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Failure> {
        self.call(Request::CancelSessionRequestEs9(request)).await.map(|Executed| ())
    }
}
