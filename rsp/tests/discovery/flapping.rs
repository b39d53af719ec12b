//! An SM-DS that is killed and started ten times in a row while it has to be told something.

use std::time::Duration;

use crate::lab::{Lab, Node, Order, Plan, Site};

const TIMES: u64 = 10;

#[test]
fn an_alternative_that_flaps_ends_with_each_event_registered_once_and_deleted_once() {
    registered_once_and_deleted_once(|lab| &lab.alternative);
}

#[test]
fn a_root_that_flaps_ends_with_each_event_registered_once_and_deleted_once() {
    registered_once_and_deleted_once(|lab| &lab.root);
}

fn registered_once_and_deleted_once(flapping: fn(&Lab) -> &Site) {
    let lab = Lab::with(Plan { patience: 1, ..Plan::default() });
    let _smdp = lab.start(&lab.smdp);
    let [root, alternative] = [&lab.root, &lab.alternative].map(|site| lab.start(site));
    let (_steady, weak) =
        if std::ptr::eq(flapping(&lab), &lab.root) { (alternative, root) } else { (root, alternative) };
    lab.card(&[]);

    let (orders, weak): ([Order; 3], _) = std::thread::scope(|scope| {
        let orders = scope.spawn(|| [(); 3].map(|()| lab.alpha().release()));
        let weak = flap(&lab, flapping(&lab), weak);
        (orders.join().unwrap(), weak)
    });
    let event_ids = orders.each_ref().map(|order| order.matching_id.as_str());
    lab.until_registered(&event_ids);
    assert_eq!(lab.events(&lab.alternative).len(), 3, "one record for each EventID");

    lab.lpa_ok(&["discover", "--yes", "--no-notifications"]);
    let _weak = std::thread::scope(|scope| {
        // The end of the orders, which ends the events.
        scope.spawn(|| lab.lpa_ok(&["notifications", "--send"]));
        flap(&lab, flapping(&lab), weak)
    });
    for order in &orders {
        assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    }
    lab.until_deleted();
    assert_eq!(lab.events(&lab.alternative).len(), 3);
}

fn flap<'a>(lab: &Lab, site: &'a Site, mut node: Node<'a>) -> Node<'a> {
    for time in 0..TIMES {
        // Each time at another moment of what goes on.
        std::thread::sleep(Duration::from_millis(17 * time));
        node.kill();
        node = lab.start(site);
    }
    node
}
