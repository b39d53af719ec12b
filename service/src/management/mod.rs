//! The port for operation: what those who run a server look at and change, over HTTP with JSON.
//!
//! Every server has the same frame: who may use it ([`Access`]), whether the process is well (`/health`, `/ready`), what it
//! has counted (`/metrics`), and its own description (`/openapi.json`), which is generated from the functions. A server adds
//! its own functions to it ([`router`]).

mod access;
mod document;
pub mod input;
mod operated;
mod probes;
pub mod problem;
mod readiness;
mod serving;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::access::{Access, Token, TokenError, guard};
pub use self::operated::{Answer, Operated, in_time};
pub use self::problem::Problem;
pub use self::readiness::{Listening, Readiness};
pub use self::serving::serve;

/// The longest body, in bytes: a profile package in base64 with its metadata.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What the functions of the frame work on.
#[derive(Clone)]
struct Frame {
    server: Arc<dyn Operated>,
    readiness: Readiness,
    /// `/openapi.json`.
    document: Arc<str>,
}

/// The API of a server: its own functions in the frame.
///
/// `beginning` is what the functions do not say of themselves: title, description and tags. `readiness` is asked for
/// `/ready`.
pub fn router(
    beginning: OpenApi,
    functions: OpenApiRouter,
    server: Arc<dyn Operated>,
    access: Access,
    readiness: Readiness,
) -> Router {
    let open = OpenApiRouter::with_openapi(document::with_frame(beginning))
        .routes(routes!(probes::health))
        .routes(routes!(probes::ready))
        .routes(routes!(document::openapi));
    let guarded = OpenApiRouter::new()
        .routes(routes!(probes::metrics))
        .merge(functions.with_state(()))
        .layer(from_fn_with_state(Arc::new(access), access::guard));
    let (router, document) = open.merge(guarded).split_for_parts();
    // Nothing in it can fail to be written.
    let document = document.to_json().unwrap_or_default().into();
    let frame = Frame { server, readiness, document };
    router
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "nothing is at this path") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(frame.clone(), told))
        .with_state(frame)
}

/// One line of the log for each change, and for what failed; each failure of the store is counted.
async fn told(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if response.extensions().get::<problem::StoreFailed>().is_some() {
        frame.server.calls().count_store_error();
    }
    match method {
        _ if response.status().is_server_error() => tracing::warn!(%method, path, status, "management"),
        Method::GET | Method::HEAD => tracing::debug!(%method, path, status, "management"),
        _ => tracing::info!(%method, path, status, "management"),
    }
    response.into_response()
}
