//! `rsp conform lpa`.

mod by_command;
mod by_hand;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use certs::tree::Pki;
use clap::Args;
use conformance::lpa::cases;
use conformance::lpa::driver::Driver;
use conformance::lpa::run::Judge;
use conformance::lpa::situation::Server;
use conformance::lpa::stage::{Certificates, Listeners, Stage};
use conformance::random::Seed;
use conformance::report::list::Listing;
use conformance::report::{CaseReport, Report};
use tokio::sync::watch;

use super::progress::Progress;
use super::run::RunArguments;
use crate::io::{folder, machine};
use by_command::{ByCommand, Commands};
use by_hand::ByHand;

/// Plays SM-DP+ and SM-DS, puts an LPA into one situation after the other, and judges what it does.
#[derive(Args)]
#[command(after_help = PLACEHOLDERS)]
pub struct Lpa {
    /// Folder with the certificates of the servers; with the key of its CI on P-256, TLS certificates for --host are made, bad
    /// ones too. The card of the LPA has to trust one of its CIs, the LPA the one on P-256
    #[arg(long, value_name = "DIR", required_unless_present = "list")]
    certs: Option<PathBuf>,
    /// The name by which the LPA reaches this machine
    #[arg(long, default_value = "localhost")]
    host: String,
    /// Where the SM-DP+ listens
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Where the SM-DS listens
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8453")]
    smds_listen: SocketAddr,
    /// So many seconds an act of the LPA may take; 60 for a command, 300 for a human
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    patience: Option<u64>,
    #[command(flatten)]
    commands: Commands,
    #[command(flatten)]
    run: RunArguments,
}

const PLACEHOLDERS: &str = "\
In commands these words are replaced, quoted for the shell:
  {ac}                 the activation code of the case
  {confirmation-code}  what the user enters where the LPA asks for a confirmation code
  {smdp}               the address of the SM-DP+, the default one of the card
  {smds}               the address of the SM-DS
  {case}               the name of the case
Without --run each activation code is shown, and a human scans it. Exit codes: see `rsp conform --help`.";

impl Lpa {
    pub async fn run(self) -> Result<ExitCode> {
        let all: Vec<Listing> = cases::all().map(conformance::lpa::case::Case::listing).collect();
        if !self.run.begin(&all)? {
            return Ok(ExitCode::SUCCESS);
        }
        ensure!(
            self.run.record().is_none(),
            "an LPA cannot be asked again: --record is for servers and cards"
        );
        let seed = self.run.seed()?;
        let (stage, stop) = self.stage(seed).await?;
        let report = match self.commands.run.is_some() {
            true => {
                let target = self.commands.run.clone().unwrap_or_default();
                self.judge(stage, seed, ByCommand::new(self.commands.clone()), 60, target).await
            }
            false => self.judge(stage, seed, ByHand::new(), 300, "an LPA, by hand".to_owned()).await,
        }?;
        let _ = stop.send(true);
        self.run.finish(report, &all)
    }

    /// The servers, at work.
    async fn stage(&self, seed: Seed) -> Result<(Arc<Stage>, watch::Sender<bool>)> {
        let path = self.certs.as_ref().context("--certs is missing")?;
        let pki = Pki::from_tree(&folder::read(path)?)?;
        let listeners = Listeners::bind(self.listen, self.smds_listen).await;
        let listeners = listeners.map_err(|(address, error)| {
            anyhow::Error::new(error).context(format!("cannot listen on {address}"))
        })?;
        let addresses = listeners.addresses(&self.host).context("--host")?;
        for server in [Server::Smdp, Server::Smds] {
            eprintln!("{server} is {}", addresses.of(server));
        }
        let mut rng = seed.named("TLS certificates");
        let certificates = Certificates::new(&pki, std::slice::from_ref(&self.host), &mut rng)
            .with_context(|| path.display().to_string())?;
        let stage = Stage::new(certificates, addresses, machine::system_clock());
        let (stop, stopped) = watch::channel(false);
        let servers = stage.clone();
        tokio::spawn(async move {
            if let Err(error) = servers.run(listeners, stopped).await {
                tracing::error!(%error, "the servers cannot be played");
            }
        });
        Ok((stage, stop))
    }

    async fn judge<D: Driver>(
        &self,
        stage: Arc<Stage>,
        seed: Seed,
        driver: D,
        patience: u64,
        target: String,
    ) -> Result<Report> {
        let patience = Duration::from_secs(self.patience.unwrap_or(patience));
        let selection = self.run.selection();
        let started = machine::system_clock().now().to_string();
        let begun = Instant::now();
        let chosen: Vec<_> = cases::all().filter(|case| selection.takes(&case.head)).collect();
        let mut progress = Progress::new(chosen.len());
        let mut judge = Judge { stage, driver, seed, patience };
        let mut results: Vec<CaseReport> = Vec::new();
        for case in chosen {
            let result = judge.run(case).await;
            progress.done(&result);
            results.push(result);
        }
        Ok(Report {
            version: env!("CARGO_PKG_VERSION"),
            kind: "lpa",
            target,
            seed: seed.0,
            strict: self.run.strict(),
            started,
            seconds: begun.elapsed().as_secs_f64(),
            results,
            stale_expectations: Vec::new(),
        })
    }
}
