//! Orders as a test wants them.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::management::Problem;
use service::management::input::{Body, Element, Parameters};
use service::management::problem::{Always, BadInput, Conflict, NotFound, Unreadable};
use utoipa::{IntoParams, ToSchema};

use super::shown::OrderDetail;
use super::{detail, find};
use crate::domain::{Happening, Order, OrderId, ProfileState};
use crate::management::Api;
use crate::management::names::StateName;
use crate::store::StoreError;

/// How an order is reset.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::management) struct Reset {
    /// Whether it stays linked to its eUICC.
    #[serde(default)]
    #[param(default = false)]
    keep_eid: bool,
}

/// Puts an order back to Released, as if nobody had tried it: its counters are 0 and what was bound is forgotten. An order for
/// an SM-DS that has ended gets another MatchingID, and with it another event.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{id}/reset",
    operation_id = "resetOrder",
    tag = "orders",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number"), Reset),
    responses(
        (status = 200, description = "The order after it", body = OrderDetail),
        BadInput,
        NotFound,
        Conflict,
        Always,
    )
)]
pub(in crate::management) async fn reset(
    State(api): State<Api>,
    Element(id): Element<i64>,
    Parameters(Reset { keep_eid }): Parameters<Reset>,
) -> Result<Json<OrderDetail>, Problem> {
    let id = OrderId(id);
    changed(&api, id, |order| {
        check_open(order)?;
        if !keep_eid && order.matching_id.is_none() {
            let detail = "the order has no MatchingID, only its EID leads to it: keep_eid=true";
            return Err(Problem::conflict(detail));
        }
        order.eid = order.eid.filter(|_| keep_eid);
        put_into(&api, order, ProfileState::Released)?;
        order.download_attempts = 0;
        order.confirmation_code_attempts = 0;
        note(&api, order, "management: reset");
        Ok(Change::Reset)
    })
    .await?;
    detail(&api, &find(&api, id).await?).await.map(Json)
}

/// Where to put an order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::management) struct SetState {
    state: StateName,
}

/// Puts an order into any state, whatever the transitions of SGP.22 §3.1.6 say; its operator is told nothing. Available and
/// Unavailable end the order; before Downloaded, nothing has been bound. An order for an SM-DS gets another MatchingID where
/// its event is used up.
#[utoipa::path(
    put,
    path = "/api/v1/orders/{id}/state",
    operation_id = "setOrderState",
    tag = "orders",
    security((), ("token" = [])),
    params(("id" = i64, Path, description = "Its number")),
    request_body = SetState,
    responses(
        (status = 200, description = "The order after it", body = OrderDetail),
        BadInput,
        NotFound,
        Conflict,
        Unreadable,
        Always,
    )
)]
pub(in crate::management) async fn set_state(
    State(api): State<Api>,
    Element(id): Element<i64>,
    Body(SetState { state: StateName(state) }): Body<SetState>,
) -> Result<Json<OrderDetail>, Problem> {
    use ProfileState::{
        Allocated, Available, Confirmed, Downloaded, Error, Installed, Linked, Released, Unavailable,
    };

    let id = OrderId(id);
    changed(&api, id, |order| {
        check_open(order)?;
        put_into(&api, order, state)?;
        note(&api, order, "management: state set");
        Ok(match state {
            Available | Unavailable => Change::Close,
            Allocated | Linked | Confirmed | Released => Change::Reset,
            Downloaded | Installed | Error => Change::Write,
        })
    })
    .await?;
    detail(&api, &find(&api, id).await?).await.map(Json)
}

/// An order whose event an SM-DS was told of gets another MatchingID when it is to be tried once more: no SM-DS takes an
/// EventID twice (SGP.22 §3.6.1).
fn put_into(api: &Api, order: &mut Order, state: ProfileState) -> Result<(), Problem> {
    use ProfileState::{Downloaded, Error, Installed, Released};

    let event_ends = !(order.is_pending() && state.is_pending())
        && matches!(order.state, Released | Downloaded | Installed | Error);
    let once_more = state.is_ordered() && !matches!(state, Installed | Error);
    if order.smds_address.is_some() && event_ends && once_more {
        order.matching_id = Some(api.smdp.new_matching_id()?);
    }
    order.state = state;
    Ok(())
}

/// How a changed order is written.
pub(super) enum Change {
    Write,
    Reset,
    Close,
    Delete,
}

/// Reads an order, changes and writes it; again, where others changed it meanwhile.
pub(super) async fn changed(
    api: &Api,
    id: OrderId,
    change: impl Fn(&mut Order) -> Result<Change, Problem>,
) -> Result<(), Problem> {
    const ROUNDS: u32 = 8;
    let store = api.smdp.store();
    for _ in 0..ROUNDS {
        let mut order = find(api, id).await?;
        let written = match change(&mut order)? {
            Change::Write => store.change_order(order, None).await,
            Change::Reset => store.reset_order(order).await,
            Change::Close => store.close_order(order, None).await,
            Change::Delete => store.delete_order(order).await,
        };
        match written {
            Err(StoreError::Conflict) => {}
            Err(other) => return Err(other.into()),
            Ok(()) => return Ok(()),
        }
    }
    Err(StoreError::Conflict.into())
}

/// An order that has ended has its profile no more; another one may.
fn check_open(order: &Order) -> Result<(), Problem> {
    if order.state.is_ordered() {
        return Ok(());
    }
    Err(Problem::conflict("the order has ended, and its profile is not its own any more: place another"))
}

pub(super) fn note(api: &Api, order: &mut Order, what: &'static str) {
    order.happened.push(Happening { at: api.smdp.now(), eid: None, what, detail: None, report: None });
}
