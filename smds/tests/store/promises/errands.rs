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
    // Nobody has tried it: it is the same errand, but for its new lease.
    let again = store.claim_root_deletions(later(10), later(20), 10).await.unwrap();
    assert_eq!((first[0].due, again[0].due), (later(10), later(20)));
    assert_eq!(again, [RootDeletion { due: later(20), ..first[0].clone() }]);
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

/// It is one more where there is one already: the Root is asked once more, that is all.
pub async fn an_errand_can_be_given_without_an_event<S: Store>(store: Arc<S>) {
    send(&*store, 1, 0).await;
    let first = store.root_deletions(None, 10).await.unwrap();
    store.add_root_deletion(first[0].eid, first[0].event_id.clone(), later(3)).await.unwrap();
    let all = store.root_deletions(None, 10).await.unwrap();
    assert_eq!((names(&all), all[1].attempts), (vec!["R-1", "R-1"], 0));
    assert_eq!((all[1].due, all[1].given_up), (later(3), later(3)));
}

pub async fn errands_are_listed_in_the_order_of_their_numbers<S: Store>(store: Arc<S>) {
    for (number, due) in [(1, 9), (2, 1), (3, 5)] {
        send(&*store, number, due).await;
    }
    let all = store.root_deletions(None, 10).await.unwrap();
    let names: Vec<&str> = all.iter().map(|errand| errand.event_id.as_str()).collect();
    assert_eq!(names, ["R-1", "R-2", "R-3"]);
    let rest = store.root_deletions(Some(all[0].number), 1).await.unwrap();
    assert_eq!(rest, all[1..2]);
}

/// With another Root, nobody would delete what the first may still have.
pub async fn another_root_is_adopted_only_when_the_first_can_have_nothing_any_more<S: Store>(store: Arc<S>) {
    let root = |number: u32| Some(format!("root{number}.example.com").parse().unwrap());
    assert_eq!(store.adopt_root(root(1)).await, Ok(None));
    assert_eq!(store.adopt_root(root(2)).await, Ok(None), "nothing was forwarded yet");
    let event = add(&*store, to_root(1)).await;
    store.event_forwarded(event).await.unwrap();
    for other in [root(1), None] {
        assert_eq!(store.adopt_root(other).await, Ok(root(2)));
    }
    assert_eq!(store.adopt_root(root(2)).await, Ok(None));
    assert!(store.end_event(event, smds::store::Ending::Removed, NOW).await.unwrap());
    assert_eq!(store.adopt_root(None).await, Ok(root(2)), "the errand is not done");
    let errands = store.claim_root_deletions(later(1), later(9), 10).await.unwrap();
    store.root_deletion_done(errands[0].number).await.unwrap();
    assert_eq!(store.adopt_root(None).await, Ok(None));
    assert_eq!(store.adopt_root(root(1)).await, Ok(None));
}
