//! Events at SM-DSs, and what the API does to the orders that have them.

use protocol::clock::Clock;
use protocol::types::Eid;
use serde_json::{Value, json};
use smdp::domain::{EventFailure, EventTry, FailureKind, Order, OrderId, ProfileState};
use smdp::store::Store;

use crate::api::Api;
use crate::common::euicc::eid;
use crate::common::orders::{matching_id, order_for};
use crate::common::smds::SMDS;

impl Api {
    /// Makes a released order one for an SM-DS; nobody has told that yet.
    pub async fn send_to_smds(&self, id: OrderId, eid: Eid) {
        for state in [ProfileState::Confirmed, ProfileState::Released] {
            let order = self.store().order(id).await.unwrap().unwrap();
            let smds_address = Some(SMDS.parse().unwrap());
            let order = Order { state, smds_address, eid: Some(eid), ..order };
            self.store().change_order(order, None).await.unwrap();
        }
    }

    /// Order `number`, for an SM-DS.
    async fn with_event(&self, number: u32) -> OrderId {
        let id = self.add(order_for(number, eid(number))).await;
        self.send_to_smds(id, eid(number)).await;
        id
    }

    /// What is due is tried, with this outcome.
    async fn tried(&self, outcome: EventTry) {
        let now = self.clock.now();
        let due = self.store().claim_smds_events(now, now.plus_seconds(60), 9, Vec::new()).await.unwrap();
        for event in due {
            self.store().note_smds_event_try(event, outcome.clone(), now).await.unwrap();
        }
    }

    async fn smds_events(&self, filter: &str) -> Value {
        self.get(&format!("/api/v1/smds-events?{filter}")).await.ok(200)
    }
}

fn ids(list: &Value) -> Vec<i64> {
    list["smds_events"].as_array().unwrap().iter().map(|event| event["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn an_order_is_shown_with_its_event() {
    let api = Api::new();
    let id = api.with_event(1).await;
    let path = format!("/api/v1/orders/{id}");
    let event = api.get(&path).await.ok(200)["smds_event"].clone();
    for (member, value) in [
        ("stage", json!("Registering")),
        ("event_id", json!(matching_id(1))),
        ("eid", json!(eid(1).to_string())),
        ("smds_address", json!(SMDS)),
        ("order", json!(id.0)),
        ("attempts", json!(0)),
        ("failure", Value::Null),
    ] {
        assert_eq!(event[member], value, "{member}");
    }
    assert!(event["due"].is_string() && event["created"].is_string() && event["changed"].is_string());
    let failure =
        EventFailure { kind: FailureKind::Refused("8.9/5.1".to_owned()), message: "Root is down".to_owned() };
    api.tried(EventTry::Failed { failure, next: Some(api.clock.now()) }).await;
    let event = api.get(&path).await.ok(200)["smds_event"].clone();
    assert_eq!((&event["failure"], &event["attempts"]), (&json!("8.9/5.1: Root is down"), &json!(1)));
    api.tried(EventTry::Done).await;
    let shown = api.get(&path).await.ok(200);
    assert_eq!(
        (&shown["smds_event"]["stage"], &shown["smds_event"]["due"]),
        (&json!("Registered"), &Value::Null)
    );
    let history = shown["history"].as_array().unwrap();
    let told: Vec<_> = history.iter().map(|event| (&event["what"], &event["detail"])).collect();
    let register = json!("ES12.RegisterEvent");
    assert_eq!(told, [(&register, &json!("8.9/5.1")), (&register, &Value::Null)]);
    // An order without an SM-DS has none.
    let id = api.add(crate::common::orders::order(2)).await;
    assert_eq!(api.get(&format!("/api/v1/orders/{id}")).await.ok(200)["smds_event"], Value::Null);
}

#[tokio::test]
async fn events_are_listed_by_stage_and_order_even_when_that_is_gone() {
    let api = Api::new();
    let one = api.with_event(1).await;
    api.tried(EventTry::Done).await;
    let two = api.with_event(2).await;
    let all = ids(&api.smds_events("").await);
    for (filter, expected) in [
        ("stage=Registered", vec![all[0]]),
        ("stage=Registering", vec![all[1]]),
        ("stage=GivenUp", vec![]),
        (&format!("order={two}"), vec![all[1]]),
        (&format!("after={}", all[0]), vec![all[1]]),
        ("limit=1", vec![all[0]]),
    ] {
        assert_eq!(ids(&api.smds_events(filter).await), expected, "{filter}");
    }
    assert_eq!(api.smds_events("limit=1").await["next"], json!(all[0]));
    assert_eq!(api.get("/api/v1/smds-events?stage=registered").await.status, 400);
    assert_eq!(api.delete(&format!("/api/v1/orders/{one}")).await.status, 204);
    let left = api.smds_events(&format!("order={one}")).await;
    assert_eq!(left["smds_events"][0]["stage"], "Deleting");
    // What nobody can know is gone with its order.
    assert_eq!(api.delete(&format!("/api/v1/orders/{two}")).await.status, 204);
    assert_eq!(ids(&api.smds_events("").await), [all[0]]);
}

/// SGP.22 §3.6.1: no SM-DS takes an EventID twice, so what is tried once more has another.
#[tokio::test]
async fn an_order_that_is_tried_once_more_gets_another_event() {
    let api = Api::new();
    let id = api.with_event(1).await;
    api.tried(EventTry::Done).await;
    let (order, state) = (format!("/api/v1/orders/{id}"), format!("/api/v1/orders/{id}/state"));
    // One that still waits keeps what it has.
    let kept = api.post(&format!("{order}/reset?keep_eid=true"), json!({})).await.ok(200);
    assert_eq!(
        (&kept["matching_id"], &kept["smds_event"]["stage"]),
        (&json!(matching_id(1)), &json!("Registered"))
    );
    let ended = api.put(&state, json!({ "state": "Installed" })).await.ok(200);
    assert_eq!(ended["smds_event"]["stage"], "Deleting");
    api.tried(EventTry::Done).await;
    let again = api.post(&format!("{order}/reset?keep_eid=true"), json!({})).await.ok(200);
    assert_ne!(again["matching_id"], json!(matching_id(1)));
    assert_eq!(again["smds_event"]["event_id"], again["matching_id"]);
    assert_eq!(again["smds_event"]["stage"], "Registering");
    assert_eq!(ids(&api.smds_events(&format!("order={id}")).await).len(), 2);
    // Without its eUICC it is found by its activation code only.
    let unlinked = api.post(&format!("{order}/reset"), json!({})).await.ok(200);
    assert_eq!(unlinked["eid"], Value::Null);
    assert!(ids(&api.smds_events("stage=Registering").await).is_empty());
}
