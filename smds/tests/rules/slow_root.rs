//! A Root SM-DS that gives no answer in time, and an Alternative that dies while it waits for one.

use std::sync::Arc;

use crypto::Curve;
use protocol::es12::Es12;
use smds::domain::EventState;

use crate::common::calls::{call, cascaded, deletion, event, event_id, smdp};
use crate::common::euicc::Euicc;
use crate::common::line::{Fate, Line};
use crate::common::server::{Server, in_memory, refused};

/// Begins a registration and lets the process die as soon as the Root has been called.
async fn die_while_forwarding(server: &Server, fate: Fate) {
    server.line.next([fate]);
    let caller = smdp(1);
    tokio::select! {
        outcome = server.register(&caller, cascaded(1)) => panic!("{outcome:?}"),
        () = server.line.waiting() => {}
    }
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Forwarding));
}

#[tokio::test]
async fn a_root_that_takes_too_long_is_inaccessible_and_the_registration_undone() {
    let server = Server::impatient();
    server.line.next([Fate::Silent]);
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/5.1");
    assert_eq!(server.records().await, []);
    assert_eq!((server.open_errands().await, server.book.records().len()), (1, 1));
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    server.run_errands().await;
    let event_id2 = server.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as.unwrap();
    assert_eq!((server.open_errands().await, server.book.records().len()), (0, 1));
    assert!(server.book.has(&event_id2));
}

/// That the Root does not know the event means nothing while the registration may be under way to it.
#[tokio::test]
async fn a_registration_that_arrives_after_the_first_deletion_is_deleted_all_the_same() {
    let server = Server::impatient();
    server.line.next([Fate::Late]);
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/5.1");
    server.run_errands().await;
    assert_eq!(server.book.refused(), ["8.9.5/3.9"]);
    assert_eq!(server.open_errands().await, 1);
    server.line.let_through().await;
    assert_eq!(server.book.records().len(), 1);
    // Not before that is settled: what could be known sooner is not asked more often.
    server.run_errands().await;
    assert_eq!(server.line.counted(), (1, 1));
    server.settle();
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (0, 0));
    assert_eq!(server.line.counted(), (1, 2));
}

/// SGP.22 §5.2.6: until it is known what becomes of the first call, nothing can be said to a second one.
#[tokio::test]
async fn an_event_that_is_being_forwarded_can_be_neither_registered_nor_deleted() {
    let server = Server::alternative();
    server.line.next([Fate::Silent]);
    let first = tokio::spawn({
        let smds = server.smds.clone();
        async move { smds.register_event(&smdp(1), call(cascaded(1))).await }
    });
    server.line.waiting().await;
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "1.2/4.4");
    assert_eq!(refused(server.register(&smdp(1), event(1)).await), "1.2/4.4");
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "1.2/4.4");
    assert_eq!(refused(server.delete(&smdp(2), deletion(1)).await), "8.9.5/3.9");
    server.register(&smdp(2), cascaded(1)).await.unwrap();
    assert_eq!(server.line.counted(), (2, 0));
    first.abort();
}

#[tokio::test]
async fn what_a_dead_process_has_begun_can_be_begun_anew_once_its_time_is_over() {
    let server = Server::alternative();
    die_while_forwarding(&server, Fate::Silent).await;
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "1.2/4.4");
    server.sweep().await;
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Forwarding));

    server.outlast_lease();
    let abandoned = server.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as.unwrap();
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    let record = server.record(&smdp(1), &event_id(1)).await.unwrap();
    let event_id2 = record.forwarded_as.unwrap();
    assert_eq!(record.state, EventState::Registered);
    assert_ne!(event_id2, abandoned);
    assert_eq!(server.book.records().len(), 2);
    server.run_errands().await;
    assert!(server.book.has(&event_id2) && !server.book.has(&abandoned));
    assert_eq!((server.book.records().len(), server.open_errands().await), (1, 0));
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, ["EVENT-1"]);
}

#[tokio::test]
async fn what_a_dead_process_has_begun_is_swept_away_once_its_time_is_over() {
    for (fate, at_root) in [(Fate::Silent, 1), (Fate::Late, 0)] {
        let server = Server::alternative();
        die_while_forwarding(&server, fate).await;
        server.outlast_lease();
        server.sweep().await;
        assert_eq!(server.records().await, []);
        assert_eq!((server.book.records().len(), server.open_errands().await), (at_root, 1));
        server.run_errands().await;
        server.settle();
        server.run_errands().await;
        assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
        server.register(&smdp(1), cascaded(1)).await.unwrap();
        assert_eq!(server.book.records().len(), 1);
    }
}

/// Another node of the same SM-DS takes over.
#[tokio::test]
async fn what_a_dead_node_has_begun_is_undone_by_another() {
    let store = in_memory();
    let dead = Server::alternative_on(store.clone(), 1, |_| ());
    die_while_forwarding(&dead, Fate::Silent).await;
    let line = Line::of(crate::common::calls::smds(1));
    line.connect(dead.book.clone());
    let other = Server::alternative_at(store, 2, line, |_| ());
    other.sweep().await;
    assert_eq!(other.records().await.len(), 1);
    other.outlast_lease();
    other.sweep().await;
    other.run_errands().await;
    assert_eq!(other.records().await, []);
    assert_eq!((dead.book.records().len(), other.open_errands().await), (0, 0));
}

/// Both nodes had the time for it: what was undone in the meantime is not registered.
#[tokio::test]
async fn a_registration_that_was_undone_while_the_root_answered_has_failed() {
    let server = Server::alternative();
    let line = Arc::clone(&server.line);
    let (store, clock) = (server.smds.store().clone(), server.clock.clone());
    let undo = {
        let clock = clock.clone();
        move || {
            clock.advance_seconds(3600);
            let store = store.clone();
            let now = protocol::clock::Clock::now(&*clock);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(smds::store::Store::sweep_events(&*store, now)).unwrap()
            })
            .join()
            .unwrap()
        }
    };
    line.by_number(move |number| {
        if number == 0 {
            assert_eq!(undo(), 1);
        }
        Fate::Answered
    });
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/5.1");
    assert_eq!(server.records().await, []);
    // One of who undid it, and one of who knows that the Root has it.
    assert_eq!((server.book.records().len(), server.open_errands().await), (1, 2));
    server.run_errands().await;
    server.settle();
    server.run_errands().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
}
