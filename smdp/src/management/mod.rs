//! The management API: what those who run an SM-DP+, and the tests of an LPA, look at and change.
//!
//! HTTP with JSON, described by `/openapi.json`, which is generated from the functions here; `docs/management.md` is the
//! guide. No answer holds a secret: neither Ki, OPc and packages, nor confirmation codes, nor session keys.

mod document;
mod events;
mod faults;
mod managed;
mod names;
mod notifications;
mod operators;
mod orders;
mod profiles;
mod sessions;
mod smds_events;

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use service::management::{Access, Listening, Readiness, Token, TokenError};

use self::document::Beginning;
use self::managed::Managed;
use crate::server::Smdp;
use crate::store::Store;

/// What the functions of the API work on.
#[derive(Clone)]
struct Api {
    smdp: Arc<dyn Managed>,
    readiness: Readiness,
}

/// The API over an SM-DP+.
///
/// `readiness` is asked for `/ready`, and ends those who wait for events when the process ends.
pub fn router<S: Store>(smdp: Arc<Smdp<S>>, access: Access, readiness: Readiness) -> Router {
    let api = Api { smdp: smdp.clone(), readiness: readiness.clone() };
    let functions = OpenApiRouter::new()
        .routes(routes!(profiles::list, profiles::create))
        .routes(routes!(profiles::get, profiles::delete))
        .routes(routes!(profiles::retire))
        .routes(routes!(orders::list, orders::create))
        .routes(routes!(orders::get, orders::delete))
        .routes(routes!(orders::reset))
        .routes(routes!(orders::set_state))
        .routes(routes!(smds_events::list))
        .routes(routes!(sessions::get))
        .routes(routes!(notifications::list))
        .routes(routes!(events::list))
        .routes(routes!(operators::list))
        .routes(routes!(faults::list, faults::arm, faults::disarm_all))
        .routes(routes!(faults::disarm))
        .with_state(api);
    service::management::router(Beginning::openapi(), functions, smdp, access, readiness)
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
    service::management::serve(listener, app, readiness, shutdown).await
}
