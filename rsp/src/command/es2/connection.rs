//! How the SM-DP+ is reached, and under which name the call is known there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use protocol::es2plus::CallHeader;
use protocol::trace::Actor;
use protocol::types::ServerAddress;
use wire::es2plus::Client;
use wire::tls::{PrivateKey, Trust, client_config_with_certificate};
use wire::transport::Bounds;

use crate::command::TraceArguments;
use crate::command::answer::{Reporter, new_call_id};
use crate::command::lpa::ci_certificates;
use crate::io::{certificate_file, machine};

#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// The SM-DP+ as operators reach it
    #[arg(long, value_name = "HOST[:PORT]", env = "RSP_ES2_SERVER")]
    server: ServerAddress,
    /// The operator's certificate (PEM or DER); `rsp certs operator` makes one
    #[arg(long, value_name = "FILE", env = "RSP_ES2_CERT")]
    cert: PathBuf,
    /// Its private key
    #[arg(long, value_name = "FILE", env = "RSP_ES2_KEY")]
    key: PathBuf,
    /// A CI certificate to trust in TLS (DER or PEM), or a folder of certificates with its CIs
    #[arg(
        long = "ci",
        value_name = "PATH",
        env = "RSP_ES2_CI",
        required_unless_present = "server_certificate"
    )]
    trusted: Vec<PathBuf>,
    /// The TLS certificate of the SM-DP+ itself, to be taken as it is
    #[arg(long, value_name = "FILE")]
    server_certificate: Option<PathBuf>,
    /// functionRequesterIdentifier: the operator's object identifier
    #[arg(long, value_name = "OID", default_value = "2.999.20")]
    requester: String,
    /// functionCallIdentifier: the same call again, under the same one, is not executed twice [default: a random one, which
    /// is printed]
    #[arg(long, value_name = "ID")]
    call_id: Option<String>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
    /// Print the answer as a JSON object
    #[arg(long)]
    json: bool,
}

/// One call that can be made.
pub struct Call {
    pub client: Client,
    pub header: CallHeader,
    pub reporter: Reporter,
}

impl Connection {
    pub fn open(self, trace: &TraceArguments) -> Result<Call> {
        let clock = machine::system_clock();
        let tracer = trace.tracer(Actor::Operator, clock.clone())?;
        let certificate = certificate_file::read(&self.cert)?;
        let tls =
            client_config_with_certificate(self.trust()?, [certificate], private_key(&self.key)?, clock)?;
        let time = Duration::from_secs(self.timeout.into());
        let client = Client::new(self.server, tls, tracer).with_bounds(Bounds { time, ..Bounds::default() });
        let header = CallHeader {
            function_requester_identifier: self.requester,
            function_call_identifier: self.call_id.map_or_else(new_call_id, Ok)?,
        };
        let call_id = header.function_call_identifier.clone();
        let certificate = self.cert.display().to_string();
        let reporter = Reporter {
            server: "SM-DP+",
            call_id,
            nobody: "neither --ci nor --server-certificate",
            is_idempotent: true,
            certificate,
            json: self.json,
        };
        Ok(Call { client, header, reporter })
    }

    fn trust(&self) -> Result<Trust> {
        let mut trust = Trust::default();
        for path in &self.trusted {
            trust.roots.extend(ci_certificates(path)?);
        }
        if let Some(path) = &self.server_certificate {
            trust.pins.push(crypto::digest::sha256(&certificate_file::read(path)?));
        }
        Ok(trust)
    }
}

/// A private key for TLS.
pub fn private_key(path: &Path) -> Result<PrivateKey> {
    let bytes = std::fs::read(path).map(zeroize::Zeroizing::new);
    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(PrivateKey::read(path.display().to_string(), &bytes)?)
}
