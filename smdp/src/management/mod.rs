//! The management API: what those who run an SM-DP+, and the tests of an LPA, look at and change.
//!
//! HTTP with JSON, described by `/openapi.json`, which is generated from the functions here; `docs/management.md` is the
//! guide. No answer holds a secret: neither Ki, OPc and packages, nor confirmation codes, nor session keys.

mod access;
mod document;
mod events;
mod input;
mod managed;
mod names;
mod notifications;
mod operators;
mod orders;
mod probes;
mod problem;
mod profiles;
mod readiness;
mod sessions;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::access::{Access, Token, TokenError};
pub use self::readiness::{Listening, Readiness};

use self::managed::Managed;
use self::problem::Problem;
use crate::server::Smdp;
use crate::store::Store;

/// The longest body, in bytes: a profile package in base64 with its metadata.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// How long those may still take whose request is not complete when the port closes.
const GRACE: Duration = Duration::from_secs(2);

/// What the functions of the API work on.
#[derive(Clone)]
struct Api {
    smdp: Arc<dyn Managed>,
    readiness: Readiness,
    /// `/openapi.json`.
    document: Arc<str>,
}

/// The API over an SM-DP+.
///
/// `readiness` is asked for `/ready`, and ends those who wait for events when the process ends.
pub fn router<S: Store>(smdp: Arc<Smdp<S>>, access: Access, readiness: Readiness) -> Router {
    let open = OpenApiRouter::with_openapi(document::beginning())
        .routes(routes!(probes::health))
        .routes(routes!(probes::ready))
        .routes(routes!(document::openapi));
    let guarded = OpenApiRouter::new()
        .routes(routes!(probes::metrics))
        .routes(routes!(profiles::list, profiles::create))
        .routes(routes!(profiles::get, profiles::delete))
        .routes(routes!(profiles::retire))
        .routes(routes!(orders::list, orders::create))
        .routes(routes!(orders::get, orders::delete))
        .routes(routes!(orders::reset))
        .routes(routes!(orders::set_state))
        .routes(routes!(sessions::get))
        .routes(routes!(notifications::list))
        .routes(routes!(events::list))
        .routes(routes!(operators::list))
        .layer(from_fn_with_state(Arc::new(access), access::guard));
    let (router, document) = open.merge(guarded).split_for_parts();
    // Nothing in it can fail to be written.
    let document = document.to_json().unwrap_or_default().into();
    let api = Api { smdp, readiness, document };
    router
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "nothing is at this path") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(api.clone(), told))
        .with_state(api)
}

/// Serves the API on `listener` until `shutdown`; what is in flight then is answered, and nobody waits for events any
/// more.
///
/// # Errors
/// Where the port fails.
pub async fn serve<S: Store>(
    listener: TcpListener,
    smdp: Arc<Smdp<S>>,
    access: Access,
    readiness: Readiness,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = router(smdp, access, readiness.clone());
    let stopping = readiness.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        stopping.shut_down();
    });
    let too_long = async {
        readiness.shutting_down().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = serving => served,
        () = too_long => Ok(()),
    }
}

/// One line of the log for each change, and for what failed; each failure of the store is counted.
async fn told(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if response.extensions().get::<problem::StoreFailed>().is_some() {
        api.smdp.metrics().count_store_error();
    }
    match method {
        _ if response.status().is_server_error() => tracing::warn!(%method, path, status, "management"),
        Method::GET | Method::HEAD => tracing::debug!(%method, path, status, "management"),
        _ => tracing::info!(%method, path, status, "management"),
    }
    response.into_response()
}
