//! How the SM-DS is reached, and as whom.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::Pki;
use clap::{Args, ValueEnum};
use protocol::es12::CallerKind;
use protocol::function_call::CallHeader;
use protocol::trace::Actor;
use protocol::types::ServerAddress;
use wire::es12::Client;
use wire::transport::Bounds;

use crate::command::TraceArguments;
use crate::command::answer::{Reporter, new_call_id};
use crate::compose::smds::es12_client;
use crate::compose::tls::TlsIdentity;
use crate::io::{folder, machine};

#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// ES12 of the SM-DS
    #[arg(long, value_name = "HOST[:PORT]")]
    server: ServerAddress,
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// As whom: with CERT.DP.TLS or CERT.DS.TLS
    #[arg(long = "as", value_enum, default_value = "smdp")]
    caller: CallerName,
    /// functionCallIdentifier [default: a random one, which is printed]
    #[arg(long, value_name = "ID")]
    call_id: Option<String>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
    /// Print the answer as a JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum CallerName {
    Smdp,
    Smds,
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
        let (role, actor, kind) = match self.caller {
            CallerName::Smdp => (Role::DpTls, Actor::Smdp, CallerKind::Smdp),
            CallerName::Smds => (Role::DsTls, Actor::Smds, CallerKind::Smds),
        };
        let pki =
            Pki::from_tree(&folder::read(&self.certs)?).with_context(|| self.certs.display().to_string())?;
        let tracer = trace.tracer(actor, clock.clone())?;
        let time = Duration::from_secs(self.timeout.into());
        let client = es12_client(&self.server, &pki, role, &clock, &tracer)?
            .with_bounds(Bounds { time, ..Bounds::default() });
        let requester = TlsIdentity::of(&pki, role)?.oid.unwrap_or_else(|| kind.to_string());
        let call_id = self.call_id.map_or_else(new_call_id, Ok)?;
        let header = CallHeader {
            function_requester_identifier: requester,
            function_call_identifier: call_id.clone(),
        };
        let certificate = format!("{} of {}", role.certificate_name(), self.certs.display());
        Ok(Call {
            client,
            header,
            reporter: Reporter {
                server: "SM-DS",
                call_id,
                nobody: "no CI of --certs",
                is_idempotent: false,
                certificate,
                json: self.json,
            },
        })
    }
}
