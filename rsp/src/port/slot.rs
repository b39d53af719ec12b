//! The place of a card that several ports reach.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXUPPER;
use euicc_sim::Card;
use euicc_sim::port::ApduPort;
use euicc_sim::state::CardState;
use protocol::types::Eid;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A card and the queue before it: one command at a time, whichever port it comes from. Between two commands no port has
/// a right to the card, and all share its power, its channels and its resets.
pub struct Slot {
    /// Whose slot it is.
    pub eid: Eid,
    /// The personality the card was made with.
    pub personality: String,
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// Whoever has it, has the card do something; it is kept as long as the card takes for that.
    turn: Mutex<()>,
    card: Arc<Mutex<Card>>,
}

impl Slot {
    /// Puts a card into a slot.
    pub fn new(card: Card) -> Self {
        let state = card.state();
        let (eid, personality) = (state.eid, state.platform.personality.clone());
        let atr = card.atr().to_vec();
        Self { eid, personality, atr, turn: Mutex::new(()), card: Arc::new(Mutex::new(card)) }
    }

    /// Takes one command APDU and gives the response APDU, after the time the card takes for it; nothing at all where it
    /// has no power. A command that has begun is carried out, even where nobody waits for its response any more.
    pub async fn transmit(&self, command: Vec<u8>) -> Vec<u8> {
        let _turn = self.turn.lock().await;
        let transmitted = self.work(move |card| (card.transmit(&command), card.delay())).await;
        let Some((response, delay)) = transmitted else { return Vec::new() };
        if delay > Duration::ZERO {
            tokio::time::sleep(delay).await;
        }
        response
    }

    /// Resets the card, powering it up, and gives its answer to reset.
    pub async fn reset(&self) -> Vec<u8> {
        let _turn = self.turn.lock().await;
        self.work(|card| card.reset().to_vec()).await.unwrap_or_default()
    }

    /// Takes the power away.
    pub async fn power_off(&self) {
        let _turn = self.turn.lock().await;
        self.work(Card::power_off).await;
    }

    /// Looks at the state between two commands.
    pub async fn look<T>(&self, at: impl FnOnce(&CardState) -> T) -> T {
        at(self.card.lock().await.state())
    }

    /// Waits for the command that is being carried out; as long as what is given back is kept, no other begins.
    pub async fn settle(&self) -> OwnedMutexGuard<Card> {
        Arc::clone(&self.card).lock_owned().await
    }

    /// Does what may take a while off the threads that serve everybody. Nothing where the process is about to end.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Card) -> T + Send + 'static) -> Option<T> {
        let mut card = self.settle().await;
        tokio::task::spawn_blocking(move || work(&mut card)).await.ok()
    }
}

impl std::fmt::Display for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "card {} ({}, ATR {})", self.eid, self.personality, HEXUPPER.encode(&self.atr))
    }
}

/// A card in a slot, for a port with a thread of its own.
pub struct Shared(pub Arc<Slot>);

impl ApduPort for Shared {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let _turn = self.0.turn.blocking_lock();
        let (response, delay) = {
            let mut card = self.0.card.blocking_lock();
            (card.transmit(command), card.delay())
        };
        std::thread::sleep(delay);
        response
    }

    fn reset(&mut self) -> Vec<u8> {
        let _turn = self.0.turn.blocking_lock();
        self.0.card.blocking_lock().reset().to_vec()
    }

    fn power_off(&mut self) {
        let _turn = self.0.turn.blocking_lock();
        self.0.card.blocking_lock().power_off();
    }
}
