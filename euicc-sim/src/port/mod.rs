//! Ways to a card: the protocols that programs, readers and modems speak, without the sockets and terminals below them.
//!
//! - [`stdio`]: the lines of lpac's `stdio` APDU backend.
//! - [`vpcd`]: what the virtual reader driver of `vsmartcard-vpcd` sends to a card, in [`frame`]s.
//! - [`raw`]: plain APDUs, in the same frames.
//! - [`at`]: a modem with the card in it.

pub mod at;
pub mod frame;
pub mod raw;
pub mod stdio;
mod terminal;
pub mod vpcd;

use crate::card::Card;

/// A card in a slot, as the ports drive it.
pub trait ApduPort {
    /// Takes one command APDU and gives the response APDU; nothing at all where the card has no power.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;

    /// Resets the card, powering it up where it was off, and gives its answer to reset.
    fn reset(&mut self) -> Vec<u8>;

    /// Takes the power away.
    fn power_off(&mut self);
}

impl ApduPort for Card {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        Self::transmit(self, command)
    }

    fn reset(&mut self) -> Vec<u8> {
        Self::reset(self).to_vec()
    }

    fn power_off(&mut self) {
        Self::power_off(self);
    }
}
