//! A card in the virtual reader of `vsmartcard-vpcd` ([`euicc_sim::port::vpcd`]), and so in PC/SC.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use euicc_sim::port::frame::{self, Decoder};
use euicc_sim::port::vpcd::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Slot;

/// How soon the card is put into the reader again, at first and at most. pcscd looks for cards every 400 milliseconds; one
/// that was pulled out and put in again between two looks stays "removed" where a program has noticed it meanwhile.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Keeps the card in the reader that listens on this host and port. Where nobody listens, or not any more, it tries
/// again.
pub async fn serve(host: String, port: u16, slot: Arc<Slot>) {
    let mut pause = FIRST_PAUSE;
    let mut missed = false;
    loop {
        match TcpStream::connect((host.as_str(), port)).await {
            Ok(stream) => {
                tracing::info!(eid = %slot.eid, host, port, "the card is in the reader");
                (pause, missed) = (FIRST_PAUSE, false);
                let left = session(stream, &slot).await;
                let error = left.err().map(tracing::field::display);
                tracing::info!(eid = %slot.eid, host, port, error, "the card is out of the reader");
            }
            Err(error) if !missed => {
                missed = true;
                tracing::warn!(eid = %slot.eid, host, port, %error, "no reader yet; the card waits for it");
            }
            Err(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Answers the reader until it goes away, or the card has no power to answer with. To the reader that is a card that
/// was pulled out: whoever talks to it gets an error, and finds it put in again.
async fn session(mut stream: TcpStream, slot: &Slot) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut decoder = Decoder::default();
    let mut buffer = [0; 4096];
    loop {
        while let Some(message) = decoder.next_message() {
            let answer = match Request::from(message) {
                Request::PowerOff => {
                    slot.power_off().await;
                    continue;
                }
                Request::PowerOn | Request::Reset => {
                    slot.reset().await;
                    continue;
                }
                Request::Unknown => continue,
                Request::Atr => slot.atr.clone(),
                Request::Apdu(command) => slot.transmit(command).await,
            };
            let answer = frame::encode(&answer).filter(|_| !answer.is_empty());
            let Some(answer) = answer else { return Err(io::Error::other("the card has no power")) };
            stream.write_all(&answer).await?;
        }
        acknowledge_at_once(&stream);
        let length = stream.read(&mut buffer).await?;
        match buffer.get(..length) {
            None | Some([]) => return Ok(()),
            Some(received) => decoder.push(received),
        }
    }
}

/// The reader writes the length and then the message, and the system under it sends the second only once the first is
/// acknowledged. Linux forgets this wish, so it is repeated before each read.
fn acknowledge_at_once(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    // Without it, each command takes 40 milliseconds longer, and works.
    let _ = rustix::net::sockopt::set_tcp_quickack(stream, true);
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}
