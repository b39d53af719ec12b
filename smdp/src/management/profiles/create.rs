//! A new profile.

use std::time::Duration;

use asn1::Iccid;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use protocol::profile::{Imsi, Subscriber, default_profile};
use serde::Deserialize;
use service::management::Problem;
use service::management::input::{Body, SecretText, maybe_name, maybe_text, text};
use service::management::problem::{Always, BadInput, Conflict, Unreadable};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::find;
use super::metadata::Metadata;
use super::shown::ProfileDetail;
use crate::domain::{NewProfile, Package, PackageProtection};
use crate::import::checked_header;
use crate::management::Api;

/// An import that was not finished by then was left behind by a process that died.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A profile to be made of subscriber data and the built-in template, or of a package: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateProfile)]
pub(in crate::management) struct Create {
    /// 18 to 20 digits; may be left out beside a package, which names it.
    #[serde(default, deserialize_with = "maybe_text")]
    #[schema(value_type = Option<String>, example = "89882119900000000014")]
    iccid: Option<Iccid>,
    /// Who may order it over ES2+: one of the configuration.
    #[serde(default, deserialize_with = "maybe_name")]
    operator: Option<String>,
    /// What it is ordered by: `generic`, unless the header of the package names a type, which it has to be then.
    #[serde(default, deserialize_with = "maybe_name")]
    profile_type: Option<String>,
    /// Which keys protect its package when it is bound.
    #[serde(default)]
    protection: Protection,
    subscriber: Option<CreateSubscriber>,
    /// An Unprotected Profile Package (SGP.22 §2.5.2) in base64.
    #[schema(value_type = Option<String>, write_only)]
    package: Option<SecretText>,
    #[serde(default)]
    metadata: Metadata,
}

/// Which keys protect a package when it is bound (SGP.22 §2.5.3).
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Protection {
    #[default]
    SessionKeys,
    ProfileProtectionKeys,
}

/// The data of the built-in profile template.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSubscriber {
    /// 6 to 15 digits.
    #[serde(deserialize_with = "text")]
    #[schema(value_type = String, example = "001010000000001")]
    imsi: Imsi,
    /// 32 hexadecimal digits.
    #[schema(value_type = String, write_only)]
    ki: SecretText,
    /// 32 hexadecimal digits.
    #[schema(value_type = String, write_only)]
    opc: SecretText,
}

/// Puts a profile into the inventory.
#[utoipa::path(
    post,
    path = "/api/v1/profiles",
    operation_id = "createProfile",
    tag = "profiles",
    security((), ("token" = [])),
    request_body = Create,
    responses(
        (status = 201, description = "The profile; `Location` is its path", body = ProfileDetail),
        BadInput,
        Conflict,
        Unreadable,
        Always,
    )
)]
pub(in crate::management) async fn create(
    State(api): State<Api>,
    Body(wanted): Body<Create>,
) -> Result<impl IntoResponse, Problem> {
    let profile = new_profile(&api, wanted)?;
    let iccid = profile.iccid;
    take_in(&api, profile).await?;
    let location = format!("/api/v1/profiles/{iccid}");
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(ProfileDetail::of(find(&api, iccid).await?))))
}

fn new_profile(api: &Api, wanted: Create) -> Result<NewProfile, Problem> {
    if let Some(name) = &wanted.operator
        && api.smdp.config().operator(name).is_none()
    {
        return Err(Problem::bad("operator", format!("no operator {name:?} is configured")));
    }
    let (iccid, header_type, package) = match (&wanted.subscriber, &wanted.package) {
        (Some(subscriber), None) => of_subscriber(wanted.iccid, subscriber)?,
        (None, Some(package)) => of_package(wanted.iccid, package)?,
        _ => return Err(Problem::bad("package", "one of package and subscriber is needed, and not both")),
    };
    Ok(NewProfile {
        iccid,
        operator: wanted.operator,
        profile_type: profile_type(wanted.profile_type, header_type)?,
        protection: match wanted.protection {
            Protection::SessionKeys => PackageProtection::SessionKeys,
            Protection::ProfileProtectionKeys => PackageProtection::ProfileProtectionKeys,
        },
        metadata: wanted.metadata.request(&iccid)?,
        package,
    })
}

/// The ICCID, the type that the package names, and the package.
type Content = (Iccid, Option<String>, Package);

fn of_subscriber(iccid: Option<Iccid>, subscriber: &CreateSubscriber) -> Result<Content, Problem> {
    let iccid = iccid.ok_or_else(|| Problem::bad("iccid", "beside subscriber data it is needed"))?;
    let ki = key("subscriber.ki", &subscriber.ki)?;
    let opc = key("subscriber.opc", &subscriber.opc)?;
    let subscriber = Subscriber::new(iccid, subscriber.imsi.clone(), ki, opc);
    Ok((iccid, None, Package(default_profile(&subscriber))))
}

fn key(field: &str, text: &SecretText) -> Result<Zeroizing<[u8; 16]>, Problem> {
    let text = text.expose();
    let mut key = Zeroizing::new([0; 16]);
    let is_key = text.len() == 32 && HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), key.as_mut()).is_ok();
    if is_key { Ok(key) } else { Err(Problem::bad(field, "32 hexadecimal digits are needed")) }
}

fn of_package(iccid: Option<Iccid>, package: &SecretText) -> Result<Content, Problem> {
    let bytes = BASE64.decode(package.expose().as_bytes());
    let bytes = Zeroizing::new(bytes.map_err(|_| Problem::bad("package", "this is not base64"))?);
    let header = checked_header(&bytes).map_err(|mistake| Problem::bad("package", mistake.to_string()))?;
    match iccid {
        Some(iccid) if iccid != header.iccid => {
            Err(Problem::bad("iccid", format!("the package is for ICCID {}, not {iccid}", header.iccid)))
        }
        _ => Ok((header.iccid, header.profile_type, Package(bytes))),
    }
}

fn profile_type(given: Option<String>, in_header: Option<String>) -> Result<String, Problem> {
    match (given, in_header) {
        (Some(given), Some(header)) if given != header => {
            Err(Problem::bad("profile_type", format!("the header of the package says {header:?}")))
        }
        (given, header) => Ok(given.or(header).unwrap_or_else(|| "generic".to_owned())),
    }
}

/// Nobody sees the profile before it is whole.
async fn take_in(api: &Api, profile: NewProfile) -> Result<(), Problem> {
    let (store, now) = (api.smdp.store(), api.smdp.now());
    let import = store.begin_import(now, now.minus(ABANDONED_AFTER)).await?;
    let taken_in = match store.import_profiles(import, now, vec![profile]).await {
        Ok(()) => store.finish_import(import).await.map(drop),
        Err(error) => Err(error),
    };
    // Else the profile stays hidden and its ICCID taken. Where the import was finished all the same and only its
    // acknowledgement is lost, there is nothing left to give up.
    if taken_in.is_err()
        && let Err(error) = store.abandon_import(import).await
    {
        tracing::warn!(%error, "what was left of a new profile is removed with the next import");
    }
    taken_in.map_err(Problem::from)
}
