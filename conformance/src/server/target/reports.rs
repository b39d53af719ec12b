//! Where an SM-DP+ sends ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5): the operator that the judge plays takes it.

use std::collections::BTreeMap;
use std::future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use protocol::es2plus::Function;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use wire::server::{Limits, Received, Service, serve};
use wire::tls::ServerTls;

/// So many reports of a profile wait to be looked at; what comes beyond is not taken.
const MOST_WAITING: usize = 50;

/// The reports that came, by profile.
pub struct Reports {
    inbox: Arc<Inbox>,
    /// Serves until this goes.
    server: JoinHandle<()>,
}

/// One report as it came.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its header fields.
    pub headers: HeaderMap,
    /// Its body, a JSON object.
    pub object: Map<String, Value>,
    /// The same as it came.
    pub body: Bytes,
    /// How it was answered.
    pub answered: StatusCode,
}

#[derive(Default)]
struct Inbox {
    profiles: Mutex<BTreeMap<String, Profile>>,
    came: Notify,
}

#[derive(Default)]
struct Profile {
    waiting: Vec<Report>,
    /// So many of the next are answered with 500.
    to_refuse: usize,
}

impl Reports {
    /// Takes reports at a port: over TLS, or in plain HTTP.
    pub fn taken_at(listener: TcpListener, tls: Option<ServerTls>) -> Self {
        let inbox = Arc::new(Inbox::default());
        let port = Port(inbox.clone());
        let server = tokio::spawn(serve(listener, tls, port, Limits::default(), future::pending()));
        Self { inbox, server }
    }

    /// Answers the next report of a profile with 500.
    pub fn refuse_next(&self, iccid: &str) {
        self.inbox.of(iccid, |profile| profile.to_refuse += 1);
    }

    /// The next report of a profile; `None` where none comes until then.
    pub async fn next(&self, iccid: &str, until: Instant) -> Option<Report> {
        tokio::time::timeout_at(until, async {
            loop {
                let came = self.inbox.came.notified();
                let next = self
                    .inbox
                    .of(iccid, |profile| (!profile.waiting.is_empty()).then(|| profile.waiting.remove(0)));
                match next {
                    Some(report) => return report,
                    None => came.await,
                }
            }
        })
        .await
        .ok()
    }

    /// Forgets the reports of a profile that is used for something else from here on. Those of other profiles, of which
    /// nothing was ever said here, are not kept.
    pub fn forget(&self, iccid: &str) {
        self.inbox.of(iccid, |profile| *profile = Profile::default());
    }
}

impl Drop for Reports {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Inbox {
    fn of<T>(&self, iccid: &str, what: impl FnOnce(&mut Profile) -> T) -> T {
        let mut profiles: MutexGuard<'_, _> = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        what(profiles.entry(without_filler(iccid).to_owned()).or_default())
    }

    /// The same, if the profile was ever named here.
    fn of_known<T>(&self, iccid: &str, what: impl FnOnce(&mut Profile) -> T) -> Option<T> {
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        profiles.get_mut(without_filler(iccid)).map(what)
    }

    fn take(&self, headers: HeaderMap, body: Bytes) -> StatusCode {
        let Ok(object) = serde_json::from_slice::<Map<String, Value>>(&body) else {
            return StatusCode::BAD_REQUEST;
        };
        let Some(iccid) = object.get("iccid").and_then(Value::as_str).map(str::to_owned) else {
            return StatusCode::BAD_REQUEST;
        };
        let answered = self.of_known(&iccid, |profile| {
            if profile.waiting.len() >= MOST_WAITING {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            let answered = match profile.to_refuse {
                // SGP.22 §6.3.
                0 => StatusCode::NO_CONTENT,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            profile.to_refuse = profile.to_refuse.saturating_sub(1);
            profile.waiting.push(Report { headers, object, body, answered });
            answered
        });
        self.came.notify_waiters();
        answered.unwrap_or(StatusCode::NO_CONTENT)
    }
}

/// With or without the filler it is the same profile.
fn without_filler(iccid: &str) -> &str {
    iccid.trim_end_matches('F')
}

struct Port(Arc<Inbox>);

impl Service for Port {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let status = match body {
            _ if head.uri.path() != Function::HandleDownloadProgressInfo.json_path() => StatusCode::NOT_FOUND,
            Ok(body) => self.0.take(head.headers, body),
            Err(error) => error.status(),
        };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_report_is_found_by_its_profile_with_and_without_the_filler() {
        let inbox = Inbox::default();
        inbox.of("8988211000000000102", |profile| *profile = Profile::default());
        let body = Bytes::from_static(br#"{"iccid":"8988211000000000102F","notificationPointId":4}"#);
        assert_eq!(inbox.take(HeaderMap::new(), body), StatusCode::NO_CONTENT);
        assert_eq!(inbox.of("8988211000000000102", |profile| profile.waiting.len()), 1);
        assert_eq!(inbox.take(HeaderMap::new(), Bytes::from_static(b"[]")), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn the_next_report_alone_is_refused() {
        let inbox = Inbox::default();
        inbox.of("89", |profile| profile.to_refuse += 1);
        let body = || Bytes::from_static(br#"{"iccid":"89"}"#);
        let answers = [(); 2].map(|()| inbox.take(HeaderMap::new(), body()));
        assert_eq!(answers, [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::NO_CONTENT]);
    }

    #[tokio::test]
    async fn whoever_sends_on_and_on_fills_nothing() {
        let inbox = Inbox::default();
        inbox.of("89", |profile| *profile = Profile::default());
        for _ in 0..MOST_WAITING {
            assert_eq!(inbox.take(HeaderMap::new(), Bytes::from_static(br#"{"iccid":"89"}"#)), 204);
        }
        assert_eq!(inbox.take(HeaderMap::new(), Bytes::from_static(br#"{"iccid":"89"}"#)), 503);
        assert_eq!(inbox.take(HeaderMap::new(), Bytes::from_static(br#"{"iccid":"90"}"#)), 204);
        assert_eq!(inbox.profiles.lock().unwrap().len(), 1);
    }
}
