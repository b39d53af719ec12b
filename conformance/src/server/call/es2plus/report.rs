//! HandleDownloadProgressInfo (SGP.22 §5.3.5): which report is waited for.

use std::fmt;

use protocol::status::StatusCode;
use serde_json::{Map, Value};

/// Which report is waited for. Others of the same profile may come before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reported {
    /// One of this notification point.
    Point(u32),
    /// One of something that went wrong.
    Failure,
    /// One of something that went wrong with this code.
    Code(StatusCode),
}

impl Reported {
    /// Whether a report is such a one.
    pub fn is_met_by(self, report: &Map<String, Value>) -> bool {
        let status = report.get("notificationPointStatus");
        let is_failure =
            status.and_then(|status| status.get("status")).and_then(Value::as_str) == Some("Failed");
        match self {
            Self::Point(id) => report.get("notificationPointId").and_then(Value::as_u64) == Some(id.into()),
            Self::Failure => is_failure,
            Self::Code(StatusCode { subject, reason, .. }) => {
                let data = status.and_then(|status| status.get("statusCodeData"));
                let is = |name: &str, code: &str| {
                    data.and_then(|data| data.get(name)).and_then(Value::as_str) == Some(code)
                };
                is_failure && is("subjectCode", subject) && is("reasonCode", reason)
            }
        }
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Point(id) => write!(f, "the operator is told of point {id}"),
            Self::Failure => f.write_str("the operator is told that it failed"),
            Self::Code(code) => write!(f, "the operator is told that it failed with {code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_known_by_its_point_or_its_code() {
        let report = serde_json::json!({
            "notificationPointId": 2,
            "notificationPointStatus": {
                "status": "Failed",
                "statusCodeData": { "subjectCode": "8.2.7", "reasonCode": "6.4" },
            },
        });
        let report = report.as_object().unwrap();
        let exceeded = StatusCode::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED;
        assert!(
            [Reported::Point(2), Reported::Failure, Reported::Code(exceeded)]
                .iter()
                .all(|one| one.is_met_by(report))
        );
        assert!(!Reported::Point(4).is_met_by(report));
        assert!(!Reported::Code(StatusCode::ORDER_REFUSED).is_met_by(report));
    }
}
