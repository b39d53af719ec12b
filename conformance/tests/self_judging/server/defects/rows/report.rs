//! Properties of ES2+.HandleDownloadProgressInfo: what an SM-DP+ reports otherwise than it should.

use std::sync::atomic::{AtomicUsize, Ordering};

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::Row;
use crate::server::defects::Kind;
use crate::server::defects::spoil::Members;

const REPORT: &str = "handleDownloadProgressInfo";

pub fn row(says: &str) -> Option<Row> {
    let (name, kind) = match says {
        "the report has iccid, profileType, timestamp, notificationPointId and notificationPointStatus" => {
            ("reports without a timestamp", Kind::Mistakes(|body| without(body, "timestamp")))
        }
        "iccid and profileType of the report are those of the profile" => (
            "reports another profile type",
            Kind::Mistakes(|body| changed(body, |report| report["profileType"] = "another".into())),
        ),
        "eid of the report is that of the eUICC" => {
            ("reports without the EID", Kind::Mistakes(|body| without(body, "eid")))
        }
        "the report has functionRequesterIdentifier and functionCallIdentifier in its header" => {
            ("reports without a header", Kind::Mistakes(|body| without(body, "header")))
        }
        "the report comes with Content-Type: application/json and X-Admin-Protocol" => (
            "reports as text/plain",
            Kind::Heads(|headers| drop(headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain")))),
        ),
        "timestamp of the report is written YYYY-MM-DDThh:mm:ss, with Z or +hh:mm" => (
            "writes a timestamp with a fraction",
            Kind::Mistakes(|body| {
                changed(body, |report| report["timestamp"] = "2026-11-22T03:41:00.000Z".into())
            }),
        ),
        "timestamp of the report is the present time, give or take a day" => (
            "has a clock that was never set",
            Kind::Mistakes(|body| {
                changed(body, |report| report["timestamp"] = "1970-01-01T00:00:00Z".into())
            }),
        ),
        "notificationPointStatus of the report is Executed-Success" => (
            "reports a success as Failed",
            Kind::Mistakes(|body| changed(body, |report| status(report)["status"] = "Failed".into())),
        ),
        "notificationPointStatus of the report is Failed" => (
            "reports a failure as Executed-Success",
            Kind::Mistakes(|body| {
                changed(body, |report| status(report)["status"] = "Executed-Success".into())
            }),
        ),
        "resultData of the report is finalResult of the ProfileInstallationResult" => {
            ("reports without what the eUICC said", Kind::Mistakes(|body| without(body, "resultData")))
        }
        "the report is of point 2, with 8.2.7/6.4" => (
            "reports one wrong code in place of the last",
            Kind::Mistakes(|body| {
                changed(body, |report| status(report)["statusCodeData"]["reasonCode"] = "3.8".into())
            }),
        ),
        "the report that was answered with 500 comes again, with the same functionCallIdentifier" => {
            ("reports under another name each time", Kind::Mistakes(under_another_name))
        }
        "it is the first report of something that went wrong" => (
            "reports a download that was postponed",
            Kind::ReportsBefore(|body| {
                changed(body, |report| {
                    status(report)["statusCodeData"] = json!({ "subjectCode": "8.10", "reasonCode": "4.2" });
                })
            }),
        ),
        _ => return None,
    };
    Some((name, REPORT, kind))
}

fn changed(body: Vec<u8>, change: impl FnOnce(&mut Members)) -> Vec<u8> {
    match serde_json::from_slice(&body) {
        Ok(Value::Object(mut report)) => {
            change(&mut report);
            Value::Object(report).to_string().into_bytes()
        }
        _ => body,
    }
}

fn without(body: Vec<u8>, member: &str) -> Vec<u8> {
    changed(body, |report| drop(report.remove(member)))
}

fn status(report: &mut Members) -> &mut Value {
    &mut report["notificationPointStatus"]
}

fn under_another_name(body: Vec<u8>) -> Vec<u8> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    changed(body, |report| report["header"]["functionCallIdentifier"] = format!("try-{number}").into())
}
