//! Who may use the API.

use axum::body::Body;
use axum::http::Request;

use crate::api::{Answer, Api, request};
use crate::common::calls::{event, smdp};

const TOKEN: &str = "n0t-to-be-guessed";
const GUARDED: [&str; 4] = ["/metrics", "/api/v1/events", "/api/v1/events/1", "/api/v1/root-deletions"];
const OPEN: [&str; 3] = ["/health", "/ready", "/openapi.json"];

async fn with(api: &Api, mut request: Request<Body>, headers: &[(&'static str, &str)]) -> Answer {
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    api.send(request).await
}

impl Api {
    /// With one event, the only one in its store.
    async fn with_event(self) -> (Self, String) {
        self.server.register(&smdp(1), event(1)).await.unwrap();
        let path = self.path_of(1).await;
        assert_eq!(path, GUARDED[2]);
        (self, path)
    }

    async fn state(&self) -> &'static str {
        self.server.records().await[0].state.name()
    }
}

#[tokio::test]
async fn a_configured_token_is_asked_for_everywhere_but_at_the_probes() {
    let (api, event) = Api::with_token(TOKEN).with_event().await;
    let bearer = format!("Bearer {TOKEN}");
    for path in GUARDED {
        let answer = api.get(path).await;
        answer.problem(401);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        for wrong in ["Bearer x", &format!("{bearer}x"), &format!("Basic {TOKEN}"), TOKEN] {
            let answer = with(&api, request("GET", path), &[("authorization", wrong)]).await;
            answer.problem(401);
            assert!(!answer.text.contains(TOKEN));
        }
        let right = with(&api, request("GET", path), &[("authorization", &bearer)]).await;
        assert_eq!(right.status, 200, "{path}");
    }
    for path in OPEN {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
    api.delete(&event).await.problem(401);
    assert_eq!(api.state().await, "Registered");
    // Whoever has it may come by any name and from any page.
    let headers = [
        ("authorization", bearer.as_str()),
        ("host", "smds.example.com"),
        ("origin", "https://console.example"),
    ];
    with(&api, request("DELETE", &event), &headers).await.ok(204);
    assert_eq!(api.state().await, "Removed");
}

#[tokio::test]
async fn without_a_token_a_page_of_another_origin_removes_nothing() {
    let (api, event) = Api::new().with_event().await;
    for origin in ["https://evil.example", "null", "http://localhost:9090"] {
        with(&api, request("DELETE", &event), &[("origin", origin)]).await.problem(403);
    }
    assert_eq!(api.state().await, "Registered");
    with(&api, request("DELETE", &event), &[("origin", "http://localhost:8081")]).await.ok(204);
}

/// A name that somebody else has pointed at this machine (DNS rebinding) makes their page our own origin.
#[tokio::test]
async fn without_a_token_another_name_than_localhost_gets_no_answer() {
    let (api, event) = Api::new().with_event().await;
    for host in ["evil.example", "localhost.evil.example:8081"] {
        for path in GUARDED {
            with(&api, request("GET", path), &[("host", host)]).await.problem(403);
        }
        with(&api, request("DELETE", &event), &[("host", host)]).await.problem(403);
        for path in OPEN {
            assert_eq!(with(&api, request("GET", path), &[("host", host)]).await.status, 200);
        }
    }
    assert_eq!(api.state().await, "Registered");
    with(&api, request("GET", &event), &[("host", "127.0.0.1:8081")]).await.ok(200);
}
