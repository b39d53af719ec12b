use std::net::SocketAddr;
use std::sync::Arc;

use protocol::trace::{Actor, Tracer};
use rustls::{ClientConfig, ServerConfig};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::es9plus::{Client, Endpoint};
use wire::server::{Limits, Service, serve};
use wire::transport::Route;

use super::fake::Fake;
use super::pki::{HOST, Pki};

/// A server on a port of its own; stops when told to or dropped.
pub struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub async fn start(service: impl Service, tls: Option<Arc<ServerConfig>>, limits: Limits) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(listener, tls, service, limits, shutdown));
        Self { address, stop, task }
    }

    /// ES9+ in plain HTTP.
    pub async fn plain(fake: Fake) -> Self {
        Self::start(endpoint(fake), None, Limits::default()).await
    }

    /// ES9+ in HTTPS.
    pub async fn secure(fake: Fake) -> Self {
        Self::start(endpoint(fake), Some(Pki::get().server()), Limits::default()).await
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        self.client_with(Pki::get().client(), Tracer::off(Actor::Lpa))
    }

    pub fn client_with(&self, tls: Arc<ClientConfig>, tracer: Tracer) -> Client {
        let route = Route { host: HOST.to_owned(), to: self.address };
        Client::new(HOST.parse().unwrap(), tls, tracer).with_route(route)
    }

    /// Tells the server to stop; the returned task ends when it has.
    pub fn stop(self) -> JoinHandle<()> {
        let _ = self.stop.send(());
        self.task
    }
}

pub fn endpoint(fake: Fake) -> Endpoint<Fake> {
    Endpoint::new(fake, Tracer::off(Actor::Smdp))
}
