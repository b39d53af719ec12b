//! The REFRESH behind a change of profile: its mode, and what waits until the terminal has done it (SGP.22 §5.7.15,
//! §5.7.16, §5.7.19).
#![cfg(test)]

mod common;

use common::{OPERATIONAL, Spec, Terminal, disable, enable, hex, state_with};
use euicc_sim::state::ProfileClass;

const A: &str = "89000123456789012341";
const B: &str = "89000123456789012358";
const A_ENABLED: Spec = Spec { enabled: true, ..OPERATIONAL };
const B_DISABLED: Spec = Spec { iccid: B, ..OPERATIONAL };

/// TERMINAL PROFILE of 34 bytes: REFRESH is b8 of the third, its mode "eUICC Profile State Change" b6 of the last.
fn terminal_profile(refresh: bool, profile_state_change: bool) -> Vec<u8> {
    let mut profile = [0; 34];
    profile[0] = 0x01;
    profile[2] = if refresh { 0x80 } else { 0 };
    profile[33] = if profile_state_change { 0x20 } else { 0 };
    [&[0x80, 0x10, 0, 0, 34], &profile[..]].concat()
}

fn terminal(specs: &[Spec], profile: &[u8]) -> Terminal {
    let mut terminal = Terminal::new(state_with(specs));
    assert_eq!(terminal.send(profile), hex("9000"));
    terminal
}

const FETCH: &str = "801200000B";
const PERFORMED: &str = "801400000C 8103010109 82028281 830100";
const PROBLEM: &str = "801400000C 8103010109 82028281 830121";

fn is_enabled(terminal: &mut Terminal, iccid: &str) -> bool {
    terminal.profiles().contains(&(iccid.to_owned(), true))
}

#[test]
fn the_refresh_is_a_profile_state_change_for_a_terminal_that_does_one_and_a_reset_for_any_other() {
    for (profile_state_change, qualifier) in [(true, "09"), (false, "04")] {
        let mut terminal = terminal(&[OPERATIONAL], &terminal_profile(true, profile_state_change));
        assert_eq!(terminal.es10(&enable(A, true)), (hex("BF3103800100"), 0x910B));
        let command = hex(&format!("D009 81030101{qualifier} 82028182 9000"));
        assert_eq!(terminal.send(&hex(FETCH)), command);
        assert_eq!(terminal.send(&hex(PERFORMED)), hex("9000"));
        assert!(is_enabled(&mut terminal, A));
    }
}

#[test]
fn a_terminal_without_refresh_is_asked_for_none() {
    let mut terminal = terminal(&[OPERATIONAL], &terminal_profile(false, true));
    assert_eq!(terminal.result(&enable(A, true)), 0);
    assert!(is_enabled(&mut terminal, A));
    assert_eq!(terminal.send(&hex(FETCH)), hex("6985"));
}

#[test]
fn after_a_change_no_proactive_session_begins_before_the_next_terminal_profile() {
    let profile = terminal_profile(true, true);
    let mut terminal = terminal(&[A_ENABLED, B_DISABLED], &profile);
    assert_eq!(terminal.es10(&enable(B, true)).1, 0x910B);
    terminal.send(&hex(FETCH));
    terminal.send(&hex(PERFORMED));
    // Done at once: the terminal has not begun anew.
    assert_eq!(terminal.es10(&disable(B, true)).1, 0x9000);
    assert!(!is_enabled(&mut terminal, B));
    assert_eq!(terminal.send(&profile), hex("9000"));
    assert_eq!(terminal.es10(&enable(A, true)).1, 0x910B);
    assert!(terminal.card.state().enabled_profile().is_none());
}

#[test]
fn a_problem_leaves_the_terminal_as_it_was() {
    let mut terminal = terminal(&[OPERATIONAL], &terminal_profile(true, true));
    assert_eq!(terminal.es10(&enable(A, true)).1, 0x910B);
    terminal.send(&hex(FETCH));
    assert_eq!(terminal.send(&hex(PROBLEM)), hex("9000"));
    assert!(!is_enabled(&mut terminal, A));
    assert_eq!(terminal.es10(&enable(A, true)).1, 0x910B, "it may be tried again");
}

const MEMORY_RESET: &str = "BF3404820205E0";

#[test]
fn a_memory_reset_asks_for_a_refresh_only_if_the_enabled_profile_is_gone() {
    for (specs, status) in [(&[A_ENABLED][..], 0x910B), (&[OPERATIONAL], 0x9000)] {
        let mut terminal = terminal(specs, &terminal_profile(true, true));
        assert_eq!(terminal.es10(&hex(MEMORY_RESET)), (hex("BF3403800100"), status));
    }
    // A provisioning profile stays enabled.
    let provisioning = Spec { class: ProfileClass::Provisioning, ..A_ENABLED };
    let mut terminal = terminal(&[provisioning, B_DISABLED], &terminal_profile(true, true));
    assert_eq!(terminal.es10(&hex(MEMORY_RESET)).1, 0x9000);
    assert!(is_enabled(&mut terminal, A));
}

#[test]
fn after_a_memory_reset_no_state_is_told_until_the_refresh_is_done() {
    let mut terminal = terminal(&[A_ENABLED], &terminal_profile(true, true));
    assert_eq!(terminal.es10(&hex(MEMORY_RESET)).1, 0x910B);
    assert_eq!(terminal.es10(&hex("BF2D00")), (Vec::new(), 0x6985));
    assert_eq!(terminal.es10(&hex("BF2D035C015A")), (hex("BF2D02A000"), 0x910B));
    terminal.send(&hex(FETCH));
    assert_eq!(terminal.es10(&hex("BF2D00")), (Vec::new(), 0x6985));
    terminal.send(&hex(PERFORMED));
    assert_eq!(terminal.ok(&hex("BF2D00")), hex("BF2D02A000"));
}

#[test]
fn other_functions_are_executed_while_a_refresh_is_awaited() {
    let mut terminal = terminal(&[OPERATIONAL], &terminal_profile(true, true));
    assert_eq!(terminal.es10(&enable(A, true)).1, 0x910B);
    terminal.send(&hex(FETCH));
    for command in ["BF2000", "BF2200", "BF2800", "BF2B00", "BF2E00", "BF3C00", "BF3E035C015A", "BF4300"] {
        assert!(!terminal.ok(&hex(command)).is_empty(), "{command}");
    }
}
