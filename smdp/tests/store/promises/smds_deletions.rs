//! Events at SM-DSs whose orders end: deleted there after whatever was said of them before.

use std::sync::Arc;

use smdp::domain::{EventTry, FailureKind, Order, OrderId, ProfileState, SmdsEventStage};
use smdp::store::Store;

use super::smds_events::{
    all, change, claim, claim_one, confirmed, end, event_of, failed, note, refused, registered, release,
    released, stage_of,
};
use super::{at, bound, open, profile_of};

/// By whichever function of the store: none may forget it.
pub async fn whatever_ends_an_order_ends_its_event<S: Store>(store: Arc<S>) {
    async fn fresh<S: Store>(store: &S, id: OrderId) -> Order {
        store.order(id).await.unwrap().unwrap()
    }
    for number in 1..=9 {
        let id = registered(&*store, number).await;
        let mut order = fresh(&*store, id).await;
        order.state = ProfileState::Error;
        let session = || open(&*store, u8::try_from(number).unwrap());
        match number {
            1 => store.change_order(order, None).await.unwrap(),
            2 => store.reset_order(order).await.unwrap(),
            3 => store.record_refused_attempt(order).await.unwrap(),
            4 => store.record_confirmation_code_try(order).await.unwrap(),
            5 => store.end_session(session().await, Some(order)).await.unwrap(),
            6 => {
                order.state = ProfileState::Installed;
                let notification = super::notification(1);
                assert!(store.accept_notification(notification, None, Some(order)).await.unwrap());
            }
            7 => {
                order.state = ProfileState::Available;
                store.close_order(order, None).await.unwrap();
            }
            8 => store.delete_order(order).await.unwrap(),
            _ => store.delete_profile(profile_of(&*store, number).await.id).await.unwrap(),
        }
        let event = event_of(&*store, id).await;
        assert_eq!(event.stage, SmdsEventStage::Deleting, "{number}");
        let claimed = claim_one(&*store, 1000, 2000).await;
        assert_eq!((claimed.id, claimed.stage), (event.id, SmdsEventStage::Deleting));
        note(&*store, &claimed, EventTry::Done, 1001).await;
        let event = event_of(&*store, id).await;
        assert_eq!((event.stage, event.due), (SmdsEventStage::Deleted, None));
    }
    // What only goes on ends nothing.
    let id = registered(&*store, 10).await;
    let order = fresh(&*store, id).await;
    store.offer(order, open(&*store, 10).await).await.unwrap();
    let order = Order { state: ProfileState::Downloaded, ..fresh(&*store, id).await };
    store.hand_out(order, open(&*store, 11).await, bound(1)).await.unwrap();
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Registered);
    // An order that is not its eUICC's any more is not found by it.
    change(&*store, id, |order| order.eid = None).await;
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Deleting);
}

pub async fn an_event_that_no_smds_can_know_is_dropped_with_its_order<S: Store>(store: Arc<S>) {
    // Nobody has tried yet.
    let id = released(&*store, 1).await;
    end(&*store, id).await;
    // Tried, and surely not executed.
    let id = released(&*store, 2).await;
    let claimed = claim_one(&*store, 10, 50).await;
    note(&*store, &claimed, failed(FailureKind::NotReached, 60), 20).await;
    end(&*store, id).await;
    assert!(all(&*store).await.is_empty());
    // Ended while it was tried, and surely not executed.
    let id = released(&*store, 3).await;
    let claimed = claim_one(&*store, 10, 50).await;
    end(&*store, id).await;
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Deleting);
    note(&*store, &claimed, failed(FailureKind::NotReached, 60), 20).await;
    assert!(all(&*store).await.is_empty());
}

pub async fn a_deletion_waits_for_the_registration_that_is_under_way<S: Store>(store: Arc<S>) {
    // It comes back with whatever: the deletion is due at once.
    for (number, outcome) in
        [(1, EventTry::Done), (2, failed(FailureKind::NoAnswer, 500)), (3, failed(refused("1.2/4.2"), 500))]
    {
        let id = released(&*store, number).await;
        let claimed = claim_one(&*store, 11, 100).await;
        end(&*store, id).await;
        assert!(claim(&*store, 99, 200).await.is_empty());
        note(&*store, &claimed, outcome, 40).await;
        let event = event_of(&*store, id).await;
        assert_eq!((event.stage, event.due, event.known), (SmdsEventStage::Deleting, Some(at(40)), true));
        let claimed = claim_one(&*store, 40, 50).await;
        note(&*store, &claimed, EventTry::Done, 41).await;
    }
    // It does not come back: the lease ends.
    let id = released(&*store, 4).await;
    let lost = claim_one(&*store, 11, 100).await;
    end(&*store, id).await;
    let claimed = claim_one(&*store, 100, 200).await;
    assert_eq!((claimed.stage, claimed.attempts), (SmdsEventStage::Deleting, 2));
    // It comes back after all, without having done anything.
    note(&*store, &lost, failed(FailureKind::NotReached, 500), 110).await;
    note(&*store, &claimed, EventTry::Done, 120).await;
    assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Deleted);
}

