//! Listing event records and looking at them.

use std::time::Duration;

use crypto::Curve;
use protocol::es12::RegisterEvent;
use serde_json::{Value, json};

use crate::api::{Api, ids};
use crate::common::calls::{SMDP_ADDRESS, cascaded, deletion, event, event_id, smdp, smds};
use crate::common::euicc::{Euicc, eid};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Api {
    async fn list(&self, query: &str) -> Value {
        self.get(&format!("/api/v1/events?{query}")).await.ok(200)
    }

    /// Registers an event for the second eUICC.
    async fn register_for_other(&self, caller: u32, number: u32) {
        let event = RegisterEvent { eid: eid(2), ..event(number) };
        self.server.register(&smdp(caller), event).await.unwrap();
    }

    /// One event in each state, in the order of the states' names here: Expired, Registered, Deleted, Removed, Forwarding;
    /// and one more of another caller, Registered under the EventID of the second.
    async fn with_every_state() -> Self {
        let api = Self::with_lifetime();
        api.server.register(&smdp(1), event(1)).await.unwrap();
        api.server.clock.advance(DAY);
        api.server.sweep().await;
        api.server.register(&smdp(1), cascaded(2)).await.unwrap();
        api.register_for_other(1, 3).await;
        api.server.delete(&smdp(1), deletion(3)).await.unwrap();
        api.register_for_other(1, 4).await;
        api.delete(&api.path_of(4).await).await.ok(204);
        api.forwarding(5).await;
        api.register_for_other(2, 2).await;
        api
    }
}

#[tokio::test]
async fn every_filter_leaves_out_what_does_not_fit() {
    let api = Api::with_every_state().await;
    let all = ids(&api.list("").await);
    assert_eq!(all.len(), 6);
    assert!(all.is_sorted());
    let (one, other) = (eid(1), eid(2));
    for (filter, expected) in [
        (format!("eid={one}"), vec![0, 1, 4]),
        (format!("eid={other}"), vec![2, 3, 5]),
        (format!("eid={}", eid(3)), vec![]),
        ("caller=2.999.10.1".to_owned(), vec![0, 1, 2, 3, 4]),
        ("caller=2.999.10.2".to_owned(), vec![5]),
        ("caller=2.999.10".to_owned(), vec![]),
        ("event_id=EVENT-2".to_owned(), vec![1, 5]),
        ("event_id=EVENT-9".to_owned(), vec![]),
        ("state=Expired".to_owned(), vec![0]),
        ("state=Registered".to_owned(), vec![1, 5]),
        ("state=Deleted".to_owned(), vec![2]),
        ("state=Removed".to_owned(), vec![3]),
        ("state=Forwarding".to_owned(), vec![4]),
        (format!("after={}", all[3]), vec![4, 5]),
        (format!("after={}", all[5]), vec![]),
        ("after=-1".to_owned(), vec![0, 1, 2, 3, 4, 5]),
        ("limit=1".to_owned(), vec![0]),
        ("limit=1000".to_owned(), vec![0, 1, 2, 3, 4, 5]),
        ("event_id=EVENT-2&caller=2.999.10.2".to_owned(), vec![5]),
        (format!("eid={one}&state=Registered"), vec![1]),
        (format!("eid={other}&caller=2.999.10.1&state=Removed&event_id=EVENT-4"), vec![3]),
        (format!("eid={one}&state=Removed"), vec![]),
        (format!("eid={other}&after={}&limit=1", all[2]), vec![3]),
    ] {
        let expected: Vec<i64> = expected.into_iter().map(|index: usize| all[index]).collect();
        assert_eq!(ids(&api.list(&filter).await), expected, "{filter}");
    }
}

#[tokio::test]
async fn an_event_id_is_found_by_the_text_that_its_caller_chose() {
    let api = Api::new();
    let text = "ä 1+2&caller=%";
    let event = RegisterEvent { event_id: text.parse().unwrap(), ..event(1) };
    api.server.register(&smdp(1), event).await.unwrap();
    let found = api.list("event_id=%C3%A4%201%2B2%26caller=%25").await;
    assert_eq!(found["events"][0]["event_id"], text);
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let api = Api::new();
    let too_long = format!("event_id={}", "E".repeat(256));
    for (query, field) in [
        ("eid=1", "eid"),
        ("eid=", "eid"),
        ("eid=8904903212345123451234567890123x", "eid"),
        // The check digits are wrong.
        ("eid=89049032123451234512345678901236", "eid"),
        ("caller=2.999.", "caller"),
        ("caller=", "caller"),
        ("caller=smdp.example.com", "caller"),
        ("event_id=", "event_id"),
        ("event_id=%00", "event_id"),
        (&too_long, "event_id"),
        ("state=registered", "state"),
        ("state=", "state"),
        ("after=x", "after"),
        ("after=9223372036854775808", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("colour=red", "colour"),
        ("standing=true", "standing"),
    ] {
        let (named, detail) = api.get(&format!("/api/v1/events?{query}")).await.problem(400);
        assert_eq!(named, field, "{query}: {detail}");
    }
    let twice = api.get("/api/v1/events?limit=1&limit=2").await.problem(400);
    assert!(twice.1.contains("limit"), "{twice:?}");
}

#[tokio::test]
async fn a_list_is_read_page_by_page_to_its_end() {
    let api = Api::new();
    assert_eq!(api.list("").await, json!({ "events": [], "next": null }));
    for number in 1..=5 {
        api.server.register(&smdp(1), event(number)).await.unwrap();
    }
    let all = ids(&api.list("").await);
    assert_eq!(api.list("").await["next"], Value::Null);
    let mut pages = vec![api.list("limit=2").await];
    while let Some(next) = pages.last().unwrap()["next"].as_i64() {
        // What is registered meanwhile comes last.
        if pages.len() == 1 {
            api.register_for_other(1, 6).await;
        }
        pages.push(api.list(&format!("limit=2&after={next}")).await);
    }
    let read: Vec<Vec<i64>> = pages.iter().map(ids).collect();
    // Of a full page nobody knows that nothing is behind it.
    assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 0]);
    assert_eq!(read.concat()[..5], all);
    assert_eq!(pages[2]["events"][1]["event_id"], "EVENT-6");
}

