//! What is still to be deleted at the Root SM-DS.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use service::management::Problem;
use service::management::input::{Parameters, limit, next};
use service::management::problem::{Always, BadInput};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use crate::domain::{RootDeletion, RootDeletionNumber};

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Later than this one: `next` of the list before.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Events that are gone here, and that the Root SM-DS may still have.
#[derive(Serialize, ToSchema)]
pub(super) struct RootDeletionList {
    root_deletions: Vec<Errand>,
    /// `after` for the next of them; null where there are no more.
    next: Option<i64>,
}

/// An event that is to be deleted at the Root SM-DS; it is gone from this list when the Root has confirmed.
#[derive(Serialize, ToSchema)]
#[schema(as = RootDeletion)]
struct Errand {
    id: i64,
    eid: String,
    /// EventID2.
    event_id: String,
    /// How often it was tried; the log says why that was in vain.
    attempts: u32,
    /// When it is tried next.
    #[schema(format = DateTime)]
    next_try: String,
}

impl From<RootDeletion> for Errand {
    fn from(errand: RootDeletion) -> Self {
        Self {
            id: errand.number.0,
            eid: errand.eid.to_string(),
            event_id: errand.event_id.into(),
            attempts: errand.attempts,
            next_try: errand.due.to_string(),
        }
    }
}

/// What is still to be deleted at the Root SM-DS.
#[utoipa::path(
    get,
    path = "/api/v1/root-deletions",
    operation_id = "listRootDeletions",
    tag = "events",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "What is still to be deleted", body = RootDeletionList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<RootDeletionList>, Problem> {
    let limit = limit(wanted.limit)?;
    let errands = api.root_deletions(wanted.after.map(RootDeletionNumber), limit).await?;
    let next = next(errands.len(), limit, errands.last().map(|last| last.number.0));
    Ok(Json(RootDeletionList { root_deletions: errands.into_iter().map(Into::into).collect(), next }))
}