pub async fn a_registration_that_comes_after_the_deletion_is_deleted_once_more<S: Store>(store: Arc<S>) {
    for (number, deleted_before) in [(1, true), (2, false)] {
        let id = released(&*store, number).await;
        let lost = claim_one(&*store, 11, 100).await;
        end(&*store, id).await;
        let deletion = claim_one(&*store, 100, 200).await;
        if deleted_before {
            note(&*store, &deletion, EventTry::Done, 120).await;
        }
        note(&*store, &lost, EventTry::Done, 130).await;
        // Who is deleting just now does it too early.
        note(&*store, &deletion, EventTry::Done, 140).await;
        assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Deleting);
        let again = claim_one(&*store, 200, 300).await;
        assert_eq!(again.order, id);
        note(&*store, &again, EventTry::Done, 210).await;
        assert_eq!(stage_of(&*store, id).await, SmdsEventStage::Deleted);
    }
}

pub async fn a_deletion_that_fails_is_due_again_or_given_up<S: Store>(store: Arc<S>) {
    let id = registered(&*store, 1).await;
    end(&*store, id).await;
    let claimed = claim_one(&*store, 30, 100).await;
    note(&*store, &claimed, failed(FailureKind::NotReached, 60), 40).await;
    let event = event_of(&*store, id).await;
    assert_eq!((event.stage, event.due, event.forgotten), (SmdsEventStage::Deleting, Some(at(60)), false));
    // It is given up so long after the first try, not after an order that ended while nobody was there to try.
    assert_eq!(event.changed, at(30));
    let claimed = claim_one(&*store, 60, 100).await;
    note(&*store, &claimed, failed(FailureKind::NoAnswer, None), 70).await;
    let event = event_of(&*store, id).await;
    assert_eq!((event.stage, event.due, event.forgotten), (SmdsEventStage::GivenUp, None, true));
    assert_eq!((event.changed, event.failure.is_some()), (at(70), true));
}

/// SGP.22 §5.6.3: nothing is downloaded after it, so nobody needs to find it.
pub async fn an_event_ends_with_the_time_of_its_order<S: Store>(store: Arc<S>) {
    let expiring = |number| {
        let store = store.clone();
        async move {
            let order = confirmed(&*store, number).await;
            change(&*store, order.id, |order| order.expires = Some(at(1000))).await;
            release(&*store, order.id).await;
            order.id
        }
    };
    // Registered.
    let id = expiring(1).await;
    let claimed = claim_one(&*store, 11, 100).await;
    note(&*store, &claimed, EventTry::Done, 12).await;
    assert_eq!(event_of(&*store, id).await.due, Some(at(1000)));
    assert!(claim(&*store, 999, 2000).await.is_empty());
    let claimed = claim_one(&*store, 1000, 2000).await;
    assert_eq!((claimed.order, claimed.stage), (id, SmdsEventStage::Deleting));
    note(&*store, &claimed, EventTry::Done, 1001).await;
    // Never reached; and perhaps known.
    let (unknown, known) = (expiring(2).await, expiring(3).await);
    let claimed = claim(&*store, 11, 100).await;
    note(&*store, &claimed[0], failed(FailureKind::NotReached, 50), 12).await;
    note(&*store, &claimed[1], failed(FailureKind::NoAnswer, 50), 12).await;
    let claimed = claim_one(&*store, 1000, 2000).await;
    assert_eq!((claimed.order, claimed.stage), (known, SmdsEventStage::Deleting));
    assert!(all(&*store).await.iter().all(|event| event.order != unknown));
    // The order itself is as it was, and does not get it back when it is touched.
    note(&*store, &claimed, failed(FailureKind::NotReached, 3000), 1001).await;
    change(&*store, known, |order| order.download_attempts += 1).await;
    assert_eq!(stage_of(&*store, known).await, SmdsEventStage::Deleting);
    assert_eq!(store.order(known).await.unwrap().unwrap().state, ProfileState::Released);
}
