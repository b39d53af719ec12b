//! The frame of the management API, around a server of one function.

#![cfg(test)]

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode};
use prometheus_client::registry::Registry;
use serde_json::Value;
use service::database::StoreError;
use service::management::problem::Always;
use service::management::{Access, Answer, Operated, Problem, Readiness, Token, router};
use service::metrics::{CallMetrics, text};
use tower::ServiceExt;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

struct Server {
    registry: Registry,
    calls: CallMetrics,
    store: Result<(), StoreError>,
}

impl Operated for Server {
    fn calls(&self) -> &CallMetrics {
        &self.calls
    }

    fn check_writable(&self) -> Answer<'_, Result<(), StoreError>> {
        Box::pin(ready(self.store.clone()))
    }

    fn exposition(&self) -> Answer<'_, Result<String, fmt::Error>> {
        Box::pin(ready(text([&self.registry])))
    }
}

#[utoipa::path(get, path = "/ask", responses((status = 200, description = "Asked"), Always))]
async fn ask(State(server): State<Arc<Server>>) -> Result<(), Problem> {
    Ok(server.store.clone()?)
}

#[derive(OpenApi)]
#[openapi(info(title = "A server"))]
struct Beginning;

struct Api(axum::Router, Readiness);

impl Api {
    fn new(store: Result<(), StoreError>, access: Access) -> Self {
        let mut registry = Registry::default();
        let calls = CallMetrics::registered_in(&mut registry);
        let server = Arc::new(Server { registry, calls, store });
        let functions = OpenApiRouter::new().routes(routes!(ask)).with_state(server.clone());
        let readiness = Readiness::default();
        Self(router(Beginning::openapi(), functions, server, access, readiness.clone()), readiness)
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.0.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let (status, body) = (answer.status(), to_bytes(answer.into_body(), usize::MAX).await.unwrap());
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

fn with_token() -> Access {
    Access::with_token(Token::new("secret").unwrap())
}

#[tokio::test]
async fn what_a_server_adds_is_guarded_and_the_probes_are_not() {
    let api = Api::new(Ok(()), with_token());
    for (path, expected) in [
        ("/health", StatusCode::OK),
        ("/ready", StatusCode::OK),
        ("/openapi.json", StatusCode::OK),
        ("/metrics", StatusCode::UNAUTHORIZED),
        ("/ask", StatusCode::UNAUTHORIZED),
        ("/nothing", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(api.get(path).await.0, expected, "{path}");
    }
    assert_eq!(Api::new(Ok(()), Access::open()).get("/ask").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_document_has_the_frame_and_what_the_server_adds() {
    let document = Api::new(Ok(()), with_token()).get("/openapi.json").await.1;
    let document: Value = serde_json::from_str(&document).unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/ask", "/health", "/metrics", "/openapi.json", "/ready"]);
    assert_eq!(document["info"]["title"], "A server");
    let components = &document["components"];
    assert!(
        components["schemas"]["Problem"].is_object() && components["securitySchemes"]["token"].is_object()
    );
}

#[tokio::test]
async fn a_store_that_fails_is_counted_and_makes_the_server_unready() {
    let api = Api::new(Err(StoreError::Storage("disk full".to_owned())), Access::open());
    let (status, body) = api.get("/ask").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!body.contains("disk full"), "{body}");
    assert!(api.get("/metrics").await.1.contains("rsp_store_errors_total 1\n"));
    assert_eq!(api.get("/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(Api::new(Err(StoreError::Conflict), Access::open()).get("/ask").await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_process_that_ends_or_has_lost_an_interface_is_not_ready() {
    let api = Api::new(Ok(()), Access::open());
    let listening = api.1.listening("ES11");
    assert_eq!(api.get("/ready").await.0, StatusCode::OK);
    drop(listening);
    let (status, body) = api.get("/ready").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains(r#"{"name":"ES11 listens","passed":false}"#), "{body}");
    let _listening = api.1.listening("ES11");
    api.1.shut_down();
    assert_eq!(api.get("/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
}
