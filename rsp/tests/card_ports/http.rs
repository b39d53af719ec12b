//! Cards over HTTP.

use serde_json::json;

use crate::lab::{Answer, EID, SELECT_MF, Serving, bench, http_apdu, request};

fn serving() -> (crate::common::Bench, Serving, String) {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--http", "0"]);
    let address = serving.address(0);
    (bench, serving, address)
}

fn post(address: &str, path: &str, headers: &[&str], body: &str) -> Answer {
    request(address, "POST", &format!("/cards/{EID}{path}"), headers, body)
}

#[test]
fn a_card_is_listed_and_described_without_its_secrets() {
    let (bench, _serving, address) = serving();
    let listed = request(&address, "GET", "/cards", &[], "").json();
    assert_eq!(listed[0]["eid"], EID);
    assert_eq!(listed[0]["personality"], "consumer");
    assert!(listed[0]["atr"].as_str().unwrap().starts_with("3B"));
    assert_eq!(listed.as_array().unwrap().len(), 1);

    let described = request(&address, "GET", &format!("/cards/{EID}"), &[], "");
    assert_eq!(described.json()["memory"]["used"], 0);
    // As `rsp card inspect` tells it, which reads the file.
    let inspected = bench.rsp_ok(&["card", "inspect", "--json", "card.json"]);
    assert_eq!(described.json(), serde_json::from_str::<serde_json::Value>(&inspected).unwrap());
    let secrets = bench.rsp_ok(&["card", "inspect", "--json", "--secrets", "card.json"]);
    let secrets: serde_json::Value = serde_json::from_str(&secrets).unwrap();
    let key = secrets["identities"][0]["private_key"].as_str().unwrap();
    assert!(key.len() == 64 && !described.body.contains(key));
}

#[test]
fn an_apdu_is_text_or_json_and_so_is_its_response() {
    let (_bench, _serving, address) = serving();
    let text = post(&address, "/apdu", &[], "00 a4 00 0c\n02 3f 00\n");
    assert_eq!((text.status, text.body.as_str()), (200, "9000\n"));
    assert!(text.head.contains("content-type: text/plain"), "{}", text.head);

    let json_type = "Content-Type: application/json";
    let answer = post(&address, "/apdu", &[json_type], r#"{"apdu":"0070000001"}"#);
    assert_eq!(answer.json(), json!({ "response": "019000", "data": "01", "sw": "9000" }));

    let asked = post(&address, "/apdu", &[json_type, "Accept: text/plain"], r#"{"apdu":"0070000001"}"#);
    assert_eq!(asked.body, "029000\n");
    let asked = post(&address, "/apdu", &["Accept: application/json;q=1, */*"], "0070000001");
    assert_eq!(asked.json()["sw"], "9000");
    // Whatever is no APDU to the card, the card says.
    assert_eq!(http_apdu(&address, EID, "00"), "6700");
    assert_eq!(http_apdu(&address, EID, &"00".repeat(65_000)), "6700");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_name() {
    let (_bench, _serving, address) = serving();
    let json_type = "Content-Type: application/json";
    for (path, headers, body, status) in [
        ("/apdu", &[][..], "0", 400),
        ("/apdu", &[], "xy", 400),
        ("/apdu", &[], "", 400),
        ("/apdu", &[json_type], "{}", 400),
        ("/apdu", &[json_type], "{\"apdu\":7}", 400),
        ("/apdu", &[json_type], "{\"apdu\":\"\"}", 400),
        ("/apdu", &[json_type], "{\"apdu\":\"00\",\"more\":1}", 400),
        ("/apdu", &["Content-Type: application/octet-stream"], "00", 415),
        ("/nothing", &[], "", 404),
    ] {
        let answer = post(&address, path, headers, body);
        assert_eq!(answer.status, status, "{path} {body}: {answer:?}");
        assert!(answer.head.contains("content-type: application/problem+json"), "{answer:?}");
        assert!(!answer.json()["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!(post(&address, "/apdu", &[], &"0".repeat(300_000)).status, 413);
    assert_eq!(request(&address, "GET", &format!("/cards/{EID}/apdu"), &[], "").status, 405);
    let stranger = "89049032000000000000000000000163";
    for (eid, status) in [("123", 400), ("89049032123451234512345678901234", 400), (stranger, 404)] {
        let answer = request(&address, "POST", &format!("/cards/{eid}/apdu"), &[], SELECT_MF);
        assert_eq!(answer.status, status, "{eid}: {answer:?}");
    }
}

#[test]
fn pages_of_a_browser_have_no_card() {
    let (_bench, _serving, address) = serving();
    let rebound = request(&address, "GET", "/cards", &["Host: cards.example.com"], "");
    assert_eq!(rebound.status, 403);
    let foreign = post(&address, "/apdu", &["Origin: http://example.com"], SELECT_MF);
    assert_eq!(foreign.status, 403);
    assert_eq!(post(&address, "/power-off", &["Origin: http://example.com"], "").status, 403);
    assert_eq!(http_apdu(&address, EID, SELECT_MF), "9000");
}

#[test]
fn power_is_taken_and_given() {
    let (_bench, _serving, address) = serving();
    assert_eq!(post(&address, "/power-off", &[], "").status, 204);
    let mute = post(&address, "/apdu", &[], SELECT_MF);
    assert_eq!(mute.status, 409);
    assert!(mute.json()["detail"].as_str().unwrap().contains("no power"));
    let atr = post(&address, "/reset", &[], "").json()["atr"].as_str().unwrap().to_owned();
    assert_eq!(request(&address, "GET", "/cards", &[], "").json()[0]["atr"], atr);
    assert_eq!(http_apdu(&address, EID, SELECT_MF), "9000");
}
