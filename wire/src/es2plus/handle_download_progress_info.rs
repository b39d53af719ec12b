//! `handleDownloadProgressInfo` (SGP.22 §5.3.5, §6.5.2.5).

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::es2plus::{CallHeader, ExecutionStatus, HandleDownloadProgressInfo, StatusData};

use crate::function_call::header;
use crate::json::{FieldError, FunctionExecutionStatus, Members, Object, Status, StatusCodeData, optional};

pub(super) const MEMBERS: &[&str] =
    &[header::NAME, "eid", "iccid", "profileType", "timestamp", POINT, STATUS, "resultData"];
const POINT: &str = "notificationPointId";
const STATUS: &str = "notificationPointStatus";

/// Writes the request.
pub(super) fn write(call: &CallHeader, info: &HandleDownloadProgressInfo) -> Members {
    let members = header::write(call)
        .text_if_any("eid", info.eid)
        .text("iccid", info.iccid.to_string())
        .text("profileType", &info.profile_type)
        .text("timestamp", whole_seconds(info.timestamp))
        .number(POINT, info.notification_point_id)
        .object(STATUS, write_status(&info.notification_point_status));
    match &info.result_data {
        Some(result) => members.base64("resultData", result),
        None => members,
    }
}

/// `2026-11-22T03:41:00Z`: SGP.22 §6.5.2.5 has no place for fractions of a second.
fn whole_seconds(timestamp: Timestamp) -> String {
    let text = timestamp.to_string();
    text.split_once('.').map_or_else(|| text.clone(), |(seconds, _)| format!("{seconds}Z"))
}

fn write_status(status: &ExecutionStatus) -> Members {
    let (status, data) = match status {
        ExecutionStatus::ExecutedSuccess => (Status::ExecutedSuccess, None),
        ExecutionStatus::ExecutedWithWarning(data) => (Status::ExecutedWithWarning, Some(data)),
        ExecutionStatus::Failed(data) => (Status::Failed, Some(data)),
    };
    let members = Members::new().text("status", status.as_str());
    match data {
        None => members,
        Some(StatusData { subject_code, reason_code, message }) => members.object(
            "statusCodeData",
            Members::new()
                .text("subjectCode", subject_code)
                .text("reasonCode", reason_code)
                .text_if_any("message", message.as_ref()),
        ),
    }
}

/// Reads what follows the header.
pub(super) fn read(object: &Object<'_>) -> Result<HandleDownloadProgressInfo, FieldError> {
    let iccid: Iccid = object.parsed("iccid")?;
    Ok(HandleDownloadProgressInfo {
        eid: optional(object.parsed("eid"))?,
        iccid,
        profile_type: object.text("profileType")?.into_owned(),
        timestamp: timestamp(object)?,
        notification_point_id: notification_point_id(object)?,
        notification_point_status: read_status(object)?,
        result_data: optional(object.base64("resultData"))?,
    })
}

fn timestamp(object: &Object<'_>) -> Result<Timestamp, FieldError> {
    let moment: jiff::Timestamp = object.parsed("timestamp")?;
    Ok(Timestamp::from_unix_millis(moment.as_millisecond()))
}

/// An integer; some SM-DP+ in the field send it as text.
fn notification_point_id(object: &Object<'_>) -> Result<u32, FieldError> {
    object.structure(POINT).or_else(|error| match object.text(POINT) {
        Ok(text) => text.parse().map_err(|why| FieldError::malformed(POINT, why)),
        Err(_) => Err(error),
    })
}

fn read_status(object: &Object<'_>) -> Result<ExecutionStatus, FieldError> {
    let FunctionExecutionStatus { status, status_code_data } = object.structure(STATUS)?;
    let data = |status: Status| {
        let missing = || FieldError::malformed(STATUS, format!("{} without statusCodeData", status.as_str()));
        let StatusCodeData { subject_code, reason_code, message, .. } =
            status_code_data.ok_or_else(missing)?;
        Ok(StatusData { subject_code, reason_code, message })
    };
    match status {
        Status::ExecutedSuccess => Ok(ExecutionStatus::ExecutedSuccess),
        Status::ExecutedWithWarning => data(status).map(ExecutionStatus::ExecutedWithWarning),
        Status::Failed => data(status).map(ExecutionStatus::Failed),
        // SGP.22 table 32a names the three above only.
        Status::Expired | Status::Other(_) => {
            Err(FieldError::malformed(STATUS, format!("there is no status {:?}", status.as_str())))
        }
    }
}
