//! The statements that stand beside the functions of `Store`.

use std::sync::Arc;

use asn1::TransactionId;
use crypto::Curve;
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::smdp_session::{Authenticated, EuiccKey, Offered, Opened, Stage};
use smdp::domain::{Bound, NewOrder, Order, OrderId, PackageProtection, ProfileState, SessionRecord};
use smdp::store::{NotificationRecord, Store, StoreError};

use crate::common::euicc::{eid, one_time_key};
use crate::common::orders::{default_order, iccid, matching_id, order, order_for, package};

pub fn tid(number: u8) -> TransactionId {
    TransactionId::new([number; 16]).unwrap()
}

/// With keys of both curves.
fn stages() -> Vec<Stage> {
    let client = |curve| Authenticated {
        eid: eid(1),
        key: EuiccKey::new(one_time_key(curve, 3).public_key()),
        ci: vec![1; 20],
    };
    let mut stages = vec![opened(), Stage::Ended(None)];
    for curve in Curve::ALL {
        let offered = Offered {
            client: client(curve),
            confirmation_code_required: true,
            one_time_key_curve: curve.into(),
            smdp_signature2: vec![0x5F; 67],
        };
        stages.extend([
            Stage::Offered(offered.clone()),
            Stage::Delivered(offered),
            Stage::Ended(Some(client(curve))),
        ]);
    }
    stages
}

fn opened() -> Stage {
    Stage::Opened(Opened {
        euicc_ci: vec![3; 20],
        server_challenge: vec![7; 16],
        ci: vec![0xC1; 20],
        svn: vec![2, 2, 0],
        server_address: "smdp.example.com".to_owned(),
    })
}

pub async fn add<S: Store>(store: &S, number: u32) -> Order {
    let id = store.add_orders(vec![order(number)]).await.unwrap()[0];
    store.order(id).await.unwrap().unwrap()
}

pub async fn open<S: Store>(store: &S, number: u8) -> SessionRecord {
    let session = SessionRecord::begin(tid(number), Timestamp::from_unix_millis(1_234_567), opened());
    store.open_session(session).await.unwrap();
    store.session(tid(number)).await.unwrap().unwrap()
}

fn bound(number: u8) -> Bound {
    Bound {
        eid: eid(u32::from(number)),
        euicc_otpk: vec![number; 65],
        ci: vec![number; 20],
        package: vec![0xBF, 0x36, 1, number],
    }
}

fn notification(number: u64) -> NotificationRecord {
    NotificationRecord { eid: eid(1), sequence_number: number, bytes: vec![0xBF, 0x37, 0], received: 99 }
}

/// Everything there is, for comparison.
async fn everything<S: Store>(store: &S) -> String {
    let orders = store.orders().await.unwrap();
    let mut all = format!("{orders:?}");
    for order in &orders {
        all += &format!("{:?}", store.bound(order.id).await.unwrap());
    }
    for number in 0..20 {
        all += &format!("{:?}", store.session(tid(number)).await.unwrap());
    }
    for number in 0..4 {
        all += &format!("{:?}", store.notifications(eid(number)).await.unwrap());
    }
    all
}

pub async fn an_order_comes_back_as_it_was_added<S: Store>(store: Arc<S>) {
    let full = NewOrder {
        confirmation_code: Some(ConfirmationCodeHash::of("4321")),
        expires: Some(Timestamp::from_unix_millis(1_795_318_860_123)),
        protection: PackageProtection::ProfileProtectionKeys,
        ..order_for(1, eid(7))
    };
    let ids = store.add_orders(vec![full, default_order(2, eid(8)), order(3)]).await.unwrap();
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
    assert_eq!(back.expires, Some(Timestamp::from_unix_millis(1_795_318_860_123)));
    assert_eq!(back.protection, PackageProtection::ProfileProtectionKeys);
    assert_eq!(back.metadata, order(1).metadata);
    assert_eq!(back.package_size, package(1).len());
    assert_eq!(back.state, ProfileState::Released);
    assert_eq!((back.download_attempts, back.confirmation_code_attempts), (0, 0));
    let back = store.order(two).await.unwrap().unwrap();
    assert!(back.matching_id.is_none() && back.confirmation_code.is_none() && back.expires.is_none());
    assert_eq!(back.protection, PackageProtection::SessionKeys);
    assert_eq!(*store.package(three).await.unwrap().0, package(3));
    assert_eq!(store.orders().await.unwrap().iter().map(|order| order.id).collect::<Vec<_>>(), ids);
}

