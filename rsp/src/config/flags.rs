//! What the command line and the environment say.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use protocol::types::ServerAddress;

use super::file::Rebinding;
use super::smds_access::SmdsAccess;

/// Where the store is.
#[derive(Args, Clone)]
pub struct StoreFlags {
    /// The configuration file (TOML, see docs/configuration.md)
    #[arg(long, value_name = "FILE", env = "RSP_SMDP_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data base: a file of SQLite, or postgres://USER@HOST/DATABASE [default: smdp.sqlite]
    #[arg(long, value_name = "FILE|URL", env = "RSP_SMDP_STORE", hide_env_values = true)]
    pub store: Option<String>,
    /// The file with the key that seals what is secret in the store, 64 hex digits; or the key itself in
    /// RSP_SMDP_STORE_KEY [default for SQLite: the store's name with .key, made when the store is]
    #[arg(long, value_name = "FILE", env = "RSP_SMDP_STORE_KEY_FILE")]
    pub store_key: Option<PathBuf>,
}

/// Everything that `serve` and `check-config` take.
#[derive(Args)]
pub struct ServeFlags {
    #[command(flatten)]
    pub store: StoreFlags,
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER", env = "RSP_SMDP_CERTS")]
    pub certs: Option<PathBuf>,
    /// Where to listen for LPAs [default: 127.0.0.1:8443]
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDP_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address that LPAs know: a host name, with a port where it is not 443 [default: localhost and the port of --listen]
    #[arg(long, value_name = "HOST[:PORT]", env = "RSP_SMDP_ADDRESS")]
    pub address: Option<ServerAddress>,
    /// The host id of the key derivation, 1 to 16 characters [default: the beginning of the host name]
    #[arg(long, env = "RSP_SMDP_HOST_ID")]
    pub host_id: Option<String>,
    /// Orders to begin with (TOML, see docs/seed.md)
    #[arg(long, value_name = "FILE", env = "RSP_SMDP_SEED")]
    pub seed: Option<PathBuf>,
    /// Open the error catalogue: activation codes that are reserved for one fault each (docs/catalogue.md)
    #[arg(long, env = "RSP_SMDP_CATALOGUE", value_parser = BoolishValueParser::new())]
    pub catalogue: bool,
    /// The first of the ports on which the catalogue refuses InitiateAuthentication [default: 100 more than that of --listen]
    #[arg(long, value_name = "PORT", env = "RSP_SMDP_CATALOGUE_DOORS")]
    pub catalogue_doors: Option<u16>,
    /// Where to listen for operators (ES2+); nowhere unless given
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDP_ES2PLUS_LISTEN")]
    pub es2plus_listen: Option<SocketAddr>,
    /// An SM-DS that operators may name; ES12-ADDRESS where its ES12 is not at its own address. Repeat it for more
    #[arg(long, value_name = "ADDRESS[=ES12-ADDRESS]", env = "RSP_SMDP_SMDS", value_delimiter = ',')]
    pub smds: Vec<SmdsAccess>,
    /// Where to offer health, metrics and the management API; nowhere unless given
    #[arg(long, value_name = "ADDRESS", env = "RSP_SMDP_MANAGEMENT_LISTEN")]
    pub management_listen: Option<SocketAddr>,
    /// The file with the token that the management API asks for
    #[arg(long, value_name = "FILE", env = "RSP_SMDP_MANAGEMENT_TOKEN_FILE")]
    pub management_token_file: Option<PathBuf>,
    /// How often an order may be tried [default: 10]
    #[arg(long, env = "RSP_SMDP_DOWNLOAD_ATTEMPTS")]
    pub download_attempts: Option<u32>,
    /// How many wrong confirmation codes are forgiven [default: 3]
    #[arg(long, env = "RSP_SMDP_CONFIRMATION_CODE_ATTEMPTS")]
    pub confirmation_code_attempts: Option<u32>,
    /// Seconds until an unfinished RSP session lapses [default: 600]
    #[arg(long, env = "RSP_SMDP_SESSION_SECONDS")]
    pub session_seconds: Option<NonZeroU32>,
    /// Days until an order over ES2+ expires; never unless given
    #[arg(long, env = "RSP_SMDP_ORDER_DAYS")]
    pub order_days: Option<u32>,
    /// What to do when an eUICC comes back with another one-time key [default: bind]
    #[arg(long, env = "RSP_SMDP_REBINDING")]
    pub rebinding: Option<Rebinding>,
    /// How many connections a port has at once
    #[arg(long, env = "RSP_SMDP_CONNECTIONS")]
    pub connections: Option<usize>,
    /// How many TLS handshakes at once get their share of the processors; 0 for any number
    #[arg(long, env = "RSP_SMDP_HANDSHAKES")]
    pub handshakes: Option<usize>,
    /// How long requests may wait for a processor before nothing new is begun; 0 for any time
    #[arg(long, env = "RSP_SMDP_WAIT_MILLISECONDS")]
    pub wait_milliseconds: Option<u64>,
    /// How many requests are in work on a port before nothing new is begun; 0 for any number
    #[arg(long, env = "RSP_SMDP_REQUESTS_IN_WORK")]
    pub requests_in_work: Option<usize>,
    /// The longest body of a request, in bytes
    #[arg(long, env = "RSP_SMDP_BODY_BYTES")]
    pub body_bytes: Option<usize>,
    /// How many requests a second one address may send; any number unless given
    #[arg(long, env = "RSP_SMDP_REQUESTS_PER_SECOND")]
    pub requests_per_second: Option<NonZeroU32>,
}
