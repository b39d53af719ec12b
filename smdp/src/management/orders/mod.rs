//! Download orders.

mod create;
mod shown;
mod state;

use asn1::Iccid;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::types::Eid;
use serde::Deserialize;
use service::management::Problem;
use service::management::input::{Element, Parameters, limit, maybe_name, maybe_text, next};
use service::management::problem::{Always, BadInput, Conflict, NotFound};
use utoipa::IntoParams;

pub(super) use self::create::{__path_create, create};
use self::shown::{OrderDetail, OrderList};
pub(super) use self::state::{__path_reset, __path_set_state, reset, set_state};
use self::state::{Change, changed};
use super::Api;
use super::names::StateName;
use crate::domain::{Order, OrderId};
use crate::store::{HappeningFilter, OrderFilter, SmdsEventFilter};

/// Which orders to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this operator only.
    #[serde(default, deserialize_with = "maybe_name")]
    operator: Option<String>,
    /// For this profile only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    iccid: Option<Iccid>,
    /// Linked to this eUICC only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[param(value_type = Option<String>)]
    eid: Option<Eid>,
    /// In this state only.
    #[param(inline)]
    state: Option<StateName>,
    /// With a higher number than this: `next` of the list before.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Orders in the order of their numbers, those that were cancelled too.
#[utoipa::path(
    get,
    path = "/api/v1/orders",
    operation_id = "listOrders",
    tag = "orders",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "Some of the orders", body = OrderList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<OrderList>, Problem> {
    let limit = limit(wanted.limit)?;
    let filter = OrderFilter {
        operator: wanted.operator,
        iccid: wanted.iccid,
        eid: wanted.eid,
        state: wanted.state.map(|state| state.0),
        after: wanted.after.map(OrderId),
        limit,
    };
    let orders = api.smdp.store().orders(filter).await?;
    let next = next(orders.len(), limit, orders.last().map(|order| order.id.0));
    Ok(Json(OrderList { orders: orders.iter().map(Into::into).collect(), next }))
}

/// One order with its activation code and its history.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}",
    operation_id = "getOrder",
    tag = "orders",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The order", body = OrderDetail), BadInput, NotFound, Always)
)]
pub(super) async fn get(
    State(api): State<Api>,
    Element(id): Element<i64>,
) -> Result<Json<OrderDetail>, Problem> {
    let order = find(&api, OrderId(id)).await?;
    detail(&api, &order).await.map(Json)
}

/// Removes an order and its history. Its profile is available again, and what was bound for it is gone.
#[utoipa::path(
    delete,
    path = "/api/v1/orders/{id}",
    operation_id = "deleteOrder",
    tag = "orders",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "It is gone"), BadInput, NotFound, Conflict, Always)
)]
pub(super) async fn delete(State(api): State<Api>, Element(id): Element<i64>) -> Result<StatusCode, Problem> {
    changed(&api, OrderId(id), |_| Ok(Change::Delete)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(api: &Api, id: OrderId) -> Result<Order, Problem> {
    let order = api.smdp.store().order(id).await?;
    order.ok_or_else(|| Problem::not_found(format!("there is no order {id}")))
}

async fn detail(api: &Api, order: &Order) -> Result<OrderDetail, Problem> {
    let filter = HappeningFilter { order: Some(order.id), limit: 1000, ..HappeningFilter::default() };
    let history = api.smdp.store().happenings(filter).await?;
    let filter = SmdsEventFilter { order: Some(order.id), ..SmdsEventFilter::default() };
    // An order that a test has reset may have had more than one.
    let event = api.smdp.store().smds_events(filter).await?.pop();
    Ok(OrderDetail::of(order, event, history, &api.smdp.config().address))
}
