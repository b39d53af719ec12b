//! Sessions.

use std::sync::Arc;

use asn1::TransactionId;
use smds::domain::SessionRecord;
use smds::store::{Store, StoreError};

use super::{NOW, add, asking, eid, event, everything, later, session, tid};

pub async fn a_session_comes_back_as_it_was_opened<S: Store>(store: Arc<S>) {
    let ids = [vec![0], vec![1; 15], vec![1; 16], vec![0xFF; 16]];
    let ids = ids.map(|bytes| TransactionId::new(bytes).unwrap());
    let record = |number: i64, id: &TransactionId| SessionRecord {
        transaction_id: id.clone(),
        started: later(number),
        ..session(0)
    };
    for (number, id) in (0..).zip(&ids) {
        assert_eq!(store.session(id.clone()).await, Ok(None));
        store.open_session(record(number, id)).await.unwrap();
    }
    for (number, id) in (0..).zip(&ids) {
        assert_eq!(store.session(id.clone()).await, Ok(Some(record(number, id))));
    }
}

pub async fn a_transaction_id_is_opened_once<S: Store>(store: Arc<S>) {
    store.open_session(session(1)).await.unwrap();
    let before = everything(&*store).await;
    let again = SessionRecord { started: later(1), ..session(1) };
    assert!(matches!(store.open_session(again).await, Err(StoreError::Taken(_))));
    assert_eq!(everything(&*store).await, before);
    store.open_session(session(2)).await.unwrap();
}

pub async fn a_session_ends_once<S: Store>(store: Arc<S>) {
    for number in 1..=3 {
        store.open_session(session(number)).await.unwrap();
    }
    assert_eq!(store.end_session(tid(1)).await, Ok(true));
    assert!(store.retrieve_events(tid(2), asking(eid(1), None, NOW)).await.unwrap().is_some());
    for number in 1..=2 {
        assert_eq!(store.session(tid(number)).await, Ok(None));
        assert_eq!(store.end_session(tid(number)).await, Ok(false));
        assert_eq!(store.retrieve_events(tid(number), asking(eid(1), None, NOW)).await, Ok(None));
    }
    // The other one is as it was.
    assert_eq!(store.session(tid(3)).await, Ok(Some(session(3))));
}

pub async fn an_unknown_session_is_not_found_and_tells_nothing<S: Store>(store: Arc<S>) {
    add(&*store, event(1)).await;
    store.open_session(session(1)).await.unwrap();
    let before = everything(&*store).await;
    let shorter = TransactionId::new(tid(1).bytes()[..15].to_vec()).unwrap();
    for unknown in [tid(2), shorter] {
        assert_eq!(store.session(unknown.clone()).await, Ok(None));
        assert_eq!(store.end_session(unknown.clone()).await, Ok(false));
        for event_id in [None, Some("E-1")] {
            let asking = asking(eid(1), event_id, NOW);
            assert_eq!(store.retrieve_events(unknown.clone(), asking).await, Ok(None));
        }
    }
    assert_eq!(everything(&*store).await, before);
}
