//! Events at SM-DSs: written with the order, told by one node at a time, and never forgotten.

use std::collections::HashSet;
use std::sync::Arc;

use protocol::clock::Timestamp;
use smdp::domain::{
    EventFailure, EventTry, FailureKind, Happening, NewOrder, Order, OrderId, ProfileState, SmdsEvent,
    SmdsEventStage,
};
use smdp::store::{HappeningFilter, SmdsEventFilter, Store, StoreError};

use super::{NOW, at, call, call_key, everything};
use crate::common::euicc::eid;
use crate::common::orders::{matching_id, order, order_for};

const SMDS: &str = "smds.example.com";
const OTHER: &str = "other.example.com";

fn happening(millis: i64) -> Happening {
    Happening { at: at(millis), eid: None, what: "ES2+.ConfirmOrder", detail: None, report: None }
}

/// Order `number`, confirmed for an SM-DS and not released.
pub(super) async fn confirmed<S: Store>(store: &S, number: u32) -> Order {
    let id = store.add_orders(NOW, vec![order_for(number, eid(number))]).await.unwrap()[0];
    change(store, id, |order| {
        order.state = ProfileState::Confirmed;
        order.smds_address = Some(SMDS.parse().unwrap());
    })
    .await;
    store.order(id).await.unwrap().unwrap()
}

/// The same, released at 10.
pub(super) async fn released<S: Store>(store: &S, number: u32) -> OrderId {
    let order = confirmed(store, number).await;
    release(store, order.id).await;
    order.id
}

pub(super) async fn release<S: Store>(store: &S, id: OrderId) {
    change(store, id, |order| {
        order.state = ProfileState::Released;
        order.happened = vec![happening(10)];
    })
    .await;
}

pub(super) async fn change<S: Store>(store: &S, id: OrderId, change: impl FnOnce(&mut Order)) {
    let mut order = store.order(id).await.unwrap().unwrap();
    change(&mut order);
    store.change_order(order, None).await.unwrap();
}

/// Ends an order at 20.
pub(super) async fn end<S: Store>(store: &S, id: OrderId) {
    change(store, id, |order| {
        order.state = ProfileState::Error;
        order.happened = vec![happening(20)];
    })
    .await;
}

pub(super) async fn all<S: Store>(store: &S) -> Vec<SmdsEvent> {
    store.smds_events(SmdsEventFilter::default()).await.unwrap()
}

pub(super) async fn event_of<S: Store>(store: &S, id: OrderId) -> SmdsEvent {
    let filter = SmdsEventFilter { order: Some(id), ..SmdsEventFilter::default() };
    store.smds_events(filter).await.unwrap().pop().unwrap()
}

pub(super) async fn stage_of<S: Store>(store: &S, id: OrderId) -> SmdsEventStage {
    event_of(store, id).await.stage
}

pub(super) async fn claim<S: Store>(store: &S, now: i64, until: i64) -> Vec<SmdsEvent> {
    store.claim_smds_events(at(now), at(until), 10, Vec::new()).await.unwrap()
}

pub(super) async fn claim_one<S: Store>(store: &S, now: i64, until: i64) -> SmdsEvent {
    let [claimed] = claim(store, now, until).await.try_into().unwrap();
    claimed
}

pub(super) async fn note<S: Store>(store: &S, claimed: &SmdsEvent, outcome: EventTry, now: i64) {
    store.note_smds_event_try(claimed.clone(), outcome, at(now)).await.unwrap();
}

pub(super) fn failed(kind: FailureKind, next: impl Into<Option<i64>>) -> EventTry {
    let failure = EventFailure { kind, message: "why".to_owned() };
    EventTry::Failed { failure, next: next.into().map(at) }
}

pub(super) fn refused(code: &str) -> FailureKind {
    FailureKind::Refused(code.to_owned())
}

/// Registered at 12.
pub(super) async fn registered<S: Store>(store: &S, number: u32) -> OrderId {
    let id = released(store, number).await;
    let claimed = claim_one(store, 11, 100).await;
    note(store, &claimed, EventTry::Done, 12).await;
    id
}

