//! The shape of the configuration file.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use protocol::types::ServerAddress;
use serde::Deserialize;

use super::smds_access::SmdsSection;

/// The whole file; every section and every setting may be left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub server: Server,
    pub store: Store,
    pub limits: Limits,
    pub es2plus: Es2Plus,
    pub operator: Vec<Operator>,
    pub management: Management,
    pub retention: Retention,
    pub reports: Reports,
    pub smds: SmdsSection,
}

/// ES9+.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub certs: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub address: Option<ServerAddress>,
    pub host_id: Option<String>,
    pub seed: Option<PathBuf>,
    pub catalogue: bool,
    pub catalogue_doors: Option<u16>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// A file, or a `postgres://` URL.
    pub at: Option<String>,
    pub key_file: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub download_attempts: Option<u32>,
    pub confirmation_code_attempts: Option<u32>,
    pub session_seconds: Option<NonZeroU32>,
    pub order_days: Option<u32>,
    pub rebinding: Option<Rebinding>,
    pub connections: Option<usize>,
    pub handshakes: Option<usize>,
    pub wait_milliseconds: Option<u64>,
    pub requests_in_work: Option<usize>,
    pub body_bytes: Option<usize>,
    pub requests_per_second: Option<NonZeroU32>,
}

#[derive(Clone, Copy, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Rebinding {
    /// Bind the profile again, with new keys
    Bind,
    /// Refuse with 8.2/3.7 and end the order
    Refuse,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Es2Plus {
    pub listen: Option<SocketAddr>,
}

/// One operator.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    /// The certificate it comes with, in a file …
    pub certificate: Option<PathBuf>,
    /// … or the SHA-256 of that, in hex …
    pub certificate_sha256: Option<String>,
    /// … or the OID in it, certified by `authority`.
    pub oid: Option<String>,
    pub authority: Option<PathBuf>,
    /// Where it takes HandleDownloadProgressInfo.
    pub report_to: Option<String>,
    /// Who certifies that server; else it has to be known by `report_certificate`.
    pub report_authority: Option<PathBuf>,
    pub report_certificate: Option<PathBuf>,
    #[serde(default)]
    pub points: Points,
}

/// The notification points; 0 turns one off.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Points {
    pub eligibility_passed: Option<u32>,
    pub eligibility_failed: Option<u32>,
    pub confirmation_failed: Option<u32>,
    pub download: Option<u32>,
    pub installation: Option<u32>,
    pub cancelled_before_download: Option<u32>,
    pub cancelled_after_download: Option<u32>,
    pub enabled: Option<u32>,
    pub disabled: Option<u32>,
    pub deleted: Option<u32>,
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
    pub session_hours: Option<u64>,
    pub history_days: Option<u64>,
    pub call_days: Option<u64>,
    pub notification_days: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reports {
    pub first_pause_seconds: Option<u64>,
    pub longest_pause_seconds: Option<u64>,
    pub give_up_days: Option<u64>,
}
