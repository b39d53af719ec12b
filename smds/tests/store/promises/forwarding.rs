//! Events on their way to the Root SM-DS (SGP.22 §3.6.1.2).

use std::sync::Arc;

use smds::domain::{EventNumber, EventState, NewEvent};
use smds::store::{Ending, Store, StoreError};

use super::{
    LEASE, NOW, add, add_at_root, all, eid, errands, event, everything, is_told, later, record,
    to_be_deleted, to_root,
};

pub async fn an_event_is_registered_once_the_root_has_it<S: Store>(store: Arc<S>) {
    let number = add(&*store, to_root(1)).await;
    let other = add(&*store, to_root(2)).await;
    let before = record(&*store, number).await;
    store.event_forwarded(number).await.unwrap();
    let after = record(&*store, number).await;
    assert_eq!(after.state, EventState::Registered);
    assert_eq!(smds::domain::EventRecord { state: EventState::Forwarding, ..after }, before);
    assert_eq!(record(&*store, other).await.state, EventState::Forwarding);
    is_told(&*store, None, &[number]).await;
    assert_eq!(store.event_forwarded(number).await, Err(StoreError::Conflict));
    // Its lease means nothing any more.
    assert_eq!(store.sweep_events(later(9 * LEASE)).await, Ok(1));
    assert_eq!(record(&*store, number).await.state, EventState::Registered);
    assert_eq!(store.event(other).await, Ok(None));
}

pub async fn only_an_event_that_is_being_forwarded_becomes_registered<S: Store>(store: Arc<S>) {
    let undone = add(&*store, to_root(1)).await;
    store.undo_event(undone, NOW, None).await.unwrap();
    let deleted = add_at_root(&*store, to_root(2)).await;
    store.end_event(deleted, Ending::Deleted, NOW).await.unwrap();
    let expired = add(&*store, NewEvent { expires: Some(later(-1)), ..event(3) }).await;
    store.sweep_events(NOW).await.unwrap();
    let registered = add(&*store, event(4)).await;
    let before = everything(&*store).await;
    for number in [undone, deleted, expired, registered, EventNumber(registered.0 + 1000)] {
        assert_eq!(store.event_forwarded(number).await, Err(StoreError::Conflict));
    }
    assert_eq!(everything(&*store).await, before);
}

pub async fn an_event_is_undone_without_an_errand<S: Store>(store: Arc<S>) {
    let number = add(&*store, to_root(1)).await;
    let other = add(&*store, to_root(2)).await;
    store.undo_event(number, NOW, None).await.unwrap();
    assert_eq!(store.event(number).await, Ok(None));
    assert_eq!(record(&*store, other).await.state, EventState::Forwarding);
    assert_eq!(to_be_deleted(&*store).await, [""; 0]);
    // Both of its EventIDs are free again.
    let again = add_at_root(&*store, to_root(1)).await;
    is_told(&*store, Some("R-1"), &[again]).await;
}

pub async fn an_event_is_undone_with_an_errand_to_the_root<S: Store>(store: Arc<S>) {
    let number = add(&*store, NewEvent { eid: eid(7), ..to_root(1) }).await;
    for _ in 0..2 {
        // The second time there is nothing to undo.
        store.undo_event(number, later(5), Some(later(LEASE))).await.unwrap();
    }
    assert_eq!(all(&*store).await, []);
    assert_eq!(errands(&*store, later(4)).await, []);
    let due = errands(&*store, later(5)).await;
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].eid, due[0].event_id.as_str()), (eid(7), "R-1"));
    assert_eq!((due[0].given_up, due[0].attempts), (later(LEASE), 0));
    add(&*store, event(1)).await;
}

pub async fn an_event_that_is_registered_is_not_undone<S: Store>(store: Arc<S>) {
    let registered = add(&*store, event(1)).await;
    let at_root = add_at_root(&*store, to_root(2)).await;
    let deleted = add_at_root(&*store, to_root(3)).await;
    store.end_event(deleted, Ending::Deleted, NOW).await.unwrap();
    let before = everything(&*store).await;
    for number in [registered, at_root, deleted, EventNumber(deleted.0 + 1000)] {
        for given_up in [None, Some(later(1))] {
            store.undo_event(number, NOW, given_up).await.unwrap();
        }
    }
    assert_eq!(everything(&*store).await, before);
    assert_eq!(to_be_deleted(&*store).await, [""; 0]);
}
