//! Which card.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use lpa::isd_r::ISD_R_AID;
use lpa::stdio_card::StdioCard;
use lpa::{IsdR, Options};
use protocol::trace::{Actor, Tracer};

use crate::command::card::power_on;
use crate::compose::card::Simulated;

/// A card of any kind.
pub type AnyCard = Box<dyn lpa::Card>;

#[derive(Args)]
pub struct CardPort {
    /// A simulated card by the file of its memory
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "card_program")]
    card: Option<PathBuf>,
    /// A program that is the card in the line protocol of lpac's `stdio` APDU backend, with its arguments
    #[arg(long, global = true, value_name = "COMMAND")]
    card_program: Option<String>,
    /// Bytes in one STORE DATA block
    #[arg(long, global = true, default_value_t = 255, value_parser = clap::value_parser!(u8).range(1..))]
    block_size: u8,
}

impl CardPort {
    pub fn open(&self, tracer: &Tracer) -> Result<IsdR<AnyCard>> {
        let (card, trace_apdus): (AnyCard, bool) = match (&self.card, &self.card_program) {
            (Some(file), _) => (Box::new(Simulated(power_on(file, tracer.for_actor(Actor::Euicc))?)), false),
            (None, Some(command)) => (Box::new(foreign_card(command)?), true),
            (None, None) => bail!("which card? --card FILE, or --card-program COMMAND"),
        };
        let options = Options { block_size: self.block_size, trace_apdus, ..Options::default() };
        Ok(IsdR::open(card, options, tracer.clone())?)
    }
}

fn foreign_card(command: &str) -> Result<StdioCard> {
    let mut words = command.split_whitespace();
    let mut program = std::process::Command::new(words.next().context("--card-program is empty")?);
    program.args(words);
    Ok(StdioCard::start(program, &ISD_R_AID)?)
}
