//! What happened: written with the change, and never without it.

use std::sync::Arc;

use smdp::domain::{Delivery, Happening, Order, ProfileState, Report, ReportedFailure, SessionRecord};
use smdp::store::{HappeningFilter, Store, StoreError};

use super::{add, at, bound, call, everything, happening, let_happen, notification, open};
use crate::common::euicc::eid;
use crate::common::orders::{iccid, order};

pub async fn what_happened_comes_back_with_order_and_profile<S: Store>(store: Arc<S>) {
    let order = add(&*store, 1).await;
    let failure = ReportedFailure {
        subject_code: "8.2.5".to_owned(),
        reason_code: "4.3".to_owned(),
        message: "no \"PPR\"".to_owned(),
    };
    let report = Report { point: 1, failure: Some(failure), result_data: Some(vec![1, 2, 3]) };
    let refused = Happening {
        at: at(5),
        eid: None,
        what: "ES9+.AuthenticateClient",
        detail: None,
        report: Some(report.clone()),
    };
    let happened = vec![refused, happening(4, false)];
    let changed = Order { eid: Some(eid(2)), state: ProfileState::Error, happened, ..order.clone() };
    store.record_refused_attempt(changed).await.unwrap();
    let history = store.happenings(HappeningFilter::default()).await.unwrap();
    let [first, second] = &history[..] else { panic!("{history:?}") };
    assert!(first.id < second.id);
    assert_eq!((first.at, first.order, first.iccid), (at(5), order.id, iccid(1)));
    assert_eq!((first.operator.as_deref(), first.profile_type.as_str()), (Some("alpha"), "basic"));
    assert_eq!((first.eid, first.state), (Some(eid(2)), ProfileState::Error));
    assert_eq!((first.what.as_str(), &first.detail), ("ES9+.AuthenticateClient", &None));
    assert_eq!(first.report, Some(report));
    assert_eq!(first.delivery, Delivery::Due { at: at(5), attempts: 0 });
    assert_eq!((second.at, second.detail.as_deref()), (at(4), Some("detail")));
    assert_eq!((&second.report, second.delivery), (&None, Delivery::None));
}

pub async fn a_change_that_fails_has_not_happened<S: Store>(store: Arc<S>) {
    let (order_1, session) = (add(&*store, 1).await, open(&*store, 1).await);
    add(&*store, 2).await;
    let before = everything(&*store).await;
    let happened = vec![happening(1, true)];
    let stale = Order { version: order_1.version + 1, happened: happened.clone(), ..order_1.clone() };
    let conflict = Err(StoreError::Conflict);
    assert_eq!(store.change_order(stale.clone(), Some(call("1"))).await, conflict);
    assert_eq!(store.record_refused_attempt(stale.clone()).await, conflict);
    assert_eq!(store.record_confirmation_code_try(stale.clone()).await, conflict);
    assert_eq!(store.close_order(stale.clone(), None).await, conflict);
    assert_eq!(store.reset_order(stale).await, conflict);
    // The order would do, but what has to change with it does not.
    let fine = Order { happened, ..order_1 };
    let stale = SessionRecord { version: session.version + 1, ..session };
    assert_eq!(store.offer(fine.clone(), stale.clone()).await, conflict);
    assert_eq!(store.hand_out(fine.clone(), stale.clone(), bound(1)).await, conflict);
    assert_eq!(store.end_session(stale.clone(), Some(fine.clone())).await, conflict);
    let accepted = store.accept_notification(notification(1), Some(stale), Some(fine.clone())).await;
    assert_eq!(accepted, Err(StoreError::Conflict));
    let taken = Order { matching_id: order(2).matching_id, ..fine };
    assert!(matches!(store.change_order(taken, None).await, Err(StoreError::Taken(_))));
    assert_eq!(everything(&*store).await, before);
}

pub async fn every_change_to_an_order_writes_what_happened<S: Store>(store: Arc<S>) {
    let mut expected = Vec::new();
    let (id, session) = (add(&*store, 1).await.id, open(&*store, 1).await);
    let fresh = async |number: i64| {
        let order = store.order(id).await.unwrap().unwrap();
        Order { happened: vec![happening(number, false)], ..order }
    };
    store.change_order(fresh(1).await, None).await.unwrap();
    store.record_refused_attempt(fresh(2).await).await.unwrap();
    store.record_confirmation_code_try(fresh(3).await).await.unwrap();
    store.offer(fresh(4).await, session.clone()).await.unwrap();
    let session = SessionRecord { version: session.version + 1, ..session };
    store.hand_out(fresh(5).await, session.clone(), bound(1)).await.unwrap();
    let session = SessionRecord { version: session.version + 1, ..session };
    store.end_session(session, Some(fresh(6).await)).await.unwrap();
    store.accept_notification(notification(1), None, Some(fresh(7).await)).await.unwrap();
    // Known already: it does not happen again.
    store.accept_notification(notification(1), None, Some(fresh(8).await)).await.unwrap();
    store.reset_order(fresh(9).await).await.unwrap();
    let cancelled = Order { state: ProfileState::Available, ..fresh(10).await };
    store.close_order(cancelled, None).await.unwrap();
    expected.extend([1, 2, 3, 4, 5, 6, 7, 9, 10].map(at));
    let history = store.happenings(HappeningFilter::default()).await.unwrap();
    assert_eq!(history.into_iter().map(|record| record.at).collect::<Vec<_>>(), expected);
}

pub async fn happenings_are_listed_as_the_filter_says<S: Store>(store: Arc<S>) {
    let (one, two) = (add(&*store, 1).await, add(&*store, 2).await);
    for (id, number) in [(one.id, 1), (two.id, 2), (one.id, 3), (two.id, 4)] {
        let_happen(&*store, id, vec![happening(number, false)]).await;
    }
    let order = store.order(two.id).await.unwrap().unwrap();
    let linked = Order { eid: Some(eid(3)), happened: vec![happening(5, false)], ..order };
    store.change_order(linked, None).await.unwrap();
    let all = HappeningFilter::default();
    let ids: Vec<_> = store.happenings(all.clone()).await.unwrap().into_iter().map(|one| one.id).collect();
    let cases = [
        (all.clone(), vec![1, 2, 3, 4, 5]),
        (HappeningFilter { order: Some(one.id), ..all.clone() }, vec![1, 3]),
        (HappeningFilter { iccid: Some(iccid(2)), ..all.clone() }, vec![2, 4, 5]),
        (HappeningFilter { eid: Some(eid(3)), ..all.clone() }, vec![5]),
        (HappeningFilter { after: Some(ids[2]), ..all.clone() }, vec![4, 5]),
        (HappeningFilter { order: Some(two.id), after: Some(ids[1]), limit: 1, ..all.clone() }, vec![4]),
        (HappeningFilter { order: Some(smdp::domain::OrderId(i64::MAX)), ..all.clone() }, vec![]),
        (HappeningFilter { iccid: Some(iccid(9)), ..all }, vec![]),
    ];
    for (filter, expected) in cases {
        let found = store.happenings(filter.clone()).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|record| record.at).collect();
        assert_eq!(found, expected.into_iter().map(at).collect::<Vec<_>>(), "{filter:?}");
    }
}
