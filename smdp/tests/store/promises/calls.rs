//! Calls of ES2+ that were made before.

use std::sync::Arc;

use smdp::domain::{CallKey, EarlierCall, ExecutedCall};
use smdp::store::{Store, StoreError};

use super::{add, call, call_key, everything};

pub async fn an_executed_call_is_known_again_by_name_caller_and_content<S: Store>(store: Arc<S>) {
    assert_eq!(store.earlier_call(call_key("1")).await, Ok(None));
    let order = add(&*store, 1).await;
    store.change_order(order.clone(), Some(call("1"))).await.unwrap();
    let same = EarlierCall::Same(call("1").answer);
    assert_eq!(store.earlier_call(call_key("1")).await, Ok(Some(same.clone())));
    let with_other_content = CallKey { digest: [8; 32], ..call_key("1") };
    assert_eq!(store.earlier_call(with_other_content).await, Ok(Some(EarlierCall::Other)));
    let of_another = CallKey { requester: "beta/1.2.3".to_owned(), ..call_key("1") };
    assert_eq!(store.earlier_call(of_another.clone()).await, Ok(None));
    assert_eq!(store.earlier_call(call_key("2")).await, Ok(None));
    // Each caller has names of its own.
    let order = store.order(order.id).await.unwrap().unwrap();
    let theirs = ExecutedCall { key: of_another.clone(), answer: "2".to_owned(), at: 1 };
    store.change_order(order, Some(theirs)).await.unwrap();
    assert_eq!(store.earlier_call(of_another).await, Ok(Some(EarlierCall::Same("2".to_owned()))));
    assert_eq!(store.earlier_call(call_key("1")).await, Ok(Some(same)));
}

pub async fn a_call_that_was_made_meanwhile_is_not_made_again<S: Store>(store: Arc<S>) {
    let (one, two) = (add(&*store, 1).await, add(&*store, 2).await);
    store.change_order(one, Some(call("1"))).await.unwrap();
    let before = everything(&*store).await;
    assert_eq!(store.change_order(two, Some(call("1"))).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
}
