//! Enable, disable, delete, memory reset, nickname and list (SGP.22 §5.7.15 to §5.7.21).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use asn1::tlv;
use common::{OPERATIONAL, Spec, Terminal, delete, disable, enable, hex, iccid_tlv, state_with, text};
use euicc_sim::state::{CardState, ProfileClass};

const A: &str = "89000123456789012341";
const B: &str = "89000123456789012358";
const C: &str = "89000123456789012366";
const UNKNOWN: &str = "89000123456789012374";

const OK: u8 = 0;
const NOT_FOUND: u8 = 1;
const WRONG_STATE: u8 = 2;
const DISALLOWED_BY_POLICY: u8 = 3;
const WRONG_PROFILE_REENABLING: u8 = 4;
const CAT_BUSY: u8 = 5;

const B_OPERATIONAL: Spec = Spec { iccid: B, ..OPERATIONAL };
const B_TEST: Spec = Spec { iccid: B, class: ProfileClass::Test, ..OPERATIONAL };
const A_ENABLED: Spec = Spec { enabled: true, ..OPERATIONAL };
const A_WITH_PPR1: Spec = Spec { ppr1: true, ..A_ENABLED };

fn terminal(specs: &[Spec]) -> Terminal {
    Terminal::new(state_with(specs))
}

/// Iccids of the enabled profiles.
fn enabled(terminal: &mut Terminal) -> Vec<String> {
    terminal.profiles().into_iter().filter(|(_, enabled)| *enabled).map(|(iccid, _)| iccid).collect()
}

/// (address, ICCID) of the pending notifications.
fn notified(terminal: &mut Terminal) -> Vec<(String, String)> {
    let pending = terminal.notifications();
    pending
        .iter()
        .map(|notification| {
            let metadata = notification.metadata();
            (metadata.notification_address.clone(), metadata.iccid.unwrap().to_string())
        })
        .collect()
}

/// A command that is refused with this result leaves everything as it was, in both forms.
#[track_caller]
fn refused(state: CardState, command: &[u8], result: u8, status: u16) {
    let mut terminal = Terminal::new(state);
    let before = text(terminal.card.state());
    assert_eq!(terminal.result(command), result);
    assert_eq!(terminal.case_3(command), status);
    assert_eq!(text(terminal.card.state()), before);
}

#[test]
fn a_profile_is_enabled_and_disabled() {
    let mut terminal = terminal(&[OPERATIONAL]);
    assert_eq!(terminal.result(&enable(A, false)), OK);
    assert_eq!(enabled(&mut terminal), [A]);
    assert_eq!(terminal.result(&disable(A, false)), OK);
    assert!(enabled(&mut terminal).is_empty());
    let events =
        [("enable.example.com".to_owned(), A.to_owned()), ("disable.example.com".to_owned(), A.to_owned())];
    assert_eq!(notified(&mut terminal), events);
}

#[test]
fn a_profile_is_found_by_its_aid_too() {
    let mut terminal = terminal(&[OPERATIONAL]);
    let aid = tlv::wrap(0x4F, &hex("A0000005591010FFFFFFFF8900001100"));
    let command = |tag| tlv::wrap(tag, &[tlv::wrap(0xA0, &aid), hex("810100")].concat());
    assert_eq!(terminal.result(&command(0xBF31)), OK);
    assert_eq!(terminal.result(&command(0xBF32)), OK);
    assert_eq!(terminal.result(&tlv::wrap(0xBF33, &aid)), OK);
    assert!(terminal.profiles().is_empty());
}

#[test]
fn enabling_disables_the_other_profile_and_notifies_both_in_that_order() {
    let mut terminal = terminal(&[A_ENABLED, B_OPERATIONAL]);
    assert_eq!(terminal.result(&enable(B, false)), OK);
    assert_eq!(enabled(&mut terminal), [B]);
    let events =
        [("disable.example.com".to_owned(), A.to_owned()), ("enable.example.com".to_owned(), B.to_owned())];
    assert_eq!(notified(&mut terminal), events);
}

