//! Answers that no server gave.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// Whether the server did not execute the function: it says so, or HTTP does.
pub fn is_refusal(response: &Response<Bytes>) -> bool {
    if !response.status().is_success() {
        return true;
    }
    let body: Option<Value> = serde_json::from_slice(response.body()).ok();
    let status = body.and_then(|body| body.pointer("/header/functionExecutionStatus/status").cloned());
    status.is_some_and(|status| status == "Failed")
}

/// What a server answers that executed the function and has nothing to tell.
pub fn success(path: &str) -> Response<Bytes> {
    if path.ends_with("handleNotification") {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return response;
    }
    answer(json!({ "header": { "functionExecutionStatus": { "status": "Executed-Success" } } }))
}

/// A refusal for a reason that is no reason.
pub fn refusal(path: &str) -> Response<Bytes> {
    let mut response = answer(json!({ "header": { "functionExecutionStatus": {
        "status": "Failed",
        "statusCodeData": { "subjectCode": "1.2", "reasonCode": "4.2" },
    } } }));
    if path.ends_with("handleNotification") {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

fn answer(body: Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
