//! The same call again (SGP.22 §5.2.5: functionCallIdentifier).

use crate::lab::{Lab, text};

#[test]
fn the_same_call_again_gets_the_same_answer_and_happens_once() {
    let lab = Lab::new();
    let order = ["download-order", "--profile-type", "travel", "--call-id", "order-1"];
    let (iccid, matching_id) = {
        let smdp = lab.serve();
        let answers = [smdp.alpha().ok(&order), smdp.alpha().ok(&order)];
        assert_eq!(answers[0], answers[1]);
        let iccid = text(&answers[0]["iccid"]);
        let confirm = ["confirm-order", "--iccid", &iccid, "--call-id", "confirm-1"];
        let answers = [smdp.alpha().ok(&confirm), smdp.alpha().ok(&confirm)];
        assert_eq!(answers[0], answers[1], "a MatchingID was made twice");
        (iccid, text(&answers[0]["matchingId"]))
    };

    // Also when the server has been started anew, and the order has moved on.
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let release = ["release", "--iccid", &iccid, "--call-id", "release-1"];
    alpha.ok(&release);
    assert_eq!(text(&alpha.ok(&order)["iccid"]), iccid);
    let confirm = ["confirm-order", "--iccid", &iccid, "--call-id", "confirm-1"];
    assert_eq!(text(&alpha.ok(&confirm)["matchingId"]), matching_id);
    alpha.ok(&release);
    assert_eq!(lab.state(&iccid).unwrap(), "Released");
    let cancel =
        ["cancel-order", "--iccid", &iccid, "--matching-id", &matching_id, "--final-status", "available"];
    let cancel = [&cancel[..], &["--call-id", "cancel-1"]].concat();
    alpha.ok(&cancel);
    let again = ["download-order", "--iccid", &iccid];
    alpha.ok(&again);
    alpha.ok(&cancel);
    assert_eq!(lab.state(&iccid).unwrap(), "Allocated", "the second order was cancelled with the first");

    // Of three profiles one was ordered, so two are left.
    let rest = [alpha.order("travel"), alpha.order("travel")];
    assert!(!rest.contains(&iccid) && rest[0] != rest[1]);
    assert_eq!(alpha.refused(&["download-order", "--profile-type", "travel"]), "8.2.5/3.7");
}

#[test]
fn another_call_under_the_name_of_an_earlier_one_is_refused_and_changes_nothing() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let iccid = text(&alpha.ok(&["download-order", "--profile-type", "travel", "--call-id", "1"])["iccid"]);
    let other_body = ["download-order", "--iccid", crate::lab::ALPHA[2], "--call-id", "1"];
    assert_eq!(alpha.refused(&other_body), "1.6/2.1");
    let other_function = ["confirm-order", "--iccid", &iccid, "--call-id", "1"];
    assert_eq!(alpha.refused(&other_function), "1.6/2.1");
    assert_eq!(lab.state(&iccid).unwrap(), "Allocated");
    assert_eq!(lab.state(crate::lab::ALPHA[2]), None);

    // The names of one operator are no business of another.
    smdp.beta().ok(&["download-order", "--profile-type", "meter", "--call-id", "1"]);
}

#[test]
fn a_call_that_was_refused_is_looked_at_afresh() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let iccid = alpha.order("travel");
    let release = ["release", "--iccid", &iccid, "--call-id", "release-1"];
    assert_eq!(alpha.refused(&release), "8.2.1/3.5", "not confirmed yet");
    alpha.ok(&["confirm-order", "--iccid", &iccid]);
    alpha.ok(&release);
    assert_eq!(lab.state(&iccid).unwrap(), "Released");
}
