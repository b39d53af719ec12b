//! Sessions, and what eUICCs have notified of.

use asn1::NotificationEvent;
use protocol::es9plus::Es9Plus;
use serde_json::{Value, json};

use crate::api::Api;
use crate::common::euicc::{Euicc, eid, metadata, notification};
use crate::common::orders::{matching_id, order};
use crate::session::CURVE;

#[tokio::test]
async fn a_session_is_shown_as_far_as_it_has_come() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    let opened = api.opened(&euicc).await;
    let shown = api.get(&format!("/api/v1/sessions/{opened}")).await.ok(200);
    assert_eq!(
        shown,
        json!({
            "transaction_id": opened.to_string(),
            "stage": "opened",
            "order": null,
            "eid": null,
            "started": "2026-11-22T03:41:00.000Z",
            "lapsed": false,
        })
    );
    let delivered = api.download(&euicc, Some(&matching_id(1)), None).await.unwrap().transaction_id;
    let path = format!("/api/v1/sessions/{}", delivered.to_string().to_lowercase());
    let shown = api.get(&path).await.ok(200);
    assert_eq!((&shown["stage"], &shown["order"]), (&json!("delivered"), &json!(id.0)));
    assert_eq!(shown["eid"], euicc.eid.to_string());
    api.clock.advance_seconds(601);
    assert_eq!(api.get(&path).await.ok(200)["lapsed"], true);
}

#[tokio::test]
async fn a_session_that_is_not_there_is_not_found() {
    let api = Api::new();
    api.get("/api/v1/sessions/00112233").await.problem(404);
    assert_eq!(api.get("/api/v1/sessions/xyz").await.problem(400).0, "transaction_id");
}

#[tokio::test]
async fn notifications_of_an_euicc_are_listed_by_their_numbers() {
    let api = Api::new();
    api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    api.install(&euicc, &matching_id(1), None).await;
    let enabled = euicc.other_notification(metadata(6, NotificationEvent::ENABLE));
    api.smdp.handle_notification(notification(enabled)).await.unwrap();
    let list = api.get(&format!("/api/v1/euiccs/{}/notifications", euicc.eid)).await.ok(200);
    let seen: Vec<(&Value, &Value)> = list["notifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| (&notification["sequence_number"], &notification["event"]))
        .collect();
    assert_eq!(seen, [(&json!(5), &json!("install")), (&json!(6), &json!("enable"))]);
    let install = &list["notifications"][0];
    assert_eq!(install["iccid"], "8901000000000000018");
    assert_eq!(install["received"], "2026-11-22T03:41:00.000Z");
    // SGP.22 §5.6.4: a ProfileInstallationResult.
    assert!(install["bytes"].as_str().unwrap().starts_with("BF37"), "{install}");
}

#[tokio::test]
async fn an_euicc_that_nobody_knows_has_no_notifications() {
    let api = Api::new();
    let path = |eid: &str| format!("/api/v1/euiccs/{eid}/notifications");
    assert_eq!(api.get(&path(&eid(1).to_string())).await.ok(200), json!({ "notifications": [] }));
    assert_eq!(api.get(&path("89")).await.problem(400).0, "eid");
}
