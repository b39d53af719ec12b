//! Which events an eUICC is told (SGP.22 §5.8.2, §3.6.2).

use std::sync::Arc;

use smds::domain::{EventState, NewEvent};
use smds::store::{Ending, Store};

use super::{
    LEASE, NOW, add, add_at_root, asking, caller, eid, event, id, is_told, later, numbers, open, record,
    to_root, told,
};

pub async fn events_are_told_in_the_order_in_which_they_were_registered<S: Store>(store: Arc<S>) {
    let mut registered = Vec::new();
    for number in 0..25u32 {
        // Neither the names nor the callers nor the clocks of the nodes give the order.
        let mine = NewEvent {
            caller: caller(number % 3),
            event_id: id(&format!("E-{}", number * 7 % 25)),
            at: later(-i64::from(number)),
            expires: (number % 2 == 0).then(|| later(1000 - i64::from(number))),
            ..event(number)
        };
        let mine = NewEvent { forwarded_as: (number % 5 == 0).then(|| id(&format!("R-{number}"))), ..mine };
        let forwarded = mine.forwarded_as.is_some();
        registered.push(add(&*store, mine).await);
        add(&*store, NewEvent { eid: eid(2), ..event(1000 + number) }).await;
        if forwarded {
            store.event_forwarded(registered[number as usize]).await.unwrap();
        }
    }
    let events = told(&*store, asking(eid(1), None, NOW)).await;
    assert_eq!(numbers(&events), registered);
    for event in events {
        assert_eq!(event, record(&*store, event.number).await);
    }
}

pub async fn an_euicc_is_told_its_own_events_only<S: Store>(store: Arc<S>) {
    let mine = add(&*store, event(1)).await;
    let theirs = add(&*store, NewEvent { eid: eid(2), ..event(2) }).await;
    for (number, expected) in [(1, vec![mine]), (2, vec![theirs]), (3, vec![])] {
        let events = told(&*store, asking(eid(number), None, NOW)).await;
        assert_eq!(numbers(&events), expected);
    }
}

pub async fn events_are_told_once_in_a_session<S: Store>(store: Arc<S>) {
    let number = add(&*store, event(1)).await;
    for event_id in [None, Some("E-1"), Some("E-2")] {
        let session = open(&*store).await;
        let asking = asking(eid(1), event_id, NOW);
        assert!(store.retrieve_events(session.clone(), asking.clone()).await.unwrap().is_some());
        assert_eq!(store.retrieve_events(session, asking).await, Ok(None));
    }
    // In the next session it is told again, until it is deleted.
    is_told(&*store, None, &[number]).await;
    is_told(&*store, None, &[number]).await;
}

pub async fn an_event_is_told_until_it_expires<S: Store>(store: Arc<S>) {
    let until = |millis, event: NewEvent| NewEvent { expires: Some(later(millis)), ..event };
    let short = add(&*store, until(10, event(1))).await;
    let long = add_at_root(&*store, until(20, to_root(2))).await;
    let forwarding = add(&*store, until(10, to_root(3))).await;
    let for_ever = add(&*store, event(4)).await;
    let cases = [
        (0, None, vec![short, long, for_ever]),
        (9, None, vec![short, long, for_ever]),
        (10, None, vec![long, for_ever]),
        (20, None, vec![for_ever]),
        (i64::from(u32::MAX), None, vec![for_ever]),
        (9, Some("E-1"), vec![short]),
        (10, Some("E-1"), vec![]),
        (19, Some("R-2"), vec![long]),
        (20, Some("R-2"), vec![]),
        (20, Some("E-2"), vec![]),
        (9, Some("R-3"), vec![forwarding]),
        (10, Some("R-3"), vec![]),
        (20, Some("E-4"), vec![for_ever]),
    ];
    for (millis, event_id, expected) in cases {
        let events = told(&*store, asking(eid(1), event_id, later(millis))).await;
        assert_eq!(numbers(&events), expected, "{millis} {event_id:?}");
    }
    // Nobody has swept it: it is only not told.
    assert_eq!(record(&*store, short).await.state, EventState::Registered);
}

/// Whoever knows EventID2 has it from the Root SM-DS.
pub async fn an_event_that_is_being_forwarded_is_told_by_its_event_id_2_only<S: Store>(store: Arc<S>) {
    let number = add(&*store, to_root(1)).await;
    is_told(&*store, None, &[]).await;
    is_told(&*store, Some("E-1"), &[]).await;
    is_told(&*store, Some("R-1"), &[number]).await;
    // Also when its registration takes longer than it may: nobody has undone it.
    let events = told(&*store, asking(eid(1), Some("R-1"), later(2 * LEASE))).await;
    assert_eq!(numbers(&events), [number]);
    store.undo_event(number, NOW, Some(NOW)).await.unwrap();
    is_told(&*store, Some("R-1"), &[]).await;
}

