//! ES10c, in the form with response data.

use asn1::tlv;

use super::common::{OPERATIONAL, Spec, Terminal, delete, disable, enable, hex, iccid_tlv, text};
use super::{
    A, A_ENABLED, A_WITH_PPR1, B, B_DISABLED, B_TEST, C, UNKNOWN, error, forcing, is_list, terminal,
    with_toolkit,
};

const OK: u8 = 0;
const NOT_FOUND: u8 = 1;
const WRONG_STATE: u8 = 2;
const DISALLOWED_BY_POLICY: u8 = 3;
const WRONG_PROFILE_REENABLING: u8 = 4;
const CAT_BUSY: u8 = 5;
const UNDEFINED_ERROR: u8 = 127;

const MEMORY_RESET: &str = "BF3404820205E0";

/// The result of a command that is refused and changes nothing.
#[track_caller]
fn refused(mut terminal: Terminal, command: &[u8]) -> u8 {
    let before = text(terminal.card.state());
    let result = terminal.result(command);
    assert_eq!(text(terminal.card.state()), before);
    result
}

/// A card on which a REFRESH is awaited: A is enabled, B is to be.
fn changing() -> Terminal {
    let mut terminal = with_toolkit(&[A_ENABLED, B_DISABLED]);
    assert_eq!(terminal.es10(&enable(B, true)).1, 0x910B);
    assert_eq!(terminal.send(&hex("801200000B")).len(), 13);
    terminal
}

#[test]
fn get_profiles_info_ok() {
    is_list(&mut terminal(&[OPERATIONAL]), &hex("BF2D00"));
}

#[test]
fn get_profiles_info_incorrect_input_values() {
    assert_eq!(error(&mut terminal(&[]), &hex("BF2D03 5C019F")), 1);
}

#[test]
fn get_profiles_info_undefined_error_when_forced() {
    assert_eq!(error(&mut forcing("GetProfilesInfo", 127), &hex("BF2D00")), UNDEFINED_ERROR);
}

#[test]
fn enable_profile_ok() {
    assert_eq!(terminal(&[OPERATIONAL]).result(&enable(A, false)), OK);
}

#[test]
fn enable_profile_iccid_or_aid_not_found() {
    assert_eq!(refused(terminal(&[OPERATIONAL]), &enable(UNKNOWN, false)), NOT_FOUND);
}

#[test]
fn enable_profile_profile_not_in_disabled_state() {
    assert_eq!(refused(terminal(&[A_ENABLED]), &enable(A, false)), WRONG_STATE);
}

#[test]
fn enable_profile_disallowed_by_policy() {
    assert_eq!(refused(terminal(&[A_WITH_PPR1, B_DISABLED]), &enable(B, false)), DISALLOWED_BY_POLICY);
}

#[test]
fn enable_profile_wrong_profile_reenabling() {
    let mut terminal = terminal(&[A_ENABLED, B_TEST, Spec { iccid: C, ..OPERATIONAL }]);
    assert_eq!(terminal.result(&enable(B, false)), OK);
    assert_eq!(refused(terminal, &enable(C, false)), WRONG_PROFILE_REENABLING);
}

#[test]
fn enable_profile_wrong_profile_reenabling_where_none_was_enabled_before_the_test_profile() {
    let terminal = terminal(&[OPERATIONAL, Spec { enabled: true, ..B_TEST }]);
    assert_eq!(refused(terminal, &enable(A, false)), WRONG_PROFILE_REENABLING);
}

#[test]
fn enable_profile_cat_busy() {
    assert_eq!(refused(changing(), &enable(B, false)), CAT_BUSY);
    assert_eq!(refused(changing(), &enable(B, true)), CAT_BUSY);
}

/// SGP.22 §5.7.16: without the refreshFlag a proactive session is looked for first, with it last.
#[test]
fn enable_profile_cat_busy_is_first_without_the_refresh_flag_and_last_with_it() {
    assert_eq!(refused(changing(), &enable(UNKNOWN, false)), CAT_BUSY);
    assert_eq!(refused(changing(), &enable(UNKNOWN, true)), NOT_FOUND);
}

#[test]
fn enable_profile_undefined_error_when_forced() {
    assert_eq!(refused(forcing("EnableProfile", 127), &enable(A, false)), UNDEFINED_ERROR);
}

#[test]
fn disable_profile_ok() {
    assert_eq!(terminal(&[A_ENABLED]).result(&disable(A, false)), OK);
}

