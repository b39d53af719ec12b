//! CancelOrder (SGP.22 §5.3.3).

use crate::lab::{EID, Lab, text};

#[test]
fn a_profile_whose_order_is_cancelled_to_available_can_be_ordered_again() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    smdp.card("nist");
    let (iccid, old_code) = alpha.release("travel");
    let matching_id = old_code.rsplit('$').next().unwrap();
    let cancel = ["cancel-order", "--iccid", &iccid, "--final-status", "available"];

    assert_eq!(alpha.refused(&cancel), "8.2.6/2.2", "which order? it has a MatchingID");
    let wrong = [&cancel[..], &["--matching-id", "OTHER"]].concat();
    assert_eq!(alpha.refused(&wrong), "8.2.6/3.10");
    assert_eq!(lab.state(&iccid).unwrap(), "Released");

    alpha.ok(&[&cancel[..], &["--matching-id", matching_id]].concat());
    alpha.ok(&["download-order", "--iccid", &iccid]);
    let confirmed = alpha.ok(&["confirm-order", "--iccid", &iccid, "--release"]);
    let told = lab.lpa_refused(&["download", "--yes", "--ac", &old_code]);
    assert!(told.contains("8.2.6 3.8"), "the old activation code leads to the new order: {told}");
    lab.lpa_ok(&["download", "--yes", "--ac", &text(&confirmed["activationCode"])]);
    assert_eq!(lab.state(&iccid).unwrap(), "Installed");
}

#[test]
fn an_order_for_one_euicc_is_cancelled_by_its_eid() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let iccid = text(&alpha.ok(&["download-order", "--profile-type", "travel", "--eid", EID])["iccid"]);
    let cancel = ["cancel-order", "--iccid", &iccid, "--final-status", "available"];
    assert_eq!(alpha.refused(&cancel), "8.2.1/3.10", "it is linked to an EID");
    let other = certs::eid::with_check_digits("890490321234512345123456789013").unwrap();
    let other = certs::eid::to_digits(&other);
    let wrong = [&cancel[..], &["--eid", &other]].concat();
    assert_eq!(alpha.refused(&wrong), "8.2.1/3.10");
    assert_eq!(lab.state(&iccid).unwrap(), "Linked");
    alpha.ok(&[&cancel[..], &["--eid", EID]].concat());
    alpha.ok(&["download-order", "--iccid", &iccid]);
    assert_eq!(lab.state(&iccid).unwrap(), "Allocated", "the EID went with the order");
}

#[test]
fn a_profile_whose_order_is_cancelled_to_unavailable_is_never_ordered_again() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let iccid = alpha.order("travel");
    alpha.ok(&["cancel-order", "--iccid", &iccid, "--final-status", "unavailable"]);
    assert_eq!(alpha.refused(&["download-order", "--iccid", &iccid]), "8.2.1/3.3");
    for _ in 0..2 {
        assert_ne!(alpha.order("travel"), iccid);
    }
    assert_eq!(alpha.refused(&["download-order", "--profile-type", "travel"]), "8.2.5/3.7");
}

#[test]
fn an_order_whose_profile_was_downloaded_cannot_be_cancelled() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    smdp.card("nist");
    let (iccid, activation_code) = alpha.release("travel");
    let matching_id = activation_code.rsplit('$').next().unwrap();
    lab.lpa_ok(&["download", "--yes", "--ac", &activation_code, "--no-notifications"]);
    assert_eq!(lab.state(&iccid).unwrap(), "Downloaded");
    for final_status in ["available", "unavailable"] {
        let cancel = ["cancel-order", "--iccid", &iccid, "--eid", EID, "--matching-id", matching_id];
        assert_eq!(alpha.refused(&[&cancel[..], &["--final-status", final_status]].concat()), "8.2.1/3.3");
    }
    lab.lpa_ok(&["notifications", "--send"]);
    assert_eq!(lab.state(&iccid).unwrap(), "Installed");
    let cancel = ["cancel-order", "--iccid", &iccid, "--eid", EID, "--matching-id", matching_id];
    assert_eq!(alpha.refused(&[&cancel[..], &["--final-status", "available"]].concat()), "8.2.1/3.3");
}
