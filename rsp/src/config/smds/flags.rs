//! What the command line and the environment say.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use protocol::types::ServerAddress;

/// Where the store is.
#[derive(Args, Clone)]
pub struct StoreFlags {
    /// The configuration file (TOML, see docs/smds.md)
    #[arg(long, value_name = "FILE", env = "RSP_SMDS_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data base: a file of SQLite, or postgres://USER@HOST/DATABASE [default: smds.sqlite]
    #[arg(long, value_name = "FILE|URL", env = "RSP_SMDS_STORE", hide_env_values = true)]
    pub store: Option<String>,
}

/// Everything that `serve` and `check-config` take.
#[derive(Args)]
pub struct ServeFlags {
    #[command(flatten)]
    pub store: StoreFlags,
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER", env = "RSP_SMDS_CERTS")]
    pub certs: Option<PathBuf>,
    /// Where to listen for LPAs (ES11) [default: 127.0.0.1:8453]
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDS_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address that LPAs know: a host name, with a port where it is not 443 [default: localhost and the port of --listen]
    #[arg(long, value_name = "HOST[:PORT]", env = "RSP_SMDS_ADDRESS")]
    pub address: Option<ServerAddress>,
    /// Where to listen for SM-DP+s and Alternative SM-DSs (ES12, ES15) [default: 127.0.0.1:8454]
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDS_ES12_LISTEN")]
    pub es12_listen: Option<SocketAddr>,
    /// The ES15 address of the Root SM-DS: makes this an Alternative SM-DS
    #[arg(long, value_name = "HOST[:PORT]", env = "RSP_SMDS_ROOT")]
    pub root: Option<ServerAddress>,
    /// Where to offer health, metrics and the management API; nowhere unless given
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDS_MANAGEMENT_LISTEN")]
    pub management_listen: Option<SocketAddr>,
    /// The file with the token that the management API asks for
    #[arg(long, value_name = "FILE", env = "RSP_SMDS_MANAGEMENT_TOKEN_FILE")]
    pub management_token_file: Option<PathBuf>,
    /// Seconds until an unfinished RSP session lapses [default: 600]
    #[arg(long, env = "RSP_SMDS_SESSION_SECONDS")]
    pub session_seconds: Option<NonZeroU32>,
    /// Days until an event expires; never unless given
    #[arg(long, env = "RSP_SMDS_EVENT_DAYS")]
    pub event_days: Option<NonZeroU32>,
    /// How many connections a port has at once
    #[arg(long, env = "RSP_SMDS_CONNECTIONS")]
    pub connections: Option<usize>,
    /// How many TLS handshakes at once get their share of the processors; 0 for any number
    #[arg(long, env = "RSP_SMDS_HANDSHAKES")]
    pub handshakes: Option<usize>,
    /// How long requests may wait for a processor before nothing new is begun; 0 for any time
    #[arg(long, env = "RSP_SMDS_WAIT_MILLISECONDS")]
    pub wait_milliseconds: Option<u64>,
    /// How many requests are in work on a port before nothing new is begun; 0 for any number
    #[arg(long, env = "RSP_SMDS_REQUESTS_IN_WORK")]
    pub requests_in_work: Option<usize>,
    /// The longest body of a request, in bytes
    #[arg(long, env = "RSP_SMDS_BODY_BYTES")]
    pub body_bytes: Option<usize>,
    /// How many requests a second one address may send; any number unless given
    #[arg(long, env = "RSP_SMDS_REQUESTS_PER_SECOND")]
    pub requests_per_second: Option<NonZeroU32>,
}
