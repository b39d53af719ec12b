//! The terminal side of the card application toolkit (ETSI TS 102 223), as far as REFRESH goes.

use asn1::tlv;

use super::super::ApduPort;
use super::uicc::Uicc;

/// TERMINAL PROFILE (ETSI TS 102 223 §5.2): byte 1 profile download, byte 3 REFRESH.
const TERMINAL_PROFILE: [u8; 8] = [0x80, 0x10, 0x00, 0x00, 3, 0x01, 0x00, 0x80];

/// REFRESH, a type of command (ETSI TS 102 223 §9.4).
const REFRESH: u8 = 0x01;
/// The qualifier of a REFRESH with a reset of the card (ETSI TS 102 223 §8.6).
const UICC_RESET: u8 = 0x04;

/// No card has more to be done at once.
const MOST_COMMANDS: usize = 20;

/// What the terminal made of a command (ETSI TS 102 223 §8.12).
mod result {
    pub const PERFORMED: u8 = 0x00;
    pub const BEYOND_CAPABILITIES: u8 = 0x30;
}

/// The command details: number, type, qualifier (ETSI TS 102 223 §8.6).
type Details = [u8; 3];

impl Uicc {
    /// Tells the card that the modem has a toolkit.
    pub fn present_toolkit(&mut self, card: &mut dyn ApduPort) {
        // A card without toolkit refuses, and is none the worse for it.
        let _ = self.exchange(card, &TERMINAL_PROFILE);
    }

    /// Fetches what waits, does it and answers it, until nothing waits any more.
    pub fn serve_toolkit(&mut self, card: &mut dyn ApduPort, toolkit: bool) {
        for _ in 0..MOST_COMMANDS {
            let Some(length) = self.proactive_command.take().filter(|_| toolkit) else { return };
            let Some(details) = self.fetch(card, length) else { return };
            match details {
                // ETSI TS 102 223 §6.4.7: the reset is the answer.
                [_, REFRESH, UICC_RESET] => {
                    *self = Self::default();
                    card.reset();
                    card.transmit(&super::super::terminal::TERMINAL_CAPABILITY);
                    self.read(card);
                    self.present_toolkit(card);
                }
                [_, REFRESH, _] => {
                    self.respond(card, details, result::PERFORMED);
                    // What was asked for meanwhile is still to be fetched.
                    let waiting = self.proactive_command;
                    self.read(card);
                    self.proactive_command = self.proactive_command.or(waiting);
                }
                _ => self.respond(card, details, result::BEYOND_CAPABILITIES),
            }
        }
    }

    /// FETCH: the details of the command.
    fn fetch(&mut self, card: &mut dyn ApduPort, length: u8) -> Option<Details> {
        let command = self.succeed(card, &[0x80, 0x12, 0x00, 0x00, length]).ok()?;
        // What was fetched waits no more.
        self.proactive_command = None;
        let (command, _) = tlv::read(&command).ok()?;
        let found = tlv::find(command.value, 0x81).or_else(|| tlv::find(command.value, 0x01))?;
        found.value.try_into().ok()
    }

    /// TERMINAL RESPONSE: command details, device identities (terminal to card) and the result.
    fn respond(&mut self, card: &mut dyn ApduPort, [number, kind, qualifier]: Details, result: u8) {
        let response = [
            0x80, 0x14, 0x00, 0x00, 12, 0x81, 3, number, kind, qualifier, 0x82, 2, 0x82, 0x81, 0x83, 1,
            result,
        ];
        let _ = self.exchange(card, &response);
    }
}
