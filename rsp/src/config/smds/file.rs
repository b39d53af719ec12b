//! The shape of the configuration file.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

use protocol::types::ServerAddress;
use serde::Deserialize;

/// The whole file; every section and every setting may be left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub server: Server,
    pub store: Store,
    pub es12: Es12,
    pub root: Root,
    pub limits: Limits,
    pub management: Management,
    pub retention: Retention,
}

/// ES11.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub certs: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub address: Option<ServerAddress>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// A file, or a `postgres://` URL.
    pub at: Option<String>,
}

/// ES12, and ES15 where this is the Root.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Es12 {
    pub listen: Option<SocketAddr>,
    /// Who may call, by the OIDs of their certificates; everybody under a CI of `certs` where there is none.
    pub callers: Vec<String>,
}

/// Where ES15 of the Root is; without an address this is a Root SM-DS.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Root {
    pub address: Option<ServerAddress>,
    pub patience_seconds: Option<NonZeroU64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub session_seconds: Option<NonZeroU32>,
    pub event_days: Option<NonZeroU32>,
    pub connections: Option<usize>,
    pub handshakes: Option<usize>,
    pub wait_milliseconds: Option<u64>,
    pub requests_in_work: Option<usize>,
    pub body_bytes: Option<usize>,
    pub requests_per_second: Option<NonZeroU32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Management {
    pub listen: Option<SocketAddr>,
    pub token_file: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    pub ended_event_days: Option<u64>,
}