pub async fn an_order_for_an_smds_is_released_with_its_event<S: Store>(store: Arc<S>) {
    let order = confirmed(&*store, 1).await;
    assert!(all(&*store).await.is_empty());
    release(&*store, order.id).await;
    let event = event_of(&*store, order.id).await;
    assert_eq!(
        (event.order, event.eid, event.event_id.as_str(), event.smds.as_str()),
        (order.id, eid(1), matching_id(1).as_str(), SMDS)
    );
    assert_eq!((event.stage, event.due), (SmdsEventStage::Registering, Some(at(10))));
    assert_eq!((event.attempts, event.known, event.forgotten), (0, false, false));
    // What changes of the order while it waits changes nothing of it.
    for state in [ProfileState::Downloaded, ProfileState::Released] {
        change(&*store, order.id, |order| order.state = state).await;
        assert_eq!(all(&*store).await, std::slice::from_ref(&event));
    }
    // A release that fails has no event.
    let stale = confirmed(&*store, 2).await;
    change(&*store, stale.id, |_| ()).await;
    let before = everything(&*store).await;
    let outcome = store.change_order(Order { state: ProfileState::Released, ..stale }, Some(call("1"))).await;
    assert_eq!(outcome, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
    assert_eq!(all(&*store).await.len(), 1);
}

pub async fn an_order_without_an_smds_or_without_an_eid_has_no_event<S: Store>(store: Arc<S>) {
    for (number, for_smds, eid) in [(1, false, Some(eid(1))), (2, true, None)] {
        let new = NewOrder { eid, ..order(number) };
        let id = store.add_orders(NOW, vec![new]).await.unwrap()[0];
        for state in [ProfileState::Confirmed, ProfileState::Released] {
            change(&*store, id, |order| {
                order.state = state;
                order.smds_address = for_smds.then(|| SMDS.parse().unwrap());
            })
            .await;
        }
    }
    assert!(all(&*store).await.is_empty());
}

pub async fn an_event_is_claimed_by_one_until_its_lease_is_over<S: Store>(store: Arc<S>) {
    let id = released(&*store, 1).await;
    assert!(claim(&*store, 9, 100).await.is_empty());
    let claimed = claim_one(&*store, 10, 100).await;
    // What may be known at the SM-DS: told as it was, kept as it may be.
    assert_eq!((claimed.attempts, claimed.known), (1, false));
    let kept = event_of(&*store, id).await;
    assert_eq!((kept.attempts, kept.known, kept.lease), (1, true, Some(at(100))));
    assert!(claim(&*store, 99, 200).await.is_empty());
    let again = claim_one(&*store, 100, 200).await;
    assert_eq!((again.attempts, again.known), (2, true));
    note(&*store, &again, EventTry::Done, 110).await;
    let kept = event_of(&*store, id).await;
    assert_eq!((kept.stage, kept.due, kept.lease), (SmdsEventStage::Registered, None, None));
    // The one that was taken for dead changes nothing.
    note(&*store, &claimed, failed(FailureKind::NotReached, 130), 120).await;
    assert_eq!(event_of(&*store, id).await, kept);
    assert!(claim(&*store, 1_000_000, 2_000_000).await.is_empty());
}

pub async fn events_are_claimed_by_due_and_not_of_those_that_are_left_out<S: Store>(store: Arc<S>) {
    let mut ids = Vec::new();
    for (number, smds) in [(1, SMDS), (2, OTHER), (3, SMDS)] {
        let order = confirmed(&*store, number).await;
        change(&*store, order.id, |order| order.smds_address = Some(smds.parse().unwrap())).await;
        release(&*store, order.id).await;
        ids.push(order.id);
    }
    let claim = |limit, except: &[&str]| {
        let except = except.iter().map(|smds| (*smds).to_owned()).collect();
        store.claim_smds_events(at(50), at(100), limit, except)
    };
    let orders = |claimed: Vec<SmdsEvent>| claimed.into_iter().map(|event| event.order).collect::<Vec<_>>();
    assert!(claim(0, &[]).await.unwrap().is_empty());
    assert!(claim(10, &[SMDS, OTHER]).await.unwrap().is_empty());
    assert_eq!(orders(claim(1, &[SMDS]).await.unwrap()), [ids[1]]);
    assert_eq!(orders(claim(1, &[]).await.unwrap()), [ids[0]]);
    assert_eq!(orders(claim(10, &[]).await.unwrap()), [ids[2]]);
}

pub async fn a_failed_registration_is_due_again_and_its_history_is_short<S: Store>(store: Arc<S>) {
    let id = released(&*store, 1).await;
    let kinds = [
        FailureKind::NotReached,
        FailureKind::NoAnswer,
        FailureKind::NotReached,
        refused("8.9/5.1"),
        refused("8.9/5.1"),
        FailureKind::NotAdmitted,
    ];
    let mut now = 10;
    for (number, kind) in (1..).zip(kinds) {
        let claimed = claim_one(&*store, now, now + 50).await;
        now += 60;
        note(&*store, &claimed, failed(kind.clone(), now), now - 30).await;
        let event = event_of(&*store, id).await;
        assert_eq!((event.stage, event.due), (SmdsEventStage::Registering, Some(at(now))));
        assert_eq!((event.failures, event.attempts), (number, number));
        assert_eq!(event.failure, Some(EventFailure { kind, message: "why".to_owned() }));
        // After the one that may have been executed, it may be known.
        assert_eq!(event.known, number >= 2);
    }
    let claimed = claim_one(&*store, now, now + 50).await;
    note(&*store, &claimed, EventTry::Done, now).await;
    let event = event_of(&*store, id).await;
    assert_eq!((event.stage, event.failures, event.failure), (SmdsEventStage::Registered, 0, None));
    let history = store.happenings(HappeningFilter { order: Some(id), ..HappeningFilter::default() }).await;
    let told: Vec<_> = history
        .unwrap()
        .into_iter()
        .filter(|happening| happening.what == "ES12.RegisterEvent")
        .map(|happening| happening.detail.unwrap_or_default())
        .collect();
    assert_eq!(told, ["not reached", "8.9/5.1", "not admitted", ""]);
}

pub async fn a_release_that_is_taken_back_leaves_no_trace_but_the_history<S: Store>(store: Arc<S>) {
    let before = confirmed(&*store, 1).await;
    let released = Order { state: ProfileState::Released, ..before.clone() };
    store.change_order(released, Some(call("1"))).await.unwrap();
    let back = Order { version: before.version + 1, happened: vec![happening(30)], ..before.clone() };
    store.take_back_release(back.clone(), call_key("1")).await.unwrap();
    let now = store.order(before.id).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", Order { version: before.version, ..now.clone() }), format!("{before:?}"));
    assert!(store.earlier_call(call_key("1")).await.unwrap().is_none());
    assert!(all(&*store).await.is_empty());

    // Whoever has changed the order since keeps it released, with its event and the call.
    let released = Order { state: ProfileState::Released, ..now.clone() };
    store.change_order(released, Some(call("1"))).await.unwrap();
    change(&*store, now.id, |_| ()).await;
    let snapshot = (everything(&*store).await, all(&*store).await);
    let stale = Order { version: now.version + 1, ..now };
    assert_eq!(store.take_back_release(stale, call_key("1")).await, Err(StoreError::Conflict));
    assert_eq!((everything(&*store).await, all(&*store).await), snapshot);
}

pub async fn a_release_that_is_taken_back_is_deleted_where_it_may_be_known<S: Store>(store: Arc<S>) {
    let before = confirmed(&*store, 1).await;
    release(&*store, before.id).await;
    let claimed = claim_one(&*store, 10, 100).await;
    // As ConfirmOrder takes it back: without MatchingID and SM-DS.
    let back = Order {
        version: before.version + 1,
        state: ProfileState::Linked,
        matching_id: None,
        smds_address: None,
        happened: vec![happening(30)],
        ..before
    };
    store.take_back_release(back, call_key("1")).await.unwrap();
    let event = event_of(&*store, before.id).await;
    assert_eq!((event.stage, event.due), (SmdsEventStage::Deleting, Some(at(100))));
    note(&*store, &claimed, EventTry::Done, 40).await;
    assert_eq!(event_of(&*store, before.id).await.due, Some(at(40)));
}

pub async fn an_event_is_wanted_again_only_as_long_as_it_cannot_be_deleted<S: Store>(store: Arc<S>) {
    let id = released(&*store, 1).await;
    let registration = claim_one(&*store, 10, 100).await;
    change(&*store, id, |order| order.state = ProfileState::Confirmed).await;
    release(&*store, id).await;
    // Not before the first registration is over.
    let event = event_of(&*store, id).await;
    assert_eq!((event.stage, event.due), (SmdsEventStage::Registering, Some(at(100))));
    note(&*store, &registration, EventTry::Done, 20).await;
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Registered);
    // A deletion that was surely not executed.
    change(&*store, id, |order| order.state = ProfileState::Confirmed).await;
    let deletion = claim_one(&*store, 30, 100).await;
    note(&*store, &deletion, failed(FailureKind::NotReached, 60), 40).await;
    release(&*store, id).await;
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Registering);
    // One that may have been.
    change(&*store, id, |order| order.state = ProfileState::Confirmed).await;
    claim_one(&*store, 60, 100).await;
    let order = store.order(id).await.unwrap().unwrap();
    let before = (everything(&*store).await, all(&*store).await);
    let outcome = store.change_order(Order { state: ProfileState::Released, ..order }, Some(call("1"))).await;
    assert_eq!(outcome, Err(StoreError::Taken(format!("EventID {}", matching_id(1)))));
    assert_eq!((everything(&*store).await, all(&*store).await), before);
}

