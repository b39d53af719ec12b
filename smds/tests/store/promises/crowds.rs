//! Many at once: at one node, or at several that share a data base.

use std::fmt::Debug;
use std::sync::Arc;

use smds::domain::{EventState, NewEvent};
use smds::store::{Ending, Registration, Store, StoreError};

use super::{
    LEASE, NOW, add, add_at_root, add_many, all, asking, eid, event, everything, id, later, send, session,
    tid, to_be_deleted, to_root,
};

const ROUNDS: u32 = 8;

/// Sixteen do something at the same time, each at the next node; what came of it.
async fn at_once<S: Store, T, F>(nodes: &[Arc<S>], work: impl Fn(Arc<S>, u32) -> F) -> Vec<T>
where
    T: Send + Debug + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(tokio::sync::Barrier::new(16));
    let begin = |(number, node): (u32, &Arc<S>)| {
        let (start, work) = (start.clone(), work(node.clone(), number));
        tokio::spawn(async move {
            start.wait().await;
            work.await
        })
    };
    let tasks: Vec<_> = (0..16).zip(nodes.iter().cycle()).map(begin).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// How many are so.
fn count<T>(outcomes: &[T], is_so: impl Fn(&T) -> bool) -> usize {
    outcomes.iter().filter(|outcome| is_so(outcome)).count()
}

/// Whoever finds that somebody was faster looks again, as the server does.
async fn register<S: Store>(store: Arc<S>, event: NewEvent) -> Registration {
    loop {
        match store.register_event(event.clone()).await {
            Err(StoreError::Conflict) => {}
            other => return other.unwrap(),
        }
    }
}

pub async fn one_ends_a_session<S: Store>(nodes: &[Arc<S>]) {
    add(&*nodes[0], event(1)).await;
    for round in 0..u64::from(ROUNDS) {
        nodes[0].open_session(session(round)).await.unwrap();
        let ended = at_once(nodes, |store, number| async move {
            // Some want to know, and some give up.
            if number % 3 == 0 {
                return store.end_session(tid(round)).await.unwrap();
            }
            let told = store.retrieve_events(tid(round), asking(eid(1), None, NOW)).await.unwrap();
            assert!(told.as_ref().is_none_or(|events| events.len() == 1));
            told.is_some()
        });
        assert_eq!(count(&ended.await, |ended| *ended), 1);
    }
}

pub async fn one_registers<S: Store>(nodes: &[Arc<S>]) {
    for round in 0..ROUNDS {
        let new = |number| NewEvent { eid: eid(number), ..event(round) };
        let outcomes = at_once(nodes, |store, number| register(store, new(number))).await;
        let stored = count(&outcomes, |outcome| matches!(outcome, Registration::Stored(_)));
        assert_eq!(stored, 1, "{outcomes:?}");
        assert_eq!(count(&outcomes, |outcome| *outcome == Registration::InUse), 15, "{outcomes:?}");
    }
    assert_eq!(all(&*nodes[0]).await.len(), ROUNDS as usize);
}

pub async fn one_forwards<S: Store>(nodes: &[Arc<S>]) {
    for round in 0..ROUNDS {
        let new =
            |number| NewEvent { forwarded_as: Some(id(&format!("R-{round}-{number}"))), ..event(round) };
        let outcomes = at_once(nodes, |store, number| register(store, new(number))).await;
        let stored = count(&outcomes, |outcome| matches!(outcome, Registration::Stored(_)));
        assert_eq!(stored, 1, "{outcomes:?}");
        assert_eq!(count(&outcomes, |outcome| *outcome == Registration::UnderWay), 15, "{outcomes:?}");
    }
    assert_eq!(all(&*nodes[0]).await.len(), ROUNDS as usize);
    assert_eq!(to_be_deleted(&*nodes[0]).await, [""; 0]);
}

/// Also while somebody sweeps.
pub async fn one_takes_up<S: Store>(nodes: &[Arc<S>]) {
    for round in 0..ROUNDS {
        add(&*nodes[0], to_root(round)).await;
        let new = |number: u32| NewEvent {
            forwarded_as: Some(id(&format!("N-{round}-{number}"))),
            at: later(LEASE),
            forward_until: later(2 * LEASE),
            ..event(round)
        };
        let outcomes = at_once(nodes, |store, number| {
            let new = new(number);
            async move {
                if number % 5 == 4 {
                    store.sweep_events(later(LEASE)).await.unwrap();
                }
                register(store, new).await
            }
        });
        let outcomes = outcomes.await;
        let stored = count(&outcomes, |outcome| matches!(outcome, Registration::Stored(_)));
        assert_eq!(stored, 1, "{outcomes:?}");
        assert_eq!(count(&outcomes, |outcome| *outcome == Registration::UnderWay), 15, "{outcomes:?}");
    }
    assert_eq!(all(&*nodes[0]).await.len(), ROUNDS as usize);
    // Of each that was abandoned, one errand.
    let expected: Vec<String> = (0..ROUNDS).map(|round| format!("R-{round}")).collect();
    assert_eq!(to_be_deleted(&*nodes[0]).await, expected);
}

