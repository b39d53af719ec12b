//! The commands.

mod answer;
mod card;
mod catalogue;
mod certs;
mod code;
mod conform;
mod demo;
mod es12;
mod es2;
mod load;
mod lpa;
mod smdp;
mod smds;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use crypto::Curve;
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};

use crate::io::trace_file::TraceFile;

#[derive(Subcommand)]
pub enum Command {
    /// Make a PKI, start an SM-DP+, download a profile to a card, enable it: all in one process
    Demo(demo::Demo),
    /// Make test certificates
    #[command(subcommand)]
    Certs(certs::Certs),
    /// The SM-DP+
    #[command(subcommand)]
    Smdp(smdp::Smdp),
    /// The SM-DS, Root or Alternative
    #[command(subcommand)]
    Smds(smds::Smds),
    /// An operator: order profiles from an SM-DP+ over ES2+, and take its reports
    #[command(subcommand)]
    Es2(es2::Es2),
    /// An SM-DP+ or Alternative SM-DS: register and delete events at an SM-DS over ES12 and ES15
    #[command(subcommand)]
    Es12(es12::Es12),
    /// The eUICC
    Card(card::Card),
    /// The LPA: download and manage profiles on a card
    Lpa(lpa::Lpa),
    /// Judge a server, a card or an LPA: does it do what SGP.22 asks of it?
    Conform(conform::Conform),
    /// Run a recorded session again, against a server or a card, and show the first difference
    Replay(conform::Replay),
    /// Load an SM-DP+ with downloads of many eUICCs, and tell how it did
    #[command(subcommand)]
    Load(load::Load),
    /// List the error catalogue: activation codes of `rsp smdp serve --catalogue`, each for one fault
    Catalogue(catalogue::Catalogue),
    /// Show an activation code as a QR code
    Code(code::Code),
}

impl Command {
    pub fn run(self, trace: &TraceArguments) -> Result<ExitCode> {
        match self {
            Self::Conform(command) => return in_runtime(command.run(trace)),
            Self::Replay(command) => {
                trace.nothing_to_tell()?;
                return in_runtime(command.run());
            }
            Self::Load(command) => {
                trace.nothing_to_tell()?;
                return in_runtime(command.run());
            }
            Self::Demo(command) => in_runtime(command.run(trace)),
            Self::Certs(command) => trace.nothing_to_tell().and_then(|()| command.run()),
            Self::Smdp(command) => in_runtime(command.run(trace)),
            Self::Smds(command) => in_runtime(command.run(trace)),
            Self::Es12(command) => in_runtime(command.run(trace)),
            Self::Es2(command) => in_runtime(command.run(trace)),
            Self::Card(command) => command.run(trace),
            Self::Lpa(command) => in_runtime(command.run(trace)),
            Self::Catalogue(command) => trace.nothing_to_tell().and_then(|()| command.run()),
            Self::Code(command) => trace.nothing_to_tell().and_then(|()| command.run()),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

fn in_runtime<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Runtime::new().context("cannot start the async runtime")?.block_on(work)
}

/// The trace, on every command.
#[derive(Args)]
pub struct TraceArguments {
    /// Write every HTTP message, APDU, decoded object, check and change of state to this file, one JSON object a line
    #[arg(long, global = true, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Show session keys in the trace instead of `[redacted]`
    #[arg(long, global = true, requires = "trace")]
    trace_secrets: bool,
}

impl TraceArguments {
    /// The trace of a command in which nobody talks to anybody: an empty file.
    fn nothing_to_tell(&self) -> Result<()> {
        self.trace.as_deref().map_or(Ok(()), |path| TraceFile::create(path).map(drop))
    }

    /// The stream, seen by one actor; silent where no file was asked for.
    fn tracer(&self, actor: Actor, clock: Arc<dyn Clock>) -> Result<Tracer> {
        let Some(path) = &self.trace else { return Ok(Tracer::off(actor)) };
        let tracer = Tracer::new(actor, clock, Arc::new(TraceFile::create(path)?));
        Ok(if self.trace_secrets { tracer.showing_secrets() } else { tracer })
    }
}

/// A curve on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CurveName {
    /// NIST P-256
    Nist,
    /// brainpoolP256r1
    Brainpool,
}

impl From<CurveName> for Curve {
    fn from(name: CurveName) -> Self {
        match name {
            CurveName::Nist => Self::P256,
            CurveName::Brainpool => Self::BrainpoolP256r1,
        }
    }
}
