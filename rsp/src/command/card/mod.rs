//! `rsp card`.

mod features;
mod identity;
mod inspect;
mod manufacture;
mod new;
mod personalities;
mod personality;
mod preload;
mod seal;
mod serve;
mod snapshot;
mod stdio;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use euicc_sim::Environment;
use euicc_sim::state::CardState;
use protocol::trace::Tracer;

use super::TraceArguments;
use crate::io::card_file::CardFile;
use crate::io::machine;

pub use features::new_card;

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
    New(new::New),
    /// Make many cards, each with an EID, keys and certificates of its own, and a manifest of them
    Manufacture(manufacture::Manufacture),
    /// List the kinds of cards, and the quirks that a card can have
    Personalities(personalities::Personalities),
    /// Show what a card holds
    Inspect(inspect::Inspect),
    /// Keep a copy of a card as it is now
    Snapshot(snapshot::Snapshot),
    /// Take a card back to a copy
    Restore(snapshot::Restore),
    /// Make a second card of one, with the same EID or one of its own
    Fork(snapshot::Fork),
    /// Accept a card's memory that was edited by hand, if it works
    Seal(seal::Seal),
    /// Serve one card or many, at any number of ports, until stopped
    Serve(serve::Serve),
}

impl Card {
    pub fn run(self, trace: &TraceArguments) -> Result<()> {
        match (self.command, self.stdio, self.state) {
            (Some(command), _, _) => command.run(trace),
            (None, true, Some(state)) => stdio::serve(&state, trace),
            _ => bail!("nothing to do: `rsp card --stdio --state FILE`, or `rsp card new`"),
        }
    }
}

impl CardCommand {
    fn run(self, trace: &TraceArguments) -> Result<()> {
        trace.nothing_to_tell()?;
        match self {
            Self::New(command) => command.run(),
            Self::Manufacture(command) => command.run(),
            Self::Personalities(command) => command.run(),
            Self::Inspect(command) => command.run(),
            Self::Snapshot(command) => command.run(),
            Self::Restore(command) => command.run(),
            Self::Fork(command) => command.run(),
            Self::Seal(command) => command.run(),
            Self::Serve(command) => super::in_runtime(command.run(trace)),
        }
    }
}

/// Powers up the card that a file keeps.
pub fn power_on(path: &Path, tracer: Tracer) -> Result<euicc_sim::Card> {
    let (memory, state) = CardFile::open(path)?;
    personality::warn(&state);
    with_power(memory, state, tracer).with_context(|| format!("{} is no working card", path.display()))
}

/// The card of this state, with power on.
fn with_power(memory: CardFile, state: CardState, tracer: Tracer) -> Result<euicc_sim::Card> {
    let environment = Environment {
        rng: Box::new(machine::system_rng()?),
        clock: machine::system_clock(),
        tracer,
        memory: Box::new(memory),
    };
    Ok(euicc_sim::Card::power_on(state, environment)?)
}
