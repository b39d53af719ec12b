//! Errands to the Root SM-DS.

use std::sync::Arc;

use smds::domain::{RootDeletion, RootDeletionNumber};
use smds::store::Store;

use super::{NOW, add, later, to_be_deleted, to_root};

/// An errand for `R-<number>` that is due some milliseconds after [`NOW`].
pub async fn send<S: Store>(store: &S, number: u32, due: i64) {
    let event = add(store, to_root(number)).await;
    store.undo_event(event, later(due), Some(later(due))).await.unwrap();
}

/// The EventIDs of these.
fn names(errands: &[RootDeletion]) -> Vec<&str> {
    let mut names: Vec<&str> = errands.iter().map(|errand| errand.event_id.as_str()).collect();
    names.sort();
    names
}

pub async fn an_errand_is_due_at_once<S: Store>(store: Arc<S>) {
    assert_eq!(store.claim_root_deletions(NOW, later(10), 10).await, Ok(Vec::new()));
    send(&*store, 1, 5).await;
    assert_eq!(store.claim_root_deletions(later(4), later(10), 10).await, Ok(Vec::new()));
    assert_eq!(names(&store.claim_root_deletions(later(5), later(10), 10).await.unwrap()), ["R-1"]);
}

pub async fn a_claimed_errand_is_due_again_when_its_lease_is_over<S: Store>(store: Arc<S>) {
    send(&*store, 1, 0).await;
    let first = store.claim_root_deletions(NOW, later(10), 10).await.unwrap();
    assert_eq!(names(&first), ["R-1"]);
    for now in [NOW, later(9)] {
        assert_eq!(store.claim_root_deletions(now, later(99), 10).await, Ok(Vec::new()));
    }
    // Nobody has tried it: it is the same errand.
    assert_eq!(store.claim_root_deletions(later(10), later(20), 10).await, Ok(first));
    assert_eq!(store.claim_root_deletions(later(19), later(99), 10).await, Ok(Vec::new()));
}

pub async fn the_errands_that_are_due_longest_are_claimed_first<S: Store>(store: Arc<S>) {
    for (number, due) in [(1, 5), (2, 1), (3, 3), (4, 2), (5, 4), (6, 9)] {
        send(&*store, number, due).await;
    }
    for expected in [vec!["R-2", "R-4"], vec!["R-3", "R-5"], vec!["R-1"], vec![]] {
        let claimed = store.claim_root_deletions(later(5), later(100), 2).await.unwrap();
        assert_eq!(names(&claimed), expected);
    }
    assert_eq!(store.claim_root_deletions(later(9), later(100), 0).await, Ok(Vec::new()));
}

pub async fn an_errand_that_failed_waits_for_its_next_try<S: Store>(store: Arc<S>) {
    send(&*store, 1, 0).await;
    send(&*store, 2, 50).await;
    let mut now = 0;
    for attempts in 0..4 {
        let claimed = store.claim_root_deletions(later(now), later(now + 5), 10).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!((claimed[0].event_id.as_str(), claimed[0].attempts), ("R-1", attempts));
        assert_eq!(claimed[0].given_up, NOW);
        store.root_deletion_failed(claimed[0].number, later(now + 10)).await.unwrap();
        assert_eq!(store.claim_root_deletions(later(now + 9), later(99), 10).await, Ok(Vec::new()));
        now += 10;
    }
}

pub async fn an_errand_that_is_done_is_gone<S: Store>(store: Arc<S>) {
    send(&*store, 1, 0).await;
    send(&*store, 2, 0).await;
    let claimed = store.claim_root_deletions(NOW, later(10), 10).await.unwrap();
    let done = claimed.iter().find(|errand| errand.event_id.as_str() == "R-1").unwrap();
    for number in [done.number, done.number, RootDeletionNumber(done.number.0 + 1000)] {
        // Whoever has lost its lease may say it, too, and may have failed meanwhile.
        store.root_deletion_done(number).await.unwrap();
        store.root_deletion_failed(number, NOW).await.unwrap();
    }
    assert_eq!(to_be_deleted(&*store).await, ["R-2"]);
    assert_eq!(store.counts().await.unwrap().root_deletions, 1);
}
