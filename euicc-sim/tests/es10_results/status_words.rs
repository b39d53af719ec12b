//! Status words: the outcome of the case 3 form, and what is no outcome of a function (SGP.22 §5.7.2).

use asn1::tlv;
use crypto::Curve;

use super::common::smdp::Download;
use super::common::{OPERATIONAL, Spec, Terminal, delete, disable, enable, hex, new_state, text};
use super::{A, A_ENABLED, A_WITH_PPR1, B, B_DISABLED, B_TEST, C, UNKNOWN, terminal, with_toolkit};

/// A case 3 command that is refused with this status word and changes nothing.
#[track_caller]
fn refused(mut terminal: Terminal, command: &[u8], status: u16) {
    let before = text(terminal.card.state());
    assert_eq!(terminal.case_3(command), status);
    assert_eq!(text(terminal.card.state()), before);
}

fn changing() -> Terminal {
    let mut terminal = with_toolkit(&[A_ENABLED, B_DISABLED]);
    assert_eq!(terminal.case_3(&enable(B, true)), 0x910B);
    terminal
}

#[test]
fn enable_profile_case_3_9000() {
    assert_eq!(terminal(&[OPERATIONAL]).case_3(&enable(A, false)), 0x9000);
}

#[test]
fn enable_profile_case_3_91xx() {
    assert_eq!(with_toolkit(&[OPERATIONAL]).case_3(&enable(A, true)), 0x910B);
}

#[test]
fn enable_profile_case_3_6a82() {
    refused(terminal(&[OPERATIONAL]), &enable(UNKNOWN, false), 0x6A82);
}

#[test]
fn enable_profile_case_3_6985_in_the_wrong_state() {
    refused(terminal(&[A_ENABLED]), &enable(A, false), 0x6985);
}

#[test]
fn enable_profile_case_3_6985_by_policy() {
    refused(terminal(&[A_WITH_PPR1, B_DISABLED]), &enable(B, false), 0x6985);
}

#[test]
fn enable_profile_case_3_6985_for_the_wrong_profile_after_a_test_profile() {
    let mut terminal = terminal(&[A_ENABLED, B_TEST, Spec { iccid: C, ..OPERATIONAL }]);
    assert_eq!(terminal.case_3(&enable(B, false)), 0x9000);
    refused(terminal, &enable(C, false), 0x6985);
}

#[test]
fn enable_profile_case_3_9300() {
    refused(changing(), &enable(B, true), 0x9300);
}

#[test]
fn disable_profile_case_3_9000() {
    assert_eq!(terminal(&[A_ENABLED]).case_3(&disable(A, false)), 0x9000);
}

#[test]
fn disable_profile_case_3_91xx() {
    assert_eq!(with_toolkit(&[A_ENABLED]).case_3(&disable(A, true)), 0x910B);
}

#[test]
fn disable_profile_case_3_6a82() {
    refused(terminal(&[A_ENABLED]), &disable(UNKNOWN, false), 0x6A82);
}

#[test]
fn disable_profile_case_3_6985_in_the_wrong_state() {
    refused(terminal(&[OPERATIONAL]), &disable(A, false), 0x6985);
}

#[test]
fn disable_profile_case_3_6985_by_policy() {
    refused(terminal(&[A_WITH_PPR1]), &disable(A, false), 0x6985);
}

#[test]
fn disable_profile_case_3_9300() {
    refused(changing(), &disable(A, true), 0x9300);
}

#[test]
fn delete_profile_case_3_9000() {
    assert_eq!(terminal(&[OPERATIONAL]).case_3(&delete(A)), 0x9000);
}

#[test]
fn delete_profile_case_3_6a82() {
    refused(terminal(&[OPERATIONAL]), &delete(UNKNOWN), 0x6A82);
}

#[test]
fn delete_profile_case_3_6985_in_the_wrong_state() {
    refused(terminal(&[A_ENABLED]), &delete(A), 0x6985);
}

#[test]
fn delete_profile_case_3_6985_by_policy() {
    refused(terminal(&[Spec { ppr2: true, ..OPERATIONAL }]), &delete(A), 0x6985);
}

