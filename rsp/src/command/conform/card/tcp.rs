//! A card behind APDUs over TCP ([`euicc_sim::port::raw`]): each with its length in front, an empty one for a reset.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use euicc_sim::port::frame;
use lpa::card::{Card, CardError};

/// More than a card takes for anything: making a profile takes seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a card.
pub struct TcpCard(TcpStream);

impl TcpCard {
    /// Connects to `HOST:PORT`.
    pub fn connect(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(stream))
    }

    fn ask(&mut self, message: &[u8]) -> Result<Vec<u8>, CardError> {
        let request = frame::encode(message).ok_or_else(|| CardError("a message is too long".to_owned()))?;
        self.exchange(&request).map_err(|error| {
            // What it says later would be taken for the answer to something else.
            let _ = self.0.shutdown(Shutdown::Both);
            CardError(format!("the connection: {error}"))
        })
    }

    fn exchange(&mut self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        self.0.write_all(request)?;
        let mut length = [0; 2];
        self.0.read_exact(&mut length)?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut answer)?;
        Ok(answer)
    }
}

impl Card for TcpCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        let response = self.ask(command)?;
        if response.is_empty() { Err(CardError("it has lost its power".to_owned())) } else { Ok(response) }
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        self.ask(&[])
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn messages_go_with_their_length_and_an_empty_one_resets() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let card = std::thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let mut request = [0; 6];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(request, [0, 4, 0x00, 0xA4, 0x00, 0x0C]);
            stream.write_all(&[0, 2, 0x90, 0x00]).unwrap();
            let mut request = [0; 2];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(request, [0, 0]);
            stream.write_all(&[0, 1, 0x3B]).unwrap();
            stream.read_exact(&mut [0; 3]).unwrap();
            stream.write_all(&[0, 0]).unwrap();
        });
        let mut port = TcpCard::connect(&address).unwrap();
        assert_eq!(port.transmit(&[0, 0xA4, 0, 0x0C]).unwrap(), [0x90, 0]);
        assert_eq!(port.reset().unwrap(), [0x3B]);
        assert!(port.transmit(&[0]).is_err(), "an empty answer is no answer");
        card.join().unwrap();
    }
}
