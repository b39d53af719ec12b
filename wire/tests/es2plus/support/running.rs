use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Bytes;
use protocol::trace::{Actor, Tracer};
use rustls::ClientConfig;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wire::es2plus::{Client, Endpoint, ProgressEndpoint};
use wire::server::{Limits, Peer, Received, Service, serve};
use wire::tls::ServerTls;
use wire::transport::Route;

use super::fake::{Fake, Told};
use super::pki::{HOST, OPERATOR, Pki};

/// A server on a port of its own; stops when dropped.
pub struct Running {
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Running {
    pub async fn start(service: impl Service, tls: Option<ServerTls>, limits: Limits) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        tokio::spawn(serve(listener, tls, service, limits, shutdown));
        Self { address, _stop: stop }
    }

    /// ES2+ in plain HTTP, as if TLS had said who calls.
    pub async fn plain(fake: Fake) -> Self {
        Self::start(Known(endpoint(fake)), None, Limits::default()).await
    }

    /// ES2+ over TLS, for the operator of the PKI.
    pub async fn secure(fake: Fake) -> Self {
        Self::with_tls(fake, Pki::get().server([Pki::get().by_oid(OPERATOR)])).await
    }

    pub async fn with_tls(fake: Fake, tls: ServerTls) -> Self {
        Self::start(endpoint(fake), Some(tls), Limits::default()).await
    }

    /// The operator's side of HandleDownloadProgressInfo, in plain HTTP.
    pub async fn operator(told: Told) -> Self {
        let endpoint = ProgressEndpoint::new(told, Tracer::off(Actor::Smdp));
        Self::start(endpoint, None, Limits::default()).await
    }

    /// The operator of the PKI as a client.
    pub fn client(&self) -> Client {
        self.client_with(Pki::get().client(&Pki::get().operator))
    }

    pub fn client_with(&self, tls: Arc<ClientConfig>) -> Client {
        self.client_traced(tls, Tracer::off(Actor::Smdp))
    }

    pub fn client_traced(&self, tls: Arc<ClientConfig>, tracer: Tracer) -> Client {
        let route = Route { host: HOST.to_owned(), to: self.address };
        Client::new(HOST.parse().unwrap(), tls, tracer).with_route(route)
    }
}

pub fn endpoint(fake: Fake) -> Endpoint<Fake> {
    Endpoint::new(fake, Tracer::off(Actor::Smdp))
}

/// Says that every request comes from `operator`.
pub struct Known<S>(pub S);

impl<S: Service> Service for Known<S> {
    async fn answer(&self, mut request: Request<Received>) -> Response<Bytes> {
        let address = request.extensions().get::<Peer>().unwrap().address;
        request.extensions_mut().insert(Peer { address, caller: Some("operator".into()) });
        self.0.answer(request).await
    }
}
