//! Answers of an SM-DS that are lost on the way: whoever called does not know what has become of the call.

use crate::lab::{EID, Event, Lab, Plan, until};

const REGISTER: [&str; 7] =
    ["register-event", "--eid", EID, "--event-id", "OURS-1", "--rsp-server-address", "smdp.example.com"];

#[test]
fn an_smdp_that_hears_no_answer_asks_again_and_the_event_is_registered_and_deleted_once() {
    let lab = Lab::new();
    let [_root, alternative, _smdp] = lab.start_all();
    let gate = &lab.alternative.peers;
    let until_asked_again = |function: &str, code: &str| {
        let counted = format!("function=\"{function}\",outcome=\"{code}\"}} 1");
        until(&counted, || alternative.ask("/metrics").contains(&counted).then_some(()));
    };
    gate.lose_answers(true);
    let order = std::thread::scope(|scope| {
        let order = scope.spawn(|| lab.alpha().release());
        let events = lab.until_events(&lab.alternative, "has the event", |events| !events.is_empty());
        lab.until_registered(&[&events[0].event_id]);
        gate.lose_answers(false);
        gate.cut();
        order.join().unwrap()
    });
    until_asked_again("registerEvent", "8.9.5/3.3");
    lab.until_registered(&[&order.matching_id]);

    gate.lose_answers(true);
    gate.cut();
    lab.alpha().cancel(&order);
    lab.until_deleted();
    gate.lose_answers(false);
    gate.cut();
    until_asked_again("deleteEvent", "8.9.5/3.9");
    let next = lab.alpha().release();
    lab.until_registered(&[&next.matching_id]);
    assert_eq!([&lab.alternative, &lab.root].map(|site| lab.events(site).len()), [2, 2]);
}

#[test]
fn an_alternative_that_is_killed_before_it_hears_from_the_root_leaves_nothing_behind() {
    let lab = Lab::with(Plan { patience: 2, ..Plan::default() });
    let [root, alternative] = [&lab.root, &lab.alternative].map(|site| lab.start(site));
    lab.root.peers.lose_answers(true);
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(lab.es12(&lab.alternative, &REGISTER).status.code(), Some(1)));
        // The Root has it; the Alternative does not know.
        lab.until_events(&lab.root, "has the event", |events| events.iter().any(is_registered));
        assert!(lab.events(&lab.alternative).iter().all(|event| event.is("Forwarding")));
        alternative.kill();
    });
    lab.root.peers.lose_answers(false);
    nothing_is_left_behind(&lab);
    root.stop();
}

#[test]
fn an_alternative_that_is_killed_while_the_root_stands_still_leaves_nothing_behind() {
    let lab = Lab::with(Plan { patience: 2, ..Plan::default() });
    let [root, alternative] = [&lab.root, &lab.alternative].map(|site| lab.start(site));
    root.pause();
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(lab.es12(&lab.alternative, &REGISTER).status.code(), Some(1)));
        let under_way = |events: &[Event]| events.iter().any(|event| event.is("Forwarding"));
        lab.until_events(&lab.alternative, "is registering the event", under_way);
        alternative.kill();
    });
    root.resume();
    nothing_is_left_behind(&lab);
    root.stop();
}

#[test]
fn a_registration_that_the_root_does_not_answer_in_time_is_refused_and_leaves_nothing_behind() {
    let lab = Lab::with(Plan { patience: 1, ..Plan::default() });
    let [_root, _alternative] = [&lab.root, &lab.alternative].map(|site| lab.start(site));
    lab.root.peers.lose_answers(true);
    assert_eq!(lab.es12_refused(&lab.alternative, &REGISTER), "8.9/5.1");
    lab.until_events(&lab.alternative, "has forgotten it", <[Event]>::is_empty);
    lab.root.peers.lose_answers(false);
    lab.root.peers.cut();
    nothing_is_left_at_the_root_and_the_event_id_is_free(&lab);
}

/// After a new start of the Alternative.
fn nothing_is_left_behind(lab: &Lab) {
    let _alternative = lab.start(&lab.alternative);
    lab.until_events(&lab.alternative, "has forgotten it", <[Event]>::is_empty);
    nothing_is_left_at_the_root_and_the_event_id_is_free(lab);
}

fn nothing_is_left_at_the_root_and_the_event_id_is_free(lab: &Lab) {
    lab.until_events(&lab.root, "has forgotten it", |events| !events.iter().any(is_registered));
    lab.es12_ok(&lab.alternative, &REGISTER);
    for site in [&lab.alternative, &lab.root] {
        assert_eq!(lab.events(site).iter().filter(|event| is_registered(event)).count(), 1);
    }
}

fn is_registered(event: &Event) -> bool {
    event.is("Registered")
}
