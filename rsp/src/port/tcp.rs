//! Raw APDUs over TCP ([`euicc_sim::port::raw`]).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use euicc_sim::port::frame::{self, Decoder};
use euicc_sim::port::raw::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Slot;

/// How long a client waits for the one before it to leave.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long nobody is let in where the process has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves the card to one client at a time. The next one waits two seconds and then finds its connection closed.
pub async fn serve(listener: TcpListener, slot: Arc<Slot>) {
    let free = Arc::new(Semaphore::new(1));
    // Dropped with this future, and its sessions with it.
    let mut sessions = JoinSet::new();
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        while sessions.try_join_next().is_some() {}
        let (slot, free) = (Arc::clone(&slot), Arc::clone(&free));
        sessions.spawn(async move {
            let Ok(Ok(_permit)) = tokio::time::timeout(PATIENCE, free.acquire()).await else {
                tracing::info!(eid = %slot.eid, %peer, "refused: another client has the card");
                return;
            };
            tracing::info!(eid = %slot.eid, %peer, "a client has the card");
            let ended = session(stream, &slot).await;
            tracing::info!(eid = %slot.eid, %peer, error = ended.err().map(tracing::field::display), "the client left");
        });
    }
}

async fn session(mut stream: TcpStream, slot: &Slot) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut decoder = Decoder::default();
    let mut buffer = [0; 4096];
    loop {
        while let Some(message) = decoder.next_message() {
            let answer = match Request::from(message) {
                Request::Reset => slot.reset().await,
                Request::Apdu(command) => slot.transmit(command).await,
            };
            let answer = frame::encode(&answer).ok_or(io::ErrorKind::InvalidData)?;
            stream.write_all(&answer).await?;
        }
        let length = stream.read(&mut buffer).await?;
        match buffer.get(..length) {
            None | Some([]) if decoder.is_in_message() => return Err(io::ErrorKind::UnexpectedEof.into()),
            None | Some([]) => return Ok(()),
            Some(received) => decoder.push(received),
        }
    }
}
