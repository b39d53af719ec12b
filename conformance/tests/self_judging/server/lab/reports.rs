//! The way of a report from the SM-DP+ to the operator that the judge plays.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use conformance::server::target::Reports;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response};
use protocol::es2plus::{CallHeader, HandleDownloadProgressInfo};
use protocol::trace::Tracer;
use smdp::metrics::Metrics;
use smdp::reports::{ReportSender, Schedule, SendError, deliver_reports};
use smdp::store::SqliteStore;
use tokio::net::TcpListener;
use wire::es2plus::{ProgressClient, ProgressUrl};
use wire::header::X_ADMIN_PROTOCOL;
use wire::server::{Received, Service};
use wire::transport::Transport;

use super::{Kind, Switch, clock, listening};

/// Where the judge takes reports, which the SM-DP+ delivers there from now on.
pub async fn delivered(
    store: Arc<SqliteStore>,
    metrics: Arc<Metrics>,
    tracer: Tracer,
    switch: Switch,
) -> Reports {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let judge = Transport::plain(listener.local_addr().unwrap().to_string().parse().unwrap());
    let way: SocketAddr = listening(None, Way { judge, switch }).await;
    let url: ProgressUrl = format!("http://{way}").parse().unwrap();
    let sender = Arc::new(Operator(ProgressClient::new(url, None, tracer).unwrap()));
    // The clock stands still, so what is to be tried again is due at once.
    let schedule = Schedule {
        poll: Duration::from_millis(25),
        first_pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
        longest_pause_of_one: Duration::ZERO,
        ..Schedule::default()
    };
    let requester = "2.999.10".to_owned();
    let never = std::future::pending();
    tokio::spawn(deliver_reports(store, sender, requester, clock(), schedule, metrics, never));
    Reports::taken_at(listener, None)
}

struct Operator(ProgressClient);

impl ReportSender for Operator {
    async fn send(
        &self,
        _: &str,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> Result<(), SendError> {
        let sent = self.0.handle_download_progress_info(&header, &info).await;
        sent.map_err(|error| SendError(error.to_string()))
    }
}

/// Takes what a good SM-DP+ sends, and sends what a broken one would.
struct Way {
    judge: Transport,
    switch: Switch,
}

impl Way {
    async fn hand_on(&self, request: &Request<Received>, body: Bytes) -> Response<Bytes> {
        let headers: HeaderMap = [CONTENT_TYPE, X_ADMIN_PROTOCOL]
            .into_iter()
            .filter_map(|name| request.headers().get(&name).cloned().map(|value| (name, value)))
            .collect();
        let reply = self.judge.post(request.uri().path(), &headers, body).await.unwrap();
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        response
    }
}

impl Service for Way {
    async fn answer(&self, mut request: Request<Received>) -> Response<Bytes> {
        let defect = self.switch.now();
        if let Some(defect) = &defect {
            request = match defect.before(request) {
                Ok(request) => request,
                Err(answered) => return *answered,
            };
        }
        let body = request.body().clone().unwrap();
        if let Some(Kind::ReportsBefore(other)) = defect.as_ref().map(|defect| &defect.kind) {
            self.hand_on(&request, other(body.to_vec()).into()).await;
        }
        self.hand_on(&request, body).await
    }
}
