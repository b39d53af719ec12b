//! SIGTERM: what is in flight is answered, and what is kept goes on in the next process.

use crate::lab::{EID, Event, Lab, told};

#[test]
fn a_registration_that_has_begun_is_answered_before_the_alternative_ends() {
    let lab = Lab::new();
    let [root, alternative] = [&lab.root, &lab.alternative].map(|site| lab.start(site));
    let event = ["--eid", EID, "--event-id", "OURS-1", "--rsp-server-address", "smdp.example.com"];
    root.pause();
    std::thread::scope(|scope| {
        scope.spawn(|| lab.es12_ok(&lab.alternative, &[&["register-event"][..], &event].concat()));
        let under_way = |events: &[Event]| events.iter().any(|event| event.is("Forwarding"));
        lab.until_events(&lab.alternative, "is registering the event", under_way);
        alternative.ask_to_stop();
        alternative.until_it_refuses();
        root.resume();
    });
    assert_eq!(alternative.ended().code(), Some(0));
    for site in [&lab.alternative, &lab.root] {
        let events = lab.events(site);
        assert!(events.len() == 1 && events[0].is("Registered"), "{events:#?}");
    }
    root.stop();
}

#[test]
fn servers_that_are_stopped_amid_the_sessions_of_an_lpa_end_with_0_and_the_next_ones_go_on() {
    let lab = Lab::new();
    let [root, alternative, smdp] = lab.start_all();
    lab.card(&[]);
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    let mut lpa = lab.interrupted_lpa(&["discover", "--yes"]);
    assert!(lpa.reaches_next_step());
    root.stop();
    let _root = lab.start(&lab.root);
    assert!(lpa.reaches_next_step());
    alternative.stop();
    let _alternative = lab.start(&lab.alternative);
    assert!(lpa.reaches_next_step());
    smdp.stop();
    let _smdp = lab.start(&lab.smdp);
    let output = lpa.output();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(lab.state(&order.iccid).unwrap(), "Installed");
    lab.until_deleted();
}