#[test]
fn the_refresh_flag_is_read_in_every_form_that_clients_write() {
    for flag in ["810100", "8101FF", "810101", "010101", "0101FF"] {
        let mut terminal = terminal(&[OPERATIONAL]);
        let command = tlv::wrap(0xBF31, &[tlv::wrap(0xA0, &iccid_tlv(A)), hex(flag)].concat());
        assert_eq!(terminal.result(&command), OK, "{flag}");
    }
}

#[test]
fn a_profile_that_is_not_there_is_not_found() {
    refused(state_with(&[OPERATIONAL]), &enable(UNKNOWN, false), NOT_FOUND, 0x6A82);
    refused(state_with(&[OPERATIONAL]), &disable(UNKNOWN, false), NOT_FOUND, 0x6A82);
    refused(state_with(&[OPERATIONAL]), &delete(UNKNOWN), NOT_FOUND, 0x6A82);
}

#[test]
fn a_profile_in_the_wrong_state_is_refused() {
    refused(state_with(&[A_ENABLED]), &enable(A, false), WRONG_STATE, 0x6985);
    refused(state_with(&[OPERATIONAL]), &disable(A, false), WRONG_STATE, 0x6985);
    refused(state_with(&[A_ENABLED]), &delete(A), WRONG_STATE, 0x6985);
}

#[test]
fn ppr1_keeps_a_profile_enabled() {
    refused(state_with(&[A_WITH_PPR1]), &disable(A, false), DISALLOWED_BY_POLICY, 0x6985);
    refused(state_with(&[A_WITH_PPR1, B_OPERATIONAL]), &enable(B, false), DISALLOWED_BY_POLICY, 0x6985);
}

#[test]
fn ppr1_stands_back_for_test_and_provisioning_profiles() {
    for class in [ProfileClass::Test, ProfileClass::Provisioning] {
        let mut terminal = terminal(&[A_WITH_PPR1, Spec { class, ..B_OPERATIONAL }]);
        assert_eq!(terminal.result(&enable(B, false)), OK);
        assert_eq!(enabled(&mut terminal), [B]);
    }
}

#[test]
fn ppr2_keeps_a_profile_on_the_card() {
    refused(state_with(&[Spec { ppr2: true, ..OPERATIONAL }]), &delete(A), DISALLOWED_BY_POLICY, 0x6985);
}

#[test]
fn a_test_profile_gives_way_to_the_operational_profile_it_displaced_and_to_no_other() {
    let mut terminal = terminal(&[A_ENABLED, B_TEST, Spec { iccid: C, ..OPERATIONAL }]);
    assert_eq!(terminal.result(&enable(B, false)), OK);
    assert_eq!(terminal.result(&enable(C, false)), WRONG_PROFILE_REENABLING);
    assert_eq!(terminal.case_3(&enable(C, false)), 0x6985);
    assert_eq!(enabled(&mut terminal), [B]);
    assert_eq!(terminal.result(&enable(A, false)), OK);
    assert_eq!(enabled(&mut terminal), [A]);
}

#[test]
fn a_second_test_profile_does_not_forget_the_operational_one() {
    let mut terminal = terminal(&[A_ENABLED, B_TEST, Spec { iccid: C, ..B_TEST }]);
    assert_eq!(terminal.result(&enable(B, false)), OK);
    assert_eq!(terminal.result(&enable(C, false)), OK);
    assert_eq!(terminal.result(&disable(C, false)), OK);
    assert_eq!(enabled(&mut terminal), [A]);
}

#[test]
fn disabling_a_test_profile_brings_the_operational_one_back_unless_it_is_gone() {
    let mut terminal = terminal(&[A_ENABLED, B_TEST]);
    assert_eq!(terminal.result(&enable(B, false)), OK);
    assert_eq!(terminal.result(&delete(A)), OK);
    assert_eq!(terminal.result(&disable(B, false)), OK);
    assert!(enabled(&mut terminal).is_empty());
}

