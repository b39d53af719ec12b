//! Orders: what comes back, how they are found, and how they change.

use std::sync::Arc;

use protocol::confirmation_code::ConfirmationCodeHash;
use smdp::domain::{Event, NewOrder, NewProfile, Order, PackageProtection, ProfileState};
use smdp::store::{OrderFilter, Store, StoreError};

use super::{NOW, add, at, bound, call, call_key, everything, let_happen, open, profile_of, tid};
use crate::common::euicc::eid;
use crate::common::orders::{default_order, iccid, matching_id, order, order_for, package, profile};

pub async fn an_order_comes_back_as_it_was_added<S: Store>(store: Arc<S>) {
    let full = NewOrder {
        confirmation_code: Some(ConfirmationCodeHash::of("4321")),
        expires: Some(at(1_795_318_860_123)),
        profile: NewProfile { protection: PackageProtection::ProfileProtectionKeys, ..profile(1) },
        ..order_for(1, eid(7))
    };
    let ids = store.add_orders(NOW, vec![full, default_order(2, eid(8)), order(3)]).await.unwrap();
    let [one, two, three] = ids[..] else { panic!("{ids:?}") };
    assert!(one < two && two < three);
    let back = store.order(one).await.unwrap().unwrap();
    assert_eq!((back.id, back.iccid), (one, iccid(1)));
    assert_eq!(back.matching_id.as_ref().unwrap().as_str(), matching_id(1));
    assert_eq!(back.eid, Some(eid(7)));
    assert_eq!(
        back.confirmation_code.as_ref().unwrap().as_bytes(),
        ConfirmationCodeHash::of("4321").as_bytes()
    );
    assert_eq!(back.expires, Some(at(1_795_318_860_123)));
    assert_eq!(back.protection, PackageProtection::ProfileProtectionKeys);
    assert_eq!(back.metadata, profile(1).metadata);
    assert_eq!(back.package_size, package(1).len());
    assert_eq!(back.state, ProfileState::Released);
    assert_eq!((back.download_attempts, back.confirmation_code_attempts), (0, 0));
    assert_eq!((back.operator.as_deref(), back.profile_type.as_str()), (Some("alpha"), "basic"));
    assert_eq!((back.created, back.smds_address), (NOW, None));
    assert!(back.happened.is_empty());
    let back = store.order(two).await.unwrap().unwrap();
    assert!(back.matching_id.is_none() && back.confirmation_code.is_none() && back.expires.is_none());
    assert_eq!(back.protection, PackageProtection::SessionKeys);
    assert_eq!(*store.package(profile_of(&*store, 3).await.id).await.unwrap().0, package(3));
    assert_eq!(
        store.orders(OrderFilter::default()).await.unwrap().iter().map(|order| order.id).collect::<Vec<_>>(),
        ids
    );
}

pub async fn orders_are_found_by_eid_and_by_matching_id<S: Store>(store: Arc<S>) {
    let orders = vec![order(1), order_for(2, eid(1)), order_for(3, eid(2)), default_order(4, eid(1))];
    let ids = store.add_orders(NOW, orders).await.unwrap();
    let of = |orders: Vec<Order>| orders.into_iter().map(|order| order.id).collect::<Vec<_>>();
    assert_eq!(of(store.orders_of_eid(eid(1)).await.unwrap()), [ids[1], ids[3]]);
    assert_eq!(of(store.orders_of_eid(eid(2)).await.unwrap()), [ids[2]]);
    assert!(store.orders_of_eid(eid(3)).await.unwrap().is_empty());
    let found = store.order_of_matching_id(matching_id(3)).await.unwrap().unwrap();
    assert_eq!(found.id, ids[2]);
    for unknown in ["", "order-3", "ORDER-3 ", "ORDER%", "ORDER-3\0"] {
        assert!(store.order_of_matching_id(unknown.to_owned()).await.unwrap().is_none(), "{unknown:?}");
    }
}

