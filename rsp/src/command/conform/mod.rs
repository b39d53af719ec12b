//! `rsp conform`.

mod card;
mod lpa;
mod output;
mod progress;
mod replay;
mod run;
mod server;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::TraceArguments;
pub use replay::Replay;

/// Judges a server, a card or an LPA by what it does over the wire.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct Conform {
    #[command(subcommand)]
    judge: Judge,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing failed that counts
  1  the run could not be made, or not be written down
  2  arguments, or a file of expectations, that cannot be read
  3  a case failed, or could not be asked, or every case was skipped; a SHOULD counts with --strict
  4  an entry of --expectations no longer matches, and nothing else is wrong";

#[derive(Subcommand)]
enum Judge {
    /// Judge an SM-DP+ or SM-DS
    Server(Box<server::Server>),
    /// Judge an eUICC
    Card(Box<card::Card>),
    /// Judge an LPA
    Lpa(Box<lpa::Lpa>),
}

impl Conform {
    pub async fn run(self, trace: &TraceArguments) -> Result<ExitCode> {
        // What travels is collected case by case.
        if trace.trace.is_some() {
            return Err(run::usage("--trace: what travelled is in the files of --html and --report"));
        }
        match self.judge {
            Judge::Server(judge) => judge.run().await,
            Judge::Card(judge) => judge.run().await,
            Judge::Lpa(judge) => judge.run().await,
        }
    }
}
