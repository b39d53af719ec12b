//! Where ports are.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use anyhow::{Context, Error, Result};

/// An address to listen on: a port of this machine, or an IP address with a port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListenAddress(SocketAddr);

impl ListenAddress {
    /// The address of a card by its place among all: the ports follow each other. Port 0 stays, and is any that is free.
    pub fn of(self, place: usize) -> Result<SocketAddr> {
        Ok(SocketAddr::new(self.0.ip(), port_of(self.0.port(), place)?))
    }

    /// Whether others than those on this machine may get there.
    pub fn is_open_to_others(self) -> bool {
        !self.0.ip().is_loopback()
    }
}

impl FromStr for ListenAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(port) = text.parse() {
            return Ok(Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)));
        }
        let address =
            text.parse().context("an address is PORT, which is on this machine alone, or IP:PORT")?;
        Ok(Self(address))
    }
}

/// A reader: a host and the port of its first slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReaderAddress {
    host: String,
    port: u16,
}

impl ReaderAddress {
    /// The address of the slot for a card by its place among all.
    pub fn of(&self, place: usize) -> Result<(String, u16)> {
        Ok((self.host.clone(), port_of(self.port, place)?))
    }
}

impl FromStr for ReaderAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (host, port) = text.rsplit_once(':').context("a reader is HOST:PORT")?;
        let port = port.parse().ok().filter(|port| *port != 0).context("a reader is HOST:PORT")?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        Ok(Self { host: host.to_owned(), port })
    }
}

fn port_of(first: u16, place: usize) -> Result<u16> {
    if first == 0 {
        return Ok(0);
    }
    let port = u16::try_from(place).ok().and_then(|place| first.checked_add(place));
    port.with_context(|| format!("there are not enough ports after {first} for all cards"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_this_machine() {
        let address: ListenAddress = "8490".parse().unwrap();
        assert_eq!(address.of(2).unwrap().to_string(), "127.0.0.1:8492");
        assert!(!address.is_open_to_others());
        assert!("0.0.0.0:1".parse::<ListenAddress>().unwrap().is_open_to_others());
        assert_eq!("[::1]:0".parse::<ListenAddress>().unwrap().of(7).unwrap().to_string(), "[::1]:0");
        assert!("65535".parse::<ListenAddress>().unwrap().of(1).is_err());
        assert!("localhost".parse::<ListenAddress>().is_err());
    }

    #[test]
    fn a_reader_has_a_host_and_a_port() {
        let of = |text: &str| text.parse::<ReaderAddress>().and_then(|reader| reader.of(1)).ok();
        assert_eq!(of("localhost:35963"), Some(("localhost".to_owned(), 35964)));
        assert_eq!(of("[::1]:35963"), Some(("::1".to_owned(), 35964)));
        assert_eq!(of("localhost"), None);
        assert_eq!(of("localhost:0"), None);
    }
}
