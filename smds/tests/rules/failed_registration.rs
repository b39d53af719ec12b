//! SGP.22 §5.9.1: a registration that the Root SM-DS did not acknowledge leaves nothing behind, here or there.

use std::sync::Arc;

use crypto::Curve;
use protocol::types::EventId;
use smds::domain::EventState;
use smds::store::Store;

use crate::common::calls::{cascaded, deletion, event_id, smdp};
use crate::common::euicc::Euicc;
use crate::common::line::Fate;
use crate::common::server::{Server, refused};

/// Nothing is told or kept of the event.
async fn assert_nothing_left<S: Store>(server: &Server<S>) {
    assert_eq!(server.records().await, []);
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, [""; 0]);
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "8.9.5/3.9");
}

/// Registered here and at the Root, and nothing besides.
async fn assert_registered_once<S: Store>(server: &Server<S>) {
    let records = server.records().await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].state, EventState::Registered);
    let at_root: Vec<EventId> = server.book.records().into_iter().map(|event| event.event_id).collect();
    assert_eq!(records[0].forwarded_as.as_slice(), at_root);
    assert_eq!(server.open_errands().await, 0);
}

/// The registration fails with this code and leaves nothing to do; then the EventID is free.
async fn assert_undone(fate: Fate, code: &str) {
    let server = Server::alternative();
    server.line.next([fate]);
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), code, "{fate:?}");
    assert_nothing_left(&server).await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (0, 0));
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    assert_registered_once(&server).await;
    assert_eq!(server.line.counted(), (2, 0));
    let sent = server.line.sent();
    assert_ne!(sent[0].event_id(), sent[1].event_id(), "a second registration has an EventID2 of its own");
}

#[tokio::test]
async fn a_root_that_refuses_is_an_execution_error() {
    for (subject, reason) in [("1.6", "2.1"), ("8.9", "4.2"), ("8.9", "5.1"), ("1.1", "1.2")] {
        assert_undone(Fate::Refused(subject, reason), "8.9/4.2").await;
    }
}

#[tokio::test]
async fn a_root_that_is_not_reached_is_inaccessible() {
    assert_undone(Fate::NotReached, "8.9/5.1").await;
}

#[tokio::test]
async fn a_root_that_is_busy_is_inaccessible() {
    assert_undone(Fate::Refused("1.2", "4.4"), "8.9/5.1").await;
}

pub async fn a_registration_whose_answer_is_lost_is_undone_at_both<S: Store>(store: Arc<S>) {
    let server = Server::alternative_on(store, 1, |_| ());
    server.line.next([Fate::AnswerLost]);
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/5.1");
    assert_nothing_left(&server).await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (1, 1));

    // The caller need not wait until the Root has been tidied up.
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    assert_eq!(server.book.records().len(), 2);
    server.run_errands().await;
    assert_registered_once(&server).await;
    server.clock.advance_seconds(3600);
    server.run_errands().await;
    assert_registered_once(&server).await;
}

/// SGP.02: 1.2/4.2 says that the server failed while it executed the function, not that it did nothing. 8.9.5/3.3 for an
/// EventID2 that was never used before says that the registration arrived twice.
#[tokio::test]
async fn a_refusal_that_does_not_exclude_the_registration_is_undone_at_the_root() {
    for fate in [Fate::Failed, Fate::Repeated] {
        let server = Server::alternative();
        server.line.next([fate]);
        assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/4.2", "{fate:?}");
        assert_nothing_left(&server).await;
        assert_eq!((server.open_errands().await, server.book.records().len()), (1, 1), "{fate:?}");
        server.register(&smdp(1), cascaded(1)).await.unwrap();
        server.run_errands().await;
        assert_registered_once(&server).await;
    }
}

#[tokio::test]
async fn a_registration_that_was_lost_is_undone_too() {
    let server = Server::alternative();
    server.line.next([Fate::RequestLost]);
    assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "8.9/5.1");
    assert_nothing_left(&server).await;
    // The Root does not know it; that it never will, only time can tell.
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.line.counted()), (1, (1, 1)));
    server.settle();
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.line.counted()), (0, (1, 2)));
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    assert_registered_once(&server).await;
}

/// An errand names the event and the eUICC as they were registered.
#[tokio::test]
async fn an_errand_deletes_under_the_event_id2_that_was_registered() {
    let server = Server::alternative();
    server.line.next([Fate::AnswerLost]);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    server.run_errands().await;
    let sent = server.line.sent();
    assert_eq!(sent[0].event_id(), sent[1].event_id());
    assert_ne!(sent[0].header().function_call_identifier, sent[1].header().function_call_identifier);
    assert_eq!(server.book.refused(), [""; 0]);
}

#[tokio::test]
async fn an_errand_is_tried_until_the_root_has_confirmed_it() {
    let server = Server::alternative();
    let fates = [
        Fate::AnswerLost,
        Fate::NotReached,
        Fate::Refused("1.2", "4.2"),
        Fate::Refused("1.2", "4.4"),
        Fate::Refused("1.1", "1.2"),
        Fate::RequestLost,
    ];
    server.line.next(fates);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    for tries in 1..fates.len() {
        server.run_errands().await;
        assert_eq!(server.line.counted(), (1, tries), "one try, and then a pause");
        server.run_errands().await;
        assert_eq!(server.line.counted(), (1, tries), "one try, and then a pause");
        assert_eq!((server.open_errands().await, server.book.records().len()), (1, 1));
        server.clock.advance_seconds(3600);
    }
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (0, 0));
}

#[tokio::test]
async fn an_errand_whose_answer_is_lost_ends_when_the_root_knows_nothing_any_more() {
    let server = Server::alternative();
    server.line.next([Fate::AnswerLost, Fate::AnswerLost]);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (1, 0));
    server.finish_errands().await;
    let unknown = server.book.refused();
    assert!(!unknown.is_empty() && unknown.iter().all(|code| code == "8.9.5/3.9"), "{unknown:?}");
}

#[tokio::test]
async fn the_failure_of_one_event_leaves_the_others_alone() {
    let server = Server::alternative();
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    server.register(&smdp(2), cascaded(2)).await.unwrap();
    for fate in [Fate::AnswerLost, Fate::NotReached, Fate::Refused("1.6", "2.1")] {
        server.line.next([fate]);
        server.register(&smdp(2), cascaded(1)).await.unwrap_err();
        server.finish_errands().await;
    }
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
    assert_eq!(server.state(&smdp(2), &event_id(2)).await, Some(EventState::Registered));
    assert_eq!(server.book.records().len(), 2);
}
