//! SGP.22 §5.9.2, §3.6.3: an event that was not forwarded.

use crypto::Curve;
use protocol::es12::{DeleteEvent, Es12};
use smds::domain::EventState;

use crate::common::calls::{deletion, event, event_id, named, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::server::{Server, refused};

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

#[tokio::test]
async fn a_deleted_event_is_told_no_more() {
    for server in [Server::root(), Server::alternative()] {
        server.register(&smdp(1), event(1)).await.unwrap();
        server.register(&smdp(1), event(2)).await.unwrap();
        server.delete(&smdp(1), deletion(1)).await.unwrap();
        assert_eq!(server.told(&euicc()).await, ["EVENT-2"]);
        assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Deleted));
        assert_eq!(server.line.sent(), []);
    }
}

#[tokio::test]
async fn an_event_that_was_never_registered_is_unknown() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    assert_eq!(refused(server.delete(&smdp(1), deletion(2)).await), "8.9.5/3.9");
    assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
}

#[tokio::test]
async fn the_event_of_a_stranger_is_unknown_and_stays() {
    for server in [Server::root(), Server::alternative()] {
        server.register(&smdp(1), event(1)).await.unwrap();
        let before = server.records().await;
        for stranger in [smdp(2), smdp(11), smds(1)] {
            assert_eq!(refused(server.delete(&stranger, deletion(1)).await), "8.9.5/3.9");
        }
        assert_eq!(server.records().await, before);
        assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
        server.delete(&smdp(1), deletion(1)).await.unwrap();
    }
}

#[tokio::test]
async fn of_two_events_of_one_name_a_caller_deletes_its_own() {
    let server = Server::root();
    for caller in [smdp(1), smdp(2)] {
        server.register(&caller, event(1)).await.unwrap();
    }
    server.delete(&smdp(2), deletion(1)).await.unwrap();
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
    assert_eq!(server.state(&smdp(2), &event_id(1)).await, Some(EventState::Deleted));
}

#[tokio::test]
async fn an_event_is_deleted_once() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    let call = named("the-same", deletion(1));
    server.smds.delete_event(&smdp(1), call.clone()).await.unwrap();
    assert_eq!(refused(server.smds.delete_event(&smdp(1), call).await), "8.9.5/3.9");
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "8.9.5/3.9");
}

#[tokio::test]
async fn of_many_deletions_at_once_one_finds_the_event() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    let calls = (0..8).map(|_| {
        let smds = server.smds.clone();
        tokio::spawn(async move { smds.delete_event(&smdp(1), named("the-same", deletion(1))).await })
    });
    let mut done = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(()) => done += 1,
            Err(refusal) => assert_eq!(refusal.code.to_string(), "8.9.5/3.9"),
        }
    }
    assert_eq!(done, 1);
}

#[tokio::test]
async fn an_event_that_has_expired_or_was_removed_is_unknown() {
    let server = Server::root_with(|config| config.limits.event_days = Some(1));
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), event(2)).await.unwrap();
    let removed = server.record(&smdp(1), &event_id(1)).await.unwrap();
    assert!(server.remove(&removed).await);
    server.clock.advance_seconds(24 * 60 * 60);
    server.sweep().await;
    for number in [1, 2] {
        assert_eq!(refused(server.delete(&smdp(1), deletion(number)).await), "8.9.5/3.9");
    }
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Removed));
    assert_eq!(server.state(&smdp(1), &event_id(2)).await, Some(EventState::Expired));
}

/// SGP.22 §5.9.2: the record is found by the caller and the EventID.
#[tokio::test]
async fn the_eid_of_a_deletion_is_not_compared() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.delete(&smdp(1), DeleteEvent { eid: eid(2), event_id: event_id(1) }).await.unwrap();
    assert_eq!(server.told(&euicc()).await, [""; 0]);
}
