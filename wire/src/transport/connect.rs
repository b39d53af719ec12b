//! Making a connection.

use std::sync::Arc;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tracing::debug;

use super::pool::Connection;
use super::{Transport, TransportError};

impl Transport {
    pub(super) async fn connect(&self) -> Result<(Connection, Ended), TransportError> {
        let stream = self.tcp().await?;
        let Some(tls) = &self.tls else { return self.http1(stream).await };
        let stream = self.tls(tls, stream).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        if http2 { self.http2(stream).await } else { self.http1(stream).await }
    }

    async fn http2(&self, stream: TlsStream<TcpStream>) -> Result<(Connection, Ended), TransportError> {
        let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(|why| self.broken(why, false))?;
        Ok((Connection::Http2(sender), drive(connection)))
    }

    async fn http1(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<(Connection, Ended), TransportError> {
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(|why| self.broken(why, false))?;
        Ok((Connection::Http1(sender), drive(connection)))
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

    async fn tls(
        &self,
        config: &Arc<ClientConfig>,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, TransportError> {
        let name = ServerName::try_from(self.address.host().to_owned())
            .map_err(|_| TransportError::Address { address: self.address.clone() })?;
        let handshake = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        handshake.map_err(|why| TransportError::Tls { address: self.address.clone(), why, sent: false })
    }
}

/// Why a connection has ended, once it has; nothing where it ended in peace.
pub(super) type Ended = oneshot::Receiver<hyper::Error>;

/// Lets the other end of a connection run; it ends when its sender is dropped or the server closes.
fn drive(connection: impl Future<Output = hyper::Result<()>> + Send + 'static) -> Ended {
    let (tell, ended) = oneshot::channel();
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "connection ended");
            // Mostly nobody asks.
            let _ = tell.send(error);
        }
    });
    ended
}
