//! A card that is given a profile: the commands of a real download, kept, and given to one card after the other.
//!
//! A card answers the same commands in the same way as long as it has the same state, seed and clock.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use certs::tree::{self, Pki, Tree};
use certs::workshop::Workshop;
use certs::{Role, Variant};
use crypto::Curve;
use euicc_sim::state::{CardState, manufacture};
use euicc_sim::{Card, Environment, InMemory};
use lpa::CardError;
use lpa::device::Device;
use lpa::download::{ConfirmationCode, Decision, Offer, Request, User};
use lpa::{IsdR, Options};
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::domain::PackageProtection;

use crate::laboratory::{ADDRESS, Laboratory};
use crate::pki::{Authority, NOW};

/// The commands of one download, and the card before it.
pub struct RecordedDownload {
    state: CardState,
    commands: Vec<Vec<u8>>,
    /// How many of them come before the package.
    preparation: usize,
}

impl RecordedDownload {
    /// A package of this size, downloaded from an SM-DP+ that protects it so, to a card on this curve.
    ///
    /// # Errors
    /// Where the download fails, which a seed would not make it.
    pub async fn new(curve: Curve, size: usize, protection: PackageProtection) -> Result<Self> {
        let mut laboratory = Laboratory::new(curve)?;
        let orders = laboratory.order(1, size, protection).await?;
        let state = card_state(laboratory.authority(), curve)?;
        let mut recorder = Recorder { card: powered(&state)?, commands: Vec::new() };
        let mut isd_r = IsdR::open(&mut recorder, Options::default(), Tracer::off(Actor::Lpa))?;
        let request = Request {
            smdp_address: ADDRESS.parse()?,
            matching_id: orders.into_iter().next().context("an order")?,
            smdp_oid: None,
            confirmation_code_required: false,
            device: Device { tac: "35290611".parse()?, imei: None, capabilities: Default::default() },
        };
        let downloaded = lpa::download(&mut isd_r, &laboratory.smdp, &request, &mut Agreeable).await;
        downloaded.map_err(|error| anyhow!("the download to record: {error}"))?;
        drop(isd_r);
        let commands = recorder.commands;
        let preparation = commands.iter().position(|command| begins_package(command));
        Ok(Self { state, preparation: preparation.context("a download without a package")?, commands })
    }

    /// The card, powered on and fresh from its maker.
    ///
    /// # Errors
    /// None: it was powered on before.
    pub fn card(&self) -> Result<Card> {
        powered(&self.state)
    }

    /// Everything up to the package: the server is authenticated, the offer accepted.
    ///
    /// # Errors
    /// Where the card refuses a command.
    pub fn prepare(&self, card: &mut Card) -> Result<()> {
        self.commands.iter().take(self.preparation).try_for_each(|command| send(card, command))
    }

    /// ES10b.LoadBoundProfilePackage, from the first byte to the installation result.
    ///
    /// # Errors
    /// Where the card refuses a command, or has no profile at the end.
    pub fn install(&self, card: &mut Card) -> Result<()> {
        self.commands.iter().skip(self.preparation).try_for_each(|command| send(card, command))?;
        ensure!(card.state().profiles.len() == 1, "the card has {} profiles", card.state().profiles.len());
        Ok(())
    }
}

/// Whether a command is the first STORE DATA of a Bound Profile Package.
fn begins_package(command: &[u8]) -> bool {
    matches!(command, [_, 0xE2, _, _, _, 0xBF, 0x36, ..])
}

fn send(card: &mut Card, command: &[u8]) -> Result<()> {
    let response = card.transmit(command);
    ensure!(
        matches!(response.last_chunk(), Some([0x90, 0] | [0x61 | 0x91, _])),
        "the card answers {:02X?} to {:02X?}",
        response.last_chunk::<2>(),
        command.first_chunk::<4>()
    );
    Ok(())
}

fn powered(state: &CardState) -> Result<Card> {
    let environment = Environment {
        rng: Box::new(ChaCha20Rng::seed_from_u64(2)),
        clock: Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW.0))),
        tracer: Tracer::off(Actor::Euicc),
        memory: Box::new(InMemory::default()),
    };
    Ok(Card::power_on(state.clone(), environment)?)
}

fn card_state(authority: &Authority, curve: Curve) -> Result<CardState> {
    let factory = &authority.factory;
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let made = factory.euicc(&mut Workshop::new(NOW, &mut rng), &factory.eid(3)?)?;
    let mut files = Tree::new();
    let mut insert = |role, identity| tree::insert(&mut files, Variant::O, curve, role, identity);
    insert(Role::Ci, &authority.ci)?;
    insert(Role::Eum, factory.eums().first().context("a factory without a key")?)?;
    insert(Role::Euicc, made.first().context("a factory without a key")?)?;
    let mut state = manufacture(&Pki::from_tree(&files)?, &[curve])?;
    state.memory_size = 2_000_000;
    Ok(state)
}

/// Keeps what a card is sent.
struct Recorder {
    card: Card,
    commands: Vec<Vec<u8>>,
}

impl lpa::Card for Recorder {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.commands.push(command.to_vec());
        Ok(self.card.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Err(CardError("a card that is reset forgets what it was sent before".to_owned()))
    }
}

/// Somebody who agrees.
struct Agreeable;

impl User for Agreeable {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        Decision::Accept
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        None
    }
}