pub async fn an_event_id_is_no_other_orders_even_when_its_own_is_gone<S: Store>(store: Arc<S>) {
    let id = registered(&*store, 1).await;
    store.delete_order(store.order(id).await.unwrap().unwrap()).await.unwrap();
    let other = confirmed(&*store, 2).await;
    let before = everything(&*store).await;
    let same = order(1).matching_id;
    for smds_address in [None, other.smds_address.clone()] {
        let again = Order { matching_id: same.clone(), smds_address, ..other.clone() };
        let outcome = store.change_order(again, None).await;
        assert_eq!(outcome, Err(StoreError::Taken(format!("MatchingID {}", matching_id(1)))));
    }
    let new = NewOrder { matching_id: same, ..order(3) };
    assert!(matches!(store.add_orders(NOW, vec![new]).await, Err(StoreError::Taken(_))));
    assert_eq!(everything(&*store).await, before);
    // It is known until the last; the number of its order is nobody else's.
    let event = event_of(&*store, id).await;
    assert_eq!(event.stage, SmdsEventStage::Deleting);
    assert_ne!(other.id, id);
}

pub async fn events_at_an_smds_are_listed_as_the_filter_says<S: Store>(store: Arc<S>) {
    let first = registered(&*store, 1).await;
    let second = released(&*store, 2).await;
    let events = all(&*store).await;
    let any = SmdsEventFilter::default();
    let cases = [
        (any.clone(), vec![first, second]),
        (SmdsEventFilter { order: Some(second), ..any.clone() }, vec![second]),
        (SmdsEventFilter { event_id: Some(events[0].event_id.clone()), ..any.clone() }, vec![first]),
        (SmdsEventFilter { stage: Some(SmdsEventStage::Registering), ..any.clone() }, vec![second]),
        (SmdsEventFilter { stage: Some(SmdsEventStage::Deleted), ..any.clone() }, vec![]),
        (SmdsEventFilter { after: Some(events[0].id), ..any.clone() }, vec![second]),
        (SmdsEventFilter { limit: 1, ..any }, vec![first]),
    ];
    for (filter, expected) in cases {
        let found = store.smds_events(filter.clone()).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|event| event.order).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
    let mut counts = store.counts().await.unwrap().smds_events;
    counts.sort_by_key(|(stage, _)| stage.name());
    assert_eq!(counts, [(SmdsEventStage::Registered, 1), (SmdsEventStage::Registering, 1)]);
}

