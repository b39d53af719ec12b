//! Looking at orders, resetting them, and putting them where a test wants them.

use serde_json::{Value, json};
use smdp::domain::ProfileState;
use smdp::store::Store;

use crate::api::Api;
use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{default_order, iccid, matching_id, order, order_for};
use crate::session::CURVE;

fn ids(list: &Value) -> Vec<i64> {
    list["orders"].as_array().unwrap().iter().map(|order| order["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn orders_are_listed_page_by_page_and_by_what_they_are() {
    let api = Api::new();
    for number in 1..=3 {
        api.add(order(number)).await;
    }
    api.add(order_for(4, eid(9))).await;
    api.put("/api/v1/orders/2/state", json!({ "state": "Error" })).await.ok(200);
    for (filter, expected) in [
        ("limit=3", vec![1, 2, 3]),
        ("limit=3&after=3", vec![4]),
        ("state=Error", vec![2]),
        ("operator=alpha", vec![1, 2, 3, 4]),
        ("operator=beta", vec![]),
        (&format!("eid={}", eid(9)), vec![4]),
        (&format!("iccid={}", iccid(3)), vec![3]),
    ] {
        let list = api.get(&format!("/api/v1/orders?{filter}")).await.ok(200);
        assert_eq!(ids(&list), expected, "{filter}");
    }
    for (filter, field) in [("eid=89", "eid"), ("iccid=1", "iccid")] {
        let (named, detail) = api.get(&format!("/api/v1/orders?{filter}")).await.problem(400);
        assert!(named == field || detail.contains(field), "{named}: {detail}");
    }
    assert_eq!(api.get("/api/v1/orders?limit=4").await.ok(200)["next"], 4);
    assert_eq!(api.get("/api/v1/orders?limit=5").await.ok(200)["next"], Value::Null);
}

#[tokio::test]
async fn an_order_is_shown_with_its_activation_code_and_its_history() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    api.install(&euicc, &matching_id(1), None).await;
    let shown = api.get(&format!("/api/v1/orders/{id}")).await.ok(200);
    assert_eq!(shown["state"], "Installed");
    assert_eq!(shown["eid"], euicc.eid.to_string());
    assert_eq!(shown["download_attempts"], 1);
    assert_eq!(shown["created"], "2026-11-22T03:41:00.000Z");
    // SGP.22 §4.1.
    assert_eq!(shown["activation_code"], format!("LPA:1$smdp.example.com${}", matching_id(1)));
    let history = shown["history"].as_array().unwrap();
    let what: Vec<_> = history.iter().map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(
        what,
        ["ES9+.AuthenticateClient", "ES9+.GetBoundProfilePackage", "ES9+.HandleNotification: install"]
    );
    // SGP.22 §5.3.5: 3 is the download, 4 the installation with its result.
    let report = &history[2]["report"];
    assert_eq!((&report["point"], &report["delivery"]), (&json!(4), &json!("due")));
    assert_eq!(report["attempts"], 0);
    assert!(report["result_data"].as_str().unwrap().starts_with("A2"), "{report}");
    assert_eq!(history[0]["report"], Value::Null);

    let claimed = api
        .store()
        .claim_reports(api.smdp.clock().now(), api.smdp.clock().now(), 9, Vec::new())
        .await
        .unwrap();
    api.store().report_delivered(claimed[0].id).await.unwrap();
    let shown = api.get(&format!("/api/v1/orders/{id}")).await.ok(200);
    assert_eq!(shown["history"][1]["report"]["delivery"], "delivered");
}

#[tokio::test]
async fn a_reset_order_is_as_if_nobody_had_tried_it() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    api.install(&Euicc::new(CURVE, 1), &matching_id(1), None).await;
    let reset = api.post(&format!("/api/v1/orders/{id}/reset"), Value::Null).await.ok(200);
    assert_eq!((&reset["state"], &reset["eid"]), (&json!("Released"), &Value::Null));
    assert_eq!(reset["download_attempts"], 0);
    assert_eq!(reset["history"].as_array().unwrap().last().unwrap()["what"], "management: reset");
    assert!(api.store().bound(id).await.unwrap().is_none(), "what was bound is forgotten");
    // Another eUICC may have it now.
    api.install(&Euicc::new(CURVE, 2), &matching_id(1), None).await;
}

#[tokio::test]
async fn a_reset_order_keeps_its_euicc_where_that_is_asked_for() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    api.install(&euicc, &matching_id(1), None).await;
    let reset = api.post(&format!("/api/v1/orders/{id}/reset?keep_eid=true"), Value::Null).await.ok(200);
    assert_eq!(reset["eid"], euicc.eid.to_string());
    let refused = api.download(&Euicc::new(CURVE, 2), Some(&matching_id(1)), None).await.unwrap_err();
    assert_eq!(refused.code.to_string(), "8.1.1/3.8");

    // SGP.22 §3.3.2: only the EID leads to an order of the default SM-DP+ use case.
    let id = api.add(default_order(2, eid(7))).await;
    let path = format!("/api/v1/orders/{id}/reset");
    let (_, detail) = api.post(&path, Value::Null).await.problem(409);
    assert!(detail.contains("keep_eid"), "{detail}");
    api.post(&format!("{path}?keep_eid=true"), Value::Null).await.ok(200);
    api.post(&format!("{path}?keep_eid=maybe"), Value::Null).await.problem(400);
}

