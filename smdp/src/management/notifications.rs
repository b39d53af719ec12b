//! What eUICCs have notified of.

use asn1::{PendingNotification, Raw};
use axum::Json;
use axum::extract::State;
use data_encoding::HEXUPPER;
use protocol::clock::Timestamp;
use protocol::types::Eid;
use serde::Serialize;
use service::management::Problem;
use service::management::input::Element;
use service::management::problem::{Always, BadInput};
use utoipa::ToSchema;

use super::Api;
use super::profiles::{Event, events_of};
use crate::store::NotificationRecord;

/// The notifications of an eUICC by sequence number.
#[derive(Serialize, ToSchema)]
pub(super) struct NotificationList {
    notifications: Vec<NotificationItem>,
}

/// A notification as it was accepted (SGP.22 §3.5).
#[derive(Serialize, ToSchema)]
#[schema(as = Notification)]
struct NotificationItem {
    sequence_number: u64,
    /// null where it is of none that SGP.22 v2 defines.
    event: Option<Event>,
    iccid: Option<String>,
    #[schema(format = DateTime)]
    received: String,
    /// The PendingNotification as it came, in hex.
    bytes: String,
}

impl From<NotificationRecord> for NotificationItem {
    fn from(record: NotificationRecord) -> Self {
        let notification = Raw::<PendingNotification>::from_der(&record.bytes).ok();
        let metadata = notification.as_ref().map(|notification| notification.metadata());
        Self {
            sequence_number: record.sequence_number,
            event: metadata.and_then(|it| events_of(&it.profile_management_operation).next()),
            iccid: metadata.and_then(|it| it.iccid).map(|iccid| iccid.to_string()),
            received: Timestamp::from_unix_millis(record.received).to_string(),
            bytes: HEXUPPER.encode(&record.bytes),
        }
    }
}

/// What an eUICC has notified of, by sequence number.
#[utoipa::path(
    get,
    path = "/api/v1/euiccs/{eid}/notifications",
    operation_id = "listNotifications",
    tag = "history",
    security((), ("token" = [])),
    params(("eid" = String, Path, description = "Its EID, 32 digits")),
    responses(
        (status = 200, description = "None, where nothing of it was accepted", body = NotificationList),
        BadInput,
        Always,
    )
)]
pub(super) async fn list(
    State(api): State<Api>,
    Element(eid): Element<Eid>,
) -> Result<Json<NotificationList>, Problem> {
    let notifications = api.smdp.store().notifications(eid).await?;
    Ok(Json(NotificationList { notifications: notifications.into_iter().map(Into::into).collect() }))
}
