//! How events end (SGP.22 §5.9.2, §3.6.3).

use std::sync::Arc;

use smds::domain::{EventNumber, EventRecord, EventState, NewEvent};
use smds::store::{Ending, Store};

use super::{NOW, add, add_at_root, eid, errands, event, everything, later, record, to_be_deleted, to_root};

/// Ends an event, and looks at what is left of it.
async fn ends<S: Store>(store: &S, number: EventNumber, ending: Ending, state: EventState) {
    let before = record(store, number).await;
    assert_eq!(store.end_event(number, ending, later(3)).await, Ok(true));
    let after = record(store, number).await;
    assert_eq!(after, EventRecord { state, ended: Some(later(3)), ..before });
}

pub async fn a_deleted_event_leaves_no_errand<S: Store>(store: Arc<S>) {
    let plain = add(&*store, event(1)).await;
    let at_root = add_at_root(&*store, to_root(2)).await;
    let other = add_at_root(&*store, to_root(3)).await;
    for number in [plain, at_root] {
        ends(&*store, number, Ending::Deleted, EventState::Deleted).await;
    }
    // The Root SM-DS was told before.
    assert_eq!(to_be_deleted(&*store).await, [""; 0]);
    assert_eq!(record(&*store, other).await.state, EventState::Registered);
}

pub async fn a_removed_event_is_deleted_at_the_root_if_it_is_there<S: Store>(store: Arc<S>) {
    let plain = add(&*store, event(1)).await;
    let at_root = add_at_root(&*store, NewEvent { eid: eid(4), ..to_root(2) }).await;
    for number in [plain, at_root] {
        ends(&*store, number, Ending::Removed, EventState::Removed).await;
    }
    assert_eq!(errands(&*store, later(2)).await, []);
    let due = errands(&*store, later(3)).await;
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].eid, due[0].event_id.as_str(), due[0].attempts), (eid(4), "R-2", 0));
    // No registration is under way there.
    assert_eq!(due[0].given_up, later(3));
}

pub async fn an_event_ends_once<S: Store>(store: Arc<S>) {
    for (number, first) in [(1, Ending::Deleted), (2, Ending::Removed)] {
        let event = add_at_root(&*store, to_root(number)).await;
        ends(&*store, event, first, first.state()).await;
        let (before, errands) = (everything(&*store).await, to_be_deleted(&*store).await);
        for again in [Ending::Deleted, Ending::Removed] {
            assert_eq!(store.end_event(event, again, later(9)).await, Ok(false));
        }
        assert_eq!(store.sweep_events(later(i64::from(u32::MAX))).await, Ok(0));
        assert_eq!(everything(&*store).await, before);
        assert_eq!(to_be_deleted(&*store).await, errands);
    }
    assert_eq!(to_be_deleted(&*store).await, ["R-2"]);
}

pub async fn only_a_registered_event_ends<S: Store>(store: Arc<S>) {
    let expired = add_at_root(&*store, NewEvent { expires: Some(later(-1)), ..to_root(1) }).await;
    assert_eq!(store.sweep_events(NOW).await, Ok(1));
    let forwarding = add(&*store, to_root(2)).await;
    let (before, errands) = (everything(&*store).await, to_be_deleted(&*store).await);
    for number in [expired, forwarding, EventNumber(forwarding.0 + 1000)] {
        for ending in [Ending::Deleted, Ending::Removed] {
            assert_eq!(store.end_event(number, ending, later(9)).await, Ok(false));
        }
    }
    assert_eq!(everything(&*store).await, before);
    assert_eq!(to_be_deleted(&*store).await, errands);
}
