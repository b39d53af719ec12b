//! Answers that no service gave.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode, Version};
use hyper::body::Bytes;

use crate::header::AdminProtocol;

/// The service has fallen over.
pub(super) fn failed(version: AdminProtocol) -> Response<Bytes> {
    plain(StatusCode::INTERNAL_SERVER_ERROR, version, "the server failed")
}

/// One peer asks too much. Whole seconds are what the field can say, so they are rounded up.
pub(super) fn too_many_requests(version: AdminProtocol, wait: Duration) -> Response<Bytes> {
    let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    later(plain(StatusCode::TOO_MANY_REQUESTS, version, "too many requests"), seconds)
}

/// All together ask too much. SGP.22 §6.3 leaves to HTTP what is no matter of a function, and to its clients when they try again.
pub(super) fn busy(version: AdminProtocol) -> Response<Bytes> {
    /// Those who come back do not come back at once.
    const SPREAD: u64 = 5;
    static BUSY: AtomicU64 = AtomicU64::new(0);
    let seconds = 1 + BUSY.fetch_add(1, Ordering::Relaxed) % SPREAD;
    later(plain(StatusCode::SERVICE_UNAVAILABLE, version, "the server is busy"), seconds)
}

/// It is the last on its connection, where that carries one request at a time.
pub(super) fn last(mut response: Response<Bytes>, version: Version) -> Response<Bytes> {
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn later(mut response: Response<Bytes>, seconds: u64) -> Response<Bytes> {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn plain(status: StatusCode, version: AdminProtocol, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    version.write(headers);
    response
}
