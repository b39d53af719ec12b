//! Registering events (SGP.22 §5.9.1, §3.6.1).

use std::sync::Arc;

use protocol::clock::Timestamp;
use smds::domain::{EventRecord, EventState, NewEvent};
use smds::store::{Ending, Registration, Store, StoreError};

use super::{
    LEASE, NOW, add, add_at_root, add_many, all, caller, eid, errands, event, everything, id, later, record,
    to_be_deleted, to_root,
};

pub async fn an_event_comes_back_as_it_was_registered<S: Store>(store: Arc<S>) {
    let cases = [
        event(1),
        NewEvent { expires: Some(later(5)), at: later(-7), ..event(2) },
        to_root(3),
        NewEvent { expires: Some(later(5)), ..to_root(4) },
        NewEvent { event_id: id(&"ü".repeat(127)), forwarded_as: Some(id(&"✓".repeat(85))), ..event(5) },
        NewEvent { caller: certs::oid::parse("1.3.6.1.4.1.4294967295.0.1").unwrap(), ..event(6) },
        NewEvent { rsp_server_address: "SMDP.Example.com:8443".parse().unwrap(), eid: eid(6), ..event(7) },
        NewEvent { at: Timestamp::from_unix_millis(0), ..event(8) },
    ];
    let mut expected = Vec::new();
    for new in cases {
        let number = add(&*store, new.clone()).await;
        let forwarding = new.forwarded_as.is_some();
        expected.push(EventRecord {
            number,
            caller: new.caller,
            eid: new.eid,
            event_id: new.event_id,
            rsp_server_address: new.rsp_server_address,
            forwarded_as: new.forwarded_as,
            state: if forwarding { EventState::Forwarding } else { EventState::Registered },
            registered: new.at,
            expires: new.expires,
            ended: None,
        });
    }
    assert_eq!(all(&*store).await, expected);
    // Addresses are the same whatever their case; they come back as they were given.
    assert_eq!(expected[6].rsp_server_address.as_str(), "SMDP.Example.com:8443");
    for event in expected {
        let found = store.event(event.number).await.unwrap().unwrap();
        assert_eq!(found.rsp_server_address.as_str(), event.rsp_server_address.as_str());
        assert_eq!(found, event);
    }
}

pub async fn an_event_id_that_was_registered_is_never_taken_again<S: Store>(store: Arc<S>) {
    let expiring = NewEvent { expires: Some(later(-1)), ..event(5) };
    let [_, deleted, removed, forwarded, _] = [
        add(&*store, event(1)).await,
        add(&*store, event(2)).await,
        add_at_root(&*store, to_root(3)).await,
        add_at_root(&*store, to_root(4)).await,
        add(&*store, expiring).await,
    ];
    assert_eq!(store.end_event(deleted, Ending::Deleted, NOW).await, Ok(true));
    assert_eq!(store.end_event(removed, Ending::Removed, NOW).await, Ok(true));
    assert_eq!(store.end_event(forwarded, Ending::Deleted, NOW).await, Ok(true));
    assert_eq!(store.sweep_events(NOW).await, Ok(1));
    let before = everything(&*store).await;
    for number in 1..=5 {
        let again = [event(number), to_root(90 + number), NewEvent { eid: eid(2), ..event(number) }];
        for again in again {
            let again = NewEvent { event_id: id(&format!("E-{number}")), at: later(9 * LEASE), ..again };
            assert_eq!(store.register_event(again).await, Ok(Registration::InUse));
        }
    }
    assert_eq!(everything(&*store).await, before);
}

pub async fn the_same_event_id_of_two_callers_is_two_events<S: Store>(store: Arc<S>) {
    let of = |number| NewEvent { caller: caller(number), ..event(1) };
    // One OID begins like the other.
    let numbers = [add(&*store, of(1)).await, add(&*store, of(10)).await];
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(store.end_event(numbers[0], Ending::Deleted, NOW).await, Ok(true));
    for (of, state) in [(0, EventState::Deleted), (1, EventState::Registered)] {
        assert_eq!(record(&*store, numbers[of]).await.state, state);
    }
    assert_eq!(store.register_event(of(10)).await, Ok(Registration::InUse));
}

