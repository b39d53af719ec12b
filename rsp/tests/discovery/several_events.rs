//! Several events, some of which lead nowhere (SGP.22 §3.6.2).

use crate::lab::{EID, Lab, dead_address, printed, told};

#[test]
fn an_event_that_leads_nowhere_keeps_no_other_from_being_installed() {
    let lab = Lab::new();
    let _nodes = lab.start_all();
    lab.card(&[]);
    let dead = dead_address();
    let register = |event_id: &str, address: &str, site, caller: &str| {
        let event = ["register-event", "--eid", EID, "--event-id", event_id, "--rsp-server-address", address];
        lab.es12_ok(site, &[&event[..], &["--as", caller]].concat());
    };
    // Nobody answers there; one SM-DP+ that does, and does not know the event; and another that knows its own.
    register("DEAD-1", &dead, &lab.alternative, "smdp");
    let order = lab.alpha().confirm(&["--matching-id", "GOOD-1", "--release"]);
    lab.until_events(&lab.root, "has the good one", |events| events.len() == 2);
    register("ODD-1", &lab.smdp.lpas.address(), &lab.root, "smdp");

    // What the Root tells, in the order of registration.
    let [root, alternative, smdp] = [&lab.root, &lab.alternative, &lab.smdp].map(|site| site.lpas.address());
    let at_root: Vec<String> =
        lab.events(&lab.root).iter().map(|event| format!("{}  {}", event.event_id, event.at)).collect();
    let listed = lab.lpa_ok(&["discover", "--list"]);
    assert!(listed.ends_with(&(at_root.join("\n") + "\n")), "{at_root:?} {listed}");
    assert_eq!(at_root[2], format!("ODD-1  {smdp}"));
    let listed = lab.lpa_ok(&["discover", "--list", "--smds", &alternative]);
    assert!(listed.ends_with(&format!("\nDEAD-1  {dead}\nGOOD-1  {smdp}\n")), "{listed}");
    assert_eq!(lab.lpa_ok(&["list"]), "", "nothing was installed by looking");
    assert_eq!(lab.state(&order.iccid).unwrap(), "Released");

    let output = lab.lpa(&["discover", "--yes"]);
    assert_eq!(output.status.code(), Some(1), "not everything was got");
    let (said, complaint) = (printed(&output), told(&output));
    let position = |what: &str| said.find(what).unwrap_or_else(|| panic!("{what:?}: {said}{complaint}"));
    let positions = [
        position(&format!("event DEAD-1  {root} > {alternative} > {dead}: ")),
        position(&format!("event GOOD-1  {root} > {alternative} > {smdp}: profile {} ", order.iccid)),
        position(&format!("event ODD-1  {root} > {smdp}: ")),
    ];
    assert!(positions.is_sorted(), "{said}");
    let line = |event: &str| said.lines().find(|line| line.contains(event)).unwrap();
    assert!(line("DEAD-1").contains("cannot connect"), "{said}");
    assert!(line("ODD-1").contains("8.2.6"), "{said}");
    assert!(said.contains("1 profile installed") && complaint.contains("2 failed"), "{said}{complaint}");
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");

    // What was not got is still told: by whom it was registered, by them it is deleted.
    lab.until_events(&lab.alternative, "has deleted the good one", |events| {
        events.iter().any(|event| event.event_id == "GOOD-1" && event.is("Deleted"))
    });
    let output = lab.lpa(&["discover", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("0 profiles installed") && told(&output).contains("2 failed"));
    for (site, event_id) in [(&lab.alternative, "DEAD-1"), (&lab.root, "ODD-1")] {
        lab.es12_ok(site, &["delete-event", "--eid", EID, "--event-id", event_id, "--as", "smdp"]);
    }
    lab.until_deleted();
    assert!(lab.lpa_ok(&["discover", "--yes"]).contains("no event waits"));
}

#[test]
fn an_smds_that_nobody_answers_at_is_told_and_fails() {
    let lab = Lab::new();
    lab.card(&[]);
    for arguments in
        [&["discover", "--yes"][..], &["discover", "--list"], &["discover", "--power-on", "--yes"]]
    {
        let output = lab.lpa(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(told(&output).contains(&lab.root.lpas.address()), "{}", told(&output));
    }
}