pub async fn a_forwarded_event_is_found_by_either_event_id<S: Store>(store: Arc<S>) {
    let forwarded = add_at_root(&*store, to_root(1)).await;
    let other = add(&*store, event(2)).await;
    for (event_id, expected) in [
        (None, vec![forwarded, other]),
        (Some("E-1"), vec![forwarded]),
        (Some("R-1"), vec![forwarded]),
        (Some("E-2"), vec![other]),
        (Some("R-2"), vec![]),
    ] {
        is_told(&*store, event_id, &expected).await;
    }
    let events = told(&*store, asking(eid(1), Some("R-1"), NOW)).await;
    assert_eq!((events[0].event_id.as_str(), &events[0].forwarded_as), ("E-1", &Some(id("R-1"))));
}

pub async fn an_event_that_has_ended_is_never_told<S: Store>(store: Arc<S>) {
    let expiring = NewEvent { expires: Some(later(-1)), ..to_root(3) };
    let ended = [
        add_at_root(&*store, to_root(1)).await,
        add_at_root(&*store, to_root(2)).await,
        add_at_root(&*store, expiring).await,
    ];
    let left = add_at_root(&*store, to_root(4)).await;
    assert_eq!(store.end_event(ended[0], Ending::Deleted, NOW).await, Ok(true));
    assert_eq!(store.end_event(ended[1], Ending::Removed, NOW).await, Ok(true));
    assert_eq!(store.sweep_events(NOW).await, Ok(1));
    let states = [EventState::Deleted, EventState::Removed, EventState::Expired];
    for (number, state) in ended.into_iter().zip(states) {
        assert_eq!(record(&*store, number).await.state, state);
    }
    // Not even when clocks go wrong.
    for now in [later(-10), NOW, later(10)] {
        let events = told(&*store, asking(eid(1), None, now)).await;
        assert_eq!(numbers(&events), [left]);
        for number in 1..=3 {
            for event_id in [format!("E-{number}"), format!("R-{number}")] {
                assert_eq!(told(&*store, asking(eid(1), Some(&event_id), now)).await, []);
            }
        }
    }
}

pub async fn the_event_id_of_another_euicc_is_not_found<S: Store>(store: Arc<S>) {
    let plain = add(&*store, event(1)).await;
    let forwarding = add(&*store, to_root(2)).await;
    let forwarded = add_at_root(&*store, to_root(3)).await;
    for (event_id, number) in [("E-1", plain), ("R-2", forwarding), ("E-3", forwarded), ("R-3", forwarded)] {
        assert_eq!(told(&*store, asking(eid(2), Some(event_id), NOW)).await, []);
        is_told(&*store, Some(event_id), &[number]).await;
    }
}

/// Callers choose EventIDs without knowing of each other.
pub async fn an_event_id_finds_the_events_of_every_caller<S: Store>(store: Arc<S>) {
    let of = |number| NewEvent { caller: caller(number), ..event(1) };
    let first = add(&*store, of(2)).await;
    let second = add(&*store, of(1)).await;
    // One caller's EventID1 is what is known of another's event at the Root.
    let third = NewEvent { forwarded_as: Some(id("E-1")), ..event(9) };
    let third = add_at_root(&*store, third).await;
    is_told(&*store, Some("E-1"), &[first, second, third]).await;
}

pub async fn an_event_id_is_compared_letter_by_letter<S: Store>(store: Arc<S>) {
    let named = |number, name: &str| NewEvent { event_id: id(name), ..event(number) };
    let names = ["Ab_1", "ab_1", "Ab%1", "O'Brien; --", "ünïcode ✓", &"x".repeat(255), "100", "1e2", " "];
    let mut registered = Vec::new();
    for (number, name) in (0..).zip(names) {
        registered.push(add(&*store, named(number, name)).await);
    }
    for (name, number) in names.into_iter().zip(registered) {
        is_told(&*store, Some(name), &[number]).await;
    }
    for unknown in ["AB_1", "Ab", "Ab_", "A%", "%", "_", "Ab_1 ", "O'Brien", "unicode ✓", "100.0", "  "] {
        is_told(&*store, Some(unknown), &[]).await;
    }
}

/// An LPA may send any text.
pub async fn what_can_be_no_event_id_finds_nothing<S: Store>(store: Arc<S>) {
    add(&*store, event(1)).await;
    for event_id in ["", "\0", "E-1\0", "E-1\n", "\u{7f}", &"x".repeat(256), &"x".repeat(100_000)] {
        let session = open(&*store).await;
        let told = store.retrieve_events(session.clone(), asking(eid(1), Some(event_id), NOW)).await;
        assert_eq!(told, Ok(Some(Vec::new())));
        assert_eq!(store.session(session).await, Ok(None));
    }
}
