//! Who may use the API.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use smdp::management::{Token, TokenError};

use crate::api::{Answer, Api, request};
use crate::common::orders::order;

const TOKEN: &str = "n0t-to-be-guessed";
const GUARDED: [&str; 5] =
    ["/metrics", "/api/v1/profiles", "/api/v1/orders/1", "/api/v1/events", "/api/v1/operators"];
const OPEN: [&str; 3] = ["/health", "/ready", "/openapi.json"];

async fn with(api: &Api, mut request: Request<Body>, headers: &[(&'static str, &str)]) -> Answer {
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    api.send(request).await
}

fn reset() -> Request<Body> {
    request("POST", "/api/v1/orders/1/reset", Some(Value::Null))
}

#[tokio::test]
async fn a_configured_token_is_asked_for_everywhere_but_at_the_probes() {
    let api = Api::with_token(TOKEN);
    api.add(order(1)).await;
    let bearer = format!("bearer {TOKEN}");
    for path in GUARDED {
        let answer = api.get(path).await;
        answer.problem(401);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        let headers = [("authorization", bearer.as_str())];
        assert_eq!(with(&api, request("GET", path, None), &headers).await.status, 200, "{path}");
    }
    for path in OPEN {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn only_the_token_is_the_token() {
    let api = Api::with_token(TOKEN);
    let too_long = format!("Bearer {TOKEN}x");
    let too_short = format!("Bearer {}", &TOKEN[1..]);
    let basic = format!("Basic  {TOKEN}");
    for wrong in ["", "Bearer", "Bearer ", "Bearer x", &too_long, &too_short, &basic, TOKEN] {
        let answer = with(&api, request("GET", "/metrics", None), &[("authorization", wrong)]).await;
        answer.problem(401);
        assert!(!answer.text.contains(TOKEN));
    }
}

#[test]
fn a_token_is_what_a_header_can_carry_and_is_not_shown() {
    for wrong in ["", "a b", "a\n", "ä"] {
        assert_eq!(Token::new(wrong).err(), Some(TokenError), "{wrong:?}");
    }
    assert_eq!(format!("{:?}", Token::new(TOKEN).unwrap()), "Token([redacted])");
}

#[tokio::test]
async fn without_a_token_a_page_of_another_origin_changes_nothing() {
    let api = Api::new();
    api.add(order(1)).await;
    let before = api.everything().await;
    for origin in
        ["https://evil.example", "null", "http://localhost:9090", "http://localhost:8080.evil.example"]
    {
        with(&api, reset(), &[("origin", origin)]).await.problem(403);
        let delete = request("DELETE", "/api/v1/orders/1", None);
        with(&api, delete, &[("origin", origin)]).await.problem(403);
        let put = request("PUT", "/api/v1/orders/1/state", Some(json!({ "state": "Error" })));
        with(&api, put, &[("origin", origin)]).await.problem(403);
    }
    assert_eq!(api.everything().await, before);
    // Our own page may, and so may whoever is no browser.
    with(&api, reset(), &[("origin", "http://localhost:8080")]).await.ok(200);
    with(&api, reset(), &[]).await.ok(200);
}

/// A name that somebody else has pointed at this machine (DNS rebinding) makes their page our own origin.
#[tokio::test]
async fn without_a_token_another_name_than_localhost_gets_no_answer() {
    let api = Api::new();
    api.add(order(1)).await;
    for host in
        ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "a b", ""]
    {
        for path in GUARDED {
            with(&api, request("GET", path, None), &[("host", host)]).await.problem(403);
        }
        let headers = [("host", host), ("origin", "http://evil.example")];
        with(&api, reset(), &headers).await.problem(403);
        for path in OPEN {
            assert_eq!(with(&api, request("GET", path, None), &[("host", host)]).await.status, 200);
        }
    }
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "192.0.2.7"] {
        with(&api, request("GET", "/api/v1/operators", None), &[("host", host)]).await.ok(200);
    }
}

#[tokio::test]
async fn with_a_token_names_and_origins_do_not_matter() {
    let api = Api::with_token(TOKEN);
    api.add(order(1)).await;
    let bearer = format!("Bearer {TOKEN}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("host", "smdp.example.com"),
        ("origin", "https://console.example"),
    ];
    with(&api, reset(), &headers).await.ok(200);
}
