//! The three ways in which an order is found (SGP.22 §3.1.3, §5.6.3): each is what the operator said in ConfirmOrder.

use serde_json::Value;

use crate::lab::{EID, Lab, text};

#[test]
fn an_order_is_found_by_the_matching_id_of_the_smdp_by_that_of_the_operator_and_by_the_eid() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    smdp.card("nist");

    let (made, activation_code) = alpha.release("travel");
    lab.lpa_ok(&["download", "--yes", "--ac", &activation_code]);
    assert_eq!(lab.state(&made).unwrap(), "Installed");

    let given = alpha.order("travel");
    let confirm = ["confirm-order", "--iccid", &given, "--matching-id", "OURS-1", "--release"];
    let confirmed = alpha.ok(&confirm);
    assert_eq!(text(&confirmed["activationCode"]), format!("LPA:1${}$OURS-1", smdp.address()));
    lab.lpa_ok(&["download", "--yes", "--ac", &text(&confirmed["activationCode"])]);
    assert_eq!(lab.state(&given).unwrap(), "Installed");

    // The default SM-DP+ case: no MatchingID, and nothing to scan.
    let by_eid = text(&alpha.ok(&["download-order", "--profile-type", "travel", "--eid", EID])["iccid"]);
    assert_eq!(lab.state(&by_eid).unwrap(), "Linked");
    let confirmed = alpha.ok(&["confirm-order", "--iccid", &by_eid, "--matching-id", "", "--release"]);
    assert_eq!((text(&confirmed["matchingId"]), text(&confirmed["eid"])), (String::new(), EID.to_owned()));
    assert_eq!(confirmed["activationCode"], Value::Null);
    lab.lpa_ok(&["download", "--yes"]);
    assert_eq!(lab.state(&by_eid).unwrap(), "Installed");
}

#[test]
fn what_leads_to_an_order_has_to_be_whole_and_its_own() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    let [first, second] = [alpha.order("travel"), alpha.order("travel")];
    let confirm = |iccid: &str, more: &[&str]| {
        let arguments = [&["confirm-order", "--iccid", iccid], more].concat();
        alpha.refused(&arguments)
    };
    // SGP.22 table 27.
    assert_eq!(confirm(&first, &["--matching-id", ""]), "8.1.1/2.2", "by which EID?");
    assert_eq!(confirm(&first, &["--smds-address", "smds.example.com"]), "8.1.1/2.2");
    assert_eq!(lab.state(&first).unwrap(), "Allocated");
    alpha.ok(&["confirm-order", "--iccid", &first, "--matching-id", "OURS-1"]);
    assert_eq!(confirm(&second, &["--matching-id", "OURS-1"]), "8.2.6/3.3");

    let iccid =
        text(&alpha.ok(&["download-order", "--iccid", unordered(&first, &second), "--eid", EID])["iccid"]);
    let other = certs::eid::with_check_digits("890490321234512345123456789013").unwrap();
    assert_eq!(
        confirm(&iccid, &["--eid", &certs::eid::to_digits(&other)]),
        "8.1.1/3.10",
        "the order is for another eUICC"
    );
}

fn unordered(first: &str, second: &str) -> &'static str {
    crate::lab::ALPHA.into_iter().find(|iccid| ![first, second].contains(iccid)).unwrap()
}