pub async fn an_event_id_is_under_way_while_its_registration_is_forwarded<S: Store>(store: Arc<S>) {
    let number = add(&*store, to_root(1)).await;
    let before = everything(&*store).await;
    for at in [later(-1), NOW, later(LEASE - 1)] {
        for again in [event(1), NewEvent { forwarded_as: Some(id("R-2")), ..event(1) }] {
            let again = NewEvent { at, forward_until: later(3 * LEASE), ..again };
            assert_eq!(store.register_event(again).await, Ok(Registration::UnderWay));
        }
    }
    assert_eq!(everything(&*store).await, before);
    // Whoever asked has neither ended the lease nor made it longer.
    store.event_forwarded(number).await.unwrap();
    assert_eq!(store.register_event(event(1)).await, Ok(Registration::InUse));
}

pub async fn what_nobody_works_on_any_more_makes_way_for_a_new_registration<S: Store>(store: Arc<S>) {
    let old = add(&*store, NewEvent { eid: eid(2), ..to_root(1) }).await;
    let again = NewEvent { forwarded_as: Some(id("R-2")), at: later(LEASE), ..event(1) };
    let again = NewEvent { forward_until: later(2 * LEASE), ..again };
    let new = add(&*store, again).await;
    assert!(new > old);
    assert_eq!(store.event(old).await, Ok(None));
    assert_eq!(store.event_forwarded(old).await, Err(StoreError::Conflict));
    let found = record(&*store, new).await;
    assert_eq!((found.state, &found.forwarded_as), (EventState::Forwarding, &Some(id("R-2"))));
    // What the Root SM-DS may have of the old one is deleted there.
    let due = errands(&*store, later(LEASE)).await;
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].eid, due[0].event_id.as_str(), due[0].attempts), (eid(2), "R-1", 0));
    assert_eq!(due[0].given_up, later(LEASE));
    // The new one has a lease of its own, and one that is not forwarded needs none.
    let third = NewEvent { at: later(2 * LEASE - 1), ..event(1) };
    assert_eq!(store.register_event(third.clone()).await, Ok(Registration::UnderWay));
    let third = add(&*store, NewEvent { at: later(2 * LEASE), ..third }).await;
    assert_eq!(record(&*store, third).await.state, EventState::Registered);
    assert_eq!(to_be_deleted(&*store).await, ["R-1", "R-2"]);
}

/// Undoing the old one, its errand and the new one are one commit.
pub async fn a_registration_that_fails_leaves_what_it_found<S: Store>(store: Arc<S>) {
    let old = add(&*store, to_root(1)).await;
    add_at_root(&*store, to_root(2)).await;
    let before = everything(&*store).await;
    // An EventID2 that is in use: this cannot be stored.
    for event in [event(1), event(3)] {
        let again = NewEvent { forwarded_as: Some(id("R-2")), at: later(LEASE), ..event };
        assert_eq!(store.register_event(again).await, Err(StoreError::Conflict));
        assert_eq!(everything(&*store).await, before);
    }
    assert_eq!(to_be_deleted(&*store).await, [""; 0]);
    store.event_forwarded(old).await.unwrap();
}

pub async fn an_event_number_is_given_once<S: Store>(store: Arc<S>) {
    let mut last = add(&*store, event(0)).await;
    for number in 1..4 {
        let next = add(&*store, to_root(number)).await;
        assert!(next > last);
        store.undo_event(next, NOW, None).await.unwrap();
        last = next;
    }
}

pub async fn many_registrations_at_once_are_all_stored<S: Store>(store: Arc<S>) {
    const MANY: u32 = 600;
    let events = (0..MANY).map(|number| NewEvent { eid: eid(number), ..event(number) });
    let mut numbers = add_many(&store, events.collect()).await;
    for (number, event) in (0..).zip(&numbers) {
        // Each number with its own event.
        let found = record(&*store, *event).await;
        assert_eq!((found.eid, found.event_id), (eid(number), id(&format!("E-{number}"))));
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), MANY as usize);
}

pub async fn a_registration_that_fails_undoes_no_other<S: Store>(store: Arc<S>) {
    add(&*store, to_root(1000)).await;
    let tasks: Vec<_> = (0..200u32)
        .map(|number| {
            let store = store.clone();
            let fails = number % 3 == 0;
            let forwarded_as = fails.then(|| id("R-1000"));
            let event = NewEvent { forwarded_as, ..event(number) };
            tokio::spawn(async move { (number, fails, store.register_event(event).await) })
        })
        .collect();
    for task in tasks {
        let (number, fails, outcome) = task.await.unwrap();
        assert_eq!(outcome.is_err(), fails, "{outcome:?}");
        let found = store.event_of_caller(caller(1), id(&format!("E-{number}"))).await.unwrap();
        assert_eq!(found.is_none(), fails);
    }
}