#[tokio::test]
async fn a_hundred_are_listed_unless_more_are_asked_for() {
    let api = Api::new();
    for number in 1..=101 {
        api.server.register(&smdp(1), event(number)).await.unwrap();
    }
    let list = api.list("").await;
    assert_eq!(ids(&list).len(), 100);
    assert_eq!(ids(&api.list(&format!("after={}", list["next"])).await).len(), 1);
    assert_eq!(ids(&api.list("limit=1000").await).len(), 101);
}

#[tokio::test]
async fn an_event_is_shown_as_it_was_registered() {
    let api = Api::with_lifetime();
    api.server.register(&smds(7), event(1)).await.unwrap();
    let list = api.list("").await;
    let id = ids(&list)[0];
    let expected = json!({
        "id": id,
        "state": "Registered",
        "caller": "2.999.15.7",
        "eid": eid(1).to_string(),
        "event_id": "EVENT-1",
        "rsp_server_address": SMDP_ADDRESS,
        "forwarded_as": null,
        "registered": "2026-11-22T03:41:00.000Z",
        "expires": "2026-11-23T03:41:00.000Z",
        "ended": null,
    });
    assert_eq!(list["events"][0], expected);
    assert_eq!(api.get(&format!("/api/v1/events/{id}")).await.ok(200), expected);
}

#[tokio::test]
async fn a_forwarded_event_is_shown_with_its_name_at_the_root() {
    let api = Api::new();
    api.server.register(&smdp(1), cascaded(1)).await.unwrap();
    let shown = api.get(&api.path_of(1).await).await.ok(200);
    let event_id2 = api.server.book.records()[0].event_id.to_string();
    assert_eq!((&shown["event_id"], &shown["forwarded_as"]), (&json!("EVENT-1"), &json!(event_id2)));
    assert_eq!((&shown["expires"], &shown["ended"]), (&Value::Null, &Value::Null));
    // While the Root has not answered, too.
    api.forwarding(2).await;
    let shown = api.get(&api.path_of(2).await).await.ok(200);
    assert_eq!(shown["state"], "Forwarding");
    assert!(shown["forwarded_as"].is_string(), "{shown}");
}

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let api = Api::new();
    api.server.register(&smdp(1), event(1)).await.unwrap();
    for id in ["99", "0", "-1", "9223372036854775807"] {
        let path = format!("/api/v1/events/{id}");
        let (_, detail) = api.get(&path).await.problem(404);
        assert!(detail.contains(id), "{detail}");
        api.delete(&path).await.problem(404);
    }
    for id in ["one", "1.0", "%31x", "9223372036854775808"] {
        let path = format!("/api/v1/events/{id}");
        assert_eq!(api.get(&path).await.problem(400).0, "id", "{id}");
        assert_eq!(api.delete(&path).await.problem(400).0, "id", "{id}");
    }
    for method in [api.get("/api/v1/events/%FF").await, api.delete("/api/v1/events/%FF").await] {
        method.problem(400);
    }
    assert_eq!(api.server.told(&Euicc::new(Curve::P256, 1)).await, ["EVENT-1"]);
}

/// An LPA is not told of it any more from that moment, whenever the store is swept.
#[tokio::test]
async fn an_event_whose_time_has_run_out_is_shown_as_expired_before_it_is_swept() {
    let api = Api::with_lifetime();
    let euicc = Euicc::new(Curve::P256, 1);
    api.server.register(&smdp(1), cascaded(1)).await.unwrap();
    let path = api.path_of(1).await;
    api.server.clock.advance(DAY - Duration::from_millis(1));
    assert_eq!(api.get(&path).await.ok(200)["state"], "Registered");
    assert_eq!(api.server.told(&euicc).await, ["EVENT-1"]);
    api.server.clock.advance(Duration::from_millis(1));
    let shown = api.get(&path).await.ok(200);
    assert_eq!((&shown["state"], &shown["ended"]), (&json!("Expired"), &Value::Null));
    assert_eq!(api.list("").await["events"][0], shown);
    assert_eq!(api.server.told(&euicc).await, [""; 0]);
    api.server.sweep().await;
    let swept = api.get(&path).await.ok(200);
    assert_eq!((&swept["state"], &swept["ended"]), (&json!("Expired"), &json!("2026-11-23T03:41:00.000Z")));
    let record = api.server.record(&smdp(1), &event_id(1)).await.unwrap();
    assert_eq!(record.state.name(), "Expired");
}
