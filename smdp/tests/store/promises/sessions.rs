//! Sessions, with the orders that they are for.

use std::sync::Arc;

use asn1::TransactionId;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::smdp_session::Stage;
use smdp::domain::{
    Order, OrderId, PackageProtection, ProfileId, ProfileState, SessionRecord, StoredPackage,
};
use smdp::store::{Store, StoreError};

use super::{NOW, add, at, bound, everything, happening, notification, open, opened, stages, tid};
use crate::common::euicc::eid;
use crate::common::orders::{iccid, package, protected};

pub async fn a_transaction_id_is_opened_once<S: Store>(store: Arc<S>) {
    let session = open(&*store, 1).await;
    let before = everything(&*store).await;
    let again = SessionRecord::begin(tid(1), at(9000), Stage::Ended(None));
    assert!(matches!(store.open_session(again.clone()).await, Err(StoreError::Taken(_))));
    // Not even when its session has ended.
    store.end_session(SessionRecord { stage: Stage::Ended(None), ..session }, None).await.unwrap();
    assert!(matches!(store.open_session(again).await, Err(StoreError::Taken(_))));
    assert_ne!(everything(&*store).await, before);
}

pub async fn a_session_comes_back_at_every_stage<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    for (number, stage) in (1..).zip(stages()) {
        let begun = open(&*store, number).await;
        assert_eq!((begun.started, begun.order), (at(1_234_567), None));
        assert_eq!(begun.stage, opened());
        let changed = SessionRecord { stage: stage.clone(), order: Some(order.id), ..begun };
        store.end_session(changed.clone(), None).await.unwrap();
        let back = store.session(tid(number)).await.unwrap().unwrap();
        assert_eq!((back.stage, back.order), (stage, Some(order.id)));
        assert_eq!((back.transaction_id, back.started), (changed.transaction_id, changed.started));
    }
    // Shorter names are other names.
    assert!(store.session(TransactionId::new([1; 15]).unwrap()).await.unwrap().is_none());
}

pub async fn a_stale_order_or_session_changes_nothing<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    store.record_refused_attempt(Order { download_attempts: 1, ..order.clone() }).await.unwrap();
    let ended = SessionRecord { stage: Stage::Ended(None), ..session.clone() };
    store.end_session(ended, None).await.unwrap();
    let fresh_order = store.order(order.id).await.unwrap().unwrap();
    let fresh_session = store.session(tid(1)).await.unwrap().unwrap();
    let before = everything(&*store).await;
    let conflict = Err(StoreError::Conflict);
    assert_eq!(store.record_refused_attempt(order.clone()).await, conflict);
    assert_eq!(store.record_confirmation_code_try(order.clone()).await, conflict);
    for (order, session) in [
        (order.clone(), session.clone()),
        (order.clone(), fresh_session.clone()),
        (fresh_order.clone(), session.clone()),
    ] {
        assert_eq!(store.offer(order.clone(), session.clone()).await, conflict);
        assert_eq!(store.hand_out(order.clone(), session.clone(), bound(1)).await, conflict);
        assert_eq!(store.end_session(session.clone(), Some(order.clone())).await, conflict);
        let accepted = store.accept_notification(notification(1), Some(session), Some(order)).await;
        assert_eq!(accepted, Err(StoreError::Conflict));
        assert_eq!(everything(&*store).await, before);
    }
    assert_eq!(store.offer(fresh_order, fresh_session).await, Ok(()));
}

pub async fn an_offer_changes_order_and_session_or_neither<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let counted = Order { download_attempts: 4, ..order.clone() };
    let offered = SessionRecord { order: Some(order.id), stage: Stage::Ended(None), ..session };
    store.offer(counted, offered.clone()).await.unwrap();
    let back = store.order(order.id).await.unwrap().unwrap();
    assert_eq!(back.download_attempts, 4);
    assert_ne!(back.version, order.version);
    let session = store.session(tid(1)).await.unwrap().unwrap();
    assert_eq!((session.order, &session.stage), (Some(order.id), &Stage::Ended(None)));
    assert_ne!(session.version, offered.version);
    // An order that is none: the session stays too.
    let before = everything(&*store).await;
    let nowhere = Order { id: OrderId(9999), ..back };
    assert!(store.offer(nowhere, session).await.is_err());
    assert_eq!(everything(&*store).await, before);
}