#[tokio::test]
async fn an_order_is_put_from_every_state_into_every_other() {
    for from in ProfileState::ALL.into_iter().filter(|state| state.is_ordered()) {
        for to in ProfileState::ALL {
            let api = Api::new();
            let id = api.add(order(1)).await;
            let path = format!("/api/v1/orders/{id}/state");
            api.put(&path, json!({ "state": from.name() })).await.ok(200);
            let after = api.put(&path, json!({ "state": to.name() })).await.ok(200);
            assert_eq!(after["state"], to.name(), "{from} to {to}");
            let profile = api.get(&format!("/api/v1/profiles/{}", iccid(1))).await.ok(200);
            assert_eq!(profile["state"], to.name());
            let has_profile = if to.is_ordered() { json!(id.0) } else { Value::Null };
            assert_eq!(profile["order"], has_profile, "{from} to {to}");
        }
    }
}

#[tokio::test]
async fn an_order_that_was_put_to_released_can_be_downloaded() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let path = format!("/api/v1/orders/{id}/state");
    let euicc = Euicc::new(CURVE, 1);
    api.put(&path, json!({ "state": "Confirmed" })).await.ok(200);
    let refused = api.download(&euicc, Some(&matching_id(1)), None).await.unwrap_err();
    assert_eq!(refused.code.to_string(), "8.2/1.2");
    api.put(&path, json!({ "state": "Released" })).await.ok(200);
    api.download(&euicc, Some(&matching_id(1)), None).await.unwrap();
    // What has happened stays so: nobody is told otherwise.
    let history = api.get(&format!("/api/v1/orders/{id}")).await.ok(200)["history"].clone();
    let set: Vec<_> =
        history.as_array().unwrap().iter().filter(|event| event["what"] == "management: state set").collect();
    assert_eq!(set.len(), 2);
    assert!(set.iter().all(|event| event["report"].is_null()));
}

#[tokio::test]
async fn an_order_that_has_ended_stays_so() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let path = format!("/api/v1/orders/{id}");
    let ended = api.put(&format!("{path}/state"), json!({ "state": "Available" })).await.ok(200);
    assert_eq!(ended["activation_code"], Value::Null);
    let (_, detail) = api.put(&format!("{path}/state"), json!({ "state": "Released" })).await.problem(409);
    assert!(detail.contains("ended"), "{detail}");
    api.post(&format!("{path}/reset"), Value::Null).await.problem(409);
    // Its profile is for another now.
    api.post("/api/v1/orders", json!({ "iccid": iccid(1).to_string() })).await.ok(201);
    assert_eq!(api.get(&path).await.ok(200)["state"], "Available");
}

#[tokio::test]
async fn what_names_no_order_or_no_state_is_refused() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    for path in ["/api/v1/orders/99", "/api/v1/orders/-1"] {
        api.get(path).await.problem(404);
        api.delete(path).await.problem(404);
        api.post(&format!("{path}/reset"), Value::Null).await.problem(404);
        api.put(&format!("{path}/state"), json!({ "state": "Error" })).await.problem(404);
    }
    assert_eq!(api.get("/api/v1/orders/one").await.problem(400).0, "id");
    let before = api.everything().await;
    let path = format!("/api/v1/orders/{id}/state");
    for body in [json!({ "state": "released" }), json!({ "state": 1 }), json!({}), json!([])] {
        let (field, detail) = api.put(&path, body).await.problem(400);
        assert!(field == "state" || detail.contains("state") || field == ".", "{field}: {detail}");
    }
    assert_eq!(api.everything().await, before);
}

#[tokio::test]
async fn a_deleted_order_leaves_its_profile_available() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    api.download(&Euicc::new(CURVE, 1), Some(&matching_id(1)), None).await.unwrap();
    let path = format!("/api/v1/orders/{id}");
    api.delete(&path).await.ok(204);
    api.get(&path).await.problem(404);
    api.delete(&path).await.problem(404);
    let profile = api.get(&format!("/api/v1/profiles/{}", iccid(1))).await.ok(200);
    assert_eq!((&profile["state"], &profile["order"]), (&json!("Available"), &Value::Null));
    assert_eq!(api.get(&format!("/api/v1/events?order={id}")).await.ok(200)["events"], json!([]));
}

#[tokio::test]
async fn changes_that_race_all_come_through() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let path = format!("/api/v1/orders/{id}/reset");
    let answers = tokio::join!(
        api.post(&path, Value::Null),
        api.post(&path, Value::Null),
        api.post(&path, Value::Null),
        api.post(&path, Value::Null)
    );
    for answer in [answers.0, answers.1, answers.2, answers.3] {
        answer.ok(200);
    }
    let order = api.get(&format!("/api/v1/orders/{id}")).await.ok(200);
    assert_eq!(order["history"].as_array().unwrap().len(), 4);
}
