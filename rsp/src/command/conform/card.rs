//! `rsp conform card`.

mod port;
mod reader;
mod tcp;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use certs::tree::Pki;
use clap::Args;
use conformance::card::servers::Root;
use conformance::card::{Case, Plan, Target, cases, judge};
use conformance::report::Report;
use conformance::report::list::Listing;
use data_encoding::HEXUPPER_PERMISSIVE;
use lpa::isd_r::ISD_R_AID;

use super::progress::Progress;
use super::run::{RunArguments, Wanted, usage};
use crate::io::{folder, machine};
use port::CardPort;

/// Plays SM-DP+ and LPA, and judges what an eUICC answers.
///
/// The card gets test profiles and loses them again; what was on it before is left alone, unless --destructive is given.
#[derive(Args)]
#[command(after_help = "Exit codes: see `rsp conform --help`.")]
pub struct Card {
    #[command(flatten)]
    target: TargetArguments,
    #[command(flatten)]
    run: RunArguments,
}

/// The card, and what may be done to it.
#[derive(Args)]
pub struct TargetArguments {
    /// Where the card is: file:CARD.json, program:COMMAND (the lines of lpac's stdio backend), tcp:HOST:PORT (APDUs as
    /// `rsp card serve --tcp` takes them), or pcsc:READER by name or number
    #[arg(value_name = "PORT")]
    port: Option<CardPort>,
    /// Certificates under a CI that the card trusts: a folder as `rsp certs make` makes it, or the published test
    /// certificates of SGP.26. With the keys of the CI more cases can be asked
    #[arg(long, value_name = "DIR")]
    certs: Option<PathBuf>,
    /// The AID of the ISD-R, where it is not that of SGP.22
    #[arg(long, value_name = "HEX", value_parser = parse_aid)]
    isd_r_aid: Option<Aid>,
    /// Bytes in one STORE DATA block
    #[arg(long, default_value_t = 255, value_parser = clap::value_parser!(u8).range(5..))]
    block_size: u8,
    /// Also ask what cannot be undone: eUICCMemoryReset deletes every profile, a revocation list stays, and an enabled
    /// profile is disabled for a while
    #[arg(long)]
    destructive: bool,
}

/// 5 to 16 bytes.
#[derive(Clone)]
struct Aid(Vec<u8>);

fn parse_aid(text: &str) -> Result<Aid, String> {
    let bytes = HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|error| error.to_string())?;
    if (5..=16).contains(&bytes.len()) { Ok(Aid(bytes)) } else { Err("an AID has 5 to 16 bytes".to_owned()) }
}

impl Card {
    pub async fn run(self) -> Result<ExitCode> {
        let all: Vec<Listing> = cases::all().map(Case::listing).collect();
        if !self.run.begin(&all)? {
            return Ok(ExitCode::SUCCESS);
        }
        // A card answers when it is asked: nothing else happens meanwhile.
        let wanted = self.run.wanted()?;
        let report = tokio::task::block_in_place(|| self.target.judge(&wanted))?;
        self.run.finish(report, &all)
    }
}

impl TargetArguments {
    /// Runs the cases that are wanted.
    pub fn judge(&self, wanted: &Wanted) -> Result<Report> {
        let Wanted { selection, curves, seed, strict, .. } = wanted;
        let port = self.port.as_ref().ok_or_else(|| usage("the port of the card is missing"))?;
        let clock = machine::system_clock();
        let roots = self.roots()?;
        let aid = self.isd_r_aid.as_ref().map_or(ISD_R_AID.to_vec(), |aid| aid.0.clone());
        let mut card = port.open(&aid)?;
        let mut target = Target {
            card: &mut *card,
            way: port.way(),
            roots,
            isd_r_aid: aid,
            block_size: self.block_size,
            destructive: self.destructive,
            clock: clock.clone(),
        };
        let plan = Plan { selection, curves, seed: *seed };
        let chosen = cases::all().filter(|case| selection.takes(&case.head));
        let runs = chosen.map(|case| case.variants.over(curves, &[]).len()).sum();
        let started = clock.now().to_string();
        let begun = Instant::now();
        let mut progress = Progress::new(runs);
        let results = judge(&mut target, &plan, |result| progress.done(result));
        drop(progress);
        Ok(Report {
            version: env!("CARGO_PKG_VERSION"),
            kind: "card",
            target: port.to_string(),
            seed: plan.seed.0,
            strict: *strict,
            started,
            seconds: begun.elapsed().as_secs_f64(),
            results: results.with_context(|| format!("the card at {port}"))?,
            stale_expectations: Vec::new(),
        })
    }

    fn roots(&self) -> Result<Vec<Root>> {
        let certs = self.certs.as_ref().ok_or_else(|| usage("--certs is missing"))?;
        let pki = Pki::from_tree(&folder::read(certs)?).with_context(|| certs.display().to_string())?;
        let roots = Root::all(&pki)?;
        ensure!(!roots.is_empty(), "{} has no Certificate Issuer", certs.display());
        Ok(roots)
    }
}
