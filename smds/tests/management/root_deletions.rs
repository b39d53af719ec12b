//! What is still to be deleted at the Root SM-DS.

use serde_json::{Value, json};

use crate::api::{Api, ids};
use crate::common::calls::{cascaded, smdp};
use crate::common::line::Fate;

impl Api {
    async fn root_deletions(&self, query: &str) -> Value {
        self.get(&format!("/api/v1/root-deletions?{query}")).await.ok(200)
    }
}

#[tokio::test]
async fn errands_are_read_page_by_page_to_their_end() {
    let api = Api::new();
    assert_eq!(api.root_deletions("").await, json!({ "root_deletions": [], "next": null }));
    for number in 1..=3 {
        api.server.register(&smdp(1), cascaded(number)).await.unwrap();
        api.delete(&api.path_of(number).await).await.ok(204);
    }
    let all = ids(&api.root_deletions("").await);
    assert!(all.len() == 3 && all.is_sorted(), "{all:?}");
    let first = api.root_deletions("limit=2").await;
    assert_eq!((ids(&first), &first["next"]), (all[..2].to_vec(), &json!(all[1])));
    let rest = api.root_deletions(&format!("limit=2&after={}", first["next"])).await;
    assert_eq!((ids(&rest), &rest["next"]), (all[2..].to_vec(), &Value::Null));
    let none = api.root_deletions(&format!("after={}", all[2])).await;
    assert_eq!(none, json!({ "root_deletions": [], "next": null }));
}

#[tokio::test]
async fn an_errand_that_was_in_vain_says_how_often_and_when_it_is_tried_next() {
    let api = Api::new();
    api.server.register(&smdp(1), cascaded(1)).await.unwrap();
    api.delete(&api.path_of(1).await).await.ok(204);
    api.server.line.next([Fate::NotReached, Fate::Refused("1.2", "4.2")]);
    api.server.run_errands().await;
    let tried = api.root_deletions("").await["root_deletions"][0].clone();
    assert_eq!((&tried["attempts"], &tried["next_try"]), (&json!(1), &json!("2026-11-22T03:41:01.000Z")));
    api.server.clock.advance_seconds(1);
    api.server.run_errands().await;
    let tried = api.root_deletions("").await["root_deletions"][0].clone();
    assert_eq!((&tried["attempts"], &tried["next_try"]), (&json!(2), &json!("2026-11-22T03:41:03.000Z")));
    api.server.clock.advance_seconds(2);
    api.server.run_errands().await;
    assert_eq!(ids(&api.root_deletions("").await), [0; 0]);
    assert_eq!(api.server.book.records(), []);
}

/// It was never shown as an event, and is not forgotten for that.
#[tokio::test]
async fn a_registration_that_the_root_did_not_answer_is_listed_too() {
    let api = Api::new();
    api.server.line.next([Fate::AnswerLost]);
    api.server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    let at_root = api.server.book.records()[0].event_id.to_string();
    assert_eq!(api.root_deletions("").await["root_deletions"][0]["event_id"], at_root);
    assert_eq!(ids(&api.get("/api/v1/events").await.ok(200)), [0; 0]);
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let api = Api::new();
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("after=x", "after"),
        ("eid=89049032123451234512345678901235", "eid"),
    ] {
        let (named, detail) = api.get(&format!("/api/v1/root-deletions?{query}")).await.problem(400);
        assert_eq!(named, field, "{query}: {detail}");
    }
}
