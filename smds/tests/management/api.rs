//! The API without a socket, over an SM-DS with a clock to turn.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use serde_json::Value;
use service::management::{Access, Readiness, Token};
use smds::management::router;
use tower::ServiceExt;

use crate::common::calls::{cascaded, event_id, smdp};
use crate::common::line::Fate;
use crate::common::server::Server;

pub struct Api {
    pub server: Server,
    pub readiness: Readiness,
    router: Router,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem details (RFC 9457) of an answer with this status: `field`, then `detail`.
    #[track_caller]
    pub fn problem(&self, status: u16) -> (String, String) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        assert!(!text("detail").is_empty(), "{problem}");
        (text("field"), text("detail"))
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl Api {
    /// An SM-DS whose Root is a book.
    pub fn new() -> Self {
        Self::over(Server::alternative(), Access::open())
    }

    /// The same, but its events last a day.
    pub fn with_lifetime() -> Self {
        Self::over(Server::alternative_with(|config| config.limits.event_days = Some(1)), Access::open())
    }

    pub fn with_token(token: &str) -> Self {
        Self::over(Server::alternative(), Access::with_token(Token::new(token).unwrap()))
    }

    pub fn over(server: Server, access: Access) -> Self {
        let readiness = Readiness::default();
        let router = router(server.smds.clone(), access, readiness.clone());
        Self { server, readiness, router }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(request("DELETE", path)).await
    }

    /// The event of the first SM-DP+ under this number.
    pub async fn path_of(&self, number: u32) -> String {
        let record = self.server.record(&smdp(1), &event_id(number)).await.unwrap();
        format!("/api/v1/events/{}", record.number)
    }

    /// The Root has been sent the event of the first SM-DP+ under this number, and nobody waits for its answer any more.
    pub async fn forwarding(&self, number: u32) {
        self.server.line.next([Fate::Silent]);
        let caller = smdp(1);
        tokio::select! {
            outcome = self.server.register(&caller, cascaded(number)) => panic!("{outcome:?}"),
            () = self.server.line.waiting() => {}
        }
    }
}

pub fn request(method: &str, path: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8081");
    request.body(Body::empty()).unwrap()
}

/// The numbers of what is listed.
#[track_caller]
pub fn ids(list: &Value) -> Vec<i64> {
    let name = if list["events"].is_array() { "events" } else { "root_deletions" };
    list[name].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}