pub async fn nodes_that_claim_events_at_once_get_different_ones<S: Store>(store: Arc<S>) {
    const ORDERS: u32 = 40;
    for number in 1..=ORDERS {
        released(&*store, number).await;
    }
    let mut all = HashSet::new();
    while all.len() < ORDERS as usize {
        let nodes: Vec<_> = (0..16)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    store.claim_smds_events(at(10), Timestamp::from_unix_millis(1000), 3, Vec::new()).await
                })
            })
            .collect();
        let mut claimed = 0;
        for node in nodes {
            for event in node.await.unwrap().unwrap() {
                claimed += 1;
                assert!(all.insert(event.id), "{event:?}");
                store.note_smds_event_try(event, EventTry::Done, at(20)).await.unwrap();
            }
        }
        assert!(claimed > 0);
    }
    let counts = store.counts().await.unwrap().smds_events;
    assert_eq!(counts, [(SmdsEventStage::Registered, u64::from(ORDERS))]);
}

/// An order that is removed while its event is told of stays removed, and is told of to the end.
pub async fn events_are_told_of_while_their_orders_are_removed<S: Store>(store: Arc<S>) {
    for number in 1..=20 {
        let id = released(&*store, number).await;
        let claimed = claim_one(&*store, 10, 1000).await;
        let order = store.order(id).await.unwrap().unwrap();
        let removing = tokio::spawn({
            let store = store.clone();
            async move { store.delete_order(order).await }
        });
        // Who loses begins again.
        while store.note_smds_event_try(claimed.clone(), EventTry::Done, at(20)).await
            == Err(StoreError::Conflict)
        {}
        let removed = removing.await.unwrap();
        if removed == Err(StoreError::Conflict) {
            store.delete_order(store.order(id).await.unwrap().unwrap()).await.unwrap();
        }
        let event = event_of(&*store, id).await;
        assert_eq!(event.stage, SmdsEventStage::Deleting);
        let deletion = claim_one(&*store, 1000, 2000).await;
        note(&*store, &deletion, EventTry::Done, 1001).await;
    }
}
