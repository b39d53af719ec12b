//! A new order: ES2+.DownloadOrder, ConfirmOrder and ReleaseProfile in one (SGP.22 §5.3), for nobody in particular.

use asn1::Iccid;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCode;
use protocol::types::{Eid, MatchingId};
use serde::Deserialize;
use service::management::Problem;
use service::management::input::{Body, SecretText, maybe_moment, maybe_name, maybe_text};
use service::management::problem::{Always, BadInput, Conflict, NotFound, Unreadable};
use utoipa::ToSchema;

use super::shown::OrderDetail;
use super::state::note;
use super::{detail, find};
use crate::domain::{Event, Order};
use crate::management::Api;
use crate::store::{Reservation, TypeInventory, Wanted};

/// An order for one profile, or for any of an operator's profiles of a type.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateOrder)]
pub(in crate::management) struct Create {
    /// The profile; or `operator` and `profile_type`.
    #[serde(default, deserialize_with = "maybe_text")]
    #[schema(value_type = Option<String>, example = "89882119900000000014")]
    iccid: Option<Iccid>,
    #[serde(default, deserialize_with = "maybe_name")]
    operator: Option<String>,
    #[serde(default, deserialize_with = "maybe_name")]
    profile_type: Option<String>,
    /// The eUICC, where it is known.
    #[serde(default, deserialize_with = "maybe_text")]
    #[schema(value_type = Option<String>, example = "89049032123451234512345678901235")]
    eid: Option<Eid>,
    /// What the LPA has to present: made up where it is left out; empty for the default SM-DP+ use case, which needs an
    /// `eid`.
    #[schema(example = "AB-12")]
    matching_id: Option<String>,
    /// What the user has to enter.
    #[schema(value_type = Option<String>, write_only)]
    confirmation_code: Option<SecretText>,
    /// When the order ends by itself: where it is left out, as for an order over ES2+.
    #[serde(default, deserialize_with = "maybe_moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
    /// Released, or only Confirmed.
    #[serde(default = "yes")]
    #[schema(default = true)]
    release: bool,
}

fn yes() -> bool {
    true
}

/// Places an order, confirms it, and releases it unless that is not wanted.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    operation_id = "createOrder",
    tag = "orders",
    security((), ("token" = [])),
    request_body = Create,
    responses(
        (status = 201, description = "The order; `Location` is its path", body = OrderDetail),
        BadInput,
        NotFound,
        Conflict,
        Unreadable,
        Always,
    )
)]
pub(in crate::management) async fn create(
    State(api): State<Api>,
    Body(request): Body<Create>,
) -> Result<impl IntoResponse, Problem> {
    let terms = Terms::of(&api, &request).await?;
    let wanted = wanted(&api, &request).await?;
    let reservation = Reservation { wanted, eid: request.eid, at: api.smdp.now(), call: None };
    let reserved = api.smdp.store().reserve_profile(reservation).await?;
    let order = reserved.ok_or_else(|| Problem::conflict("no such profile is available"))?;
    let id = order.id;
    confirm(&api, order, terms).await?;
    let location = format!("/api/v1/orders/{id}");
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(detail(&api, &find(&api, id).await?).await?)))
}

/// What an order is confirmed with.
struct Terms {
    event: Event,
    matching_id: Option<MatchingId>,
    confirmation_code: Option<ConfirmationCode>,
    expires: Option<Timestamp>,
}

impl Terms {
    /// Checks everything that can be wrong before a profile is reserved.
    async fn of(api: &Api, request: &Create) -> Result<Self, Problem> {
        let matching_id = match request.matching_id.as_deref() {
            None => Some(api.smdp.new_matching_id()?),
            // SGP.22 §5.3.2: then only the EID leads to the order.
            Some("") if request.eid.is_none() => {
                return Err(Problem::bad("eid", "an empty matching_id needs one"));
            }
            Some("") => None,
            Some(text) => {
                let parsed = text.parse::<MatchingId>();
                Some(parsed.map_err(|error| Problem::bad("matching_id", error.to_string()))?)
            }
        };
        if let Some(matching_id) = &matching_id
            && api.smdp.store().order_of_matching_id(matching_id.to_string()).await?.is_some()
        {
            return Err(Problem::conflict(format!("MatchingID {matching_id} belongs to another order")));
        }
        let code = request.confirmation_code.as_ref().map(|code| code.expose().parse());
        let confirmation_code =
            code.transpose().map_err(|_| Problem::bad("confirmation_code", "it is not empty"))?;
        let usual = api.smdp.config().limits.order_end(api.smdp.now());
        Ok(Self {
            event: if request.release { Event::ConfirmAndRelease } else { Event::ConfirmOrder },
            matching_id,
            confirmation_code,
            expires: request.expires.or(usual),
        })
    }
}

/// Which profile, if there is such a one at all.
async fn wanted(api: &Api, request: &Create) -> Result<Wanted, Problem> {
    let store = api.smdp.store();
    match (request.iccid, &request.operator, &request.profile_type) {
        (Some(iccid), None, None) => match store.profile(iccid).await? {
            Some(_) => Ok(Wanted::Iccid(iccid)),
            None => Err(Problem::not_found(format!("no profile has the ICCID {iccid}"))),
        },
        (None, Some(operator), Some(profile_type)) => {
            let (operator, profile_type) = (operator.clone(), profile_type.clone());
            match store.type_inventory(operator.clone(), profile_type.clone()).await? {
                TypeInventory::Owned => Ok(Wanted::OfType { operator, profile_type }),
                TypeInventory::NotOwned | TypeInventory::Unknown => {
                    Err(Problem::not_found(format!("{operator:?} has no profile of type {profile_type:?}")))
                }
            }
        }
        _ => Err(Problem::bad("iccid", "an iccid is needed, or an operator with a profile_type")),
    }
}

/// Confirms the order that was just placed, or leaves none.
async fn confirm(api: &Api, placed: Order, terms: Terms) -> Result<(), Problem> {
    let store = api.smdp.store();
    let mut order = placed.clone();
    order.matching_id = terms.matching_id;
    order.confirmation_code = terms.confirmation_code.map(|code| code.hash());
    order.expires = terms.expires;
    order.enter(terms.event);
    note(api, &mut order, "management: order confirmed");
    let Err(error) = store.change_order(order, None).await else { return Ok(()) };
    let id = placed.id;
    if let Err(left) = store.delete_order(placed).await {
        tracing::warn!(order = %id, error = %left, "an order that was not confirmed cannot be removed");
    }
    Err(error.into())
}
