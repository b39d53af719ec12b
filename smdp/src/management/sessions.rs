//! RSP sessions.

use asn1::TransactionId;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::management::Problem;
use service::management::input::Element;
use service::management::problem::{Always, BadInput, NotFound};
use utoipa::ToSchema;

use super::Api;

/// An RSP session: neither its keys nor its challenges.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    #[schema(example = "0123456789ABCDEF0123456789ABCDEF")]
    transaction_id: String,
    /// `opened`, `offered`, `delivered` or `ended`.
    #[schema(value_type = String, example = "offered")]
    stage: &'static str,
    /// The order, once AuthenticateClient has found one.
    order: Option<i64>,
    /// The eUICC, once AuthenticateClient has verified it.
    eid: Option<String>,
    /// When InitiateAuthentication was answered.
    #[schema(format = DateTime)]
    started: String,
    /// Whether it is too old for another message.
    lapsed: bool,
}

/// One RSP session.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{transaction_id}",
    operation_id = "getSession",
    tag = "history",
    security((), ("token" = [])),
    params(("transaction_id" = String, Path, description = "Its transactionId, hexadecimal")),
    responses((status = 200, description = "The session", body = Session), BadInput, NotFound, Always)
)]
pub(super) async fn get(
    State(api): State<Api>,
    Element(transaction_id): Element<TransactionId>,
) -> Result<Json<Session>, Problem> {
    let session = api.smdp.store().session(transaction_id.clone()).await?;
    let session =
        session.ok_or_else(|| Problem::not_found(format!("no session is called {transaction_id}")))?;
    Ok(Json(Session {
        transaction_id: transaction_id.to_string(),
        stage: session.stage.name(),
        order: session.order.map(|order| order.0),
        eid: session.stage.authenticated().map(|client| client.eid.to_string()),
        started: session.started.to_string(),
        lapsed: session.has_lapsed(api.smdp.now(), api.smdp.config().limits.session_seconds),
    }))
}
