//! `rsp card seal`: accepts what somebody edited.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use euicc_sim::state::CardState;
use euicc_sim::{Card, Environment, InMemory};
use protocol::trace::{Actor, Tracer};

use crate::io::card_file::CardFile;
use crate::io::machine;

#[derive(Args)]
pub struct Seal {
    /// The card's memory, edited by hand
    #[arg(value_name = "FILE")]
    card: PathBuf,
}

impl Seal {
    pub fn run(self) -> Result<()> {
        let file = CardFile::lock(&self.card)?;
        let state = CardFile::read_edited(&self.card)?;
        try_power_on(&state).with_context(|| format!("{} is no working card", self.card.display()))?;
        file.keep(&state)?;
        println!("card {} in {} is sealed", state.eid, self.card.display());
        Ok(())
    }
}

/// Powers a copy of the card up, whose memory is forgotten.
pub fn try_power_on(state: &CardState) -> Result<()> {
    let environment = Environment {
        rng: Box::new(machine::system_rng()?),
        clock: machine::system_clock(),
        tracer: Tracer::off(Actor::Euicc),
        memory: Box::new(InMemory::default()),
    };
    Card::power_on(state.clone(), environment)?;
    Ok(())
}