pub async fn orders_are_found_by_eid_and_by_matching_id<S: Store>(store: Arc<S>) {
    let orders = vec![order(1), order_for(2, eid(1)), order_for(3, eid(2)), default_order(4, eid(1))];
    let ids = store.add_orders(orders).await.unwrap();
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
    let same_iccid = NewOrder { iccid: iccid(1), ..order(5) };
    let same_matching_id = NewOrder { matching_id: order(1).matching_id, ..order(5) };
    for (bad, named) in [(same_iccid, iccid(1).to_string()), (same_matching_id, matching_id(1))] {
        let outcome = store.add_orders(vec![order(2), order(3), bad, order(4)]).await;
        let Err(StoreError::Taken(what)) = outcome else { panic!("{outcome:?}") };
        assert!(what.contains(&named), "{what}");
        assert_eq!(everything(&*store).await, before);
    }
    // Twice within one list is twice, too.
    let outcome = store.add_orders(vec![order(2), order(2)]).await;
    assert!(matches!(outcome, Err(StoreError::Taken(_))));
    assert_eq!(everything(&*store).await, before);
    store.add_orders(vec![order(2), order(3)]).await.unwrap();
    // Any number may have none.
    store.add_orders(vec![default_order(8, eid(1)), default_order(9, eid(1))]).await.unwrap();
}

pub async fn a_transaction_id_is_opened_once<S: Store>(store: Arc<S>) {
    let session = open(&*store, 1).await;
    let before = everything(&*store).await;
    let again = SessionRecord::begin(tid(1), Timestamp::from_unix_seconds(9), Stage::Ended(None));
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
        assert_eq!((begun.started, begun.order), (Timestamp::from_unix_millis(1_234_567), None));
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

pub async fn the_last_bound_package_is_kept<S: Store>(store: Arc<S>) {
    let (mut order, mut session) = (add(&*store, 1).await, open(&*store, 1).await);
    let other = add(&*store, 2).await;
    for number in [1, 2, 1] {
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
    let repeated = NotificationRecord { received: 1, ..notification(5) };
    assert_eq!(store.accept_notification(repeated, Some(session), Some(changed)).await, Ok(false));
    assert_eq!(everything(&*store).await, before);
    // The same number of another eUICC, and other numbers of this one, in their order.
    let of_another = NotificationRecord { eid: eid(2), ..notification(5) };
    assert_eq!(store.accept_notification(of_another, None, None).await, Ok(true));
    // An eUICC that was made anew counts from the beginning again.
    let made_anew = NotificationRecord { bytes: vec![1], ..notification(5) };
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

pub async fn what_does_not_exist_is_not_found_and_not_changed<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let before = everything(&*store).await;
    let nowhere = OrderId(order.id.0 + 1000);
    assert!(store.order(nowhere).await.unwrap().is_none());
    assert!(store.bound(nowhere).await.unwrap().is_none());
    assert!(store.package(nowhere).await.is_err());
    assert!(store.session(tid(1)).await.unwrap().is_none());
    assert!(store.record_refused_attempt(Order { id: nowhere, ..order }).await.is_err());
    let never_opened = SessionRecord::begin(tid(1), Timestamp::from_unix_seconds(1), opened());
    assert!(store.end_session(never_opened, None).await.is_err());
    assert_eq!(everything(&*store).await, before);
}

pub async fn many_requests_at_once_are_all_answered<S: Store>(store: Arc<S>) {
    const MANY: u32 = 600;
    let tasks: Vec<_> = (0..MANY)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.add_orders(vec![order(number)]).await })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.extend(task.await.unwrap().unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), MANY as usize);
    let orders = store.orders().await.unwrap();
    assert_eq!(orders.len(), MANY as usize);
    for order in orders {
        // Each package with its own order.
        let number: u32 = order.matching_id.unwrap().as_str().trim_start_matches("ORDER-").parse().unwrap();
        if number.is_multiple_of(50) {
            assert_eq!(*store.package(order.id).await.unwrap().0, package(number));
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
                orders.push(NewOrder { iccid: iccid(1000), ..order(2000 + number) });
            }
            tokio::spawn(async move { (number, fails, store.add_orders(orders).await) })
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
