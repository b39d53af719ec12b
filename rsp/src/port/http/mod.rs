//! Cards over HTTP: APDUs in hexadecimal, power, and what a card holds.

mod functions;
mod message;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use euicc_sim::state::CardState;
use protocol::types::Eid;
use serde_json::Value;
use service::management::{Access, Problem, Readiness, guard};
use tokio::net::TcpListener;

use super::Slot;

/// The longest body, in bytes: the longest APDU there is, in hexadecimal, with white space.
const BODY_LIMIT: usize = 256 * 1024;

/// What a card holds, without secrets.
pub type Describe = fn(&CardState) -> Result<Value>;

/// The cards, by EID.
#[derive(Clone)]
struct Cards {
    slots: Arc<BTreeMap<Eid, Arc<Slot>>>,
    describe: Describe,
}

/// Serves the cards to whoever reaches the port, until `shutdown`. Pages of a browser are kept out as at a management
/// port without a token.
pub async fn serve(
    listener: TcpListener,
    slots: impl IntoIterator<Item = Arc<Slot>>,
    describe: Describe,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let slots = slots.into_iter().map(|slot| (slot.eid, slot)).collect();
    let app = router(Cards { slots: Arc::new(slots), describe });
    service::management::serve(listener, app, Readiness::default(), shutdown).await
}

fn router(cards: Cards) -> Router {
    Router::new()
        .route("/cards", get(functions::list))
        .route("/cards/{eid}", get(functions::describe))
        .route("/cards/{eid}/apdu", post(functions::apdu))
        .route("/cards/{eid}/reset", post(functions::reset))
        .route("/cards/{eid}/power-off", post(functions::power_off))
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "nothing is at this path") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(Arc::new(Access::open()), guard))
        .with_state(cards)
}
