//! Cards with quirks, and terminals that show them.

use euicc_sim::state::CardState;
use euicc_sim::{Card, InMemory};

use super::{OPERATIONAL, Spec, Terminal, environment, hex, new_state};
use crypto::Curve;

/// A profile that is enabled.
pub const ENABLED: Spec = Spec { enabled: true, ..OPERATIONAL };

/// The same card, strict and with these quirks.
pub fn pair_of(state: &CardState, quirks: &[&str]) -> (Card, Card) {
    (power_on(state.clone()), power_on(with(state.clone(), quirks)))
}

pub fn pair(quirks: &[&str]) -> (Card, Card) {
    pair_of(&new_state(Curve::P256), quirks)
}

pub fn with(mut state: CardState, quirks: &[&str]) -> CardState {
    quirks.iter().for_each(|quirk| state.quirks.set(quirk).unwrap());
    state
}

pub fn power_on(state: CardState) -> Card {
    Card::power_on(state, environment(InMemory::default())).unwrap()
}

/// A terminal before its first command, so that the opening can be seen.
pub fn terminal(state: CardState, opening: &[&str]) -> Terminal {
    let memory = InMemory::default();
    let card = Card::power_on(state, environment(memory.clone())).unwrap();
    let mut terminal = Terminal { card, memory, block: 255 };
    for command in opening {
        let response = terminal.send(&hex(command));
        assert!(
            matches!(response[response.len() - 2..], [0x90, 0] | [0x61, _]),
            "{command}: {response:02X?}"
        );
    }
    terminal
}

pub const OPEN: &str = "0070000001";
pub const SELECT: &str = "A4040010A0000005591010FFFFFFFF8900000100";
pub const OPENING: [&str; 2] = [OPEN, "01A4040010A0000005591010FFFFFFFF8900000100"];

/// Commands on the two cards of a pair: each with what the strict one and the other one answer.
#[track_caller]
pub fn exchange((mut strict, mut quirky): (Card, Card), rows: &[(&str, &str, &str)]) {
    for (command, by_strict, by_quirky) in rows {
        assert_eq!(strict.transmit(&hex(command)), hex(by_strict), "strict, {command}");
        assert_eq!(quirky.transmit(&hex(command)), hex(by_quirky), "quirky, {command}");
    }
}
