//! What the server is to do wrong.

use std::num::NonZeroU32;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use protocol::es9plus::Function;
use protocol::types::{Eid, MatchingId};
use serde::{Deserialize, Serialize};
use service::management::Problem;
use service::management::input::{Body, Element, maybe_text, text};
use service::management::problem::{Always, BadInput, NotFound, Unreadable};
use utoipa::ToSchema;

use super::Api;
use crate::faults::{Armed, Chance, Fault, Rule, RuleError, RuleId};

/// A function of ES9+.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FunctionName)]
enum FunctionName {
    InitiateAuthentication,
    AuthenticateClient,
    GetBoundProfilePackage,
    HandleNotification,
    CancelSession,
}

impl From<FunctionName> for Function {
    fn from(name: FunctionName) -> Self {
        match name {
            FunctionName::InitiateAuthentication => Self::InitiateAuthentication,
            FunctionName::AuthenticateClient => Self::AuthenticateClient,
            FunctionName::GetBoundProfilePackage => Self::GetBoundProfilePackage,
            FunctionName::HandleNotification => Self::HandleNotification,
            FunctionName::CancelSession => Self::CancelSession,
        }
    }
}

impl From<Function> for FunctionName {
    fn from(function: Function) -> Self {
        match function {
            Function::InitiateAuthentication => Self::InitiateAuthentication,
            Function::AuthenticateClient => Self::AuthenticateClient,
            Function::GetBoundProfilePackage => Self::GetBoundProfilePackage,
            Function::HandleNotification => Self::HandleNotification,
            Function::CancelSession => Self::CancelSession,
        }
    }
}

/// A fault, and the calls it acts on: those that everything given here is true of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArmFault)]
pub(super) struct Arm {
    /// A status code to refuse with, `large-metadata`, or the name of a defect of the package or of an answer; `rsp catalogue`
    /// lists them.
    #[serde(deserialize_with = "text")]
    #[schema(value_type = String, example = "mac-86-2")]
    fault: Fault,
    /// With a status code: what is said to humans.
    message: Option<String>,
    /// In this function only.
    #[schema(inline)]
    function: Option<FunctionName>,
    /// For this eUICC only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[schema(value_type = Option<String>, example = "89049032123451234512345678901235")]
    eid: Option<Eid>,
    /// For the order with this MatchingID only.
    #[serde(default, deserialize_with = "maybe_text")]
    #[schema(value_type = Option<String>, example = "AB-12")]
    matching_id: Option<MatchingId>,
    /// Until it has acted so often; until it is disarmed where it is left out.
    #[schema(value_type = Option<u32>, minimum = 1)]
    calls: Option<NonZeroU32>,
    /// On so many of a hundred calls, by chance; on all where it is left out.
    #[schema(minimum = 1, maximum = 100)]
    percent: Option<u8>,
    /// Where the generator of that chance begins: the same seed and the same calls give the same.
    #[schema(default = 0)]
    seed: Option<u64>,
}

impl Arm {
    fn rule(self) -> Result<Rule, Problem> {
        let fault = match (self.fault, self.message) {
            (Fault::Refuse { code, .. }, message) => Fault::Refuse { code, message },
            (_, Some(_)) => return Err(Problem::bad("message", "only a refusal has one")),
            (fault, None) => fault,
        };
        let chance = match (self.percent, self.seed) {
            (None, Some(_)) => return Err(Problem::bad("seed", "it needs percent")),
            (percent, seed) => percent.map(|percent| Chance { percent, seed: seed.unwrap_or_default() }),
        };
        Ok(Rule {
            fault,
            function: self.function.map(Into::into),
            eid: self.eid,
            matching_id: self.matching_id,
            calls: self.calls,
            chance,
        })
    }
}

