use protocol::es12::Function;
use serde_json::{Value, json};

use crate::support::fake::{Asked, Fake};
use crate::support::messages::{EID, json_of, json_with};
use crate::support::plain;
use crate::support::raw::post_json;

/// What a server says of a request that it must not be asked.
async fn refused(function: Function, body: &str) -> String {
    let fake = Fake::default();
    let server = plain(fake.clone()).await;
    let answer = post_json(server.address, function.json_path(), body).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{body}");
    assert!(fake.seen().is_empty(), "{body}");
    answer.execution_status()
}

/// What it is asked when one member is changed.
async fn asked(function: Function, name: &str, value: Value) -> Asked {
    let fake = Fake::default();
    let server = plain(fake.clone()).await;
    let body = json_with(function, name, Some(value));
    let answer = post_json(server.address, function.json_path(), &body).await;
    assert_eq!(answer.execution_status(), "Executed-Success", "{body}");
    fake.seen().remove(0).1
}

#[tokio::test]
async fn a_missing_header_and_each_of_its_members_are_named() {
    let header = |requester: Value, call: Value| json!({ "functionRequesterIdentifier": requester, "functionCallIdentifier": call });
    for function in Function::ALL {
        for missing in [None, Some(Value::Null)] {
            let status = refused(function, &json_with(function, "header", missing)).await;
            assert_eq!(status, "Failed 1.6 2.2 header: mandatory, but missing");
        }
        for (header, name) in [
            (json!({ "functionCallIdentifier": "1" }), "functionRequesterIdentifier"),
            (json!({ "functionRequesterIdentifier": "1" }), "functionCallIdentifier"),
            (header(Value::Null, json!("1")), "functionRequesterIdentifier"),
            (header(json!("1"), Value::Null), "functionCallIdentifier"),
        ] {
            let status = refused(function, &json_with(function, "header", Some(header))).await;
            assert_eq!(status, format!("Failed 1.6 2.2 {name}: mandatory, but missing"));
        }
        for (bad, name) in [
            (json!("x"), "header"),
            (json!([]), "header"),
            (header(json!(1), json!("1")), "functionRequesterIdentifier"),
            (header(json!("1"), json!({})), "functionCallIdentifier"),
            (header(json!("1"), json!("x".repeat(256))), "functionCallIdentifier"),
            (header(json!("1\n"), json!("1")), "functionRequesterIdentifier"),
        ] {
            let status = refused(function, &json_with(function, "header", Some(bad))).await;
            assert!(status.starts_with(&format!("Failed 1.6 2.1 {name}: ")), "{status}");
        }
    }
}

#[tokio::test]
async fn a_missing_member_and_a_null_are_named() {
    for function in Function::ALL {
        let members = json_of(function);
        for name in members.as_object().unwrap().keys() {
            for missing in [None, Some(Value::Null)] {
                let status = refused(function, &json_with(function, name, missing)).await;
                assert_eq!(status, format!("Failed 1.6 2.2 {name}: mandatory, but missing"));
            }
        }
    }
}

#[tokio::test]
async fn a_malformed_member_is_named() {
    let either = [
        ("eid", json!("8904903212345123451234567890123")),
        ("eid", json!("89049032123451234512345678901236")),
        ("eid", json!("8904903212345123451234567890123A")),
        ("eid", json!("")),
        ("eid", json!(89)),
        ("eventId", json!("")),
        ("eventId", json!("x".repeat(256))),
        ("eventId", json!("a\u{0}b")),
        ("eventId", json!("a\nb")),
        ("eventId", json!(7)),
        ("eventId", json!(["AB-12"])),
    ];
    let registered = [
        ("rspServerAddress", json!("")),
        ("rspServerAddress", json!("https://smdp.example.com")),
        ("rspServerAddress", json!("a b")),
        ("rspServerAddress", json!("smdp.example.com:0")),
        ("rspServerAddress", json!({ "fqdn": "smdp.example.com" })),
        ("forwardingIndicator", json!("true")),
        ("forwardingIndicator", json!(1)),
        ("forwardingIndicator", json!([])),
    ];
    let deleted = either.iter().map(|case| (Function::DeleteEvent, case));
    let registered = either.iter().chain(&registered).map(|case| (Function::RegisterEvent, case));
    for (function, (name, bad)) in deleted.chain(registered) {
        let status = refused(function, &json_with(function, name, Some(bad.clone()))).await;
        assert!(status.starts_with(&format!("Failed 1.6 2.1 {name}: ")), "{name} {bad}: {status}");
    }
}

#[tokio::test]
async fn an_event_id_is_any_short_text() {
    for id in ["1", "ab_12 ü \"\\/", &"x".repeat(255)] {
        for function in Function::ALL {
            let read = match asked(function, "eventId", json!(id)).await {
                Asked::Register(call) => call.content.event_id,
                Asked::Delete(call) => call.content.event_id,
            };
            assert_eq!(read.as_str(), id);
        }
    }
}

#[tokio::test]
async fn both_values_of_the_forwarding_indicator_are_read() {
    for flag in [true, false] {
        let asked = asked(Function::RegisterEvent, "forwardingIndicator", json!(flag)).await;
        let Asked::Register(call) = asked else { panic!() };
        assert_eq!(call.content.forwarding_indicator, flag);
    }
}

#[tokio::test]
async fn members_that_nobody_knows_are_ignored() {
    for function in Function::ALL {
        let server = plain(Fake::default()).await;
        let mut body = json_of(function);
        body["imei"] = json!({ "deep": [1, { "eid": EID }] });
        body["header"]["validityPeriod"] = json!(10);
        let answer = post_json(server.address, function.json_path(), &body.to_string()).await;
        assert_eq!(answer.execution_status(), "Executed-Success");
    }
}
