//! Notifications, and what they mean for sessions and orders.

use std::sync::Arc;

use protocol::smdp_session::Stage;
use smdp::domain::{Order, ProfileState, SessionRecord};
use smdp::store::{NotificationRecord, Store, StoreError};

use super::{add, everything, notification, open, tid};
use crate::common::euicc::eid;

pub async fn a_notification_is_accepted_once_with_its_effect<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let installed = Order { state: ProfileState::Installed, ..order.clone() };
    let ended = SessionRecord { stage: Stage::Ended(None), ..session };
    assert_eq!(store.accept_notification(notification(5), Some(ended), Some(installed)).await, Ok(true));
    assert_eq!(store.order(order.id).await.unwrap().unwrap().state, ProfileState::Installed);
    assert_eq!(store.session(tid(1)).await.unwrap().unwrap().stage, Stage::Ended(None));
    assert_eq!(store.notifications(eid(1)).await.unwrap(), [notification(5)]);

    let before = everything(&*store).await;
    let order = store.order(order.id).await.unwrap().unwrap();
    let session = store.session(tid(1)).await.unwrap().unwrap();
    let changed = Order { state: ProfileState::Error, ..order };
    // The same content, signed anew.
    let repeated = NotificationRecord { received: 1, bytes: vec![0xBF, 0x37, 1, 0], ..notification(5) };
    assert_eq!(store.accept_notification(repeated, Some(session), Some(changed)).await, Ok(false));
    assert_eq!(everything(&*store).await, before);
    // The same number of another eUICC, and other numbers of this one, in their order.
    let of_another = NotificationRecord { eid: eid(2), ..notification(5) };
    assert_eq!(store.accept_notification(of_another, None, None).await, Ok(true));
    // An eUICC that was made anew counts from the beginning again.
    let made_anew = NotificationRecord { digest: [8; 32], ..notification(5) };
    assert_eq!(store.accept_notification(made_anew, None, None).await, Ok(true));
    for number in [u64::MAX, 0, i64::MAX as u64 + 1, 6, i64::MAX as u64] {
        assert_eq!(store.accept_notification(notification(number), None, None).await, Ok(true));
    }
    let kept = store.notifications(eid(1)).await.unwrap();
    let kept: Vec<u64> = kept.iter().map(|record| record.sequence_number).collect();
    assert_eq!(kept, [0, 5, 5, 6, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX]);
}

/// Otherwise the repetition of a notification that had no effect would be taken for a known one.
pub async fn a_notification_whose_effect_conflicts_is_not_accepted<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let stale = Order { version: order.version + 1, ..order.clone() };
    assert_eq!(
        store.accept_notification(notification(5), None, Some(stale)).await,
        Err(StoreError::Conflict)
    );
    assert!(store.notifications(eid(1)).await.unwrap().is_empty());
    assert_eq!(store.accept_notification(notification(5), None, Some(order)).await, Ok(true));
}
