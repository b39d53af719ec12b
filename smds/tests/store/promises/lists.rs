//! Single events, and lists of them.

use std::sync::Arc;

use smds::domain::{EventNumber, EventState, NewEvent};
use smds::store::{Ending, EventFilter, Store};

use super::{
    LEASE, NOW, add, add_at_root, add_many, all, caller, eid, event, id, later, numbers, record, to_root,
};

pub async fn an_event_is_found_by_number_and_by_caller_and_event_id<S: Store>(store: Arc<S>) {
    let number = add_at_root(&*store, to_root(1)).await;
    let found = record(&*store, number).await;
    assert_eq!(store.event_of_caller(caller(1), id("E-1")).await, Ok(Some(found)));
    // Neither by the name at the Root, nor by another's OID, nor in another case.
    for (of, name) in [(1, "R-1"), (2, "E-1"), (1, "e-1"), (1, "E-")] {
        assert_eq!(store.event_of_caller(caller(of), id(name)).await, Ok(None));
    }
    assert_eq!(store.event(EventNumber(number.0 + 1)).await, Ok(None));
    // Whatever became of it.
    store.end_event(number, Ending::Deleted, NOW).await.unwrap();
    let found = store.event_of_caller(caller(1), id("E-1")).await.unwrap().unwrap();
    assert_eq!((found.state, found.ended), (EventState::Deleted, Some(NOW)));
    let forwarding = add(&*store, to_root(2)).await;
    let found = store.event_of_caller(caller(1), id("E-2")).await.unwrap().unwrap();
    assert_eq!((found.number, found.state), (forwarding, EventState::Forwarding));
}

/// Two eUICCs, two callers, every state.
async fn some_of_each<S: Store>(store: &S) {
    for (euicc, of) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        let of = |event: NewEvent, name: &str| NewEvent {
            caller: caller(of),
            eid: eid(euicc),
            // Two callers use the same names.
            event_id: id(&format!("{name}-{euicc}")),
            forwarded_as: event.forwarded_as.map(|name| id(&format!("{name}-{euicc}-{of}"))),
            ..event
        };
        let deleted = add(store, of(event(1), "deleted")).await;
        store.end_event(deleted, Ending::Deleted, NOW).await.unwrap();
        let removed = add_at_root(store, of(to_root(2), "removed")).await;
        store.end_event(removed, Ending::Removed, NOW).await.unwrap();
        add(store, NewEvent { expires: Some(NOW), ..of(event(3), "expired") }).await;
        assert_eq!(store.sweep_events(NOW).await, Ok(1));
        add(store, of(to_root(4), "forwarding")).await;
        add(store, of(event(5), "registered")).await;
        add_at_root(store, of(to_root(6), "at-root")).await;
    }
}

pub async fn events_are_listed_as_the_filter_says<S: Store>(store: Arc<S>) {
    some_of_each(&*store).await;
    let whole = all(&*store).await;
    assert_eq!(whole.len(), 24);
    assert!(whole.is_sorted_by_key(|event| event.number));
    let eids = [None, Some(eid(1)), Some(eid(2)), Some(eid(3))];
    let callers = [None, Some(caller(1)), Some(caller(2)), Some(caller(10))];
    let names = [None, Some("registered-1"), Some("deleted-2"), Some("Registered-1"), Some("R-4-1-1")];
    let states: Vec<_> = std::iter::once(None).chain(EventState::ALL.map(Some)).collect();
    let middle = whole[11].number;
    let cuts = [
        (None, false),
        (Some(middle), false),
        (Some(EventNumber(i64::MAX)), false),
        (None, true),
        (Some(middle), true),
    ];
    let mut found = 0;
    for eid in eids {
        for caller in &callers {
            for name in names {
                for state in &states {
                    for (after, standing) in cuts {
                        let filter = EventFilter {
                            eid,
                            caller: caller.clone(),
                            event_id: name.map(id),
                            state: *state,
                            standing,
                            after,
                            limit: u32::MAX,
                        };
                        let expected: Vec<_> = whole
                            .iter()
                            .filter(|event| eid.is_none_or(|eid| event.eid == eid))
                            .filter(|event| caller.as_ref().is_none_or(|caller| event.caller == *caller))
                            .filter(|event| name.is_none_or(|name| event.event_id.as_str() == name))
                            .filter(|event| state.is_none_or(|state| event.state == state))
                            .filter(|event| !standing || event.ended.is_none())
                            .filter(|event| after.is_none_or(|after| event.number > after))
                            .cloned()
                            .collect();
                        found += expected.len();
                        assert_eq!(store.events(filter.clone()).await, Ok(expected), "{filter:?}");
                    }
                }
            }
        }
    }
    assert!(found > 300, "the filters find something: {found}");
}

pub async fn events_are_listed_page_by_page<S: Store>(store: Arc<S>) {
    let events = (0..45).map(|number| NewEvent { forward_until: later(LEASE), ..event(number) });
    let mut expected = add_many(&store, events.collect()).await;
    expected.sort();
    for limit in [1, 7, 45, 100] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let filter = EventFilter { eid: Some(eid(1)), after, limit, ..EventFilter::default() };
            let page = numbers(&store.events(filter).await.unwrap());
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last() else { break };
            after = Some(*last);
            listed.extend(page);
        }
        assert_eq!(listed, expected);
    }
    assert_eq!(store.events(EventFilter::default()).await, Ok(Vec::new()), "none is the default");
}
