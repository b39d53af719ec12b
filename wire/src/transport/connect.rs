//! Making a connection.

use std::sync::Arc;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tracing::debug;

use super::pool::Connection;
use super::{Transport, TransportError};

impl Transport {
    pub(super) async fn connect(&self) -> Result<Connection, TransportError> {
        let stream = self.tls(self.tcp().await?).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let io = TokioIo::new(stream);
        if http2 {
            let (sender, connection) =
                http2::handshake(TokioExecutor::new(), io).await.map_err(|why| self.broken(why))?;
            drive(connection);
            Ok(Connection::Http2(sender))
        } else {
            let (sender, connection) = http1::handshake(io).await.map_err(|why| self.broken(why))?;
            drive(connection);
            Ok(Connection::Http1(sender))
        }
    }

    async fn tcp(&self) -> Result<TcpStream, TransportError> {
        let (host, port) = (self.address.host(), self.address.port());
        let route = self.routes.iter().find(|route| route.host.eq_ignore_ascii_case(host));
        let stream = match route {
            Some(route) => TcpStream::connect(route.to).await,
            None => TcpStream::connect((host, port)).await,
        };
        let stream = stream.map_err(|why| TransportError::Connect { address: self.address.clone(), why })?;
        // Messages are small and each is waited for.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn tls(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, TransportError> {
        let name = ServerName::try_from(self.address.host().to_owned())
            .map_err(|_| TransportError::Address { address: self.address.clone() })?;
        let handshake = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await;
        handshake.map_err(|why| TransportError::Tls { address: self.address.clone(), why })
    }
}

/// Lets the other end of a connection run; it ends when its sender is dropped or the server closes.
fn drive<E: std::fmt::Display>(connection: impl Future<Output = Result<(), E>> + Send + 'static) {
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "connection ended");
        }
    });
}
