//! `/api/v1/faults`, and who else says so.

use serde_json::json;

use crate::api::Api;
use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{matching_id, order};
use crate::secrets::Log;
use crate::session::CURVE;

const PATH: &str = "/api/v1/faults";

#[tokio::test]
async fn a_fault_is_armed_listed_and_disarmed() {
    let api = Api::new();
    assert_eq!(api.get(PATH).await.ok(200), json!({ "faults": [] }));
    let request = json!({
        "fault": "8.2.6/3.8", "message": "not today", "function": "authenticateClient", "eid": eid(1).to_string(),
        "matching_id": "AB-12", "calls": 3, "percent": 50, "seed": 7,
    });
    let answer = api.post(PATH, request).await;
    let armed = answer.ok(201);
    assert_eq!(answer.headers["location"], "/api/v1/faults/1");
    for (member, value) in [
        ("id", json!(1)),
        ("fault", json!("8.2.6/3.8")),
        ("message", json!("not today")),
        ("function", json!("authenticateClient")),
        ("eid", json!(eid(1).to_string())),
        ("matching_id", json!("AB-12")),
        ("calls_left", json!(3)),
        ("percent", json!(50)),
        ("seed", json!(7)),
        ("acted", json!(0)),
    ] {
        assert_eq!(armed[member], value, "{member}");
    }
    api.post(PATH, json!({ "fault": "mac-86-2" })).await.ok(201);
    let listed = api.get(PATH).await.ok(200);
    assert_eq!(listed["faults"].as_array().unwrap().len(), 2);
    assert_eq!(listed["faults"][0], armed);

    assert_eq!(api.delete("/api/v1/faults/1").await.status, 204);
    api.delete("/api/v1/faults/1").await.problem(404);
    api.delete("/api/v1/faults/x").await.problem(400);
    assert_eq!(api.delete(PATH).await.status, 204);
    assert_eq!(api.get(PATH).await.ok(200), json!({ "faults": [] }));
}

#[tokio::test]
async fn what_is_wrong_with_a_fault_is_named() {
    let api = Api::new();
    for (request, field) in [
        (json!({ "fault": "no-such-fault" }), "fault"),
        (json!({ "fault": "8.2.6/x" }), "fault"),
        (json!({}), "."),
        (json!({ "fault": "mac-86-2", "function": "cancelSession" }), "function"),
        (
            json!({ "fault": "http-503", "function": "initiateAuthentication", "matching_id": "A" }),
            "function",
        ),
        (json!({ "fault": "http-503", "function": "initiate" }), "function"),
        (json!({ "fault": "http-503", "message": "x" }), "message"),
        (json!({ "fault": "http-503", "percent": 0 }), "percent"),
        (json!({ "fault": "http-503", "percent": 101 }), "percent"),
        (json!({ "fault": "http-503", "seed": 1 }), "seed"),
        (json!({ "fault": "http-503", "calls": 0 }), "calls"),
        (json!({ "fault": "http-503", "matching_id": "a b" }), "matching_id"),
        (json!({ "fault": "http-503", "eid": "1" }), "eid"),
        (json!({ "fault": "http-503", "often": true }), "often"),
    ] {
        let (named, detail) = api.post(PATH, request.clone()).await.problem(400);
        assert_eq!(named, field, "{request}: {detail}");
    }
    assert_eq!(api.get(PATH).await.ok(200), json!({ "faults": [] }));
}

#[tokio::test]
async fn whoever_asks_whether_the_server_is_ready_hears_of_faults_and_not_of_whose() {
    let api = Api::new();
    assert_eq!(api.get("/ready").await.ok(200)["faults"], json!(null));
    let request =
        json!({ "fault": "mac-86-2", "function": "getBoundProfilePackage", "matching_id": "AB-12" });
    api.post(PATH, request).await.ok(201);
    let ready = api.get("/ready").await.ok(200);
    assert_eq!(ready["ready"], true);
    assert_eq!(ready["faults"], json!(["mac-86-2 in getBoundProfilePackage"]));
    api.delete(PATH).await;
    assert_eq!(api.get("/ready").await.ok(200)["faults"], json!(null));
}

#[tokio::test]
async fn an_open_catalogue_is_a_fault_too() {
    let api = Api::with(|config| config.catalogue = true, smdp::management::Access::open());
    let ready = api.get("/ready").await.ok(200);
    let number = smdp::catalogue::entries().len();
    assert_eq!(ready["faults"], json!([format!("error catalogue: {number} activation codes")]));
    let metrics = api.get("/metrics").await.text;
    assert!(metrics.lines().any(|line| line == format!("rsp_catalogue_entries {number}")), "{metrics}");
}

#[tokio::test]
async fn faults_are_counted_and_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let api = Api::new();
    api.add(order(1)).await;
    let request = json!({ "fault": "8.2.5/4.3", "function": "authenticateClient", "calls": 2 });
    api.post(PATH, request).await.ok(201);
    let has = async |line: &str| api.get("/metrics").await.text.lines().any(|one| one == line);
    assert!(has("rsp_faults_armed 1").await);
    let euicc = Euicc::new(CURVE, 1);
    for _ in 0..3 {
        let _ = api.download(&euicc, Some(&matching_id(1)), None).await;
    }
    assert!(has("rsp_faults_armed 0").await);
    assert!(has("rsp_faults_acted_total{fault=\"8.2.5/4.3\"} 2").await);
    let text = log.text();
    let lines = |part: &str| text.lines().filter(|line| line.contains("WARN") && line.contains(part)).count();
    assert_eq!((lines("a fault is armed"), lines("a fault acts"), lines("a fault is used up")), (1, 2, 1));
    let acting = text.lines().find(|line| line.contains("a fault acts")).unwrap();
    for part in ["8.2.5/4.3", "authenticateClient", &euicc.eid.to_string()] {
        assert!(acting.contains(part), "{part} is not in {acting}");
    }
}
