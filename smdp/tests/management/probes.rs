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
    api.readiness.shut_down();
    assert_eq!(api.get("/health").await.status, 200);
}

#[tokio::test]
async fn it_is_ready_while_every_interface_listens() {
    let api = Api::new();
    let es9plus = api.readiness.listening("ES9+");
    let es2plus = api.readiness.listening("ES2+");
    let ready = api.get("/ready").await.ok(200);
    assert_eq!(ready["ready"], true);
    assert_eq!(ready["checks"].as_array().unwrap().len(), 4);

    // The task that served it has ended, however it did.
    drop(es9plus);
    let ready = api.get("/ready").await.ok(503);
    assert_eq!((&ready["ready"], failed(&ready)), (&json!(false), vec!["ES9+ listens"]));
    let _again = api.readiness.listening("ES9+");
    api.get("/ready").await.ok(200);
    drop(es2plus);
    assert_eq!(failed(&api.get("/ready").await.ok(503)), ["ES2+ listens"]);
}

#[tokio::test]
async fn it_is_not_ready_any_more_once_it_is_to_end() {
    let api = Api::new();
    api.get("/ready").await.ok(200);
    api.readiness.shut_down();
    assert_eq!(failed(&api.get("/ready").await.ok(503)), ["the process goes on"]);
}
