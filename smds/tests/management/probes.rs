//! `/health` and `/ready`.

use serde_json::{Value, json};

use crate::api::Api;

fn failed(ready: &Value) -> Vec<&str> {
    let checks = ready["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["passed"] == false).map(|check| check["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_process_that_lives_says_so_whatever_else_is_wrong() {
    let api = Api::new();
    assert_eq!(api.get("/health").await.status, 200);
    api.readiness.shut_down();
    assert_eq!(api.get("/health").await.status, 200);
}

#[tokio::test]
async fn it_is_ready_while_both_ports_are_open() {
    let api = Api::new();
    let es11 = api.readiness.listening("ES11");
    let es12 = api.readiness.listening("ES12");
    let ready = api.get("/ready").await.ok(200);
    let names = ["the store can be written", "the process goes on", "ES11 listens", "ES12 listens"];
    let checks = names.map(|name| json!({ "name": name, "passed": true }));
    assert_eq!(ready, json!({ "ready": true, "checks": checks, "faults": null }));

    // The task that served it has ended, however it did.
    drop(es12);
    let ready = api.get("/ready").await.ok(503);
    assert_eq!((&ready["ready"], failed(&ready)), (&json!(false), vec!["ES12 listens"]));
    let _again = api.readiness.listening("ES12");
    api.get("/ready").await.ok(200);
    drop(es11);
    assert_eq!(failed(&api.get("/ready").await.ok(503)), ["ES11 listens"]);
}

#[tokio::test]
async fn it_is_not_ready_any_more_once_it_is_to_end() {
    let api = Api::new();
    api.get("/ready").await.ok(200);
    api.readiness.shut_down();
    assert_eq!(failed(&api.get("/ready").await.ok(503)), ["the process goes on"]);
}
