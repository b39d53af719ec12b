//! The inventory.

mod create;
mod metadata;
mod shown;

use asn1::Iccid;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use service::management::Problem;
use service::management::input::{Body, Element, Parameters, limit, maybe_name, next};
use service::management::problem::{Always, BadInput, Conflict, NotFound, Unreadable};
use utoipa::{IntoParams, ToSchema};

pub(super) use self::create::{__path_create, create};
pub(super) use self::metadata::Event;
pub(super) use self::shown::events_of;
use self::shown::{ProfileDetail, ProfileList};
use super::Api;
use super::names::StateName;
use crate::domain::{Profile, ProfileId};
use crate::store::{ProfileFilter, StoreError};

/// Which profiles to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of this operator only.
    #[serde(default, deserialize_with = "maybe_name")]
    operator: Option<String>,
    /// Of this type only.
    #[serde(default, deserialize_with = "maybe_name")]
    profile_type: Option<String>,
    /// In this state only.
    #[param(inline)]
    state: Option<StateName>,
    /// With a higher number than this: `next` of the list before.
    after: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Profiles in the order of their numbers.
#[utoipa::path(
    get,
    path = "/api/v1/profiles",
    operation_id = "listProfiles",
    tag = "profiles",
    security((), ("token" = [])),
    params(Wanted),
    responses((status = 200, description = "Some of the profiles", body = ProfileList), BadInput, Always)
)]
pub(super) async fn list(
    State(api): State<Api>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<ProfileList>, Problem> {
    let limit = limit(wanted.limit)?;
    let filter = ProfileFilter {
        operator: wanted.operator,
        profile_type: wanted.profile_type,
        state: wanted.state.map(|state| state.0),
        after: wanted.after.map(ProfileId),
        limit,
    };
    let profiles = api.smdp.store().profiles(filter).await?;
    let next = next(profiles.len(), limit, profiles.last().map(|profile| profile.id.0));
    Ok(Json(ProfileList { profiles: profiles.into_iter().map(Into::into).collect(), next }))
}

/// One profile with its metadata.
#[utoipa::path(
    get,
    path = "/api/v1/profiles/{iccid}",
    operation_id = "getProfile",
    tag = "profiles",
    security((), ("token" = [])),
    params(("iccid" = String, Path, description = "Its ICCID, 18 to 20 digits")),
    responses((status = 200, description = "The profile", body = ProfileDetail), BadInput, NotFound, Always)
)]
pub(super) async fn get(
    State(api): State<Api>,
    Element(iccid): Element<Iccid>,
) -> Result<Json<ProfileDetail>, Problem> {
    let profile = find(&api, iccid).await?;
    Ok(Json(ProfileDetail::of(profile)))
}

/// Removes a profile with its package, its orders, their history and what was bound of it.
#[utoipa::path(
    delete,
    path = "/api/v1/profiles/{iccid}",
    operation_id = "deleteProfile",
    tag = "profiles",
    security((), ("token" = [])),
    params(("iccid" = String, Path, description = "Its ICCID, 18 to 20 digits")),
    responses((status = 204, description = "It is gone"), BadInput, NotFound, Always)
)]
pub(super) async fn delete(
    State(api): State<Api>,
    Element(iccid): Element<Iccid>,
) -> Result<StatusCode, Problem> {
    let profile = find(&api, iccid).await?;
    api.smdp.store().delete_profile(profile.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a profile is out of use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retired {
    /// Unavailable, or Available again.
    retired: bool,
}

/// Takes a profile that no order has out of use, or back: Unavailable, or Available again.
#[utoipa::path(
    put,
    path = "/api/v1/profiles/{iccid}/retired",
    operation_id = "retireProfile",
    tag = "profiles",
    security((), ("token" = [])),
    params(("iccid" = String, Path, description = "Its ICCID, 18 to 20 digits")),
    request_body = Retired,
    responses(
        (status = 200, description = "The profile after it", body = ProfileDetail),
        BadInput,
        NotFound,
        Conflict,
        Unreadable,
        Always,
    )
)]
pub(super) async fn retire(
    State(api): State<Api>,
    Element(iccid): Element<Iccid>,
    Body(Retired { retired }): Body<Retired>,
) -> Result<Json<ProfileDetail>, Problem> {
    let profile = find(&api, iccid).await?;
    match api.smdp.store().retire_profile(profile.id, retired).await {
        Err(StoreError::Conflict) => {
            return Err(Problem::conflict("an order has the profile: cancel it first"));
        }
        outcome => outcome?,
    }
    Ok(Json(ProfileDetail::of(find(&api, iccid).await?)))
}

async fn find(api: &Api, iccid: Iccid) -> Result<Profile, Problem> {
    let profile = api.smdp.store().profile(iccid).await?;
    profile.ok_or_else(|| Problem::not_found(format!("no profile has the ICCID {iccid}")))
}
