//! Event records.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use certs::{Oid, oid};
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};
use serde::{Deserialize, Deserializer, Serialize, de};
use service::management::Problem;
use service::management::input::{Element, Parameters, limit, maybe_text, next};
use service::management::problem::{Always, BadInput, Conflict, NotFound};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use crate::domain::{EventNumber, EventRecord, EventState};
use crate::store::EventFilter;

/// Which event records.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this eUICC only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    eid: Option<Eid>,
    /// Of this caller only: the OID of its TLS certificate.
    #[serde(default, deserialize_with = "maybe_oid")]
    #[param(value_type = Option<String>, example = "2.999.10")]
    caller: Option<Oid>,
    /// With this EventID of the caller's only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// In this state only.
    state: Option<StateName>,
    /// Later than this one: `next` of the list before.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// How far an event has come.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = State)]
enum StateName {
    /// Stored, and being registered at the Root SM-DS.
    Forwarding,
    /// LPAs are told of it.
    Registered,
    /// Its caller has deleted it.
    Deleted,
    /// Its time has run out.
    Expired,
    /// It was removed over this API.
    Removed,
}

impl From<StateName> for EventState {
    fn from(name: StateName) -> Self {
        match name {
            StateName::Forwarding => Self::Forwarding,
            StateName::Registered => Self::Registered,
            StateName::Deleted => Self::Deleted,
            StateName::Expired => Self::Expired,
            StateName::Removed => Self::Removed,
        }
    }
}

impl From<EventState> for StateName {
    fn from(state: EventState) -> Self {
        match state {
            EventState::Forwarding => Self::Forwarding,
            EventState::Registered => Self::Registered,
            EventState::Deleted => Self::Deleted,
            EventState::Expired => Self::Expired,
            EventState::Removed => Self::Removed,
        }
    }
}

/// Event records in the order of their registration.
#[derive(Serialize, ToSchema)]
pub(super) struct EventList {
    events: Vec<Event>,
    /// `after` for the next of them; null where there are no more.
    next: Option<i64>,
}

/// An event record (SGP.22 §3.6.1). It outlives its event: by it an EventID is known to be used.
#[derive(Serialize, ToSchema)]
pub(super) struct Event {
    /// Its number; later ones have higher numbers.
    id: i64,
    state: StateName,
    /// The OID in the TLS certificate of the SM-DP+ or SM-DS that registered it.
    #[schema(example = "2.999.10")]
    caller: String,
    eid: String,
    /// The caller's name for it; EventID1 of a cascade.
    event_id: String,
    /// Where the LPA finds it.
    rsp_server_address: String,
    /// EventID2: its name at the Root SM-DS. Null where it was not forwarded.
    forwarded_as: Option<String>,
    #[schema(format = DateTime)]
    registered: String,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    expires: Option<String>,
    /// When it was deleted, expired or was removed.
    #[schema(format = DateTime)]
    ended: Option<String>,
}

impl Event {
    /// Whose time has run out has expired, also before that is noted in the store.
    fn of(record: EventRecord, now: Timestamp) -> Self {
        let is_over = record.ended.is_none() && record.expires.is_some_and(|expires| expires <= now);
        let state = if is_over { EventState::Expired } else { record.state };
        Self {
            id: record.number.0,
            state: state.into(),
            caller: record.caller.to_string(),
            eid: record.eid.to_string(),
            event_id: record.event_id.into(),
            rsp_server_address: record.rsp_server_address.into(),
            forwarded_as: record.forwarded_as.map(Into::into),
            registered: record.registered.to_string(),
            expires: record.expires.map(|at| at.to_string()),
            ended: record.ended.map(|at| at.to_string()),
        }
    }
}

fn maybe_oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Oid>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| oid::parse(&text).map_err(de::Error::custom)).transpose()
}

/// Event records.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "listEvents",
    tag = "events",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "Event records", body = EventList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<EventList>, Problem> {
    let limit = limit(wanted.limit)?;
    let filter = EventFilter {
        eid: wanted.eid,
        caller: wanted.caller,
        event_id: wanted.event_id,
        state: wanted.state.map(Into::into),
        standing: false,
        after: wanted.after.map(EventNumber),
        limit,
    };
    let records = api.events(filter).await?;
    let next = next(records.len(), limit, records.last().map(|last| last.number.0));
    let now = api.now();
    Ok(Json(EventList { events: records.into_iter().map(|record| Event::of(record, now)).collect(), next }))
}

/// One event record.
#[utoipa::path(
    get,
    path = "/api/v1/events/{id}",
    operation_id = "getEvent",
    tag = "events",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The event record", body = Event), BadInput, NotFound, Always)
)]
pub(super) async fn get(State(api): State<Api>, Element(id): Element<i64>) -> Result<Json<Event>, Problem> {
    let number = EventNumber(id);
    let record = api.event(number).await?.ok_or_else(|| no_such_event(number))?;
    Ok(Json(Event::of(record, api.now())))
}

/// Removes an event, as if its caller had deleted it: LPAs are told of it no more, and the Root SM-DS is told to delete it, if
/// it was forwarded. Its EventID stays used, and its record stays to say so.
#[utoipa::path(
    delete,
    path = "/api/v1/events/{id}",
    operation_id = "removeEvent",
    tag = "events",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "Removed"), BadInput, NotFound, Conflict, Always)
)]
pub(super) async fn remove(State(api): State<Api>, Element(id): Element<i64>) -> Result<StatusCode, Problem> {
    let number = EventNumber(id);
    if api.remove_event(number).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let record = api.event(number).await?.ok_or_else(|| no_such_event(number))?;
    Err(Problem::conflict(match record.state {
        EventState::Forwarding => {
            "the event is just being registered at the Root SM-DS; try again".to_owned()
        }
        state => format!("the event has ended already: {state}"),
    }))
}

fn no_such_event(number: EventNumber) -> Problem {
    Problem::not_found(format!("there is no event {number}"))
}
