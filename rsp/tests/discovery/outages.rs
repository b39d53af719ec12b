//! Servers that are not there for a while.

use crate::lab::{Lab, Order};

#[test]
fn an_order_is_confirmed_while_the_root_is_down_and_its_event_comes_when_it_is_back() {
    let lab = Lab::new();
    let [root, _alternative, _smdp] = lab.start_all();
    lab.card(&[]);
    root.kill();
    let order = lab.alpha().release();
    assert_eq!(lab.state(&order.iccid).unwrap(), "Released");
    let _root = lab.start(&lab.root);
    is_found_and_forgotten(&lab, &order);
}

#[test]
fn an_order_is_confirmed_while_the_alternative_is_down_and_its_event_comes_when_it_is_back() {
    let lab = Lab::new();
    let [_root, alternative, _smdp] = lab.start_all();
    lab.card(&[]);
    alternative.kill();
    let order = lab.alpha().release();
    assert_eq!(lab.state(&order.iccid).unwrap(), "Released");
    let _alternative = lab.start(&lab.alternative);
    is_found_and_forgotten(&lab, &order);
}

#[test]
fn what_the_smdp_has_still_to_tell_is_told_after_it_was_killed_and_started_again() {
    let lab = Lab::new();
    let [_root, alternative, smdp] = lab.start_all();
    lab.card(&[]);
    alternative.kill();
    let order = lab.alpha().release();
    smdp.kill();
    let alternative = lab.start(&lab.alternative);
    let smdp = lab.start(&lab.smdp);
    lab.until_registered(&[&order.matching_id]);

    alternative.stop();
    let output = lab.lpa(&["discover", "--yes"]);
    assert_eq!(output.status.code(), Some(1), "the way over the Alternative is closed");
    lab.alpha().cancel(&order);
    smdp.kill();
    let _alternative = lab.start(&lab.alternative);
    let _smdp = lab.start(&lab.smdp);
    lab.until_deleted();
}

#[test]
fn an_installation_while_the_root_is_down_deletes_the_event_when_it_is_back() {
    let lab = Lab::new();
    let [root, _alternative, _smdp] = lab.start_all();
    lab.card(&[]);
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    // The Root is gone as soon as the LPA knows the way.
    let mut lpa = lab.interrupted_lpa(&["discover", "--yes"]);
    assert!(lpa.reaches_next_step() && lpa.reaches_next_step());
    root.kill();
    assert!(lpa.output().status.success());
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    assert!(lab.events(&lab.alternative).iter().all(|event| event.is("Registered")), "the Root goes first");
    let _root = lab.start(&lab.root);
    lab.until_deleted();
}

fn is_found_and_forgotten(lab: &Lab, order: &Order) {
    lab.until_registered(&[&order.matching_id]);
    lab.lpa_ok(&["discover", "--yes"]);
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    lab.until_deleted();
    assert_eq!(lab.events(&lab.alternative).len(), 1);
}
