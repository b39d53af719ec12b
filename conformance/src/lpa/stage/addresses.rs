//! Where the servers are.

use std::io;
use std::net::{IpAddr, SocketAddr};

use protocol::types::{ServerAddress, ServerAddressError};
use tokio::net::TcpListener;

use crate::lpa::situation::Server;

/// The sockets of all servers.
pub struct Listeners {
    smdp: TcpListener,
    smds: TcpListener,
    second: TcpListener,
    without_tls: TcpListener,
}

impl Listeners {
    /// Binds them: the SM-DP+ and the SM-DS where they were asked for, the others on any free port beside the SM-DP+.
    ///
    /// # Errors
    /// The address, and why it cannot be had.
    pub async fn bind(smdp: SocketAddr, smds: SocketAddr) -> Result<Self, (SocketAddr, io::Error)> {
        let beside = SocketAddr::new(smdp.ip(), 0);
        Ok(Self {
            smdp: bind(smdp).await?,
            smds: bind(smds).await?,
            second: bind(beside).await?,
            without_tls: bind(beside).await?,
        })
    }

    pub(super) fn into_pairs(self) -> [(Server, TcpListener); 4] {
        [
            (Server::Smdp, self.smdp),
            (Server::Smds, self.smds),
            (Server::Second, self.second),
            (Server::WithoutTls, self.without_tls),
        ]
    }

    /// The names by which an LPA reaches them on this host.
    ///
    /// # Errors
    /// [`io::Error`] where a socket does not tell its port, or the host is no host name.
    pub fn addresses(&self, host: &str) -> io::Result<Addresses> {
        let named = |listener: &TcpListener| -> io::Result<ServerAddress> {
            let port = listener.local_addr()?.port();
            // 443 need not be named, and some LPAs do not take a port at all.
            let address = if port == 443 { host.to_owned() } else { format!("{host}:{port}") };
            address.parse().map_err(|error: ServerAddressError| io::Error::other(error))
        };
        Ok(Addresses {
            ip: self.smdp.local_addr()?.ip(),
            smdp: named(&self.smdp)?,
            smds: named(&self.smds)?,
            second: named(&self.second)?,
            without_tls: named(&self.without_tls)?,
        })
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, (SocketAddr, io::Error)> {
    TcpListener::bind(address).await.map_err(|error| (address, error))
}

/// The names of all servers.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Where they listen.
    pub ip: IpAddr,
    smdp: ServerAddress,
    smds: ServerAddress,
    second: ServerAddress,
    without_tls: ServerAddress,
}

impl Addresses {
    /// The name of one.
    pub fn of(&self, server: Server) -> &ServerAddress {
        match server {
            Server::Smdp => &self.smdp,
            Server::Smds => &self.smds,
            Server::Second => &self.second,
            Server::WithoutTls => &self.without_tls,
        }
    }
}
