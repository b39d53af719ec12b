//! SGP.22 §5.9.2, §5.10.2, §3.6.3: an event that was forwarded goes at the Root SM-DS first.

use crypto::Curve;
use protocol::es12::{DeleteEvent, Es12};
use smds::domain::EventState;

use crate::common::calls::{call, cascaded, deletion, event_id, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::line::{Fate, Sent};
use crate::common::server::{Server, refused};

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

/// An Alternative with one event that is registered here and at the Root.
async fn forwarded(server: Server) -> Server {
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    assert_eq!(server.book.records().len(), 1);
    server
}

/// The record is as it was, told to its eUICC.
async fn assert_kept(server: &Server) {
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
    assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
    assert_eq!(server.open_errands().await, 0);
}

async fn assert_gone(server: &Server) {
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Deleted));
    assert_eq!(server.told(&euicc()).await, [""; 0]);
    assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
}

#[tokio::test]
async fn the_root_is_told_to_delete_event_id2() {
    let server = forwarded(Server::alternative()).await;
    let event_id2 = server.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as.unwrap();
    // The EID is that of the record, whatever the caller says.
    server.delete(&smdp(1), DeleteEvent { eid: eid(2), event_id: event_id(1) }).await.unwrap();
    let sent = server.line.sent();
    let Some(Sent::Delete(header, deletion)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!(*deletion, DeleteEvent { eid: eid(1), event_id: event_id2 });
    assert_eq!(header.function_requester_identifier, smds(1).oid.to_string());
    assert_ne!(header.function_call_identifier, sent[0].header().function_call_identifier);
    assert_gone(&server).await;
}

#[tokio::test]
async fn while_the_root_has_not_answered_the_event_is_still_here() {
    let server = forwarded(Server::alternative()).await;
    server.line.next([Fate::Late]);
    let deletion = tokio::spawn({
        let smds = server.smds.clone();
        async move { smds.delete_event(&smdp(1), call(deletion(1))).await }
    });
    server.line.waiting().await;
    assert_kept(&server).await;
    deletion.abort();
}

#[tokio::test]
async fn that_the_root_does_not_know_the_event_is_no_error() {
    let server = forwarded(Server::alternative()).await;
    server.book.clear();
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_eq!(server.book.refused(), ["8.9.5/3.9"]);
    assert_gone(&server).await;
}

#[tokio::test]
async fn what_a_stranger_wants_deleted_is_not_forwarded() {
    let server = forwarded(Server::alternative()).await;
    let event_id2 = server.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as.unwrap();
    assert_eq!(refused(server.delete(&smdp(2), deletion(1)).await), "8.9.5/3.9");
    // EventID2 is the name of the event at the Root, not here.
    let by_event_id2 = DeleteEvent { eid: eid(1), event_id: event_id2 };
    for caller in [smdp(1), smdp(2), smds(1)] {
        assert_eq!(refused(server.delete(&caller, by_event_id2.clone()).await), "8.9.5/3.9");
    }
    assert_eq!(server.line.counted(), (1, 0));
    assert_kept(&server).await;
}

/// The deletion fails with this code, the record is kept, and the next try succeeds.
async fn assert_failed(fate: Fate, code: &str) {
    let server = forwarded(Server::impatient()).await;
    server.line.next([fate, fate]);
    for _ in 0..2 {
        assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), code, "{fate:?}");
        assert_kept(&server).await;
    }
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_gone(&server).await;
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "8.9.5/3.9");
    assert_eq!(server.line.counted(), (1, 3));
}

#[tokio::test]
async fn a_root_that_refuses_the_deletion_is_an_execution_error() {
    for (subject, reason) in
        [("8.9.5", "3.3"), ("8.9", "3.9"), ("8.9.5", "3.90"), ("1.6", "2.1"), ("1.1", "1.2")]
    {
        assert_failed(Fate::Refused(subject, reason), "8.9/4.2").await;
    }
}

#[tokio::test]
async fn a_root_that_fails_on_the_way_is_an_execution_error() {
    assert_failed(Fate::Failed, "8.9/4.2").await;
}

/// The second time the Root does not know the event any more.
#[tokio::test]
async fn a_deletion_that_arrives_twice_succeeds() {
    let server = forwarded(Server::alternative()).await;
    server.line.next([Fate::Repeated]);
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_gone(&server).await;
}

#[tokio::test]
async fn a_root_that_is_not_reached_for_the_deletion_is_inaccessible() {
    for fate in [Fate::NotReached, Fate::RequestLost, Fate::Refused("1.2", "4.4")] {
        assert_failed(fate, "8.9/5.1").await;
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_does_not_come_is_repeated() {
    for fate in [Fate::AnswerLost, Fate::Silent] {
        assert_failed(fate, "8.9/5.1").await;
    }
}

#[tokio::test]
async fn an_event_that_expires_here_is_deleted_at_the_root() {
    let server = forwarded(Server::alternative_with(|config| config.limits.event_days = Some(1))).await;
    server.clock.advance_seconds(24 * 60 * 60 - 1);
    server.sweep().await;
    server.run_errands().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (1, 0));
    server.clock.advance_seconds(1);
    server.sweep().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (1, 1));
    server.run_errands().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Expired));
}

#[tokio::test]
async fn an_event_that_was_removed_here_is_deleted_at_the_root_when_that_can_be_reached() {
    let server = forwarded(Server::alternative()).await;
    let record = server.record(&smdp(1), &event_id(1)).await.unwrap();
    server.line.always(Fate::NotReached);
    assert!(server.remove(&record).await);
    assert!(!server.remove(&record).await, "it is removed once");
    server.run_errands().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (1, 1));
    server.line.always(Fate::Answered);
    server.clock.advance_seconds(3600);
    server.run_errands().await;
    assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
}

/// Two deletions at once: the Root and this SM-DS tell each of them something that is true.
#[tokio::test]
async fn a_deletion_that_another_overtakes_finds_nothing() {
    let server = forwarded(Server::alternative()).await;
    let record = server.record(&smdp(1), &event_id(1)).await.unwrap();
    server.line.next([Fate::Silent]);
    let first = tokio::spawn({
        let smds = server.smds.clone();
        async move { smds.delete_event(&smdp(1), call(deletion(1))).await }
    });
    server.line.waiting().await;
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_gone(&server).await;
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "8.9.5/3.9");
    assert!(!server.remove(&record).await);
    first.abort();
}