pub async fn handing_out_changes_everything_or_nothing<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let downloaded = Order { eid: Some(eid(1)), state: ProfileState::Downloaded, ..order.clone() };
    let before = everything(&*store).await;
    let stale = SessionRecord { version: session.version + 1, ..session.clone() };
    assert_eq!(store.hand_out(downloaded.clone(), stale, bound(1)).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
    let delivered = SessionRecord { order: Some(order.id), ..session };
    store.hand_out(downloaded, delivered, bound(1)).await.unwrap();
    let back = store.order(order.id).await.unwrap().unwrap();
    assert_eq!((back.eid, back.state), (Some(eid(1)), ProfileState::Downloaded));
    assert_eq!(store.bound(order.id).await.unwrap(), Some(bound(1)));
    assert_eq!(store.session(tid(1)).await.unwrap().unwrap().order, Some(order.id));
    // From now on the eUICC finds it by its EID.
    assert_eq!(store.orders_of_eid(eid(1)).await.unwrap().len(), 1);
}

/// Who has written an order and its session knows what the store has.
pub async fn order_and_session_are_as_who_wrote_them_says<S: Store>(store: Arc<S>) {
    let (mut order, mut session) = (add(&*store, 1).await, open(&*store, 1).await);
    let kept = async || format!("{:?}", store.session_with_order(tid(1)).await.unwrap().unwrap());
    (session.order, session.stage) = (Some(order.id), Stage::Ended(None));
    order.download_attempts = 1;
    order.happened = vec![happening(1, true)];
    store.offer(order.clone(), session.clone()).await.unwrap();
    let (mut order, session) = (order.written(), session.written());
    assert_eq!(kept().await, format!("{:?}", (&session, Some(&order))));
    (order.eid, order.state) = (Some(eid(1)), ProfileState::Downloaded);
    order.happened = vec![happening(2, false)];
    store.hand_out(order.clone(), session.clone(), bound(1)).await.unwrap();
    let (order, session) = (Order { bound_to: Some(bound(1).to), ..order.written() }, session.written());
    assert_eq!(kept().await, format!("{:?}", (&session, Some(&order))));
}

pub async fn a_download_writes_how_far_an_order_has_come_and_nothing_else<S: Store>(store: Arc<S>) {
    let other = |order: Order| Order {
        matching_id: Some("ANOTHER".parse().unwrap()),
        confirmation_code: Some(ConfirmationCodeHash::of("99")),
        smds_address: Some("smds.example.com".parse().unwrap()),
        expires: Some(at(5)),
        eid: Some(eid(3)),
        state: ProfileState::Downloaded,
        download_attempts: 7,
        confirmation_code_attempts: 8,
        ..order
    };
    for (number, way) in (1..).zip(["refused", "code", "offer", "hand out", "end", "notification"]) {
        let (order, session) = (add(&*store, number.into()).await, open(&*store, number).await);
        let changed = other(order.clone());
        match way {
            "refused" => store.record_refused_attempt(changed.clone()).await.unwrap(),
            "code" => store.record_confirmation_code_try(changed.clone()).await.unwrap(),
            "offer" => store.offer(changed.clone(), session).await.unwrap(),
            "hand out" => store.hand_out(changed.clone(), session, bound(1)).await.unwrap(),
            "end" => store.end_session(session, Some(changed.clone())).await.unwrap(),
            _ => {
                let record = notification(number.into());
                let accepted = store.accept_notification(record, Some(session), Some(changed.clone()));
                assert!(accepted.await.unwrap());
            }
        }
        let expected = match way {
            "offer" => Order { download_attempts: 7, ..order.clone() },
            _ => Order {
                eid: changed.eid,
                state: changed.state,
                download_attempts: 7,
                confirmation_code_attempts: 8,
                ..order.clone()
            },
        };
        let bound_to = (way == "hand out").then(|| bound(1).to);
        let expected = Order { version: order.version + 1, bound_to, ..expected };
        let back = store.order(order.id).await.unwrap().unwrap();
        assert!(back.confirmation_code.is_none(), "{way}");
        assert_eq!(told(&back), told(&expected), "{way}");
    }
}

/// Everything but the confirmation code, which is nowhere shown.
fn told(order: &impl std::fmt::Debug) -> String {
    format!("{order:?}")
}

