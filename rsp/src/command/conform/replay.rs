//! `rsp replay`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use conformance::random::Seed;
use conformance::replay::{Recording, difference};
use conformance::report::Report;

use super::run::Wanted;
use super::{card, server};
use crate::io::printable::Printable;

/// Runs a session of `rsp conform --record` again and shows the first difference.
///
/// The same cases, from the same seed. What a peer draws may be other values; everything else has to be the same.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 no difference, 1 the run could not be made, 2 arguments, 3 a difference."
)]
pub struct Replay {
    /// What `rsp conform --record` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(subcommand)]
    against: Against,
}

#[derive(Subcommand)]
enum Against {
    /// Against an SM-DP+ or SM-DS
    Server(Box<server::TargetArguments>),
    /// Against an eUICC
    Card(Box<card::TargetArguments>),
}

impl Replay {
    pub async fn run(self) -> Result<ExitCode> {
        let recording = self.recording()?;
        let wanted = Wanted {
            selection: recording.selection(),
            curves: recording.curves.clone(),
            bindings: recording.bindings.clone(),
            seed: Seed(recording.seed),
            strict: false,
        };
        let kind = match self.against {
            Against::Server(_) => "server",
            Against::Card(_) => "card",
        };
        ensure!(
            recording.kind == kind,
            "this is a session with a {}, not with a {kind}",
            Printable(&recording.kind)
        );
        let report = match &self.against {
            Against::Server(target) => target.judge(&wanted).await?,
            Against::Card(target) => tokio::task::block_in_place(|| target.judge(&wanted))?,
        };
        Ok(told(&recording, &report))
    }

    fn recording(&self) -> Result<Recording> {
        let name = self.file.display();
        let file = File::open(&self.file).with_context(|| format!("cannot read {name}"))?;
        Recording::read(BufReader::new(file)).with_context(|| name.to_string())
    }
}

fn told(recording: &Recording, report: &Report) -> ExitCode {
    let (runs, then) = (recording.runs.len(), Printable(&recording.target));
    match difference::first(recording, &report.results) {
        None => {
            println!("no difference in {runs} runs of cases (seed {}, then with {then})", recording.seed);
            ExitCode::SUCCESS
        }
        Some(difference) => {
            difference.to_string().lines().for_each(|line| println!("{}", Printable(line)));
            ExitCode::from(3)
        }
    }
}
