//! What ends by itself.

use std::sync::Arc;

use smds::domain::{EventRecord, EventState, NewEvent};
use smds::store::{Ending, Store};

use super::{
    LEASE, NOW, add, add_at_root, add_many, all, eid, errands, event, later, record, to_be_deleted, to_root,
};

pub async fn a_registration_that_nobody_works_on_any_more_is_swept<S: Store>(store: Arc<S>) {
    let lost = add(&*store, NewEvent { eid: eid(3), ..to_root(1) }).await;
    let longer = add(&*store, NewEvent { forward_until: later(LEASE + 1), ..to_root(2) }).await;
    let registered = add(&*store, event(3)).await;
    assert_eq!(store.sweep_events(later(LEASE - 1)).await, Ok(0));
    assert_eq!(all(&*store).await.len(), 3);
    assert_eq!(store.sweep_events(later(LEASE)).await, Ok(1));
    assert_eq!(store.event(lost).await, Ok(None));
    assert_eq!(record(&*store, longer).await.state, EventState::Forwarding);
    assert_eq!(record(&*store, registered).await.state, EventState::Registered);
    // The Root SM-DS may have it.
    assert_eq!(errands(&*store, later(LEASE - 1)).await, []);
    let due = errands(&*store, later(LEASE)).await;
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].eid, due[0].event_id.as_str()), (eid(3), "R-1"));
    assert_eq!((due[0].given_up, due[0].attempts), (later(LEASE), 0));
    assert_eq!(store.sweep_events(later(LEASE)).await, Ok(0));
    // Its EventID is free again.
    add(&*store, event(1)).await;
}

pub async fn an_event_whose_time_has_run_out_is_swept<S: Store>(store: Arc<S>) {
    let until = |event: NewEvent| NewEvent { expires: Some(later(10)), ..event };
    let plain = add(&*store, until(event(1))).await;
    let at_root = add_at_root(&*store, until(to_root(2))).await;
    let deleted = add_at_root(&*store, until(to_root(3))).await;
    store.end_event(deleted, Ending::Deleted, NOW).await.unwrap();
    let left = [
        add(&*store, NewEvent { expires: Some(later(11)), ..event(4) }).await,
        add(&*store, event(5)).await,
        add(&*store, until(to_root(6))).await,
        deleted,
    ];
    let before = all(&*store).await;
    assert_eq!(store.sweep_events(later(9)).await, Ok(0));
    assert_eq!(all(&*store).await, before);
    assert_eq!(store.sweep_events(later(10)).await, Ok(2));
    for number in [plain, at_root] {
        let old = before.iter().find(|event| event.number == number).unwrap().clone();
        let expected = EventRecord { state: EventState::Expired, ended: Some(later(10)), ..old };
        assert_eq!(record(&*store, number).await, expected);
    }
    for number in left {
        assert_eq!(Some(&record(&*store, number).await), before.iter().find(|event| event.number == number));
    }
    assert_eq!(errands(&*store, later(9)).await, []);
    let due = errands(&*store, later(10)).await;
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].event_id.as_str(), due[0].given_up), ("R-2", later(10)));
    assert_eq!(store.sweep_events(later(10)).await, Ok(0));
    // Once the Root has the one that was being forwarded, its time has run out, too.
    store.event_forwarded(left[2]).await.unwrap();
    assert_eq!(store.sweep_events(later(10)).await, Ok(1));
    assert_eq!(to_be_deleted(&*store).await, ["R-2", "R-6"]);
}

pub async fn what_is_swept_more_than_a_thousand_goes_in_several_turns<S: Store>(store: Arc<S>) {
    let expiring = |number| NewEvent { expires: Some(later(10)), ..event(number) };
    let events = (0..1001).map(expiring).chain((2000..3002).map(to_root));
    add_many(&store, events.collect()).await;
    for swept in [2000, 3, 0] {
        assert_eq!(store.sweep_events(later(LEASE)).await, Ok(swept));
    }
    assert!(all(&*store).await.iter().all(|event| event.state == EventState::Expired));
    assert_eq!(all(&*store).await.len(), 1001);
    assert_eq!(to_be_deleted(&*store).await.len(), 1002);
}
