//! The management API: what those who run an SM-DS, and the tests of an LPA, look at and remove.
//!
//! HTTP with JSON, described by `/openapi.json`, which is generated from the functions here; `docs/smds.md` is the guide.

mod document;
mod events;
mod managed;
mod root_deletions;

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use service::management::{Access, Readiness};
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::managed::Managed;
use crate::root::RootSmds;
use crate::server::Smds;
use crate::store::Store;

/// What the functions of the API work on.
type Api = Arc<dyn Managed>;

/// The API over an SM-DS. `readiness` is asked for `/ready`.
pub fn router<S: Store, R: RootSmds>(smds: Arc<Smds<S, R>>, access: Access, readiness: Readiness) -> Router {
    let api: Api = smds.clone();
    let functions = OpenApiRouter::new()
        .routes(routes!(events::list))
        .routes(routes!(events::get, events::remove))
        .routes(routes!(root_deletions::list))
        .with_state(api);
    service::management::router(document::Beginning::openapi(), functions, smds, access, readiness)
}

/// Serves the API on `listener` until `shutdown`; what is in flight then is answered.
///
/// # Errors
/// Where the port fails.
pub async fn serve<S: Store, R: RootSmds>(
    listener: TcpListener,
    smds: Arc<Smds<S, R>>,
    access: Access,
    readiness: Readiness,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = router(smds, access, readiness.clone());
    service::management::serve(listener, app, readiness, shutdown).await
}
