//! The TLS handshake of a connection.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::turn::turn;

/// How long a peer that has said hello waits for its turn. While more come than get one, those who do get one have waited about
/// as long, so it is well below the second after which some LPAs give up altogether.
const PATIENCE: Duration = Duration::from_millis(250);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(super) enum HandshakeError {
    /// The peer is to blame, or the network.
    #[error(transparent)]
    Failed(#[from] io::Error),
    /// Too many wanted the same.
    #[error("too many handshakes")]
    TooMany,
}

/// Shakes hands. What that costs a server is the key exchange and the signature with which it answers a ClientHello, and a peer pays
/// next to nothing for it. So only so many at a time as `turns` allows take their turns for that: however many connections
/// come, requests on those that are there get the rest. A peer that is slow, before or after, holds nobody up.
pub(super) async fn accept<I>(
    config: Arc<ServerConfig>,
    stream: I,
    turns: Option<&Semaphore>,
) -> Result<TlsStream<I>, HandshakeError>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let answered = match turns {
        None => hello.into_stream(config),
        Some(turns) => {
            let own = timeout(PATIENCE, turns.acquire()).await;
            let _own = own.map_err(|_| HandshakeError::TooMany)?;
            turn().await;
            hello.into_stream(config)
        }
    };
    Ok(answered.await?)
}

#[cfg(test)]
mod tests {
    use certs::workshop::{Holder, Workshop};
    use certs::{Role, UnixTime};
    use crypto::Curve;
    use protocol::clock::{FixedClock, Timestamp};
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rustls::ClientConfig;
    use tokio::io::duplex;
    use tokio::task::JoinHandle;
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::tls::{PrivateKey, client_config, server_config};

    const HOST: &str = "smdp.example.com";
    const NOW: i64 = 1_795_318_860;

    fn configs() -> (Arc<ServerConfig>, Arc<ClientConfig>) {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let mut workshop = Workshop::new(UnixTime(NOW), &mut rng);
        let ci = workshop.certificate_issuer(Curve::P256).unwrap();
        let identity = workshop.issue(&ci, &Holder::Tls(Role::DpTls, &[HOST.to_owned()])).unwrap();
        let key = PrivateKey::read("key", identity.key().to_pem().unwrap().as_bytes()).unwrap();
        let server = server_config([identity.certificate().raw().to_vec()], key).unwrap();
        let clock = FixedClock(Timestamp::from_unix_seconds(NOW));
        (server, client_config([ci.certificate().raw().to_vec()], Arc::new(clock)).unwrap())
    }

    /// A client's try, and the outcome on the server's side.
    async fn shake(turns: Option<&Semaphore>) -> (JoinHandle<io::Result<()>>, Result<(), HandshakeError>) {
        let (server, client) = configs();
        let (near, far) = duplex(64 * 1024);
        let client = tokio::spawn(async move {
            TlsConnector::from(client).connect(HOST.try_into().unwrap(), near).await.map(drop)
        });
        let outcome = accept(server, far, turns).await.map(drop);
        (client, outcome)
    }

    #[tokio::test(start_paused = true)]
    async fn who_gets_no_turn_in_time_is_turned_away() {
        let (client, outcome) = shake(Some(&Semaphore::new(0))).await;
        assert!(matches!(outcome, Err(HandshakeError::TooMany)));
        assert!(client.await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_turn_is_given_back_and_without_turns_nobody_waits() {
        let turns = Semaphore::new(1);
        for turns in [Some(&turns), Some(&turns), None] {
            let (client, outcome) = shake(turns).await;
            outcome.unwrap();
            client.await.unwrap().unwrap();
        }
    }
}