#[test]
fn disable_profile_iccid_or_aid_not_found() {
    assert_eq!(refused(terminal(&[A_ENABLED]), &disable(UNKNOWN, false)), NOT_FOUND);
}

#[test]
fn disable_profile_profile_not_in_enabled_state() {
    assert_eq!(refused(terminal(&[OPERATIONAL]), &disable(A, false)), WRONG_STATE);
}

#[test]
fn disable_profile_disallowed_by_policy() {
    assert_eq!(refused(terminal(&[A_WITH_PPR1]), &disable(A, false)), DISALLOWED_BY_POLICY);
}

#[test]
fn disable_profile_cat_busy() {
    assert_eq!(refused(changing(), &disable(A, false)), CAT_BUSY);
    assert_eq!(refused(changing(), &disable(A, true)), CAT_BUSY);
    assert_eq!(refused(changing(), &disable(B, true)), WRONG_STATE, "with the flag it is looked for last");
}

#[test]
fn disable_profile_undefined_error_when_forced() {
    assert_eq!(refused(forcing("DisableProfile", 127), &disable(A, false)), UNDEFINED_ERROR);
}

#[test]
fn delete_profile_ok() {
    let mut terminal = terminal(&[OPERATIONAL]);
    assert_eq!(terminal.result(&delete(A)), OK);
    assert!(terminal.profiles().is_empty());
}

#[test]
fn delete_profile_iccid_or_aid_not_found() {
    assert_eq!(refused(terminal(&[OPERATIONAL]), &delete(UNKNOWN)), NOT_FOUND);
}

#[test]
fn delete_profile_profile_not_in_disabled_state() {
    // The state comes before the policy.
    assert_eq!(refused(terminal(&[Spec { ppr2: true, ..A_ENABLED }]), &delete(A)), WRONG_STATE);
}

#[test]
fn delete_profile_disallowed_by_policy() {
    assert_eq!(refused(terminal(&[Spec { ppr2: true, ..OPERATIONAL }]), &delete(A)), DISALLOWED_BY_POLICY);
}

#[test]
fn delete_profile_undefined_error_when_forced() {
    assert_eq!(refused(forcing("DeleteProfile", 127), &delete(A)), UNDEFINED_ERROR);
}

#[test]
fn euicc_memory_reset_ok() {
    let mut terminal = terminal(&[A_WITH_PPR1]);
    assert_eq!(terminal.result(&hex(MEMORY_RESET)), OK);
    assert!(terminal.profiles().is_empty());
}

#[test]
fn euicc_memory_reset_nothing_to_delete() {
    assert_eq!(refused(terminal(&[]), &hex(MEMORY_RESET)), NOT_FOUND);
    assert_eq!(refused(terminal(&[OPERATIONAL]), &hex("BF3403 820100")), NOT_FOUND, "no option is set");
}

#[test]
fn euicc_memory_reset_cat_busy() {
    assert_eq!(refused(changing(), &hex(MEMORY_RESET)), CAT_BUSY);
}

#[test]
fn euicc_memory_reset_undefined_error_when_forced() {
    assert_eq!(refused(forcing("eUICCMemoryReset", 127), &hex(MEMORY_RESET)), UNDEFINED_ERROR);
}

#[test]
fn get_eid_ok() {
    assert_eq!(terminal(&[]).ok(&hex("BF3E035C015A")), hex("BF3E125A10 89049032123451234512345678901235"));
}

fn nickname(iccid: &str, name: &str) -> Vec<u8> {
    tlv::wrap(0xBF29, &[iccid_tlv(iccid), tlv::wrap(0x90, name.as_bytes())].concat())
}

#[test]
fn set_nickname_ok() {
    assert_eq!(terminal(&[OPERATIONAL]).result(&nickname(A, "Work")), OK);
}

#[test]
fn set_nickname_iccid_not_found() {
    assert_eq!(refused(terminal(&[OPERATIONAL]), &nickname(UNKNOWN, "Work")), NOT_FOUND);
}

#[test]
fn set_nickname_undefined_error() {
    assert_eq!(refused(terminal(&[OPERATIONAL]), &nickname(A, &"x".repeat(65))), UNDEFINED_ERROR);
}

#[test]
fn set_nickname_undefined_error_when_forced() {
    assert_eq!(refused(forcing("SetNickname", 127), &nickname(A, "Work")), UNDEFINED_ERROR);
}
