//! The API without a socket, over an SM-DP+ with a clock to turn.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use serde_json::{Value, json};
use smdp::domain::{NewOrder, OrderId};
use smdp::management::{Access, Readiness, Token, router};
use smdp::store::{SqliteStore, Store};
use smdp::{Config, Operator, Smdp};
use tower::ServiceExt;

use crate::common::orders::{self, OPERATOR};
use crate::common::server::{Server, TestClock};

pub const KI: &str = "00112233445566778899aabbccddeeff";
pub const OPC: &str = "ffeeddccbbaa99887766554433221100";
pub const CODE: &str = "secret-code-4711";

pub struct Api {
    pub smdp: Arc<Smdp<SqliteStore>>,
    pub clock: Arc<TestClock>,
    pub readiness: Readiness,
    pub router: Router,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

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
}

impl Api {
    pub fn new() -> Self {
        Self::with(|_| (), Access::open())
    }

    pub fn with_token(token: &str) -> Self {
        Self::with(|_| (), Access::with_token(Token::new(token).unwrap()))
    }

    pub fn with(configure: impl FnOnce(&mut Config), access: Access) -> Self {
        Self::on(Arc::new(SqliteStore::in_memory().unwrap()), configure, access)
    }

    pub fn on(store: Arc<SqliteStore>, configure: impl FnOnce(&mut Config), access: Access) -> Self {
        let configure = |config: &mut Config| {
            config.operators = vec![Operator::new(OPERATOR), Operator::new("beta")];
            configure(config);
        };
        let server = Server::on(store, 7, configure);
        let (smdp, clock) = (server.smdp, server.clock);
        let readiness = Readiness::default();
        let router = router(smdp.clone(), access, readiness.clone());
        Self { smdp, clock, readiness, router }
    }

    pub fn store(&self) -> &SqliteStore {
        self.smdp.store()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, None)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(request("POST", path, Some(body))).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(request("PUT", path, Some(body))).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(request("DELETE", path, None)).await
    }

    /// A released order with a profile of its own.
    pub async fn add(&self, order: NewOrder) -> OrderId {
        self.store().add_orders(self.smdp.clock().now(), vec![order]).await.unwrap()[0]
    }

    /// Profiles with these numbers and no order.
    pub async fn stock(&self, numbers: impl IntoIterator<Item = u32>) {
        let now = self.smdp.clock().now();
        let import = self.store().begin_import(now, now).await.unwrap();
        let profiles = numbers.into_iter().map(orders::profile).collect();
        self.store().import_profiles(import, now, profiles).await.unwrap();
        self.store().finish_import(import).await.unwrap();
    }

    /// Everything that lists: equal before and after means that nothing was left behind.
    pub async fn everything(&self) -> String {
        let mut all = String::new();
        for path in ["/api/v1/profiles", "/api/v1/orders", "/api/v1/events"] {
            all += &self.get(path).await.text;
        }
        all
    }
}

pub fn request(method: &str, path: &str, body: Option<Value>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080");
    match body {
        Some(body) => request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}

/// The body that makes a profile of the built-in template.
pub fn subscriber(iccid: &str) -> Value {
    json!({
        "iccid": iccid,
        "operator": OPERATOR,
        "profile_type": "basic",
        "subscriber": { "imsi": "001010000000001", "ki": KI, "opc": OPC },
    })
}