#[test]
fn a_deleted_profile_is_gone_with_its_memory_and_is_notified() {
    let mut terminal = terminal(&[OPERATIONAL]);
    let free = terminal.card.state().free_memory();
    assert_eq!(terminal.result(&delete(A)), OK);
    assert!(terminal.profiles().is_empty());
    assert!(terminal.card.state().free_memory() > free);
    assert_eq!(notified(&mut terminal), [("delete.example.com".to_owned(), A.to_owned())]);
    assert_eq!(terminal.result(&delete(A)), NOT_FOUND);
}

#[test]
fn the_case_3_form_does_the_same_without_data() {
    let mut terminal = terminal(&[OPERATIONAL]);
    assert_eq!(terminal.case_3(&enable(A, false)), 0x9000);
    assert_eq!(enabled(&mut terminal), [A]);
    assert_eq!(terminal.case_3(&disable(A, false)), 0x9000);
    assert_eq!(terminal.case_3(&delete(A)), 0x9000);
    assert_eq!(terminal.case_3(&hex("BF2D00")), 0x6A86);
}

fn with_toolkit(specs: &[Spec]) -> Terminal {
    let mut terminal = terminal(specs);
    assert_eq!(terminal.send(&hex("8010000004FFFFFFFF")), hex("9000"));
    terminal
}

/// The command is executed and a REFRESH is announced.
#[track_caller]
fn ok_with_refresh(terminal: &mut Terminal, command: &[u8]) {
    let (data, status) = terminal.es10(command);
    assert_eq!((data.last(), status), (Some(&OK), 0x910B));
}

const FETCH: &str = "801200000B";
const PERFORMED: &str = "801400000C 8103010104 82028281 830100";
const TERMINAL_BUSY: &str = "801400000C 8103010104 82028281 830120";

#[test]
fn with_a_terminal_that_fetches_a_profile_changes_when_the_refresh_is_done() {
    let mut terminal = with_toolkit(&[OPERATIONAL]);
    ok_with_refresh(&mut terminal, &enable(A, true));
    assert_eq!(terminal.send(&hex(FETCH)), hex("D009 8103010104 82028182 9000"));
    // The state is about to change, so nobody is told.
    assert_eq!(terminal.es10(&hex("BF2D00")), (Vec::new(), 0x6985));
    let iccids_only = terminal.ok(&hex("BF2D035C015A"));
    assert_eq!(iccids_only[..5], hex("BF2D10A00E"));
    assert_eq!(terminal.send(&hex(PERFORMED)), hex("9000"));
    assert_eq!(enabled(&mut terminal), [A]);
    assert_eq!(notified(&mut terminal).len(), 1);
}

#[test]
fn a_reset_stands_for_the_refresh() {
    let mut terminal = with_toolkit(&[A_ENABLED]);
    ok_with_refresh(&mut terminal, &disable(A, true));
    terminal.reset();
    assert!(enabled(&mut terminal).is_empty());
    assert_eq!(notified(&mut terminal), [("disable.example.com".to_owned(), A.to_owned())]);
}

#[test]
fn a_loss_of_power_stands_for_the_refresh_too() {
    let mut terminal = with_toolkit(&[OPERATIONAL]);
    ok_with_refresh(&mut terminal, &enable(A, true));
    let mut again = Terminal::new(terminal.memory.kept().unwrap());
    assert_eq!(enabled(&mut again), [A]);
}

#[test]
fn a_refresh_that_fails_changes_nothing() {
    let mut terminal = with_toolkit(&[OPERATIONAL]);
    ok_with_refresh(&mut terminal, &enable(A, true));
    terminal.send(&hex(FETCH));
    assert_eq!(terminal.send(&hex(TERMINAL_BUSY)), hex("9000"));
    assert!(enabled(&mut terminal).is_empty());
    assert!(notified(&mut terminal).is_empty());
    terminal.reset();
    assert!(enabled(&mut terminal).is_empty());
}

