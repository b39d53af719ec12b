//! Who orders here over ES2+.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::management::problem::Always;
use utoipa::ToSchema;

use super::Api;
use crate::config::{NotificationPoints, Operator};

/// Every operator of the configuration.
#[derive(Serialize, ToSchema)]
pub(super) struct OperatorList {
    operators: Vec<OperatorItem>,
}

/// An operator.
#[derive(Serialize, ToSchema)]
#[schema(as = Operator)]
struct OperatorItem {
    /// The name that its profiles carry.
    name: String,
    /// Whether it takes ES2+.HandleDownloadProgressInfo.
    takes_reports: bool,
    points: Points,
}

/// The notificationPointId of each step (SGP.22 §5.3.5); null where the step is not reported.
#[derive(Serialize, ToSchema)]
#[schema(as = NotificationPoints)]
struct Points {
    eligibility_passed: Option<u32>,
    eligibility_failed: Option<u32>,
    confirmation_failed: Option<u32>,
    download: Option<u32>,
    installation: Option<u32>,
    cancelled_before_download: Option<u32>,
    cancelled_after_download: Option<u32>,
    enabled: Option<u32>,
    disabled: Option<u32>,
    deleted: Option<u32>,
}

impl From<&NotificationPoints> for Points {
    fn from(points: &NotificationPoints) -> Self {
        Self {
            eligibility_passed: points.eligibility_passed,
            eligibility_failed: points.eligibility_failed,
            confirmation_failed: points.confirmation_failed,
            download: points.download,
            installation: points.installation,
            cancelled_before_download: points.cancelled_before_download,
            cancelled_after_download: points.cancelled_after_download,
            enabled: points.enabled,
            disabled: points.disabled,
            deleted: points.deleted,
        }
    }
}

impl From<&Operator> for OperatorItem {
    fn from(operator: &Operator) -> Self {
        Self {
            name: operator.name.clone(),
            takes_reports: operator.takes_reports,
            points: (&operator.points).into(),
        }
    }
}

/// Who orders here over ES2+, and what they are told.
#[utoipa::path(
    get,
    path = "/api/v1/operators",
    operation_id = "listOperators",
    tag = "operators",
    security((), ("token" = [])),
    responses((status = 200, description = "Every operator of the configuration", body = OperatorList), Always)
)]
pub(super) async fn list(State(api): State<Api>) -> Json<OperatorList> {
    Json(OperatorList { operators: api.smdp.config().operators.iter().map(Into::into).collect() })
}
