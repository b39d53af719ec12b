//! Properties of any answer.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::Row;
use crate::server::defects::Kind;
use crate::server::defects::spoil::execution_status;

pub fn row(says: &str, at: &'static str) -> Option<Row> {
    Some(match says {
        "the Content-Type of the answer is that of the request" => (
            "answers as text/html",
            at,
            Kind::Whole(|answer| header(CONTENT_TYPE.as_str(), Some("text/html"), answer)),
        ),
        "the answer has X-Admin-Protocol: gsma/rsp/v<x.y.z>"
        | "it is refused, and the answer has X-Admin-Protocol: gsma/rsp/v<x.y.z>" => (
            "answers without X-Admin-Protocol",
            at,
            Kind::Whole(|answer| header("x-admin-protocol", None, answer)),
        ),
        "X-Admin-Protocol of the answer is a v2" => (
            "answers a v2 device as a v3 server",
            at,
            Kind::Whole(|answer| header("x-admin-protocol", Some("gsma/rsp/v3.0.0"), answer)),
        ),
        "the answer has no body" => (
            "answers a notification with a JSON object",
            at,
            Kind::Whole(|answer| status(StatusCode::OK, answer.map(|_| Bytes::from_static(b"{}")))),
        ),
        "the answer has no Content-Type" => (
            "names the type of a body that there is not",
            at,
            Kind::Whole(|answer| header(CONTENT_TYPE.as_str(), Some("application/json"), answer)),
        ),
        "the HTTP status is 200" | "it is refused, and the HTTP status is 200" => {
            ("answers 201", at, Kind::Whole(|answer| status(StatusCode::CREATED, answer)))
        }
        "the HTTP status is 204" => {
            ("answers a notification with 200", at, Kind::Whole(|answer| status(StatusCode::OK, answer)))
        }
        "the answer has header.functionExecutionStatus.status" => {
            ("answers without a header", at, Kind::Json(|answer| drop(answer.remove("header"))))
        }
        "the status is Executed-Success" => (
            "warns of nothing",
            at,
            Kind::Json(|answer| execution_status(answer)["status"] = "Executed-WithWarning".into()),
        ),
        "the status is Failed, with subjectCode and reasonCode" => (
            "refuses without a code",
            at,
            Kind::Json(|answer| execution_status(answer)["statusCodeData"] = Value::Null),
        ),
        "subjectCode and reasonCode are numbers with dots between" => (
            "writes codes with a hyphen",
            at,
            Kind::Json(|answer| execution_status(answer)["statusCodeData"]["subjectCode"] = "8-8-1".into()),
        ),
        "no character is escaped that need not be" => {
            ("escapes slashes", at, Kind::Whole(|answer| replaced(('/', "\\/"), answer)))
        }
        "every object is base64 without line breaks, with padding" => (
            "breaks base64 into lines",
            at,
            Kind::Json(|answer| {
                let text = answer["smdpCertificate"].as_str().unwrap_or_default().to_owned();
                answer["smdpCertificate"] = format!("{}\n{}", &text[..64], &text[64..]).into();
            }),
        ),
        _ => return None,
    })
}

/// For the same property.
pub fn escapes_plus_signs(at: &'static str) -> Row {
    ("escapes plus signs by their number", at, Kind::Whole(|answer| replaced(('+', "\\u002B"), answer)))
}

fn replaced((character, text): (char, &str), answer: Response<Bytes>) -> Response<Bytes> {
    answer.map(|body| String::from_utf8_lossy(&body).replace(character, text).into_bytes().into())
}

fn header(name: &'static str, value: Option<&'static str>, mut response: Response<Bytes>) -> Response<Bytes> {
    match value {
        Some(value) => response.headers_mut().insert(name, HeaderValue::from_static(value)),
        None => response.headers_mut().remove(name),
    };
    response
}

fn status(status: StatusCode, mut response: Response<Bytes>) -> Response<Bytes> {
    *response.status_mut() = status;
    response
}
