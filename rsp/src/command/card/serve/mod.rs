//! `rsp card serve`: cards at their ports.

mod address;
mod ports;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use protocol::trace::{Actor, Tracer};

use self::address::{ListenAddress, ReaderAddress};
use crate::command::TraceArguments;
use crate::io::card_file::CardFile;
use crate::io::{card_folder, machine, parallel};
use crate::port::Slot;

#[derive(Args)]
pub struct Serve {
    /// The cards' memories
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "cards")]
    state: Vec<PathBuf>,
    /// A folder of memories: all cards in it
    #[arg(long, value_name = "FOLDER", conflicts_with = "state")]
    cards: Option<PathBuf>,
    #[command(flatten)]
    ports: Ports,
}

/// Several cards have consecutive port numbers, in the order of their EIDs.
#[derive(Args)]
struct Ports {
    /// The line protocol of lpac's `stdio` APDU backend, on standard input and output; for one card
    #[arg(long)]
    stdio: bool,
    /// The virtual reader of vsmartcard-vpcd to put the card into; it listens on 35963 and 35964
    #[arg(long, value_name = "HOST:PORT")]
    vpcd: Option<ReaderAddress>,
    /// APDUs over TCP, each with its length in front
    #[arg(long, value_name = "[IP:]PORT")]
    tcp: Option<ListenAddress>,
    /// APDUs over HTTP, in hexadecimal: all cards, by EID
    #[arg(long, value_name = "[IP:]PORT")]
    http: Option<ListenAddress>,
    /// A modem on a pseudo-terminal: the name of a link to it, or of a folder for links named after the EIDs
    #[cfg(unix)]
    #[arg(long, value_name = "PATH")]
    at: Option<PathBuf>,
    /// The modem sends no TERMINAL PROFILE, so that the card asks it for no REFRESH
    #[cfg(unix)]
    #[arg(long, requires = "at")]
    at_without_toolkit: bool,
}

impl Serve {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        if !self.ports.are_any() {
            bail!("at which port? --stdio, --vpcd, --tcp, --http or --at");
        }
        let slots = self.slots(&trace.tracer(Actor::Euicc, machine::system_clock())?)?;
        if slots.len() > 1 && self.ports.stdio {
            bail!("--stdio is a port for one card, and these are {}", slots.len());
        }
        if self.ports.go_by_eid() {
            different_eids(&slots)?;
        }
        ports::serve(self.ports, slots).await
    }

    /// The cards, in the order of their EIDs, with power on.
    fn slots(&self, tracer: &Tracer) -> Result<Vec<Arc<Slot>>> {
        let slot = |(memory, state), name: &dyn std::fmt::Display| {
            let card = super::with_power(memory, state, tracer.clone());
            Ok(Arc::new(Slot::new(card.with_context(|| format!("{name} is no working card"))?)))
        };
        let mut slots: Vec<_> = match &self.cards {
            None => {
                let open = |path: &PathBuf| slot(CardFile::open(path)?, &path.display());
                self.state.iter().map(open).collect::<Result<_>>()?
            }
            Some(folder) => parallel::try_map(card_folder::open(folder)?, |(file, state)| {
                let eid = state.eid;
                slot((file, state), &eid)
            })?,
        };
        slots.sort_by_key(|slot| slot.eid);
        Ok(slots)
    }
}

impl Ports {
    fn are_any(&self) -> bool {
        #[cfg(unix)]
        if self.at.is_some() {
            return true;
        }
        self.stdio || self.vpcd.is_some() || self.tcp.is_some() || self.http.is_some()
    }

    fn go_by_eid(&self) -> bool {
        #[cfg(unix)]
        if self.at.is_some() {
            return true;
        }
        self.http.is_some()
    }
}

fn different_eids(slots: &[Arc<Slot>]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match slots.iter().find(|slot| !seen.insert(slot.eid)) {
        Some(twin) => bail!("two of these cards have the EID {}, and --http and --at go by it", twin.eid),
        None => Ok(()),
    }
}