pub async fn a_session_is_found_with_its_order<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    add(&*store, 2).await;
    assert!(store.session_with_order(tid(9)).await.unwrap().is_none());
    let (opened, none) = store.session_with_order(tid(1)).await.unwrap().unwrap();
    assert!(opened == session && none.is_none());
    let offered = SessionRecord { order: Some(order.id), ..session };
    store.offer(order.clone(), offered).await.unwrap();
    let (session, found) = store.session_with_order(tid(1)).await.unwrap().unwrap();
    assert_eq!(session.order, Some(order.id));
    assert_eq!(told(&found), told(&store.order(order.id).await.unwrap()));
    let downloaded = store.order(order.id).await.unwrap().unwrap();
    store.hand_out(downloaded, session, bound(1)).await.unwrap();
    let (session, found) = store.session_with_order(tid(1)).await.unwrap().unwrap();
    assert_eq!(session, store.session(tid(1)).await.unwrap().unwrap());
    let found = found.unwrap();
    assert_eq!(found.bound_to, Some(bound(1).to));
    // What was bound is forgotten, and so is whom for.
    store.reset_order(found).await.unwrap();
    let (session, found) = store.session_with_order(tid(1)).await.unwrap().unwrap();
    assert_eq!(found.as_ref().unwrap().bound_to, None);
    store.delete_order(found.unwrap()).await.unwrap();
    let gone = store.session_with_order(tid(1)).await.unwrap();
    assert!(
        gone.is_none_or(|(left, order)| left.transaction_id == session.transaction_id && order.is_none())
    );
}

pub async fn a_package_comes_as_it_is_kept<S: Store>(store: Arc<S>) {
    let protections = [PackageProtection::SessionKeys, PackageProtection::ProfileProtectionKeys];
    for (number, protection) in (1..).zip(protections) {
        store.add_orders(NOW, vec![protected(number, protection)]).await.unwrap();
        let id = store.profile(iccid(number)).await.unwrap().unwrap().id;
        let clear = match store.stored_package(id).await.unwrap() {
            StoredPackage::Unprotected(kept) if protection == PackageProtection::SessionKeys => kept.0,
            StoredPackage::Protected(kept) if protection != PackageProtection::SessionKeys => {
                kept.open().unwrap()
            }
            other => panic!("{protection:?}: {other:?}"),
        };
        assert_eq!(*clear, package(number));
        assert_eq!(*store.package(id).await.unwrap().0, package(number));
    }
    assert!(matches!(store.stored_package(ProfileId(9999)).await, Err(StoreError::Conflict)));
}

pub async fn the_last_bound_package_is_kept<S: Store>(store: Arc<S>) {
    let (mut order, mut session) = (add(&*store, 1).await, open(&*store, 1).await);
    let other = add(&*store, 2).await;
    for number in [1, 2, 3, 4, 3, 5, 3, 6] {
        store.hand_out(order.clone(), session.clone(), bound(number)).await.unwrap();
        assert_eq!(store.bound(order.id).await.unwrap(), Some(bound(number)));
        assert_eq!(store.bound(other.id).await.unwrap(), None);
        order = store.order(order.id).await.unwrap().unwrap();
        session = store.session(tid(1)).await.unwrap().unwrap();
    }
}

pub async fn ending_a_session_changes_its_order_too_or_neither<S: Store>(store: Arc<S>) {
    let (order, session) = (add(&*store, 1).await, open(&*store, 1).await);
    let ended = SessionRecord { stage: Stage::Ended(None), ..session };
    let failed = Order { state: ProfileState::Error, ..order.clone() };
    let before = everything(&*store).await;
    let stale = Order { version: order.version + 1, ..failed.clone() };
    assert_eq!(store.end_session(ended.clone(), Some(stale)).await, Err(StoreError::Conflict));
    assert_eq!(everything(&*store).await, before);
    store.end_session(ended, Some(failed)).await.unwrap();
    assert_eq!(store.order(order.id).await.unwrap().unwrap().state, ProfileState::Error);
    assert_eq!(store.session(tid(1)).await.unwrap().unwrap().stage, Stage::Ended(None));
}

pub async fn what_does_not_exist_is_not_found_and_not_changed<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let before = everything(&*store).await;
    let nowhere = OrderId(order.id.0 + 1000);
    assert!(store.order(nowhere).await.unwrap().is_none());
    assert!(store.bound(nowhere).await.unwrap().is_none());
    assert!(matches!(store.package(ProfileId(9999)).await, Err(StoreError::Conflict)));
    assert!(store.session(tid(1)).await.unwrap().is_none());
    assert!(store.record_refused_attempt(Order { id: nowhere, ..order }).await.is_err());
    let never_opened = SessionRecord::begin(tid(1), at(1000), opened());
    assert!(store.end_session(never_opened, None).await.is_err());
    assert_eq!(everything(&*store).await, before);
}
