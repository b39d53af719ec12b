//! eUICCMemoryReset: each combination of its options (SGP.22 §5.7.19).
#![cfg(test)]

mod common;

use asn1::tlv;
use common::smdp::Download;
use common::{OPERATIONAL, Spec, Terminal, enable, hex, new_state, state_with};
use crypto::Curve;
use euicc_sim::state::{CardState, Event, ProfileClass};

const OPERATIONAL_PROFILE: &str = "89000123456789012341";
const TEST_PROFILE: &str = "89000123456789012358";
const PREINSTALLED: &str = "89000123456789012366";
const PROVISIONING: &str = "89000123456789012374";

const DELETE_OPERATIONAL: u8 = 0x80;
const DELETE_FIELD_LOADED_TEST: u8 = 0x40;
const RESET_ADDRESS: u8 = 0x20;

const TEST: Spec = Spec { iccid: TEST_PROFILE, class: ProfileClass::Test, ..OPERATIONAL };

/// One profile of each kind, and an address that was changed.
fn full() -> CardState {
    let provisioning = Spec { iccid: PROVISIONING, class: ProfileClass::Provisioning, ..OPERATIONAL };
    let enabled = Spec { enabled: true, ppr1: true, ppr2: true, ..OPERATIONAL };
    let mut state = state_with(&[enabled, TEST, Spec { iccid: PREINSTALLED, ..TEST }, provisioning]);
    state.profiles[2].field_loaded = false;
    state.addresses.initial_default_smdp = Some("initial.example.com".to_owned());
    state.addresses.default_smdp = Some("changed.example.com".to_owned());
    state
}

/// The options as a BIT STRING in DER.
fn reset(options: u8) -> Vec<u8> {
    let bits = match options {
        0 => vec![0],
        _ => vec![u8::try_from(options.trailing_zeros()).unwrap(), options],
    };
    tlv::wrap(0xBF34, &tlv::wrap(0x82, &bits))
}

#[test]
fn each_combination_of_options_does_what_it_says_and_no_more() {
    for combination in 0..8_u8 {
        let options = combination << 5;
        let mut terminal = Terminal::new(full());
        let before = terminal.card.state().clone();
        assert_eq!(terminal.result(&reset(options)), u8::from(options == 0), "{options:02X}");
        let state = terminal.card.state();
        let mut left = vec![OPERATIONAL_PROFILE, TEST_PROFILE, PREINSTALLED, PROVISIONING];
        left.retain(|iccid| match *iccid {
            OPERATIONAL_PROFILE => options & DELETE_OPERATIONAL == 0,
            TEST_PROFILE => options & DELETE_FIELD_LOADED_TEST == 0,
            _ => true,
        });
        let iccids: Vec<String> = state.profiles.iter().map(|profile| profile.iccid.to_string()).collect();
        assert_eq!(iccids, left, "{options:02X}");
        let address =
            if options & RESET_ADDRESS == 0 { "changed.example.com" } else { "initial.example.com" };
        assert_eq!(state.addresses.default_smdp.as_deref(), Some(address), "{options:02X}");
        // One notification for each profile that is gone, with the numbers going on.
        let gone = u64::try_from(4 - left.len()).unwrap();
        let events: Vec<Event> = state.notifications.all().iter().map(|n| n.event).collect();
        assert_eq!(events, vec![Event::Delete; usize::try_from(gone).unwrap()]);
        let next = before.notifications.next_sequence_number + gone;
        assert_eq!(state.notifications.next_sequence_number, next);
        // SGP.22 §2.9.2: the Rules Authorisation Table is not touched.
        assert_eq!(state.rules_authorisation_table, before.rules_authorisation_table);
        assert_eq!(state.free_memory() > before.free_memory(), gone > 0);
    }
}

#[test]
fn options_of_later_versions_are_passed_over() {
    let mut terminal = Terminal::new(full());
    // Bits 3 and 4: preloaded test profiles and provisioning profiles.
    assert_eq!(terminal.result(&reset(0x18)), 1);
    assert_eq!(terminal.result(&reset(0xF8)), 0);
    assert_eq!(terminal.profiles().len(), 2);
}

#[test]
fn an_address_that_is_the_initial_one_is_nothing_to_reset() {
    let mut terminal = Terminal::new(full());
    assert_eq!(terminal.result(&reset(RESET_ADDRESS)), 0);
    assert_eq!(terminal.result(&reset(RESET_ADDRESS)), 1);
}

#[test]
fn numbers_of_notifications_go_on() {
    let mut terminal = Terminal::new(state_with(&[OPERATIONAL]));
    assert_eq!(terminal.result(&enable(OPERATIONAL_PROFILE, false)), 0);
    assert_eq!(terminal.result(&reset(DELETE_OPERATIONAL)), 0);
    let numbers: Vec<i64> =
        terminal.notifications().iter().map(|n| i64::try_from(n.metadata().seq_number).unwrap()).collect();
    assert_eq!(numbers, [0, 1]);
}

#[test]
fn the_operational_profile_does_not_come_back_once_the_test_profile_was_reset() {
    let mut terminal = Terminal::new(state_with(&[Spec { enabled: true, ..OPERATIONAL }, TEST]));
    assert_eq!(terminal.result(&enable(TEST_PROFILE, false)), 0);
    assert_eq!(terminal.result(&reset(DELETE_FIELD_LOADED_TEST)), 0);
    assert_eq!(terminal.profiles(), [(OPERATIONAL_PROFILE.to_owned(), false)]);
    assert_eq!(terminal.card.state().operational_before_test, None);
}

#[test]
fn a_session_is_discarded_by_a_reset_and_kept_by_a_failed_one() {
    let prepared = || Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
    let mut download = prepared();
    let segments = download.binding().segments();
    assert_eq!(download.terminal.result(&reset(DELETE_OPERATIONAL)), 1);
    assert_eq!(download.terminal.es10(&segments[0]), (Vec::new(), 0x9000));

    let mut download = prepared();
    let segments = download.binding().segments();
    let change = hex("BF3F 0B 8009 612E6578616D706C65");
    assert_eq!(download.terminal.result(&change), 0);
    assert_eq!(download.terminal.result(&reset(RESET_ADDRESS)), 0);
    assert_eq!(download.terminal.es10(&segments[0]), (Vec::new(), 0x6A88));
    assert!(download.terminal.card.state().retained_one_time_key.is_none());
}

#[test]
fn a_reset_is_kept_whole() {
    let mut terminal = Terminal::new(full());
    assert_eq!(terminal.result(&reset(0xE0)), 0);
    let kept = terminal.memory.kept().unwrap();
    let mut again = Terminal::new(kept);
    assert_eq!(again.profiles().len(), 2);
    assert_eq!(again.notifications().len(), 2);
}
