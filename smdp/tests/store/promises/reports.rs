//! The outbox: each report to one node at a time, and of each profile the oldest first.

use std::collections::HashSet;
use std::sync::Arc;

use smdp::domain::{Delivery, HappeningId, HappeningRecord};
use smdp::store::{HappeningFilter, Store};

use super::{add, at, happening, let_happen};
use crate::common::orders::OPERATOR;

/// Two profiles: with reports of 10 and 12, and of 11; what else happened is not reported.
async fn some_reports<S: Store>(store: &S) -> [HappeningId; 3] {
    let (one, two) = (add(store, 1).await.id, add(store, 2).await.id);
    let_happen(store, one, vec![happening(9, false), happening(10, true)]).await;
    let_happen(store, two, vec![happening(11, true)]).await;
    let_happen(store, one, vec![happening(12, true), happening(13, false)]).await;
    let all = store.happenings(HappeningFilter::default()).await.unwrap();
    let ids: Vec<_> = all.iter().filter(|one| one.report.is_some()).map(|one| one.id).collect();
    ids.try_into().unwrap()
}

async fn claim<S: Store>(store: &S, now: i64, until: i64, limit: u32) -> Vec<HappeningId> {
    let claimed = store.claim_reports(at(now), at(until), limit, Vec::new()).await.unwrap();
    claimed.into_iter().map(|record| record.id).collect()
}

async fn record<S: Store>(store: &S, id: HappeningId) -> HappeningRecord {
    let all = store.happenings(HappeningFilter::default()).await.unwrap();
    all.into_iter().find(|record| record.id == id).unwrap()
}

pub async fn of_each_profile_the_oldest_report_is_claimed<S: Store>(store: Arc<S>) {
    let [ten, eleven, twelve] = some_reports(&*store).await;
    assert!(claim(&*store, 9, 100, 10).await.is_empty());
    assert_eq!(claim(&*store, 10, 100, 10).await, [ten]);
    assert_eq!(claim(&*store, 50, 100, 10).await, [eleven]);
    assert!(claim(&*store, 99, 200, 10).await.is_empty());
    store.report_delivered(ten).await.unwrap();
    assert_eq!(record(&*store, ten).await.delivery, Delivery::Delivered);
    assert_eq!(claim(&*store, 99, 200, 10).await, [twelve]);
    store.report_delivered(eleven).await.unwrap();
    store.report_delivered(twelve).await.unwrap();
    assert!(claim(&*store, 10_000, 20_000, 10).await.is_empty());
    assert_eq!(store.counts().await.unwrap().reports_due, 0);
}

/// Of reports those of operators, of events those at SM-DSs: with many that do not answer, the others still get theirs.
pub async fn claims_leave_out_as_many_as_are_told<S: Store>(store: Arc<S>) {
    let [ten, eleven, _] = some_reports(&*store).await;
    let away: Vec<String> = (0..40).map(|number| format!("away-{number}")).collect();
    let claimed = store.claim_reports(at(50), at(100), 10, away.clone()).await.unwrap();
    assert_eq!(claimed.into_iter().map(|record| record.id).collect::<Vec<_>>(), [ten, eleven]);
    let all_away = away.iter().cloned().chain([OPERATOR.to_owned()]).collect();
    assert!(store.claim_reports(at(150), at(200), 10, all_away).await.unwrap().is_empty());
    assert!(store.claim_smds_events(at(150), at(200), 10, away).await.unwrap().is_empty());
}

pub async fn no_more_reports_are_claimed_than_asked_for<S: Store>(store: Arc<S>) {
    let [ten, eleven, _] = some_reports(&*store).await;
    assert!(claim(&*store, 50, 100, 0).await.is_empty());
    assert_eq!(claim(&*store, 50, 100, 1).await, [ten]);
    assert_eq!(claim(&*store, 50, 100, 1).await, [eleven]);
}

pub async fn a_claimed_report_is_due_again_when_its_lease_is_over<S: Store>(store: Arc<S>) {
    let [ten, eleven, _] = some_reports(&*store).await;
    let claimed = store.claim_reports(at(50), at(100), 10, Vec::new()).await.unwrap();
    // Who sends it learns how often that was tried before.
    assert_eq!(claimed[0].delivery, Delivery::Due { at: at(10), attempts: 0 });
    assert_eq!(record(&*store, ten).await.delivery, Delivery::Due { at: at(100), attempts: 1 });
    assert_eq!(claim(&*store, 100, 150, 10).await, [ten, eleven]);
    assert_eq!(record(&*store, ten).await.delivery, Delivery::Due { at: at(150), attempts: 2 });
}

pub async fn a_report_that_failed_waits_for_its_next_try_or_is_given_up<S: Store>(store: Arc<S>) {
    let [ten, eleven, twelve] = some_reports(&*store).await;
    assert_eq!(claim(&*store, 50, 100, 10).await, [ten, eleven]);
    store.report_failed(ten, Some(at(60))).await.unwrap();
    assert!(claim(&*store, 59, 100, 10).await.is_empty());
    // What comes after it waits, too.
    assert_eq!(claim(&*store, 60, 100, 10).await, [ten]);
    store.report_failed(ten, None).await.unwrap();
    assert_eq!(record(&*store, ten).await.delivery, Delivery::GivenUp);
    assert_eq!(claim(&*store, 60, 100, 10).await, [twelve]);
    // A node that was thought dead comes back with bad news when another has delivered it.
    store.report_delivered(eleven).await.unwrap();
    store.report_failed(eleven, Some(at(61))).await.unwrap();
    assert_eq!(record(&*store, eleven).await.delivery, Delivery::Delivered);
    assert!(claim(&*store, 70, 80, 10).await.is_empty());
}

pub async fn nodes_that_claim_at_once_get_different_reports<S: Store>(store: Arc<S>) {
    const PROFILES: u32 = 40;
    for number in 0..PROFILES {
        let id = add(&*store, number).await.id;
        let_happen(&*store, id, vec![happening(1, true), happening(2, true)]).await;
    }
    let mut all = Vec::new();
    while all.len() < 2 * PROFILES as usize {
        let nodes: Vec<_> = (0..16)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(
                    async move { store.claim_reports(at(10), at(1000), 3, Vec::new()).await.unwrap() },
                )
            })
            .collect();
        let mut claimed = Vec::new();
        for node in nodes {
            claimed.extend(node.await.unwrap());
        }
        assert!(!claimed.is_empty());
        let profiles: HashSet<_> = claimed.iter().map(|record| record.iccid.to_string()).collect();
        assert_eq!(profiles.len(), claimed.len(), "of one profile, one report at a time");
        for record in claimed {
            store.report_delivered(record.id).await.unwrap();
            all.push(record.id);
        }
    }
    let different: HashSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}
