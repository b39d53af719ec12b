//! `rsp card`.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use certs::tree::Pki;
use clap::{Args, Subcommand};
use euicc_sim::state::CardState;
use euicc_sim::state::manufacture;
use euicc_sim::stdio_bridge::Bridge;
use euicc_sim::{Environment, NonVolatile};
use protocol::trace::{Actor, Tracer};
use protocol::types::ServerAddress;

use super::{CurveName, TraceArguments};
use crate::io::card_file::CardFile;
use crate::io::{folder, machine};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Card {
    #[command(subcommand)]
    command: Option<CardCommand>,
    /// Be the card of a program that speaks the line protocol of lpac's `stdio` APDU backend
    #[arg(long, requires = "state")]
    stdio: bool,
    /// The card's memory
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

#[derive(Subcommand)]
enum CardCommand {
    /// Make a card out of the eUICC certificate of a PKI
    New(New),
}

#[derive(Args)]
struct New {
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The curves that the card has keys on, the preferred one first
    #[arg(long = "curve", value_enum, default_values = ["nist", "brainpool"])]
    curves: Vec<CurveName>,
    /// The default SM-DP+ address
    #[arg(long)]
    default_smdp: Option<ServerAddress>,
    /// The root SM-DS address [default: a placeholder, at which nobody answers]
    #[arg(long)]
    root_smds: Option<ServerAddress>,
}

impl Card {
    pub fn run(self, trace: &TraceArguments) -> Result<()> {
        match (self.command, self.stdio, self.state) {
            (Some(CardCommand::New(new)), _, _) => trace.nothing_to_tell().and_then(|()| new.run()),
            (None, true, Some(state)) => serve_stdio(&state, trace),
            _ => bail!("nothing to do: `rsp card --stdio --state FILE`, or `rsp card new`"),
        }
    }
}

impl New {
    fn run(self) -> Result<()> {
        if self.out.exists() {
            bail!("{} exists: a card is not made over another", self.out.display());
        }
        let pki = Pki::from_tree(&folder::read(&self.certs)?)?;
        let mut state = new_card(&pki, &self.curves, self.default_smdp.as_ref())?;
        if let Some(root_smds) = self.root_smds {
            state.addresses.root_smds = root_smds.to_string();
        }
        CardFile::lock(&self.out)?.commit(&state)?;
        println!("card {} in {}", state.eid, self.out.display());
        Ok(())
    }
}

/// A card with keys on these curves.
pub fn new_card(pki: &Pki, curves: &[CurveName], default_smdp: Option<&ServerAddress>) -> Result<CardState> {
    let curves: Vec<_> = curves.iter().map(|&curve| curve.into()).collect();
    let mut state = manufacture(pki, &curves).context("no card can be made of these certificates")?;
    state.addresses.default_smdp = default_smdp.map(ToString::to_string);
    // What eUICCMemoryReset goes back to (SGP.22 §5.7.19).
    state.addresses.initial_default_smdp = state.addresses.default_smdp.clone();
    Ok(state)
}

/// Powers up the card that a file keeps.
pub fn power_on(path: &Path, tracer: Tracer) -> Result<euicc_sim::Card> {
    let memory = CardFile::lock(path)?;
    let state = CardFile::read(path)?;
    let environment = Environment {
        rng: Box::new(machine::system_rng()?),
        clock: machine::system_clock(),
        tracer,
        memory: Box::new(memory),
    };
    euicc_sim::Card::power_on(state, environment)
        .with_context(|| format!("{} is no working card", path.display()))
}

fn serve_stdio(path: &Path, trace: &TraceArguments) -> Result<()> {
    let tracer = trace.tracer(Actor::Euicc, machine::system_clock())?;
    let mut bridge = Bridge::new(power_on(path, tracer)?);
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        if let Some(reply) = bridge.line(&line?) {
            writeln!(output, "{reply}")?;
            output.flush()?;
        }
    }
    Ok(())
}
