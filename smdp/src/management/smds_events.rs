//! Events at SM-DSs: what is registered there, and what is still to be said.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use service::management::Problem;
use service::management::input::{Parameters, limit, next};
use service::management::problem::{Always, BadInput};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use crate::domain::{OrderId, SmdsEvent, SmdsEventId, SmdsEventStage};
use crate::store::SmdsEventFilter;

/// How far an event has come.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = SmdsEventStage)]
enum Stage {
    /// The order is released, and the SM-DS is to know.
    Registering,
    /// The SM-DS knows.
    Registered,
    /// The order has ended, and the SM-DS is to forget it.
    Deleting,
    /// The SM-DS has forgotten it.
    Deleted,
    /// The SM-DS could not be told to forget it for too long, and may have it still.
    GivenUp,
}

impl From<SmdsEventStage> for Stage {
    fn from(stage: SmdsEventStage) -> Self {
        match stage {
            SmdsEventStage::Registering => Self::Registering,
            SmdsEventStage::Registered => Self::Registered,
            SmdsEventStage::Deleting => Self::Deleting,
            SmdsEventStage::Deleted => Self::Deleted,
            SmdsEventStage::GivenUp => Self::GivenUp,
        }
    }
}

impl From<Stage> for SmdsEventStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Registering => Self::Registering,
            Stage::Registered => Self::Registered,
            Stage::Deleting => Self::Deleting,
            Stage::Deleted => Self::Deleted,
            Stage::GivenUp => Self::GivenUp,
        }
    }
}

/// Which events to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this order only, even where that was removed.
    order: Option<i64>,
    /// In this stage only.
    #[param(inline)]
    stage: Option<Stage>,
    /// With a higher number than this: `next` of the list before.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Some of the events at SM-DSs.
#[derive(Serialize, ToSchema)]
pub(super) struct SmdsEventList {
    smds_events: Vec<SmdsEventItem>,
    /// `after` of the next list; null where this is the last.
    next: Option<i64>,
}

/// The event of an order at an SM-DS (SGP.22 §3.6).
#[derive(Serialize, ToSchema)]
#[schema(as = SmdsEvent)]
pub(super) struct SmdsEventItem {
    /// Its number.
    id: i64,
    /// The order; it may have been removed.
    order: i64,
    eid: String,
    /// The MatchingID that the order had.
    event_id: String,
    /// The SM-DS.
    smds_address: String,
    stage: Stage,
    /// How often the SM-DS was called.
    attempts: u32,
    /// When the SM-DS is called next, or the order ends; null where neither will be.
    #[schema(format = DateTime)]
    due: Option<String>,
    /// Why the last call of this stage failed.
    failure: Option<String>,
    #[schema(format = DateTime)]
    created: String,
    /// When it came to this stage.
    #[schema(format = DateTime)]
    changed: String,
}

impl From<SmdsEvent> for SmdsEventItem {
    fn from(event: SmdsEvent) -> Self {
        Self {
            id: event.id.0,
            order: event.order.0,
            eid: event.eid.to_string(),
            event_id: event.event_id.to_string(),
            smds_address: event.smds.to_string(),
            stage: event.stage.into(),
            attempts: event.attempts,
            due: event.due.map(|due| due.to_string()),
            failure: event.failure.map(|failure| failure.to_string()),
            created: event.created.to_string(),
            changed: event.changed.to_string(),
        }
    }
}

/// What is registered at SM-DSs for orders, and what is still to be registered or deleted there.
#[utoipa::path(
    get,
    path = "/api/v1/smds-events",
    operation_id = "listSmdsEvents",
    tag = "orders",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "Some of the events", body = SmdsEventList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<SmdsEventList>, Problem> {
    let limit = limit(wanted.limit)?;
    let filter = SmdsEventFilter {
        order: wanted.order.map(OrderId),
        event_id: None,
        stage: wanted.stage.map(Into::into),
        after: wanted.after.map(SmdsEventId),
        limit,
    };
    let events = api.smdp.store().smds_events(filter).await?;
    let next = next(events.len(), limit, events.last().map(|event| event.id.0));
    Ok(Json(SmdsEventList { smds_events: events.into_iter().map(Into::into).collect(), next }))
}
