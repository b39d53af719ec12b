//! ES10b beside server authentication, packages and revocation lists.

use asn1::{EuiccInfo2, RspCapability};
use crypto::Curve;
use euicc_sim::state::CardState;

use super::common::{OPERATIONAL, Terminal, enable, hex, new_state};
use super::{A, error, forcing, is_list, terminal};

#[test]
fn get_euicc_challenge_gives_16_new_bytes() {
    let mut terminal = terminal(&[]);
    assert_ne!(terminal.challenge(), terminal.challenge());
}

#[test]
fn get_euicc_info_1_and_2_are_told_at_any_time() {
    let mut terminal = terminal(&[]);
    assert_eq!(terminal.ok(&hex("BF2000"))[..2], hex("BF20"));
    assert_eq!(terminal.ok(&hex("BF2200"))[..2], hex("BF22"));
}

/// SGP.22 §5.7.8: additionalProfile, as long as there is room for more than an empty ISD-P.
#[test]
fn get_euicc_info_2_tells_whether_another_profile_fits() {
    for (memory_size, fits) in [(0, false), (512, false), (513, true)] {
        let mut terminal = Terminal::new(CardState { memory_size, ..new_state(Curve::P256) });
        let info: EuiccInfo2 = asn1::der::decode(&terminal.ok(&hex("BF2200"))).unwrap();
        assert_eq!(info.rsp_capability.has(RspCapability::ADDITIONAL_PROFILE), fits, "{memory_size}");
    }
}

#[test]
fn list_notification_ok() {
    is_list(&mut terminal(&[]), &hex("BF2800"));
}

#[test]
fn list_notification_undefined_error_when_forced() {
    assert_eq!(error(&mut forcing("ListNotification", 127), &hex("BF2800")), 127);
}

#[test]
fn retrieve_notifications_list_ok() {
    is_list(&mut terminal(&[]), &hex("BF2B00"));
}

#[test]
fn retrieve_notifications_list_undefined_error_when_forced() {
    assert_eq!(error(&mut forcing("RetrieveNotificationsList", 127), &hex("BF2B00")), 127);
}

#[test]
fn remove_notification_from_list_ok() {
    let mut terminal = terminal(&[OPERATIONAL]);
    assert_eq!(terminal.result(&enable(A, false)), 0);
    assert_eq!(terminal.result(&hex("BF3003800100")), 0);
    assert!(terminal.notifications().is_empty());
}

#[test]
fn remove_notification_from_list_nothing_to_delete() {
    assert_eq!(terminal(&[]).result(&hex("BF3003800100")), 1);
}

#[test]
fn remove_notification_from_list_undefined_error_when_forced() {
    assert_eq!(forcing("RemoveNotificationFromList", 127).result(&hex("BF3003800100")), 127);
}

#[test]
fn get_rat_ok() {
    assert_eq!(terminal(&[]).ok(&hex("BF4300")), hex("BF4302A000"));
}

#[test]
fn lpae_activation_not_supported() {
    for option in ["BF4204 80020780", "BF4204 80020640", "BF4204 800206C0", "BF4203 800100"] {
        assert_eq!(terminal(&[]).result(&hex(option)), 1, "{option}");
    }
}
