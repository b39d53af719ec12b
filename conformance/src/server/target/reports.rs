//! Where an SM-DP+ sends ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5): the operator that the judge plays takes it.

use std::collections::BTreeMap;
use std::future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use protocol::es2plus::Function;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use wire::server::{Limits, Received, Service, serve};
use wire::tls::ServerTls;

/// How long a report may take; one that was refused is tried again within this time.
const PATIENCE: Duration = Duration::from_secs(20);

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

    /// The next report of a profile; `None` where none comes.
    pub async fn next(&self, iccid: &str) -> Option<Report> {
        tokio::time::timeout(PATIENCE, async {
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

    /// Forgets the reports of a profile that is used for something else from here on.
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
        // With or without the filler it is the same profile.
        what(profiles.entry(iccid.trim_end_matches('F').to_owned()).or_default())
    }

    fn take(&self, headers: HeaderMap, body: Bytes) -> StatusCode {
        let Ok(object) = serde_json::from_slice::<Map<String, Value>>(&body) else {
            return StatusCode::BAD_REQUEST;
        };
        let Some(iccid) = object.get("iccid").and_then(Value::as_str).map(str::to_owned) else {
            return StatusCode::BAD_REQUEST;
        };
        let answered = self.of(&iccid, |profile| {
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
        answered
    }
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
}
