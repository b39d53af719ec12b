//! New orders over the API: the rules of ES2+.DownloadOrder and ConfirmOrder (SGP.22 §5.3.1, §5.3.2), for nobody in
//! particular.

use serde_json::{Value, json};
use smdp::management::Access;

use crate::api::{Api, CODE};
use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{iccid, matching_id, order};
use crate::session::CURVE;

fn of_iccid(number: u32) -> Value {
    json!({ "iccid": iccid(number).to_string() })
}

fn of_type() -> Value {
    json!({ "operator": "alpha", "profile_type": "basic" })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[tokio::test]
async fn an_order_for_an_iccid_is_released_and_can_be_downloaded() {
    let api = Api::new();
    api.stock([1]).await;
    let body = with(of_iccid(1), "matching_id", json!("AB-12"));
    let answer = api.post("/api/v1/orders", with(body, "confirmation_code", json!(CODE))).await;
    let order = answer.ok(201);
    assert_eq!(answer.headers["location"], format!("/api/v1/orders/{}", order["id"]));
    assert_eq!((&order["state"], &order["eid"]), (&json!("Released"), &Value::Null));
    assert_eq!(order["confirmation_code_required"], true);
    assert_eq!(order["activation_code"], "LPA:1$smdp.example.com$AB-12$$1");
    let euicc = Euicc::new(CURVE, 1);
    let refused = api.download(&euicc, Some("AB-12"), Some("wrong")).await.unwrap_err();
    assert_eq!(refused.code.to_string(), "8.2.7/3.8");
    api.download(&euicc, Some("AB-12"), Some(CODE)).await.unwrap();
}

#[tokio::test]
async fn an_order_for_a_type_takes_any_profile_that_is_left() {
    let api = Api::new();
    api.stock(1..=2).await;
    let first = api.post("/api/v1/orders", of_type()).await.ok(201);
    let second = api.post("/api/v1/orders", of_type()).await.ok(201);
    assert_ne!(first["iccid"], second["iccid"]);
    // SGP.22 §4.1.1: a MatchingID that nobody gave is made up, and no two are the same.
    assert_ne!(first["matching_id"], second["matching_id"]);
    assert!(first["matching_id"].as_str().unwrap().len() >= 20);
    let (_, detail) = api.post("/api/v1/orders", of_type()).await.problem(409);
    assert!(detail.contains("available"), "{detail}");
}

#[tokio::test]
async fn an_order_that_is_not_released_is_only_confirmed() {
    let api = Api::new();
    api.stock([1]).await;
    let body = with(of_iccid(1), "eid", json!(eid(3).to_string()));
    let order = api.post("/api/v1/orders", with(body, "release", json!(false))).await.ok(201);
    assert_eq!((&order["state"], &order["eid"]), (&json!("Confirmed"), &json!(eid(3).to_string())));
}

#[tokio::test]
async fn an_empty_matching_id_is_the_default_smdp_use_case() {
    let api = Api::new();
    api.stock([1]).await;
    let euicc = Euicc::new(CURVE, 1);
    let body = with(of_iccid(1), "matching_id", json!(""));
    assert_eq!(api.post("/api/v1/orders", body.clone()).await.problem(400).0, "eid");
    let order = api.post("/api/v1/orders", with(body, "eid", json!(euicc.eid.to_string()))).await.ok(201);
    assert_eq!(order["matching_id"], Value::Null);
    // SGP.22 §4.1: the token may be empty.
    assert_eq!(order["activation_code"], "LPA:1$smdp.example.com$");
    api.download(&euicc, None, None).await.unwrap();
}

#[tokio::test]
async fn an_order_ends_when_it_is_told_to_or_as_the_configuration_says() {
    let api = Api::with(|config| config.limits.order_days = Some(2), Access::open());
    api.stock(1..=2).await;
    let order = api.post("/api/v1/orders", of_iccid(1)).await.ok(201);
    assert_eq!(order["expires"], "2026-11-24T03:41:00.000Z");
    let body = with(of_iccid(2), "expires", json!("2026-11-22T05:00:00+01:00"));
    let order = api.post("/api/v1/orders", body).await.ok(201);
    assert_eq!(order["expires"], "2026-11-22T04:00:00.000Z");
    api.clock.advance_seconds(3600);
    let matching_id = order["matching_id"].as_str().unwrap();
    let refused = api.download(&Euicc::new(CURVE, 1), Some(matching_id), None).await.unwrap_err();
    assert_eq!(refused.code.to_string(), "8.8.5/4.10");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_leaves_nothing_behind() {
    let api = Api::new();
    api.stock([1]).await;
    let before = api.everything().await;
    for (body, field) in [
        (json!({}), "iccid"),
        (with(of_type(), "iccid", json!(iccid(1).to_string())), "iccid"),
        (json!({ "profile_type": "basic" }), "iccid"),
        (json!({ "iccid": "12" }), "iccid"),
        (with(of_iccid(1), "eid", json!("89049032123451234512345678901236")), "eid"),
        (with(of_iccid(1), "matching_id", json!("ab")), "matching_id"),
        (with(of_iccid(1), "matching_id", json!(1)), "matching_id"),
        (with(of_iccid(1), "confirmation_code", json!("")), "confirmation_code"),
        (with(of_iccid(1), "confirmation_code", json!(4711)), "confirmation_code"),
        (with(of_iccid(1), "expires", json!("tomorrow")), "expires"),
        (with(of_iccid(1), "release", json!("yes")), "release"),
        (with(of_iccid(1), "smds", json!("x")), "smds"),
    ] {
        let (named, detail) = api.post("/api/v1/orders", body).await.problem(400);
        assert!(named == field || detail.contains(field), "{field}: {named}: {detail}");
        assert!(!detail.contains("4711"), "{detail}");
    }
    for body in [
        of_iccid(9),
        json!({ "operator": "alpha", "profile_type": "none" }),
        json!({ "operator": "beta", "profile_type": "basic" }),
    ] {
        api.post("/api/v1/orders", body).await.problem(404);
    }
    assert_eq!(api.everything().await, before);
}

#[tokio::test]
async fn a_profile_or_a_matching_id_of_another_order_is_a_conflict() {
    let api = Api::new();
    api.stock([1]).await;
    api.add(order(2)).await;
    let before = api.everything().await;
    api.post("/api/v1/orders", of_iccid(2)).await.problem(409);
    let body = with(of_iccid(1), "matching_id", json!(matching_id(2)));
    let (_, detail) = api.post("/api/v1/orders", body).await.problem(409);
    assert!(detail.contains(&matching_id(2)), "{detail}");
    assert_eq!(api.everything().await, before);
}

#[tokio::test]
async fn of_orders_that_race_for_a_matching_id_one_is_placed_and_nothing_is_left_of_the_others() {
    let api = Api::new();
    api.stock(1..=3).await;
    let post = |number| api.post("/api/v1/orders", with(of_iccid(number), "matching_id", json!("AB-12")));
    let (a, b, c) = tokio::join!(post(1), post(2), post(3));
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
    let left = api.get("/api/v1/profiles?state=Available").await.ok(200);
    assert_eq!(left["profiles"].as_array().unwrap().len(), 2);
    assert_eq!(api.get("/api/v1/orders").await.ok(200)["orders"].as_array().unwrap().len(), 1);
}
