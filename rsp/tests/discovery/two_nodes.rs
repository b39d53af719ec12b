//! Two processes for each server, on one data base: whoever calls gets now the one, now the other.

use crate::lab::{Gate, Lab, Node, Plan, Site, told};
use crate::postgres::{self, Database};

#[test]
fn two_processes_of_each_server_are_one_to_operator_and_lpa_with_each_step_at_the_other() {
    let Some((lab, _databases)) = lab() else { return };
    let _nodes = nodes(&lab);
    lab.card(&[]);
    let alpha = lab.alpha();
    let sites = [&lab.root, &lab.alternative, &lab.smdp];
    for binding in ["json", "asn1"] {
        let order = alpha.confirm(&[]);
        alpha.ok(&["release", "--iccid", &order.iccid]);
        lab.until_registered(&[&order.matching_id]);
        // So that the deletion does not come the way of the registration.
        sites.iter().for_each(|site| site.peers.cut());

        let gates = sites.map(|site| &site.lpas);
        let before = gates.map(|gate| gate.taken().len());
        let mut lpa = lab.interrupted_lpa(&["--binding", binding, "discover", "--yes"]);
        let mut steps = 0;
        while lpa.reaches_next_step() {
            steps += 1;
            gates.iter().for_each(|gate| gate.cut());
        }
        let output = lpa.output();
        assert!(output.status.success(), "{}", told(&output));
        // Mutual authentication with each of the three, and the bound profile package.
        assert_eq!(steps, 4);
        for ((gate, before), least) in gates.iter().zip(before).zip([2, 2, 4]) {
            assert!(gate.taken().len() - before >= least, "{:?}", gate.taken());
        }
        assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
        lab.until_deleted();
    }
    for site in sites {
        assert_alternates(&site.lpas);
        assert_alternates(&site.peers);
    }
}

/// Each connection has gone to the other process than the one before.
fn assert_alternates(gate: &Gate) {
    let taken = gate.taken();
    assert!(taken.len() > 1 && taken.windows(2).all(|pair| pair[0] != pair[1]), "{taken:?}");
}

#[test]
fn one_process_of_each_server_is_killed_between_registration_and_discovery_or_amid_it() {
    let Some((lab, _databases)) = lab() else { return };
    let [root, alternative, smdp] = nodes(&lab);
    lab.card(&[]);
    let before = lab.alpha().release();
    lab.until_registered(&[&before.matching_id]);

    // The SM-DP+ that took the order and registered the event, or the other one: one goes before.
    let [_smdp, killed] = smdp;
    killed.kill();
    // The others go when the LPA has begun to speak to them.
    let mut lpa = lab.interrupted_lpa(&["discover", "--yes"]);
    assert!(lpa.reaches_next_step());
    let _root = kill_the_one_that_was_asked(&lab.root, root);
    assert!(lpa.reaches_next_step());
    let _alternative = kill_the_one_that_was_asked(&lab.alternative, alternative);
    let output = lpa.output();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(lab.state(&before.iccid).unwrap(), "Installed");
    lab.until_deleted();

    // Those that are left do it all.
    let after = lab.alpha().release();
    lab.until_registered(&[&after.matching_id]);
    lab.lpa_ok(&["discover", "--yes"]);
    assert_eq!(lab.state(&after.iccid).unwrap(), "Installed");
    lab.until_deleted();
}

/// Gives the other one.
fn kill_the_one_that_was_asked<'a>(site: &Site, nodes: [Node<'a>; 2]) -> Node<'a> {
    let asked = *site.lpas.taken().last().unwrap();
    let [one, other] = nodes;
    let (asked, other) = if one.lpas == asked { (one, other) } else { (other, one) };
    asked.kill();
    other
}

/// Each server with a data base of its own, if there is PostgreSQL.
fn lab() -> Option<(Lab, [Database; 3])> {
    let databases = [postgres::database()?, postgres::database()?, postgres::database()?];
    let stores = [0, 1, 2].map(|number: usize| databases[number].url.clone());
    Some((Lab::with(Plan { stores, ..Plan::default() }), databases))
}

fn nodes(lab: &Lab) -> [[Node<'_>; 2]; 3] {
    [&lab.root, &lab.alternative, &lab.smdp].map(|site| [lab.start(site), lab.start(site)])
}
