//! The port to servers of which only the address is known.

use protocol::es9plus::Es9Plus;
use protocol::es11::Es11;
use protocol::types::ServerAddress;

/// Reaches servers. Nothing is connected before a function is called.
pub trait Servers {
    /// Why a function was not executed.
    type Error: Send;
    /// A server, be it an SM-DP+ or an SM-DS: both are asked at the same paths (SGP.22 §6.5.2).
    type Server: Es9Plus<Error = Self::Error> + Es11<Error = Self::Error>;

    /// The server at this address.
    fn server(&self, address: &ServerAddress) -> Self::Server;
}
