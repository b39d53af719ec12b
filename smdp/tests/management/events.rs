//! What happened, and waiting for it.

use std::time::Duration;

use serde_json::{Value, json};
use smdp::domain::Happening;
use smdp::store::Store;

use crate::api::Api;
use crate::common::euicc::Euicc;
use crate::common::orders::{iccid, matching_id, order};
use crate::session::CURVE;

fn what(list: &Value) -> Vec<String> {
    let events = list["events"].as_array().unwrap();
    events.iter().map(|event| event["what"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn events_come_in_their_order_from_where_the_reader_stopped() {
    let api = Api::new();
    assert_eq!(api.get("/api/v1/events").await.ok(200), json!({ "events": [], "next": 0 }));
    for number in 1..=2 {
        api.add(order(number)).await;
        api.download(&Euicc::new(CURVE, number), Some(&matching_id(number)), None).await.unwrap();
    }
    let first = api.get("/api/v1/events?limit=3").await.ok(200);
    let expected = ["ES9+.AuthenticateClient", "ES9+.GetBoundProfilePackage", "ES9+.AuthenticateClient"];
    assert_eq!(what(&first), expected);
    let rest = api.get(&format!("/api/v1/events?after={}", first["next"])).await.ok(200);
    assert_eq!(what(&rest), ["ES9+.GetBoundProfilePackage"]);
    let none = api.get(&format!("/api/v1/events?after={}", rest["next"])).await.ok(200);
    assert_eq!(none, json!({ "events": [], "next": rest["next"] }));
}

#[tokio::test]
async fn events_are_filtered() {
    let api = Api::new();
    let mut euiccs = Vec::new();
    for number in 1..=2 {
        api.add(order(number)).await;
        let euicc = Euicc::new(CURVE, number);
        api.download(&euicc, Some(&matching_id(number)), None).await.unwrap();
        euiccs.push(euicc.eid);
    }
    for (filter, number) in [
        ("order=1".to_owned(), 2),
        (format!("iccid={}", iccid(2)), 2),
        (format!("eid={}", euiccs[0]), 2),
        (format!("order=1&eid={}", euiccs[1]), 0),
        ("order=99".to_owned(), 0),
    ] {
        let list = api.get(&format!("/api/v1/events?{filter}")).await.ok(200);
        assert_eq!(what(&list).len(), number, "{filter}");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let api = Api::new();
    for (query, field) in [("wait=61", "wait"), ("wait=x", "wait"), ("limit=0", "limit"), ("eid=1", "eid")] {
        let (named, detail) = api.get(&format!("/api/v1/events?{query}")).await.problem(400);
        assert!(named == field || detail.contains(field), "{query}: {named}: {detail}");
    }
}

#[tokio::test]
async fn who_waits_is_answered_when_something_happens_even_elsewhere() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let path = format!("/api/v1/events?order={id}&wait=60");
    let waiting = api.get(&path);
    // Another node writes to the store: nothing in this one hears of it.
    let elsewhere = async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let mut order = api.store().order(id).await.unwrap().unwrap();
        order.happened.push(Happening {
            at: api.smdp.clock().now(),
            eid: None,
            what: "elsewhere",
            detail: Some("told".to_owned()),
            report: None,
        });
        api.store().change_order(order, None).await.unwrap();
    };
    let (answer, ()) = tokio::join!(waiting, elsewhere);
    let list = answer.ok(200);
    assert_eq!(what(&list), ["elsewhere"]);
    assert_eq!(list["events"][0]["detail"], "told");
}

#[tokio::test]
async fn who_waits_for_nothing_is_answered_in_the_end() {
    let api = Api::new();
    let list = api.get("/api/v1/events?after=7&wait=1").await.ok(200);
    assert_eq!(list, json!({ "events": [], "next": 7 }));
}

#[tokio::test]
async fn nobody_waits_for_events_of_a_process_that_ends() {
    let api = Api::new();
    let end = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        api.readiness.shut_down();
    };
    // Long before the time that was asked for.
    let waiting = tokio::time::timeout(Duration::from_secs(30), api.get("/api/v1/events?wait=60"));
    let (answer, ()) = tokio::join!(waiting, end);
    assert_eq!(answer.expect("it was not answered").ok(200)["events"], json!([]));
}
