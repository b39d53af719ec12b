//! The modem with a card in it, from its serial line (3GPP TS 27.007).

#![cfg(test)]

#[path = "../common/mod.rs"]
mod common;
mod line;
mod scripted;
mod toolkit;
mod with_card;

use common::{environment, new_state};
use crypto::Curve;
use euicc_sim::port::ApduPort;
use euicc_sim::port::at::{Imei, Modem, Options};
use euicc_sim::{Card, InMemory};

/// A modem, and the card in it.
pub struct Line<C> {
    /// The modem.
    pub modem: Modem,
    /// The card.
    pub card: C,
}

impl<C: ApduPort> Line<C> {
    /// Switched on, without echo.
    pub fn new(card: C, toolkit: bool) -> Self {
        let mut line = Self { modem: Modem::new(Options { toolkit, imei: Imei::for_tests(1) }), card };
        line.modem.switch_on(&mut line.card);
        assert_eq!(line.say("ATE0\r"), "ATE0\r\r\nOK\r\n");
        line
    }

    /// What comes back for these characters.
    pub fn say(&mut self, characters: &str) -> String {
        String::from_utf8(self.modem.input(characters.as_bytes(), &mut self.card)).unwrap()
    }

    /// The lines that come back for a command.
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        let said = self.say(&format!("{command}\r\n"));
        said.split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// A modem with a new eUICC.
pub fn modem(toolkit: bool) -> Line<Card> {
    let card = Card::power_on(new_state(Curve::P256), environment(InMemory::default())).unwrap();
    Line::new(card, toolkit)
}
