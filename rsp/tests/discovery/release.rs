//! An event lives as long as its order can be downloaded (SGP.22 §5.3.2 to §5.3.4).

use crate::lab::Lab;

#[test]
fn an_event_comes_with_the_release_of_its_order_and_goes_with_its_cancellation() {
    let lab = Lab::new();
    let [_root, alternative, _smdp] = lab.start_all();
    let alpha = lab.alpha();
    let confirmed = alpha.confirm(&["--matching-id", "LATER-1"]);
    assert_eq!(lab.state(&confirmed.iccid).unwrap(), "Confirmed");
    // What is released after it is there, and it is not.
    let released = alpha.confirm(&["--matching-id", "NOW-1", "--release"]);
    lab.until_registered(&["NOW-1"]);
    assert_eq!(lab.events(&lab.alternative).len(), 1);

    alpha.ok(&["release", "--iccid", &confirmed.iccid]);
    lab.until_registered(&["LATER-1", "NOW-1"]);

    alpha.cancel(&confirmed);
    lab.until_registered(&["NOW-1"]);

    // Nobody has to be there when an order is cancelled.
    alternative.kill();
    alpha.cancel(&released);
    let open = |event: &crate::lab::Event| event.is("Registered");
    assert_eq!(lab.events(&lab.root).into_iter().filter(open).count(), 1);
    let _alternative = lab.start(&lab.alternative);
    lab.until_deleted();
    assert_eq!([&lab.alternative, &lab.root].map(|site| lab.events(site).len()), [2, 2]);
}

#[test]
fn an_order_that_was_cancelled_is_not_found_any_more_and_its_profile_is_ordered_again() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    lab.card(&[]);
    let alpha = lab.alpha();
    let first = alpha.release();
    lab.until_registered(&[&first.matching_id]);
    alpha.cancel(&first);
    lab.until_deleted();
    let said = lab.lpa_ok(&["discover", "--yes"]);
    assert!(said.contains("no event waits"), "{said}");

    alpha.ok(&["download-order", "--iccid", &first.iccid, "--eid", crate::lab::EID]);
    let smds = lab.alternative.lpas.address();
    let again = ["confirm-order", "--iccid", &first.iccid, "--smds-address", &smds, "--release"];
    let confirmed = alpha.ok(&again);
    lab.until_registered(&[confirmed["matchingId"].as_str().unwrap()]);
    lab.lpa_ok(&["discover", "--yes"]);
    assert_eq!(lab.state(&first.iccid).unwrap(), "Installed");
    lab.until_deleted();
}

#[test]
fn an_order_for_an_smds_that_nobody_has_configured_is_refused_and_stays_as_it_was() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    let alpha = lab.alpha();
    let iccid = alpha.order();
    let confirm = ["confirm-order", "--iccid", &iccid, "--smds-address", "smds.example.com", "--release"];
    assert_eq!(alpha.refused(&confirm), "8.9/5.1");
    assert_eq!(lab.state(&iccid).unwrap(), "Linked");
}
