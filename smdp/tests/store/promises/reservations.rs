//! Reservations: no profile for two, and the call remembered with it.

use std::collections::HashSet;
use std::sync::Arc;

use smdp::domain::{EarlierCall, NewProfile, Order, ProfileState};
use smdp::store::{HappeningFilter, Reservation, Store, StoreError, Wanted};

use super::{NOW, any_of_the_type, call_key, everything, profile_of, reservation, stock};
use crate::common::euicc::eid;
use crate::common::orders::{OPERATOR, iccid, profile};

fn answer(order: &Order) -> String {
    format!("\"{}\"", order.iccid)
}

pub async fn a_profile_is_reserved_by_its_iccid<S: Store>(store: Arc<S>) {
    stock(&*store, vec![profile(1), profile(2)]).await;
    let allocated = store.reserve_profile(reservation(Wanted::Iccid(iccid(2)))).await.unwrap().unwrap();
    assert_eq!((allocated.iccid, allocated.state, allocated.eid), (iccid(2), ProfileState::Allocated, None));
    assert_eq!((allocated.operator.as_deref(), allocated.created), (Some(OPERATOR), NOW));
    let for_eid = Reservation { eid: Some(eid(5)), ..reservation(Wanted::Iccid(iccid(1))) };
    let linked = store.reserve_profile(for_eid).await.unwrap().unwrap();
    assert_eq!((linked.state, linked.eid), (ProfileState::Linked, Some(eid(5))));
    assert_eq!((linked.matching_id.is_none(), linked.download_attempts), (true, 0));
    for order in [allocated, linked] {
        let back = store.order(order.id).await.unwrap().unwrap();
        assert_eq!(format!("{back:?}"), format!("{order:?}"));
        assert_eq!(store.order_of_iccid(order.iccid).await.unwrap().unwrap().id, order.id);
        let history = HappeningFilter { order: Some(order.id), ..HappeningFilter::default() };
        let history = store.happenings(history).await.unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!((history[0].what.as_str(), history[0].state), ("ES2+.DownloadOrder", order.state));
    }
    // Neither twice, nor what is not there.
    let before = everything(&*store).await;
    for number in [1, 2, 3] {
        let again = store.reserve_profile(reservation(Wanted::Iccid(iccid(number)))).await;
        assert!(again.unwrap().is_none());
    }
    assert_eq!(everything(&*store).await, before);
}

pub async fn a_profile_is_reserved_by_its_type_until_none_is_left<S: Store>(store: Arc<S>) {
    let theirs = NewProfile { operator: Some("beta".to_owned()), ..profile(1) };
    let nobodys = NewProfile { operator: None, ..profile(2) };
    let of_another_type = NewProfile { profile_type: "gold".to_owned(), ..profile(3) };
    stock(&*store, vec![theirs, nobodys, of_another_type, profile(4), profile(5)]).await;
    for number in [4, 5] {
        let order = store.reserve_profile(reservation(any_of_the_type())).await.unwrap().unwrap();
        assert_eq!(order.iccid, iccid(number));
    }
    let before = everything(&*store).await;
    let with_call = Reservation { call: Some((call_key("1"), answer)), ..reservation(any_of_the_type()) };
    assert!(store.reserve_profile(with_call).await.unwrap().is_none());
    // Nothing was done, so no call was made.
    assert_eq!(everything(&*store).await, before);
    assert_eq!(profile_of(&*store, 1).await.state, ProfileState::Available);
}

pub async fn a_call_is_remembered_with_what_it_reserved<S: Store>(store: Arc<S>) {
    stock(&*store, vec![profile(1), profile(2)]).await;
    let with_call = Reservation { call: Some((call_key("1"), answer)), ..reservation(any_of_the_type()) };
    store.reserve_profile(with_call.clone()).await.unwrap().unwrap();
    let remembered = store.earlier_call(call_key("1")).await.unwrap();
    assert_eq!(remembered, Some(EarlierCall::Same(format!("\"{}\"", iccid(1)))));
    // The same call on two nodes: the second reserves nothing.
    let before = everything(&*store).await;
    assert_eq!(store.reserve_profile(with_call).await.err(), Some(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
    assert_eq!(profile_of(&*store, 2).await.state, ProfileState::Available);
}

async fn reserve_at_once<S: Store>(store: &Arc<S>, reservations: Vec<Reservation>) -> Vec<Option<Order>> {
    let tasks: Vec<_> = reservations
        .into_iter()
        .map(|reservation| {
            let store = store.clone();
            // Whoever is told of a conflict begins again, as the functions of ES2+ do.
            tokio::spawn(async move {
                loop {
                    match store.reserve_profile(reservation.clone()).await {
                        Err(StoreError::Conflict) => {}
                        outcome => return outcome.unwrap(),
                    }
                }
            })
        })
        .collect();
    let mut orders = Vec::new();
    for task in tasks {
        orders.push(task.await.unwrap());
    }
    orders
}

pub async fn sixteen_who_reserve_of_a_type_at_once_get_sixteen_profiles<S: Store>(store: Arc<S>) {
    stock(&*store, (0..16).map(profile).collect()).await;
    let orders = reserve_at_once(&store, vec![reservation(any_of_the_type()); 16]).await;
    let iccids: HashSet<_> = orders.iter().map(|order| order.as_ref().unwrap().iccid.to_string()).collect();
    assert_eq!(iccids.len(), 16);
    assert!(store.reserve_profile(reservation(any_of_the_type())).await.unwrap().is_none());
}

pub async fn of_sixteen_who_reserve_few_profiles_at_once_as_many_get_one<S: Store>(store: Arc<S>) {
    stock(&*store, (0..5).map(profile).collect()).await;
    let orders = reserve_at_once(&store, vec![reservation(any_of_the_type()); 16]).await;
    let iccids: HashSet<_> = orders.iter().flatten().map(|order| order.iccid.to_string()).collect();
    assert_eq!((orders.iter().flatten().count(), iccids.len()), (5, 5));
    assert_eq!(store.orders(Default::default()).await.unwrap().len(), 5);
}

pub async fn of_sixteen_who_reserve_one_profile_at_once_one_gets_it<S: Store>(store: Arc<S>) {
    for round in 0..5 {
        stock(&*store, vec![profile(round)]).await;
        let wanted = reservation(Wanted::Iccid(iccid(round)));
        let orders = reserve_at_once(&store, vec![wanted; 16]).await;
        assert_eq!(orders.iter().flatten().count(), 1);
    }
    assert_eq!(store.orders(Default::default()).await.unwrap().len(), 5);
}

/// Sixteen times the same call: what it reserves is one profile, and the others stay.
pub async fn the_same_call_many_times_at_once_reserves_one_profile<S: Store>(store: Arc<S>) {
    stock(&*store, (0..20).map(profile).collect()).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            let call = Some((call_key("1"), answer as fn(&Order) -> String));
            let reservation = Reservation { call, ..reservation(any_of_the_type()) };
            tokio::spawn(async move { store.reserve_profile(reservation).await })
        })
        .collect();
    let mut reserved = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(order) => reserved += order.iter().count(),
            Err(error) => assert_eq!(error, StoreError::Conflict),
        }
    }
    assert_eq!((reserved, store.orders(Default::default()).await.unwrap().len()), (1, 1));
}
