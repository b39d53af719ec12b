//! `/health`, `/ready` and `/metrics`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Always, Problem};
use super::{Frame, in_time};

/// The process is alive.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "operation",
    responses((status = 200, description = "The process is alive", content_type = "text/plain", body = String))
)]
pub(super) async fn health() -> &'static str {
    "alive\n"
}

/// Whether requests are to be sent here.
#[derive(Serialize, ToSchema)]
pub(super) struct Ready {
    /// Whether every check has passed.
    ready: bool,
    /// What was looked at.
    checks: Vec<Check>,
    /// What this server does wrong on purpose; null where that is nothing. It may be ready all the same.
    #[schema(example = json!(["mac-86-2 in getBoundProfilePackage"]))]
    faults: Option<Vec<String>>,
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
struct Check {
    /// What it is.
    #[schema(example = "ES9+ listens")]
    name: String,
    /// Whether it is so.
    passed: bool,
}

/// Whether requests are to be sent here: the store can be written, every interface listens, the process is not ending.
#[utoipa::path(
    get,
    path = "/ready",
    operation_id = "ready",
    tag = "operation",
    responses(
        (status = 200, description = "Ready", body = Ready),
        (status = 503, description = "Not ready; `checks` says why", body = Ready),
    )
)]
pub(super) async fn ready(State(frame): State<Frame>) -> impl IntoResponse {
    let writable = in_time(frame.server.check_writable()).await.is_some();
    let mut checks = vec![
        Check { name: "the store can be written".to_owned(), passed: writable },
        Check { name: "the process goes on".to_owned(), passed: !frame.readiness.is_shutting_down() },
    ];
    checks.extend(
        frame
            .readiness
            .interfaces_now()
            .into_iter()
            .map(|(interface, passed)| Check { name: format!("{interface} listens"), passed }),
    );
    let ready = checks.iter().all(|check| check.passed);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let faults = Some(frame.server.faults_in_force()).filter(|faults| !faults.is_empty());
    (status, Json(Ready { ready, checks, faults }))
}

/// What the process has counted, and what the store holds.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "operation",
    security((), ("token" = [])),
    responses(
        (
            status = 200,
            description = "The text format of OpenMetrics 1.0, which Prometheus reads",
            content_type = "application/openmetrics-text",
            body = String
        ),
        Always,
    )
)]
pub(super) async fn metrics(State(frame): State<Frame>) -> Result<impl IntoResponse, Problem> {
    let text = frame.server.exposition().await;
    let text =
        text.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written"))?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}
