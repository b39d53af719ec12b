//! What happened to orders, and waiting for it.

use std::time::Duration;

use asn1::Iccid;
use axum::Json;
use axum::extract::State;
use data_encoding::HEXUPPER;
use protocol::types::Eid;
use serde::{Deserialize, Serialize};
use service::management::Problem;
use service::management::input::{Parameters, limit, maybe_text};
use service::management::problem::{Always, BadInput};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::names::StateName;
use crate::domain::{Delivery, HappeningId, HappeningRecord, OrderId, Report};
use crate::store::HappeningFilter;

/// How often the store is looked into: another process may have written there.
const POLL: Duration = Duration::from_millis(100);

/// How many seconds somebody may wait at most.
const LONGEST_WAIT: u32 = 60;

/// Which events, and how long to wait for the first.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Later than this one: `next` of the list before.
    after: Option<i64>,
    /// Of this order only.
    order: Option<i64>,
    /// Of this profile only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    iccid: Option<Iccid>,
    /// Of this eUICC only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    eid: Option<Eid>,
    /// How many seconds to wait where there is none yet.
    #[serde(default)]
    #[param(maximum = 60, default = 0)]
    wait: u32,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Events in the order in which they happened.
#[derive(Serialize, ToSchema)]
pub(super) struct EventList {
    events: Vec<EventItem>,
    /// `after` for what happens next.
    next: i64,
}

/// Something that happened to an order.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventItem {
    /// Its number; later ones have higher numbers.
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    order: i64,
    iccid: String,
    operator: Option<String>,
    profile_type: String,
    /// The eUICC, where it was known then.
    eid: Option<String>,
    /// The function, or the change over this API.
    #[schema(example = "ES9+.GetBoundProfilePackage")]
    what: String,
    /// The status code or reason that goes with it.
    detail: Option<String>,
    /// The state after it.
    state: StateName,
    /// What the operator is told of it (SGP.22 §5.3.5); null where nothing.
    report: Option<ReportItem>,
}

/// A report to an operator.
#[derive(Serialize, ToSchema)]
#[schema(as = Report)]
struct ReportItem {
    /// notificationPointId.
    point: u32,
    /// The status code of a step that failed, such as `8.2.6/3.8`.
    failure: Option<String>,
    /// resultData, in hex.
    result_data: Option<String>,
    delivery: DeliveryName,
    /// How often it was tried, while it is due.
    attempts: Option<u32>,
    /// When it is tried next, while it is due.
    #[schema(format = DateTime)]
    next_try: Option<String>,
}

/// How far a report has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Delivery)]
enum DeliveryName {
    /// It waits for its next try.
    Due,
    /// The operator has it.
    Delivered,
    /// It is not tried any more.
    GivenUp,
}

impl From<HappeningRecord> for EventItem {
    fn from(record: HappeningRecord) -> Self {
        Self {
            id: record.id.0,
            at: record.at.to_string(),
            order: record.order.0,
            iccid: record.iccid.to_string(),
            operator: record.operator,
            profile_type: record.profile_type,
            eid: record.eid.map(|eid| eid.to_string()),
            what: record.what,
            detail: record.detail,
            state: StateName(record.state),
            report: record.report.map(|report| ReportItem::of(report, record.delivery)),
        }
    }
}

impl ReportItem {
    fn of(report: Report, delivery: Delivery) -> Self {
        let (name, due) = match delivery {
            Delivery::Due { at, attempts } => (DeliveryName::Due, Some((at, attempts))),
            Delivery::Delivered => (DeliveryName::Delivered, None),
            Delivery::GivenUp | Delivery::None => (DeliveryName::GivenUp, None),
        };
        let failure = report.failure.map(|code| format!("{}/{}", code.subject_code, code.reason_code));
        Self {
            point: report.point,
            failure,
            result_data: report.result_data.map(|data| HEXUPPER.encode(&data)),
            delivery: name,
            attempts: due.map(|(_, attempts)| attempts),
            next_try: due.map(|(at, _)| at.to_string()),
        }
    }
}

/// What happened. With `wait`, the answer comes as soon as there is something, or empty when that time is over or the
/// process ends.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "listEvents",
    tag = "history",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "What happened", body = EventList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<EventList>, Problem> {
    if wanted.wait > LONGEST_WAIT {
        return Err(Problem::bad("wait", format!("0 to {LONGEST_WAIT} seconds")));
    }
    let filter = HappeningFilter {
        order: wanted.order.map(OrderId),
        iccid: wanted.iccid,
        eid: wanted.eid,
        after: wanted.after.map(HappeningId),
        limit: limit(wanted.limit)?,
    };
    let first = api.smdp.store().happenings(filter.clone()).await?;
    let events = if first.is_empty() && wanted.wait > 0 {
        let end = tokio::time::sleep(Duration::from_secs(wanted.wait.into()));
        tokio::select! {
            events = awaited(&api, &filter) => events?,
            () = end => first,
            () = api.readiness.shutting_down() => first,
        }
    } else {
        first
    };
    let next = events.last().map(|event| event.id.0).or(wanted.after).unwrap_or(0);
    Ok(Json(EventList { events: events.into_iter().map(Into::into).collect(), next }))
}

async fn awaited(api: &Api, filter: &HappeningFilter) -> Result<Vec<HappeningRecord>, Problem> {
    loop {
        tokio::time::sleep(POLL).await;
        let events = api.smdp.store().happenings(filter.clone()).await?;
        if !events.is_empty() {
            return Ok(events);
        }
    }
}
