//! The inventory: what is listed, retired and deleted.

use std::sync::Arc;

use smdp::domain::{NewProfile, ProfileState, SessionRecord};
use smdp::store::{HappeningFilter, ProfileFilter, Store, StoreError, TypeInventory, Wanted};

use super::{
    NOW, add, any_of_the_type, at, bound, everything, happening, let_happen, open, profile_of, reservation,
    stock, tid,
};
use crate::common::orders::{iccid, order, profile};

fn of(operator: &str, profile_type: &str, number: u32) -> NewProfile {
    NewProfile {
        operator: Some(operator.to_owned()),
        profile_type: profile_type.to_owned(),
        ..profile(number)
    }
}

pub async fn profiles_are_listed_as_the_filter_says<S: Store>(store: Arc<S>) {
    let unowned = NewProfile { operator: None, ..profile(4) };
    stock(&*store, vec![of("a", "x", 1), of("a", "y", 2), of("b", "x", 3), unowned]).await;
    add(&*store, 5).await;
    let retired = profile_of(&*store, 2).await.id;
    store.retire_profile(retired, true).await.unwrap();
    let all = ProfileFilter::default();
    let text = |text: &str| Some(text.to_owned());
    let cases = [
        (all.clone(), vec![1, 2, 3, 4, 5]),
        (ProfileFilter { operator: text("a"), ..all.clone() }, vec![1, 2]),
        (ProfileFilter { profile_type: text("x"), ..all.clone() }, vec![1, 3]),
        (ProfileFilter { operator: text("b"), profile_type: text("y"), ..all.clone() }, vec![]),
        (ProfileFilter { state: Some(ProfileState::Available), ..all.clone() }, vec![1, 3, 4]),
        (ProfileFilter { state: Some(ProfileState::Released), ..all.clone() }, vec![5]),
        (ProfileFilter { state: Some(ProfileState::Unavailable), ..all.clone() }, vec![2]),
        (ProfileFilter { after: Some(retired), ..all.clone() }, vec![3, 4, 5]),
        (ProfileFilter { after: Some(retired), limit: 2, ..all }, vec![3, 4]),
    ];
    for (filter, expected) in cases {
        let found = store.profiles(filter.clone()).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|profile| profile.iccid).collect();
        assert_eq!(found, expected.into_iter().map(iccid).collect::<Vec<_>>(), "{filter:?}");
    }
}

pub async fn a_profile_type_is_known_with_its_owners<S: Store>(store: Arc<S>) {
    stock(&*store, vec![of("a", "x", 1), of("b", "y", 2), NewProfile { operator: None, ..of("", "z", 3) }])
        .await;
    // Owned is owned, whatever became of it.
    store.retire_profile(profile_of(&*store, 2).await.id, true).await.unwrap();
    for (operator, profile_type, expected) in [
        ("a", "x", TypeInventory::Owned),
        ("b", "y", TypeInventory::Owned),
        ("a", "y", TypeInventory::NotOwned),
        ("a", "z", TypeInventory::NotOwned),
        ("a", "X", TypeInventory::Unknown),
        ("", "", TypeInventory::Unknown),
    ] {
        let known = store.type_inventory(operator.to_owned(), profile_type.to_owned()).await;
        assert_eq!(known, Ok(expected), "{operator} {profile_type}");
    }
}

pub async fn a_retired_profile_is_reserved_by_nobody_until_it_is_back<S: Store>(store: Arc<S>) {
    stock(&*store, vec![profile(1)]).await;
    let id = profile_of(&*store, 1).await.id;
    store.retire_profile(id, true).await.unwrap();
    assert_eq!(profile_of(&*store, 1).await.state, ProfileState::Unavailable);
    for wanted in [Wanted::Iccid(iccid(1)), any_of_the_type()] {
        assert!(store.reserve_profile(reservation(wanted)).await.unwrap().is_none());
    }
    store.retire_profile(id, false).await.unwrap();
    assert_eq!(profile_of(&*store, 1).await.state, ProfileState::Available);
    assert!(store.reserve_profile(reservation(any_of_the_type())).await.unwrap().is_some());
    // What an order has is not retired.
    let before = everything(&*store).await;
    for retired in [true, false] {
        assert_eq!(store.retire_profile(id, retired).await, Err(StoreError::Conflict));
    }
    assert_eq!(everything(&*store).await, before);
}

pub async fn a_deleted_profile_takes_everything_of_it_along<S: Store>(store: Arc<S>) {
    let other = add(&*store, 2).await;
    let_happen(&*store, other.id, vec![happening(1, true)]).await;
    let before = everything(&*store).await;
    let (order_1, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let delivered = SessionRecord { order: Some(order_1.id), ..session };
    store.hand_out(order_1.clone(), delivered, bound(1)).await.unwrap();
    let_happen(&*store, order_1.id, vec![happening(2, true)]).await;
    let (held_order, held_session) =
        (store.order(order_1.id).await.unwrap().unwrap(), store.session(tid(1)).await.unwrap().unwrap());
    let id = profile_of(&*store, 1).await.id;
    store.delete_profile(id).await.unwrap();
    assert!(store.profile(iccid(1)).await.unwrap().is_none());
    assert!(store.order(order_1.id).await.unwrap().is_none());
    assert!(matches!(store.package(id).await, Err(StoreError::Conflict)));
    assert_eq!(store.bound(order_1.id).await.unwrap(), None);
    let happened = HappeningFilter { iccid: Some(iccid(1)), ..HappeningFilter::default() };
    assert!(store.happenings(happened).await.unwrap().is_empty());
    // A session that was for it is for nothing now, and who still has them in hand comes too late.
    let session = store.session(tid(1)).await.unwrap().unwrap();
    assert_eq!(session.order, None);
    assert_eq!(store.hand_out(held_order, held_session.clone(), bound(1)).await, Err(StoreError::Conflict));
    assert_eq!(store.end_session(held_session, None).await, Err(StoreError::Conflict));
    store.prune(super::retention(at(2_000_000))).await.unwrap();
    assert_eq!(everything(&*store).await, before);
    store.add_orders(NOW, vec![order(1)]).await.unwrap();
    // What is not there may be deleted.
    store.delete_profile(smdp::domain::ProfileId(9999)).await.unwrap();
}
