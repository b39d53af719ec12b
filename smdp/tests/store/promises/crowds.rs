//! Many at once.

use std::sync::Arc;

use smdp::domain::{NewOrder, NewProfile, Order};
use smdp::store::{OrderFilter, Store, StoreError};

use super::{NOW, add};
use crate::common::orders::{iccid, matching_id, order, package, profile};

pub async fn many_requests_at_once_are_all_answered<S: Store>(store: Arc<S>) {
    const MANY: u32 = 600;
    let tasks: Vec<_> = (0..MANY)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.add_orders(NOW, vec![order(number)]).await })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.extend(task.await.unwrap().unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), MANY as usize);
    let orders = store.orders(OrderFilter::default()).await.unwrap();
    assert_eq!(orders.len(), MANY as usize);
    for order in orders {
        // Each package with its own order.
        let number: u32 = order.matching_id.unwrap().as_str().trim_start_matches("ORDER-").parse().unwrap();
        if number.is_multiple_of(50) {
            assert_eq!(*store.package(order.profile).await.unwrap().0, package(number));
        }
    }
}

pub async fn a_request_that_fails_undoes_no_other<S: Store>(store: Arc<S>) {
    add(&*store, 1000).await;
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let store = store.clone();
            // Every third list begins well and ends with an ICCID that is taken.
            let fails = number % 3 == 0;
            let mut orders = vec![order(number)];
            if fails {
                orders.push(NewOrder {
                    profile: NewProfile { iccid: iccid(1000), ..profile(2000 + number) },
                    ..order(2000 + number)
                });
            }
            tokio::spawn(async move { (number, fails, store.add_orders(NOW, orders).await) })
        })
        .collect();
    for task in tasks {
        let (number, fails, outcome) = task.await.unwrap();
        assert_eq!(outcome.is_err(), fails, "{outcome:?}");
        let found = store.order_of_matching_id(matching_id(number)).await.unwrap();
        assert_eq!(found.is_none(), fails);
    }
}

pub async fn of_many_changes_to_one_version_one_wins<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let tasks: Vec<_> = (1..=50)
        .map(|attempts| {
            let (store, order) = (store.clone(), order.clone());
            tokio::spawn(async move {
                let order = Order { download_attempts: attempts, ..order };
                (attempts, store.record_refused_attempt(order).await)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (attempts, Ok(())) => winners.push(attempts),
            (_, Err(error)) => assert_eq!(error, StoreError::Conflict),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(store.order(order.id).await.unwrap().unwrap().download_attempts, winners[0]);
}