#[test]
fn delete_profile_case_3_6985_while_a_change_is_awaited() {
    refused(changing(), &delete(B), 0x6985);
}

#[test]
fn other_functions_in_case_3_form_6a86() {
    for command in ["BF2D00", "BF3404820205E0", "BF3E035C015A"] {
        refused(terminal(&[OPERATIONAL]), &hex(command), 0x6A86);
    }
}

#[test]
fn an_unknown_command_in_case_3_form_6a88() {
    refused(terminal(&[]), &hex("BF5600"), 0x6A88);
}

/// Requests of the form that each function wants, with something wrong in each.
const MALFORMED: [&str; 21] = [
    // Not DER, or not one object.
    "BF2D01",
    "BF2D8100",
    "BF2D0000",
    // Input where there is none.
    "BF3C028000",
    "BF2E028000",
    "BF20028000",
    "BF22028000",
    "BF43028000",
    // Members that are missing or of another type.
    "BF3F00",
    "BF3F0380 01FF",
    "BF3000",
    "BF28038101 08",
    "BF2B04A0029000",
    "BF3100",
    "BF3205A003810100",
    "BF3300",
    "BF3400",
    "BF3E00",
    "BF3E035C015B",
    "BF4200",
    "BF3503300100",
];

#[test]
fn what_is_not_der_or_of_another_form_6a80() {
    for command in MALFORMED {
        let mut terminal = terminal(&[OPERATIONAL]);
        assert_eq!(terminal.es10(&hex(command)), (Vec::new(), 0x6A80), "{command}");
    }
}

#[test]
fn an_unknown_command_6a88() {
    for command in ["BF5600", "BF7F00", "3000", "BF3600", "8000"] {
        assert_eq!(terminal(&[]).es10(&hex(command)), (Vec::new(), 0x6A88), "{command}");
    }
}

#[test]
fn a_package_without_a_session_6a88() {
    let mut terminal = Terminal::new(new_state(Curve::P256));
    let segments = Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256).binding().segments();
    assert_eq!(terminal.es10(&segments[0]), (Vec::new(), 0x6A88));
}

#[test]
fn an_unexpected_segment_6a88() {
    let mut download = Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
    let segments = download.binding().segments();
    assert_eq!(download.terminal.es10(&segments[0]), (Vec::new(), 0x9000));
    assert_eq!(download.terminal.es10(&segments[2]), (Vec::new(), 0x6A88));
}

#[test]
fn commands_that_disturb_a_download_6985() {
    let mut download = Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
    let segments = download.binding().segments();
    assert_eq!(download.terminal.es10(&segments[0]), (Vec::new(), 0x9000));
    for command in [enable(A, false), disable(A, false), delete(A), hex("BF3404820205E0")] {
        assert_eq!(download.terminal.es10(&command), (Vec::new(), 0x6985), "{command:02X?}");
    }
}

#[test]
fn states_of_profiles_that_are_about_to_change_6985() {
    let mut terminal = changing();
    assert_eq!(terminal.es10(&hex("BF2D00")), (Vec::new(), 0x6985));
    assert_eq!(terminal.es10(&hex("BF2D045C029F70")), (Vec::new(), 0x6985));
    assert_eq!(terminal.es10(&hex("BF2D035C015A")).1, 0x910B);
}

#[test]
fn a_memory_reset_while_the_first_profile_is_about_to_be_enabled_6985() {
    let mut terminal = with_toolkit(&[OPERATIONAL]);
    assert_eq!(terminal.case_3(&enable(A, true)), 0x910B);
    assert_eq!(terminal.es10(&hex("BF3404820205E0")), (Vec::new(), 0x6985));
}

#[test]
fn a_command_for_the_ecasd_6982() {
    let mut terminal = terminal(&[]);
    assert_eq!(terminal.send(&hex("01A4040C10 A0000005591010FFFFFFFF8900000200")), hex("9000"));
    assert_eq!(terminal.es10(&hex("BF2000")), (Vec::new(), 0x6982));
}

#[test]
fn an_object_of_two_parts_6a80() {
    let two = [tlv::wrap(0xBF20, &[]), tlv::wrap(0xBF20, &[])].concat();
    assert_eq!(terminal(&[]).es10(&two), (Vec::new(), 0x6A80));
}
