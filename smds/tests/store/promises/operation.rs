//! Pruning, counting, and whether the store works.

use std::sync::Arc;

use protocol::clock::Timestamp;
use smds::domain::{EventState, NewEvent, SessionRecord};
use smds::store::{Counts, Ending, Pruned, Registration, Retention, Store};

use super::{
    LEASE, NOW, add, add_at_root, add_many, all, event, everything, later, record, session, tid,
    to_be_deleted, to_root,
};

fn sessions_before(before: Timestamp) -> Retention {
    Retention { sessions: before, ended_events: None }
}

fn ended_before(before: Timestamp) -> Retention {
    Retention { sessions: Timestamp::from_unix_millis(0), ended_events: Some(before) }
}

pub async fn old_sessions_are_pruned<S: Store>(store: Arc<S>) {
    for (number, started) in (1..).zip([later(-2), later(-1), NOW, later(1)]) {
        store.open_session(SessionRecord { started, ..session(number) }).await.unwrap();
    }
    let pruned = store.prune(sessions_before(NOW)).await;
    assert_eq!(pruned, Ok(Pruned { sessions: 2, ended_events: 0 }));
    for (number, stays) in (1..).zip([false, false, true, true]) {
        assert_eq!(store.session(tid(number)).await.unwrap().is_some(), stays);
    }
    assert_eq!(store.prune(sessions_before(NOW)).await, Ok(Pruned::default()));
}

pub async fn records_of_ended_events_are_kept_unless_they_may_go<S: Store>(store: Arc<S>) {
    let long_ago = |event: NewEvent| NewEvent { at: Timestamp::from_unix_millis(0), ..event };
    for (number, ended) in [(1, 98), (2, 99), (3, 100)] {
        let event = add_at_root(&*store, long_ago(to_root(number))).await;
        let ending = if number == 2 { Ending::Removed } else { Ending::Deleted };
        assert_eq!(store.end_event(event, ending, later(ended)).await, Ok(true));
    }
    let expired = add(&*store, NewEvent { expires: Some(later(1)), ..long_ago(event(4)) }).await;
    assert_eq!(store.sweep_events(later(50)).await, Ok(1));
    let running = [
        add(&*store, long_ago(event(5))).await,
        add(&*store, long_ago(to_root(6))).await,
        add(&*store, NewEvent { expires: Some(later(1)), ..long_ago(event(7)) }).await,
    ];
    let before = everything(&*store).await;
    assert_eq!(store.prune(sessions_before(later(1000))).await, Ok(Pruned::default()));
    assert_eq!(everything(&*store).await, before);
    assert_eq!(store.register_event(event(1)).await, Ok(Registration::InUse));

    assert_eq!(store.prune(ended_before(later(100))).await, Ok(Pruned { sessions: 0, ended_events: 3 }));
    let left: Vec<_> = all(&*store).await.into_iter().map(|event| event.event_id.to_string()).collect();
    assert_eq!(left, ["E-3", "E-5", "E-6", "E-7"]);
    assert_eq!(store.event(expired).await, Ok(None));
    for number in running {
        assert_eq!(record(&*store, number).await.ended, None);
    }
    // An errand stays until it is done; the memory of the EventIDs is gone.
    assert_eq!(to_be_deleted(&*store).await, ["R-2"]);
    assert_eq!(store.prune(ended_before(later(100))).await, Ok(Pruned::default()));
    assert_eq!(store.register_event(event(3)).await, Ok(Registration::InUse));
    add(&*store, event(1)).await;
}

pub async fn what_is_pruned_more_than_a_thousand_goes_in_several_turns<S: Store>(store: Arc<S>) {
    let expiring = |number| NewEvent { expires: Some(later(1)), ..event(number) };
    add_many(&store, (0..1004).map(expiring).collect()).await;
    while store.sweep_events(later(1)).await.unwrap() > 0 {}
    for number in 0..1003 {
        store.open_session(session(number)).await.unwrap();
    }
    let retention = Retention { sessions: later(1), ended_events: Some(later(2)) };
    for (sessions, ended_events) in [(1000, 1000), (3, 4), (0, 0)] {
        assert_eq!(store.prune(retention).await, Ok(Pruned { sessions, ended_events }));
    }
    assert_eq!(store.counts().await, Ok(Counts::default()));
}

pub async fn everything_is_counted<S: Store>(store: Arc<S>) {
    assert_eq!(store.counts().await, Ok(Counts::default()));
    for number in 1..=5 {
        add(&*store, event(number)).await;
    }
    for number in 11..=14 {
        add(&*store, to_root(number)).await;
    }
    for (number, ending) in [(21, Ending::Deleted), (22, Ending::Deleted), (23, Ending::Removed)] {
        let event = add_at_root(&*store, to_root(number)).await;
        store.end_event(event, ending, NOW).await.unwrap();
    }
    add(&*store, NewEvent { forward_until: NOW, ..to_root(31) }).await;
    add(&*store, NewEvent { expires: Some(NOW), ..event(32) }).await;
    assert_eq!(store.sweep_events(NOW).await, Ok(2));
    for number in 1..=7 {
        store.open_session(session(number)).await.unwrap();
    }
    store.end_session(tid(1)).await.unwrap();
    // That somebody has it in hand makes no difference.
    assert_eq!(store.claim_root_deletions(NOW, later(LEASE), 1).await.unwrap().len(), 1);
    let mut counts = store.counts().await.unwrap();
    counts.events.sort_by_key(|(state, _)| state.name());
    let events = vec![
        (EventState::Deleted, 2),
        (EventState::Expired, 1),
        (EventState::Forwarding, 4),
        (EventState::Registered, 5),
        (EventState::Removed, 1),
    ];
    assert_eq!(counts, Counts { events, sessions: 6, root_deletions: 2 });
}

pub async fn a_store_that_works_says_so<S: Store>(store: Arc<S>) {
    add(&*store, event(1)).await;
    let before = everything(&*store).await;
    for _ in 0..3 {
        store.check_writable().await.unwrap();
    }
    assert_eq!(everything(&*store).await, before);
}
