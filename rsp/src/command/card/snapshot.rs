//! `rsp card snapshot`, `restore` and `fork`: copies of a card.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use certs::UnixTime;
use certs::tree::Pki;
use certs::workshop::Workshop;
use clap::Args;
use crypto::Curve;
use euicc_sim::state::{CardState, NotificationStore};
use protocol::types::Eid;

use super::{identity, seal};
use crate::io::card_file::CardFile;
use crate::io::{folder, machine};

/// Keeps a copy of a card's memory.
#[derive(Args)]
pub struct Snapshot {
    /// The card's memory. It is read only, so the card may be in use
    #[arg(value_name = "FILE")]
    card: PathBuf,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Takes a card back to a copy of it.
#[derive(Args)]
pub struct Restore {
    /// The copy
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    /// The card's memory
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Also over another card, or one that is damaged
    #[arg(long)]
    force: bool,
}

/// Makes a second card of one.
#[derive(Args)]
pub struct Fork {
    /// The card's memory. It is read only, so the card may be in use
    #[arg(value_name = "FILE")]
    card: PathBuf,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Give the second card an EID, keys and certificates of its own; what waited for an LPA stays with the first
    #[arg(long, requires = "certs")]
    new_identity: bool,
    /// The certificates, with the keys of the EUM
    #[arg(long, value_name = "FOLDER", requires = "new_identity")]
    certs: Option<PathBuf>,
    /// The EID of the second card [default: a random one of the EUM]
    #[arg(long, requires = "new_identity")]
    eid: Option<Eid>,
}

impl Snapshot {
    pub fn run(self) -> Result<()> {
        let state = CardFile::read(&self.card)?;
        make(&self.out, &state)?;
        println!("card {} as it is now in {}", state.eid, self.out.display());
        Ok(())
    }
}

impl Restore {
    pub fn run(self) -> Result<()> {
        let state = CardFile::read(&self.snapshot)?;
        let file = CardFile::lock(&self.to)?;
        if self.to.exists() && !self.force {
            let present = CardFile::read(&self.to).context("--force writes over it")?.eid;
            if present != state.eid {
                bail!(
                    "{} is the card {present}, the snapshot is of {}: --force writes over it",
                    self.to.display(),
                    state.eid
                );
            }
        }
        file.keep(&state)?;
        println!("card {} in {} is as it was", state.eid, self.to.display());
        Ok(())
    }
}

impl Fork {
    pub fn run(self) -> Result<()> {
        let mut state = CardFile::read(&self.card)?;
        match &self.certs {
            Some(certs) => self.rename(&mut state, certs)?,
            None => eprintln!(
                "warning: two cards have the EID {} now, with the same keys: no server can tell them apart",
                state.eid
            ),
        }
        make(&self.out, &state)?;
        println!("card {} in {}", state.eid, self.out.display());
        Ok(())
    }

    /// Gives the card an identity of its own, and takes from it what only the first card can finish.
    fn rename(&self, state: &mut CardState, certs: &Path) -> Result<()> {
        let pki = Pki::from_tree(&folder::read(certs)?)?;
        let factory = identity::factory(&pki, &curves(state)?)?;
        let mut rng = machine::system_rng()?;
        let eid = match self.eid {
            Some(eid) => *eid.as_bytes(),
            None => random_eid(&mut rng, factory.issuer())?,
        };
        let now = UnixTime(machine::system_clock().now().unix_seconds());
        let euicc = factory.euicc(&mut Workshop::new(now, &mut rng), &eid)?;
        let old = state.eid;
        identity::give(state, eid, &factory, &euicc)?;
        if state.eid == old {
            bail!("{old} is the EID of the first card");
        }
        for profile in &state.profiles {
            let signs = |eum: &certs::Identity| {
                eum.certificate().authority_key_identifier() == Some(&profile.euicc_ci_pk_id)
            };
            // SGP.22 §5.7.10: its notifications are signed under the CI of its download.
            if !factory.eums().iter().any(signs) {
                bail!(
                    "the profile {} was downloaded under a CI below which {} makes no keys",
                    profile.iccid,
                    certs.display()
                );
            }
        }
        // Signed with the first card's keys and about its EID: only the first card may send these.
        let next_sequence_number = state.notifications.next_sequence_number;
        state.notifications = NotificationStore { next_sequence_number, ..NotificationStore::default() };
        // The session is the first card's, which reports it as interrupted.
        state.open_installation = None;
        state.retained_one_time_key = None;
        seal::try_power_on(state).context("the second card would not work")
    }
}

/// The curves of a card's keys, in their order.
fn curves(state: &CardState) -> Result<Vec<Curve>> {
    let certificates = state.identities.iter().map(|identity| &identity.euicc_certificate);
    let curves = certificates.map(|der| Ok(certs::Certificate::from_der(der)?.curve()));
    curves.collect()
}

fn random_eid(rng: &mut impl rand_core::Rng, issuer: &str) -> Result<[u8; 16]> {
    let width = u32::try_from(30_usize.saturating_sub(issuer.len())).unwrap_or(0);
    let number = (u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64())) % 10_u128.pow(width);
    Ok(certs::eid::numbered(issuer, number)?)
}

/// Writes a card to a file that is not there yet.
fn make(out: &Path, state: &CardState) -> Result<()> {
    let file = CardFile::lock(out)?;
    if out.exists() {
        bail!("{} exists: a card is not made over another", out.display());
    }
    file.keep(state)
}
