//! Pruning, counting, and whether the store works.

use std::sync::Arc;

use crypto::Curve;
use protocol::clock::Timestamp;
use protocol::smdp_session::Stage;
use smdp::domain::{ExecutedCall, Order, ProfileState, SessionRecord};
use smdp::store::{Counts, HappeningFilter, NotificationRecord, Pruned, Retention, Store};

use super::{
    add, at, bound, call, call_key, client, everything, happening, let_happen, notification, offered, open,
    opened, profile_of, stock, tid,
};
use crate::common::euicc::eid;
use crate::common::orders::profile;

/// Everything of before is old.
pub fn retention(before: Timestamp) -> Retention {
    Retention { sessions: before, happenings: before, calls: before, notifications: before }
}

async fn session_at<S: Store>(store: &S, number: u8, started: i64, stage: Stage, order: Option<&Order>) {
    let mut session = SessionRecord::begin(tid(number), at(started), opened());
    store.open_session(session.clone()).await.unwrap();
    (session.stage, session.order) = (stage, order.map(|order| order.id));
    store.end_session(session, None).await.unwrap();
}

pub async fn old_sessions_are_pruned_unless_a_result_may_still_come<S: Store>(store: Arc<S>) {
    let (pending, done) = (add(&*store, 1).await, add(&*store, 2).await);
    let installed = Order { state: ProfileState::Installed, ..done.clone() };
    store.change_order(installed, None).await.unwrap();
    let curve = Curve::ALL[0];
    let delivered = || Stage::Delivered(offered(curve));
    let cases = [
        (100, opened(), None, false),
        (100, Stage::Offered(offered(curve)), Some(&pending), false),
        (100, Stage::Ended(Some(client(curve))), Some(&pending), false),
        (100, delivered(), Some(&pending), true),
        (100, Stage::Postponed(client(curve)), Some(&pending), true),
        (100, delivered(), Some(&done), false),
        (200, opened(), None, true),
        (200, delivered(), Some(&done), true),
    ];
    for (number, (started, stage, order, _)) in (0..).zip(&cases) {
        session_at(&*store, number, *started, stage.clone(), *order).await;
    }
    let pruned = store.prune(retention(at(200))).await.unwrap();
    assert_eq!(pruned, Pruned { sessions: 4, ..Pruned::default() });
    for (number, (started, stage, _, stays)) in (0..).zip(&cases) {
        let found = store.session(tid(number)).await.unwrap();
        assert_eq!(found.is_some(), *stays, "{started} {}", stage.name());
    }
}

pub async fn what_was_bound_goes_when_its_order_is_done<S: Store>(store: Arc<S>) {
    for (number, state) in (1..).zip(ProfileState::ALL) {
        let (order, session) = (add(&*store, u32::from(number)).await, open(&*store, number).await);
        store.hand_out(Order { state, ..order.clone() }, session, bound(number)).await.unwrap();
        store.prune(retention(at(0))).await.unwrap();
        use ProfileState::{Available, Error, Installed, Unavailable};
        let done = matches!(state, Available | Error | Installed | Unavailable);
        assert_eq!(store.bound(order.id).await.unwrap().is_none(), done, "{state}");
    }
}

pub async fn what_happened_long_ago_is_pruned_once_it_is_told<S: Store>(store: Arc<S>) {
    let id = add(&*store, 1).await.id;
    let reported = |millis| happening(millis, true);
    let happened = vec![happening(1, false), reported(2), reported(3), reported(4), happening(10, false)];
    let_happen(&*store, id, happened).await;
    let all = store.happenings(HappeningFilter::default()).await.unwrap();
    store.report_delivered(all[1].id).await.unwrap();
    store.report_failed(all[2].id, None).await.unwrap();
    let pruned = store.prune(retention(at(10))).await.unwrap();
    assert_eq!(pruned, Pruned { happenings: 3, ..Pruned::default() });
    let left = store.happenings(HappeningFilter::default()).await.unwrap();
    assert_eq!(left.into_iter().map(|record| record.at).collect::<Vec<_>>(), [at(4), at(10)]);
}

pub async fn old_calls_and_notifications_are_pruned<S: Store>(store: Arc<S>) {
    let id = add(&*store, 1).await.id;
    for (identifier, at) in [("1", 99), ("2", 100)] {
        let order = store.order(id).await.unwrap().unwrap();
        store.change_order(order, Some(ExecutedCall { at, ..call(identifier) })).await.unwrap();
        let received = NotificationRecord { received: at, ..notification(u64::try_from(at).unwrap()) };
        store.accept_notification(received, None, None).await.unwrap();
    }
    let pruned = store.prune(retention(at(100))).await.unwrap();
    assert_eq!(pruned, Pruned { calls: 1, notifications: 1, ..Pruned::default() });
    assert!(store.earlier_call(call_key("1")).await.unwrap().is_none());
    assert!(store.earlier_call(call_key("2")).await.unwrap().is_some());
    let left = store.notifications(eid(1)).await.unwrap();
    assert_eq!(left.into_iter().map(|one| one.sequence_number).collect::<Vec<_>>(), [100]);
    // Nothing is left to prune.
    let before = everything(&*store).await;
    assert_eq!(store.prune(retention(at(100))).await, Ok(Pruned::default()));
    assert_eq!(everything(&*store).await, before);
}

pub async fn everything_is_counted<S: Store>(store: Arc<S>) {
    assert_eq!(store.counts().await, Ok(Counts::default()));
    stock(&*store, (1..=4).map(profile).collect()).await;
    store.retire_profile(profile_of(&*store, 1).await.id, true).await.unwrap();
    let id = add(&*store, 9).await.id;
    let_happen(&*store, id, vec![happening(1, true), happening(2, true), happening(3, false)]).await;
    store.claim_reports(at(5), at(9), 9, Vec::new()).await.unwrap();
    for number in 1..=3 {
        open(&*store, number).await;
    }
    let mut counts = store.counts().await.unwrap();
    counts.profiles.sort_by_key(|(state, _)| state.name());
    let profiles =
        [(ProfileState::Available, 3), (ProfileState::Released, 1), (ProfileState::Unavailable, 1)];
    assert_eq!(
        counts,
        Counts { profiles: profiles.to_vec(), sessions: 3, reports_due: 2, smds_events: Vec::new() }
    );
}

pub async fn a_store_that_works_says_so<S: Store>(store: Arc<S>) {
    let before = everything(&*store).await;
    for _ in 0..3 {
        store.check_writable().await.unwrap();
    }
    assert_eq!(everything(&*store).await, before);
}
