use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wire::server::{Limits, Service, serve};
use wire::tls::ServerTls;
use wire::transport::Route;

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

    /// The way to it under the name of this host.
    pub fn route(&self, host: &str) -> Route {
        Route { host: host.to_owned(), to: self.address }
    }
}