#[test]
fn while_a_refresh_is_awaited_the_cat_is_busy() {
    for refresh in [false, true] {
        let mut terminal = with_toolkit(&[A_ENABLED, B_OPERATIONAL]);
        ok_with_refresh(&mut terminal, &enable(B, true));
        terminal.send(&hex(FETCH));
        let before = text(terminal.card.state());
        assert_eq!(terminal.result(&enable(B, refresh)), CAT_BUSY);
        assert_eq!(terminal.result(&disable(A, refresh)), CAT_BUSY);
        assert_eq!(terminal.case_3(&disable(A, refresh)), 0x9300);
        assert_eq!(terminal.result(&hex("BF3404820205E0")), CAT_BUSY);
        assert_eq!(terminal.es10(&delete(B)), (Vec::new(), 0x6985));
        assert_eq!(text(terminal.card.state()), before);
    }
}

#[test]
fn without_terminal_profile_the_change_is_done_at_once_and_no_refresh_is_announced() {
    let mut terminal = terminal(&[OPERATIONAL]);
    assert_eq!(terminal.result(&enable(A, true)), OK);
    assert_eq!(enabled(&mut terminal), [A]);
    assert_eq!(terminal.send(&hex(FETCH)), hex("6985"));
}

#[test]
fn a_change_without_refresh_selects_the_mf_on_the_basic_channel() {
    let mut terminal = terminal(&[OPERATIONAL]);
    terminal.send(&hex("00A4040010A0000005591010FFFFFFFF890000010000"));
    let command = enable(A, false);
    let apdu = [&hex("80E2910014")[..], &command].concat();
    assert_eq!(terminal.send(&apdu), hex("6106"));
    assert_eq!(terminal.send(&hex("00C0000006")), hex("BF3103800100 9000"));
    assert_eq!(terminal.send(&hex("80E2910003BF2D00")), hex("6D00"));
    // Channel 1 still has the ISD-R.
    assert_eq!(enabled(&mut terminal), [A]);
}

#[test]
fn a_memory_reset_deletes_what_was_selected_whatever_protects_it() {
    let preinstalled_test = Spec { iccid: C, ..B_TEST };
    let specs = [Spec { ppr2: true, ..A_WITH_PPR1 }, B_TEST, preinstalled_test];
    for (options, left) in [("0780", vec![B, C]), ("0640", vec![A, C]), ("05E0", vec![C])] {
        let mut state = state_with(&specs);
        state.profiles[2].field_loaded = false;
        state.addresses.default_smdp = Some("changed.example.com".to_owned());
        let mut terminal = Terminal::new(state);
        let command = tlv::wrap(0xBF34, &tlv::wrap(0x82, &hex(options)));
        assert_eq!(terminal.result(&command), OK);
        let profiles: Vec<String> = terminal.profiles().into_iter().map(|(iccid, _)| iccid).collect();
        assert_eq!(profiles, left, "{options}");
        assert_eq!(terminal.card.state().addresses.default_smdp.is_none(), options == "05E0");
        assert_eq!(notified(&mut terminal).len(), 3 - left.len());
    }
}

#[test]
fn a_memory_reset_spares_provisioning_profiles() {
    let mut terminal = terminal(&[Spec { class: ProfileClass::Provisioning, ..OPERATIONAL }]);
    assert_eq!(terminal.result(&hex("BF3404820205E0")), NOT_FOUND);
    assert_eq!(terminal.profiles().len(), 1);
}

#[test]
fn a_memory_reset_with_nothing_to_delete_says_so() {
    let mut terminal = terminal(&[B_TEST]);
    assert_eq!(terminal.result(&hex("BF340482020780")), 1);
    assert_eq!(terminal.result(&hex("BF340482020520")), 1);
}