pub async fn a_taken_iccid_or_matching_id_leaves_nothing_of_the_whole_list<S: Store>(store: Arc<S>) {
    add(&*store, 1).await;
    let before = everything(&*store).await;
    let same_iccid = NewOrder { profile: NewProfile { iccid: iccid(1), ..profile(5) }, ..order(5) };
    let same_matching_id = NewOrder { matching_id: order(1).matching_id, ..order(5) };
    for (bad, named) in [(same_iccid, iccid(1).to_string()), (same_matching_id, matching_id(1))] {
        let outcome = store.add_orders(NOW, vec![order(2), order(3), bad, order(4)]).await;
        let Err(StoreError::Taken(what)) = outcome else { panic!("{outcome:?}") };
        assert!(what.contains(&named), "{what}");
        assert_eq!(everything(&*store).await, before);
    }
    // Twice within one list is twice, too.
    let outcome = store.add_orders(NOW, vec![order(2), order(2)]).await;
    assert!(matches!(outcome, Err(StoreError::Taken(_))));
    assert_eq!(everything(&*store).await, before);
    store.add_orders(NOW, vec![order(2), order(3)]).await.unwrap();
    // Any number may have none.
    store.add_orders(NOW, vec![default_order(8, eid(1)), default_order(9, eid(1))]).await.unwrap();
}

pub async fn a_change_to_an_order_comes_back_with_its_call<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let changed = Order {
        matching_id: Some("OTHER".parse().unwrap()),
        eid: Some(eid(3)),
        confirmation_code: Some(ConfirmationCodeHash::of("99")),
        smds_address: Some("smds.example.com".parse().unwrap()),
        expires: Some(at(77)),
        state: ProfileState::Confirmed,
        download_attempts: 4,
        confirmation_code_attempts: 5,
        ..order.clone()
    };
    store.change_order(changed.clone(), Some(call("1"))).await.unwrap();
    let back = store.order(order.id).await.unwrap().unwrap();
    assert_eq!(format!("{back:?}"), format!("{:?}", Order { version: back.version, ..changed.clone() }));
    assert_eq!(
        back.confirmation_code.as_ref().map(|code| *code.as_bytes()),
        changed.confirmation_code.map(|code| *code.as_bytes())
    );
    assert!(store.earlier_call(call_key("1")).await.unwrap().is_some());
    assert!(store.order_of_matching_id(matching_id(1)).await.unwrap().is_none());
    // Whoever read it before comes too late, and its call has not been made.
    let before = everything(&*store).await;
    assert_eq!(store.change_order(order, Some(call("2"))).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
}

pub async fn a_matching_id_that_an_order_has_is_taken<S: Store>(store: Arc<S>) {
    add(&*store, 1).await;
    let other = add(&*store, 2).await;
    let before = everything(&*store).await;
    let same = Order { matching_id: order(1).matching_id, ..other };
    let outcome = store.change_order(same, Some(call("1"))).await;
    assert_eq!(outcome, Err(StoreError::Taken(format!("MatchingID {}", matching_id(1)))));
    assert_eq!(everything(&*store).await, before);
}

/// Cancels an order as ES2+ does.
async fn cancel<S: Store>(store: &S, number: u32, event: Event) -> Order {
    let mut order = store.order_of_iccid(iccid(number)).await.unwrap().unwrap();
    assert!(order.enter(event));
    store.close_order(order.clone(), Some(call("3"))).await.unwrap();
    order
}

pub async fn a_cancelled_order_gives_profile_and_matching_id_back<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    store.hand_out(order.clone(), session, bound(1)).await.unwrap();
    cancel(&*store, 1, Event::CancelToAvailable).await;
    let profile = profile_of(&*store, 1).await;
    assert_eq!((profile.state, profile.order), (ProfileState::Available, None));
    assert_eq!(store.bound(order.id).await.unwrap(), None);
    assert!(store.order_of_iccid(iccid(1)).await.unwrap().is_none());
    assert!(store.order_of_matching_id(matching_id(1)).await.unwrap().is_none());
    // It is not forgotten.
    assert_eq!(store.order(order.id).await.unwrap().unwrap().state, ProfileState::Available);
    assert!(store.earlier_call(call_key("3")).await.unwrap().is_some());
    let other = add(&*store, 2).await;
    store.change_order(Order { matching_id: order.matching_id, ..other.clone() }, None).await.unwrap();
    let found = store.order_of_matching_id(matching_id(1)).await.unwrap().unwrap();
    assert_eq!(found.id, other.id);
}

pub async fn an_order_cancelled_for_good_retires_its_profile<S: Store>(store: Arc<S>) {
    add(&*store, 1).await;
    cancel(&*store, 1, Event::CancelToUnavailable).await;
    let profile = profile_of(&*store, 1).await;
    assert_eq!((profile.state, profile.order), (ProfileState::Unavailable, None));
}

pub async fn a_stale_cancellation_changes_nothing<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let_happen(&*store, order.id, Vec::new()).await;
    let before = everything(&*store).await;
    let stale = Order { state: ProfileState::Available, ..order };
    assert_eq!(store.close_order(stale, Some(call("1"))).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
}