/// A fault that is armed.
#[derive(Serialize, ToSchema)]
#[schema(as = ArmedFault)]
pub(super) struct ArmedItem {
    /// Its number.
    id: u64,
    #[schema(example = "mac-86-2")]
    fault: String,
    /// What it does.
    description: String,
    message: Option<String>,
    #[schema(inline)]
    function: Option<FunctionName>,
    eid: Option<String>,
    matching_id: Option<String>,
    /// How often it may still act; null for any number.
    calls_left: Option<u32>,
    percent: Option<u8>,
    seed: Option<u64>,
    /// How often it has acted.
    acted: u64,
}

impl From<Armed> for ArmedItem {
    fn from(armed: Armed) -> Self {
        let Armed { id, rule, left, acted, .. } = armed;
        let message = match &rule.fault {
            Fault::Refuse { message, .. } => message.clone(),
            _ => None,
        };
        Self {
            id: id.0,
            fault: rule.fault.to_string(),
            description: rule.fault.description(),
            message,
            function: rule.function.map(Into::into),
            eid: rule.eid.map(|eid| eid.to_string()),
            matching_id: rule.matching_id.map(String::from),
            calls_left: left.map(NonZeroU32::get),
            percent: rule.chance.map(|chance| chance.percent),
            seed: rule.chance.map(|chance| chance.seed),
            acted,
        }
    }
}

/// Everything that is armed.
#[derive(Serialize, ToSchema)]
pub(super) struct FaultList {
    /// In the order in which they are asked: the first that acts on a call is the only one.
    faults: Vec<ArmedItem>,
}

/// Every fault that is armed in this process.
#[utoipa::path(
    get,
    path = "/api/v1/faults",
    operation_id = "listFaults",
    tag = "faults",
    security((), ("token" = [])),
    responses((status = 200, description = "What is armed", body = FaultList), Always)
)]
pub(super) async fn list(State(api): State<Api>) -> Json<FaultList> {
    Json(FaultList { faults: api.smdp.faults().armed().into_iter().map(Into::into).collect() })
}

/// Arms a fault: from now on this process does something wrong.
#[utoipa::path(
    post,
    path = "/api/v1/faults",
    operation_id = "armFault",
    tag = "faults",
    security((), ("token" = [])),
    request_body = Arm,
    responses(
        (status = 201, description = "It is armed; `Location` is its path", body = ArmedItem),
        BadInput,
        Unreadable,
        Always,
    )
)]
pub(super) async fn arm(
    State(api): State<Api>,
    Body(request): Body<Arm>,
) -> Result<impl IntoResponse, Problem> {
    let armed = api.smdp.faults().arm(request.rule()?).map_err(|error| {
        let field = match error {
            RuleError::NoPlace { .. } | RuleError::NothingKnown => "function",
            RuleError::Percent(_) => "percent",
        };
        Problem::bad(field, error.to_string())
    })?;
    let location = format!("/api/v1/faults/{}", armed.id.0);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(ArmedItem::from(armed))))
}

/// Disarms a fault.
#[utoipa::path(
    delete,
    path = "/api/v1/faults/{id}",
    operation_id = "disarmFault",
    tag = "faults",
    security((), ("token" = [])),
    params(("id" = u64, Path, description = "Its number")),
    responses((status = 204, description = "It is disarmed"), BadInput, NotFound, Always)
)]
pub(super) async fn disarm(State(api): State<Api>, Element(id): Element<u64>) -> Result<StatusCode, Problem> {
    match api.smdp.faults().disarm(RuleId(id)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found(format!("no fault with the number {id} is armed"))),
    }
}

/// Disarms all faults.
#[utoipa::path(
    delete,
    path = "/api/v1/faults",
    operation_id = "disarmAllFaults",
    tag = "faults",
    security((), ("token" = [])),
    responses((status = 204, description = "None is armed"), Always)
)]
pub(super) async fn disarm_all(State(api): State<Api>) -> StatusCode {
    api.smdp.faults().disarm_all();
    StatusCode::NO_CONTENT
}
