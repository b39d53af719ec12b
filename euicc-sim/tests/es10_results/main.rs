//! One test for each result code of each ES10 function (SGP.22 §5.7), each errorReason of each ES8+ function (§2.5.6.1), and
//! the status words. A code that nothing natural leads to is forced by a quirk; the name of its test says so.
#![cfg(test)]

#[path = "../common/mod.rs"]
mod common;

mod es10a;
mod es10b;
mod es10c;
mod es8plus;
mod load_crl;
mod server_authentication;
mod status_words;

use asn1::tlv;
use common::{OPERATIONAL, Spec, Terminal, state_with};
use euicc_sim::state::ProfileClass;

/// ICCIDs of profiles on the card, and one that is not.
const A: &str = "89000123456789012341";
const B: &str = "89000123456789012358";
const C: &str = "89000123456789012366";
const UNKNOWN: &str = "89000123456789012374";

const A_ENABLED: Spec = Spec { enabled: true, ..OPERATIONAL };
const A_WITH_PPR1: Spec = Spec { ppr1: true, ..A_ENABLED };
const B_DISABLED: Spec = Spec { iccid: B, ..OPERATIONAL };
const B_TEST: Spec = Spec { class: ProfileClass::Test, ..B_DISABLED };

fn terminal(specs: &[Spec]) -> Terminal {
    Terminal::new(state_with(specs))
}

/// A card whose terminal fetches proactive commands.
fn with_toolkit(specs: &[Spec]) -> Terminal {
    let mut terminal = terminal(specs);
    assert_eq!(terminal.send(&common::hex("8010000004FFFFFFFF")), common::hex("9000"));
    terminal
}

/// A card with one profile that gives this result of a function and does nothing.
fn forcing(function: &str, code: u8) -> Terminal {
    let mut state = state_with(&[OPERATIONAL]);
    state.quirks.set(&format!(r#"results=[{{function="{function}", code={code}}}]"#)).unwrap();
    Terminal::new(state)
}

/// The error code of a response that is an alternative 81.
fn error(terminal: &mut Terminal, command: &[u8]) -> u8 {
    let response = terminal.ok(command);
    let (outer, _) = tlv::read(&response).unwrap();
    let (code, rest) = tlv::read(outer.value).unwrap();
    assert_eq!((code.tag.0, rest.len(), code.value.len()), (0x81, 0, 1), "{response:02X?}");
    code.value[0]
}

/// Checks that a response is the list under A0.
fn is_list(terminal: &mut Terminal, command: &[u8]) {
    let response = terminal.ok(command);
    let (outer, _) = tlv::read(&response).unwrap();
    assert_eq!(tlv::read(outer.value).unwrap().0.tag.0, 0xA0, "{response:02X?}");
}