pub async fn one_of_both<S: Store>(nodes: &[Arc<S>]) {
    for round in 0..2 * ROUNDS {
        let event = add(&*nodes[0], to_root(round)).await;
        let errands = to_be_deleted(&*nodes[0]).await.len();
        let forwarded = at_once(nodes, |store, number| async move {
            if number % 2 == round % 2 {
                return store.event_forwarded(event).await == Ok(());
            }
            // Whoever loses finds the row changed, not a failing data base.
            store.undo_event(event, NOW, Some(NOW)).await.unwrap();
            false
        });
        let forwarded = count(&forwarded.await, |forwarded| *forwarded);
        let new_errands = to_be_deleted(&*nodes[0]).await.len() - errands;
        match nodes[0].event(event).await.unwrap() {
            Some(record) => {
                assert_eq!((record.state, forwarded, new_errands), (EventState::Registered, 1, 0));
            }
            None => assert_eq!((forwarded, new_errands), (0, 1)),
        }
    }
}

pub async fn one_ends_an_event<S: Store>(nodes: &[Arc<S>]) {
    let mut removed = 0;
    for round in 0..2 * ROUNDS {
        let event = add_at_root(&*nodes[0], to_root(round)).await;
        let ended = at_once(nodes, |store, number| async move {
            let ending = if (number + round) % 2 == 0 { Ending::Deleted } else { Ending::Removed };
            store.end_event(event, ending, later(i64::from(number))).await.unwrap()
        });
        assert_eq!(count(&ended.await, |ended| *ended), 1);
        let state = nodes[0].event(event).await.unwrap().unwrap().state;
        removed += usize::from(state == EventState::Removed);
    }
    assert_eq!(to_be_deleted(&*nodes[0]).await.len(), removed);
}

pub async fn each_is_swept_by_one<S: Store>(nodes: &[Arc<S>]) {
    let expiring = |number| NewEvent { expires: Some(later(10)), ..to_root(number) };
    for number in add_many(&nodes[0], (0..1500).map(expiring).collect()).await.into_iter().take(1200) {
        nodes[0].event_forwarded(number).await.unwrap();
    }
    let swept = at_once(nodes, |store, _| async move {
        let mut swept = 0;
        for _ in 0..3 {
            swept += store.sweep_events(later(LEASE)).await.unwrap();
        }
        swept
    });
    let swept: u64 = swept.await.into_iter().sum();
    let rest = nodes[0].sweep_events(later(LEASE)).await.unwrap();
    assert_eq!((swept, rest), (1500, 0));
    let mut errands = to_be_deleted(&*nodes[0]).await;
    errands.sort();
    errands.dedup();
    assert_eq!((errands.len(), nodes[0].counts().await.unwrap().root_deletions), (1500, 1500));
}

pub async fn each_errand_goes_to_one<S: Store>(nodes: &[Arc<S>]) {
    for number in 0..40 {
        send(&*nodes[0], number, 0).await;
    }
    let before = everything(&*nodes[0]).await;
    let mut claimed = Vec::new();
    for _ in 0..3 {
        let taken =
            at_once(
                nodes,
                |store, _| async move { store.claim_root_deletions(NOW, later(10), 3).await.unwrap() },
            );
        for errands in taken.await {
            assert!(errands.len() <= 3);
            claimed.extend(errands.into_iter().map(|errand| errand.number.0));
        }
    }
    claimed.sort();
    let all = claimed.len();
    claimed.dedup();
    assert_eq!((claimed.len(), all), (40, 40));
    assert_eq!(everything(&*nodes[0]).await, before);
}

macro_rules! at_one_node {
    ($($promise:ident: $crowd:ident),* $(,)?) => {
        $(
            pub async fn $promise<S: Store>(store: Arc<S>) {
                $crowd(&[store]).await;
            }
        )*
    };
}

at_one_node! {
    of_sixteen_who_end_a_session_at_once_one_does: one_ends_a_session,
    of_sixteen_who_register_an_event_id_at_once_one_does: one_registers,
    of_sixteen_who_forward_an_event_id_at_once_one_does: one_forwards,
    of_sixteen_who_take_up_an_abandoned_event_id_one_does: one_takes_up,
    an_event_that_is_forwarded_and_undone_at_once_is_one_of_both: one_of_both,
    of_sixteen_who_end_an_event_at_once_one_does: one_ends_an_event,
    of_sixteen_who_sweep_at_once_each_event_is_swept_by_one: each_is_swept_by_one,
    of_sixteen_who_claim_at_once_each_errand_goes_to_one: each_errand_goes_to_one,
}