#[test]
fn a_nickname_is_set_and_removed() {
    let mut terminal = terminal(&[OPERATIONAL]);
    let set = |name: &[u8]| tlv::wrap(0xBF29, &[iccid_tlv(A), tlv::wrap(0x90, name)].concat());
    let nickname = hex("BF2D03 5C0190");
    assert_eq!(terminal.ok(&nickname), hex("BF2D04A002E300"));
    assert_eq!(terminal.result(&set("Büro".as_bytes())), OK);
    assert_eq!(terminal.ok(&nickname), hex("BF2D0BA009E3079005 42C3BC726F"));
    assert_eq!(terminal.result(&set(b"")), OK);
    assert_eq!(terminal.ok(&nickname), hex("BF2D04A002E300"));
    assert_eq!(terminal.result(&set(b"")), OK, "a nickname that is not there can be removed");
    // 64 characters, counted as characters.
    assert_eq!(terminal.result(&set("ü".repeat(64).as_bytes())), OK);
    assert_eq!(terminal.result(&set("ü".repeat(65).as_bytes())), 127);
    let unknown = tlv::wrap(0xBF29, &[iccid_tlv(UNKNOWN), hex("900141")].concat());
    assert_eq!(terminal.result(&unknown), NOT_FOUND);
    assert_eq!(terminal.es10(&set(&[0xFF])), (Vec::new(), 0x6A80));
}

#[test]
fn profiles_are_listed_by_default_with_the_default_objects() {
    let mut terminal = terminal(&[OPERATIONAL]);
    let response = terminal.ok(&hex("BF2D00"));
    let expected = hex(
        "BF2D3D A03B E339 5A0A98001032547698103214 4F10A0000005591010FFFFFFFF8900001100 9F700100 910454657374
         920750726F66696C65 950102"
            .replace('\n', "")
            .as_str(),
    );
    assert_eq!(response[8..], expected[8..]);
}

#[test]
fn profiles_are_found_by_every_criterion() {
    let mut terminal = terminal(&[OPERATIONAL, B_TEST]);
    let found = |terminal: &mut Terminal, criterion: &[u8]| {
        let command = tlv::wrap(0xBF2D, &[tlv::wrap(0xA0, criterion), hex("5C015A")].concat());
        let response = terminal.ok(&command);
        let (list, _) = tlv::read(&response).unwrap();
        let (list, _) = tlv::read(list.value).unwrap();
        tlv::children(list.value).count()
    };
    assert_eq!(found(&mut terminal, &iccid_tlv(A)), 1);
    assert_eq!(found(&mut terminal, &iccid_tlv(UNKNOWN)), 0);
    assert_eq!(found(&mut terminal, &hex("950100")), 1);
    assert_eq!(found(&mut terminal, &hex("950102")), 1);
    assert_eq!(found(&mut terminal, &hex("950101")), 0);
    assert_eq!(found(&mut terminal, &hex("4F10A0000005591010FFFFFFFF8900001200")), 1);
}

#[test]
fn unknown_tags_in_a_tag_list_are_passed_over() {
    let mut terminal = terminal(&[OPERATIONAL]);
    // What Android asks for.
    let response = terminal.ok(&hex("BF2D0F 5C0D 5A909192B79F709599BF769F24"));
    let response: asn1::ProfileInfoListResponse = asn1::der::decode(&response).unwrap();
    let asn1::ProfileInfoListResponse::ProfileInfoListOk(list) = response else { panic!() };
    assert_eq!(list[0].isdp_aid, None);
    assert_eq!(list[0].iccid.unwrap().to_string(), A);
}

#[test]
fn an_empty_card_has_an_empty_list() {
    assert_eq!(terminal(&[]).ok(&hex("BF2D00")), hex("BF2D02A000"));
}

#[test]
fn a_malformed_search_is_told_as_incorrect_input() {
    let mut terminal = terminal(&[]);
    for command in ["BF2D03 5C019F", "BF2D05 A003 900100", "BF2D0C 5A0A98001032547698103214", "BF2D02 A000"] {
        assert_eq!(terminal.ok(&hex(command)), hex("BF2D03810101"), "{command}");
    }
}
