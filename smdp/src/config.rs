//! What an operator of the SM-DP+ chooses.

use protocol::bpp::HostId;
use protocol::types::ServerAddress;

/// The configuration of one SM-DP+.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address that LPAs know, and that is signed.
    pub address: ServerAddress,
    /// The host id of the key derivation.
    pub host_id: HostId,
    /// Limits on orders and sessions.
    pub limits: Limits,
}

impl Config {
    /// A configuration with the usual limits and host id.
    pub fn new(address: ServerAddress) -> Self {
        let host_id = HostId::of_server(&address);
        Self { address, host_id, limits: Limits::default() }
    }
}

/// Limits that SGP.22 asks for and leaves to the SM-DP+.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How often an order may be tried (SGP.22 §3.1.3).
    pub download_attempts: u32,
    /// How often a wrong confirmation code is forgiven (SGP.22 §3.1.3.2).
    pub confirmation_code_attempts: u32,
    /// After how many seconds an RSP session takes no further message.
    pub session_seconds: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { download_attempts: 10, confirmation_code_attempts: 3, session_seconds: 600 }
    }
}
