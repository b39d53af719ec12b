//! Removing events.

use std::time::Duration;

use crypto::Curve;
use protocol::es12::RegisterEvent;
use serde_json::{Value, json};

use crate::api::{Api, ids};
use crate::common::calls::{cascaded, deletion, event, event_id, smdp};
use crate::common::euicc::{Euicc, eid};
use crate::common::server::refused;

#[tokio::test]
async fn lpas_are_told_of_a_removed_event_no_more() {
    let api = Api::new();
    let (euicc, other) = (Euicc::new(Curve::P256, 1), Euicc::new(Curve::P256, 2));
    for number in [1, 2] {
        api.server.register(&smdp(1), event(number)).await.unwrap();
    }
    api.server.register(&smdp(2), RegisterEvent { eid: eid(2), ..event(1) }).await.unwrap();
    let path = api.path_of(1).await;
    api.server.clock.advance_seconds(60);
    assert_eq!(api.delete(&path).await.ok(204), Value::Null);
    assert_eq!(api.server.told(&euicc).await, ["EVENT-2"]);
    assert_eq!(refused(api.server.ask(&euicc, Some("EVENT-1")).await), "8.9.5/3.9");
    assert_eq!(api.server.told(&other).await, ["EVENT-1"], "that of another caller stays");
    let shown = api.get(&path).await.ok(200);
    assert_eq!((&shown["state"], &shown["ended"]), (&json!("Removed"), &json!("2026-11-22T03:42:00.000Z")));
    // SGP.22 §3.6.1: its EventID stays used, and its caller cannot delete it once more.
    assert_eq!(refused(api.server.register(&smdp(1), event(1)).await), "8.9.5/3.3");
    assert_eq!(refused(api.server.delete(&smdp(1), deletion(1)).await), "8.9.5/3.9");
    assert_eq!(api.server.open_errands().await, 0, "the Root never had it");
    assert_eq!(api.server.line.sent(), []);
}

#[tokio::test]
async fn an_event_in_a_session_that_is_open_already_is_not_told() {
    let api = Api::new();
    let euicc = Euicc::new(Curve::P256, 1);
    api.server.register(&smdp(1), event(1)).await.unwrap();
    let initiated = api.server.opened(&euicc).await;
    api.delete(&api.path_of(1).await).await.ok(204);
    let request = euicc.authenticate(&initiated, None);
    let answer = protocol::es11::Es11::authenticate_client(&*api.server.smds, request).await.unwrap();
    assert!(answer.event_entries.is_empty());
}

#[tokio::test]
async fn a_removed_event_that_was_forwarded_leaves_an_errand_that_is_listed_and_counted() {
    let api = Api::new();
    api.server.register(&smdp(1), cascaded(1)).await.unwrap();
    let event_id2 = api.server.book.records()[0].event_id.clone();
    assert!(api.get("/metrics").await.text.contains("\nrsp_root_deletions 0\n"));
    api.delete(&api.path_of(1).await).await.ok(204);
    assert_eq!(api.server.told(&Euicc::new(Curve::P256, 1)).await, [""; 0]);

    let list = api.get("/api/v1/root-deletions").await.ok(200);
    let expected = json!({
        "id": ids(&list)[0],
        "eid": eid(1).to_string(),
        "event_id": event_id2.to_string(),
        "attempts": 0,
        "next_try": "2026-11-22T03:41:00.000Z",
    });
    assert_eq!(list, json!({ "root_deletions": [expected], "next": null }));
    let metrics = api.get("/metrics").await.text;
    assert!(metrics.contains("\nrsp_root_deletions 1\n"), "{metrics}");
    assert!(metrics.contains("\nrsp_events{state=\"Removed\"} 1\n"), "{metrics}");
    assert!(api.server.book.has(&event_id2), "whoever removes it does not wait for the Root");

    api.server.run_errands().await;
    assert!(!api.server.book.has(&event_id2));
    let list = api.get("/api/v1/root-deletions").await.ok(200);
    assert_eq!(list, json!({ "root_deletions": [], "next": null }));
    assert!(api.get("/metrics").await.text.contains("\nrsp_root_deletions 0\n"));
}

#[tokio::test]
async fn what_has_ended_cannot_be_removed() {
    let api = Api::with_lifetime();
    api.server.register(&smdp(1), event(1)).await.unwrap();
    api.server.clock.advance(Duration::from_secs(24 * 60 * 60));
    api.server.sweep().await;
    for number in [2, 3] {
        api.server.register(&smdp(1), cascaded(number)).await.unwrap();
    }
    api.server.delete(&smdp(1), deletion(2)).await.unwrap();
    api.delete(&api.path_of(3).await).await.ok(204);
    for (number, state) in [(1, "Expired"), (2, "Deleted"), (3, "Removed")] {
        let path = api.path_of(number).await;
        let before = api.get(&path).await.ok(200);
        let (_, detail) = api.delete(&path).await.problem(409);
        assert!(detail.contains(state), "{detail}");
        assert_eq!(api.get(&path).await.ok(200), before);
    }
    assert_eq!(api.server.open_errands().await, 1, "twice removed is once deleted at the Root");
}

/// Its caller has no answer yet: it may end as if it had never been.
#[tokio::test]
async fn an_event_on_its_way_to_the_root_cannot_be_removed_until_that_is_decided() {
    let api = Api::new();
    api.forwarding(1).await;
    let path = api.path_of(1).await;
    let (_, detail) = api.delete(&path).await.problem(409);
    assert!(detail.contains("try again"), "{detail}");
    assert_eq!(api.get(&path).await.ok(200)["state"], "Forwarding");
    assert_eq!(api.server.open_errands().await, 0);
    // Registered after all: it can.
    let record = api.server.record(&smdp(1), &event_id(1)).await.unwrap();
    smds::store::Store::event_forwarded(api.server.store(), record.number).await.unwrap();
    api.delete(&path).await.ok(204);
    assert_eq!(api.server.open_errands().await, 1);
    // Undone: there is none.
    api.forwarding(2).await;
    let path = api.path_of(2).await;
    api.server.outlast_lease();
    api.server.sweep().await;
    api.delete(&path).await.problem(404);
}

#[tokio::test]
async fn of_removals_that_race_one_is_done() {
    let api = Api::new();
    api.server.register(&smdp(1), cascaded(1)).await.unwrap();
    let path = api.path_of(1).await;
    let answers = tokio::join!(api.delete(&path), api.delete(&path), api.delete(&path));
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409, 409]);
    assert_eq!(api.server.open_errands().await, 1);
}
