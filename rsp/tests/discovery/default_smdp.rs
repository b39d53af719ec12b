//! The default SM-DP+ of the card, the third way to a profile (SGP.22 §3.4.4).

use crate::lab::{EID, Lab, text};

/// Orders a profile that the SM-DP+ finds by the EID alone.
fn order_by_eid(lab: &Lab) -> String {
    let iccid = lab.alpha().order();
    lab.alpha().ok(&["confirm-order", "--iccid", &iccid, "--matching-id", "", "--release"]);
    iccid
}

fn card_with_default_smdp(lab: &Lab) {
    lab.card(&["--default-smdp", &lab.smdp.lpas.address()]);
}

#[test]
fn at_power_on_the_default_smdp_is_asked_before_the_smds() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    card_with_default_smdp(&lab);
    let discovered = lab.alpha().release();
    lab.until_registered(&[&discovered.matching_id]);
    let by_eid = order_by_eid(&lab);

    let said = lab.lpa_ok(&["discover", "--power-on", "--yes"]);
    let expected = format!("default SM-DP+ {}: profile {by_eid} is installed", lab.smdp.lpas.address());
    assert!(said.contains(&expected), "{said}");
    assert_eq!(lab.state(&by_eid).unwrap(), "Installed");
    assert_eq!(lab.state(&discovered.iccid).unwrap(), "Released");
    assert_eq!(lab.root.lpas.taken(), [0; 0], "there was no need to ask the SM-DS");

    // A card with an operational profile has no need of either.
    let said = lab.lpa_ok(&["discover", "--power-on", "--yes"]);
    assert!(said.contains("has an operational profile"), "{said}");
    assert_eq!(lab.state(&discovered.iccid).unwrap(), "Released");
    // Unless its user asks.
    lab.lpa_ok(&["discover", "--yes"]);
    assert_eq!(lab.state(&discovered.iccid).unwrap(), "Installed");
    lab.until_deleted();
}

#[test]
fn at_power_on_the_smds_is_asked_where_the_default_smdp_has_nothing() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    lab.bench.write("orders.toml", "");
    let without_orders = lab.bench.serve(&[]);
    let address = format!("localhost:{}", without_orders.port());
    lab.card(&["--default-smdp", &address]);
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);

    assert_eq!(lab.lpa(&["download", "--yes"]).status.code(), Some(1));
    let said = lab.lpa_ok(&["discover", "--power-on", "--yes"]);
    assert!(said.contains(&format!("default SM-DP+ {address}: no profile waits there")), "{said}");
    assert!(said.contains(&format!("profile {} ", order.iccid)), "{said}");
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    lab.until_deleted();
}

/// SGP.22 §5.6.3: without a MatchingID, any order of the EID may be selected.
#[test]
fn a_download_without_an_activation_code_asks_the_default_smdp_alone_and_ends_the_event_of_its_order() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    card_with_default_smdp(&lab);
    let discovered = lab.alpha().release();
    lab.until_registered(&[&discovered.matching_id]);
    let by_eid = order_by_eid(&lab);
    // What was meant for it comes first.
    for (iccid, other) in [(&by_eid, "Released"), (&discovered.iccid, "Installed")] {
        lab.lpa_ok(&["download", "--yes"]);
        assert_eq!(lab.state(iccid).unwrap(), "Installed");
        assert_eq!(lab.state(&discovered.iccid).unwrap(), other);
    }
    assert_eq!(lab.root.lpas.taken(), [0; 0]);
    lab.until_deleted();
    assert_eq!(lab.lpa(&["download", "--yes"]).status.code(), Some(1), "no order waits for the EID");
}

/// SGP.22 table 27: an order without a MatchingID has no event.
#[test]
fn an_order_for_the_default_smdp_names_no_smds() {
    let lab = Lab::new();
    let _smdp = lab.start(&lab.smdp);
    let alpha = lab.alpha();
    let iccid = text(&alpha.ok(&["download-order", "--profile-type", "travel", "--eid", EID])["iccid"]);
    let smds = lab.alternative.lpas.address();
    let confirm = ["confirm-order", "--iccid", &iccid, "--matching-id", "", "--smds-address", &smds];
    assert_eq!(alpha.refused(&confirm), "8.2.6/2.1");
}