/// SGP.22 §3.6.1: what went to an SM-DS as an EventID is never used again, with an SM-DS or without.
pub async fn a_matching_id_that_went_to_an_smds_is_never_free_again<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let smds_address = Some("smds.example.com".parse().unwrap());
    store.change_order(Order { smds_address: smds_address.clone(), ..order.clone() }, None).await.unwrap();
    cancel(&*store, 1, Event::CancelToAvailable).await;
    let other = add(&*store, 2).await;
    for smds_address in [None, smds_address] {
        let again = Order { matching_id: order.matching_id.clone(), smds_address, ..other.clone() };
        assert!(matches!(store.change_order(again, None).await, Err(StoreError::Taken(_))));
    }
}

pub async fn a_deleted_order_leaves_its_profile_available<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let delivered = super::SessionRecord { order: Some(order.id), ..session };
    store.hand_out(order.clone(), delivered, bound(1)).await.unwrap();
    let_happen(&*store, order.id, vec![super::happening(1, true)]).await;
    let before = everything(&*store).await;
    assert_eq!(store.delete_order(order.clone()).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
    let fresh = store.order(order.id).await.unwrap().unwrap();
    let old_session = store.session(tid(1)).await.unwrap().unwrap();
    store.delete_order(fresh).await.unwrap();
    assert!(store.order(order.id).await.unwrap().is_none());
    assert_eq!(store.bound(order.id).await.unwrap(), None);
    let profile = profile_of(&*store, 1).await;
    assert_eq!((profile.state, profile.order), (ProfileState::Available, None));
    // Whoever still has the session in hand reads it again, and finds no order.
    assert_eq!(store.session(tid(1)).await.unwrap().unwrap().order, None);
    assert_eq!(store.end_session(old_session, None).await, Err(StoreError::Conflict));
    add(&*store, 2).await;
}

pub async fn a_reset_order_forgets_what_was_bound<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let downloaded = Order { eid: Some(eid(1)), state: ProfileState::Downloaded, ..order };
    store.hand_out(downloaded, session, bound(1)).await.unwrap();
    let order = store.order_of_iccid(iccid(1)).await.unwrap().unwrap();
    let stale = Order { version: order.version - 1, ..order.clone() };
    assert_eq!(store.reset_order(stale).await, Err(StoreError::Conflict));
    assert!(store.bound(order.id).await.unwrap().is_some());
    let wanted = Order { eid: None, state: ProfileState::Released, download_attempts: 0, ..order.clone() };
    store.reset_order(wanted).await.unwrap();
    let back = store.order(order.id).await.unwrap().unwrap();
    assert_eq!((back.eid, back.state), (None, ProfileState::Released));
    assert_eq!(store.bound(order.id).await.unwrap(), None);
}

pub async fn orders_are_listed_as_the_filter_says<S: Store>(store: Arc<S>) {
    let theirs = NewProfile { operator: Some("beta".to_owned()), ..profile(3) };
    let orders = vec![order(1), order_for(2, eid(1)), NewOrder { profile: theirs, ..order(3) }, order(4)];
    let ids = store.add_orders(NOW, orders).await.unwrap();
    let four = store.order(ids[3]).await.unwrap().unwrap();
    store.change_order(Order { state: ProfileState::Error, ..four }, None).await.unwrap();
    let all = OrderFilter::default();
    let cases = [
        (all.clone(), vec![0, 1, 2, 3]),
        (OrderFilter { operator: Some("beta".to_owned()), ..all.clone() }, vec![2]),
        (OrderFilter { iccid: Some(iccid(2)), ..all.clone() }, vec![1]),
        (OrderFilter { eid: Some(eid(1)), ..all.clone() }, vec![1]),
        (OrderFilter { state: Some(ProfileState::Error), ..all.clone() }, vec![3]),
        (OrderFilter { state: Some(ProfileState::Linked), ..all.clone() }, vec![]),
        (OrderFilter { after: Some(ids[1]), ..all.clone() }, vec![2, 3]),
        (OrderFilter { after: Some(ids[0]), limit: 2, ..all.clone() }, vec![1, 2]),
        (OrderFilter { limit: 0, ..all }, vec![]),
    ];
    for (filter, expected) in cases {
        let found = store.orders(filter.clone()).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|order| order.id).collect();
        let expected: Vec<_> = expected.into_iter().map(|place: usize| ids[place]).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}
