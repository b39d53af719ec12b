//! A port that counts what it does not do because too much is asked.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{Request, Response};
use service::metrics::CallMetrics;
use wire::server::{Overload, Received, Service, Urgency};

/// A service whose overload is counted under the name of its interface.
pub struct Counted<S, M> {
    service: S,
    interface: &'static str,
    metrics: Arc<M>,
}

impl<S, M> Counted<S, M> {
    pub fn new(service: S, interface: &'static str, metrics: Arc<M>) -> Self {
        Self { service, interface, metrics }
    }
}

impl<S: Service, M: AsRef<CallMetrics> + Send + Sync + 'static> Service for Counted<S, M> {
    fn answer(&self, request: Request<Received>) -> impl Future<Output = Response<Bytes>> + Send {
        self.service.answer(request)
    }

    fn urgency(&self, head: &Parts, body: &Received) -> Urgency {
        self.service.urgency(head, body)
    }

    fn overloaded(&self, what: Overload) {
        let what = match what {
            Overload::Request(Urgency::Begins) => "new request",
            Overload::Request(Urgency::GoesOn) => "request of a session",
            Overload::Body => "long body",
            Overload::Handshake => "handshake",
            Overload::Connection => "idle connection",
        };
        (*self.metrics).as_ref().count_overload(self.interface, what);
    }
}

#[cfg(test)]
mod tests {
    use smdp::metrics::Metrics;

    use super::*;

    /// Answers nobody.
    struct Silent;

    impl Service for Silent {
        async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
            Response::new(Bytes::new())
        }
    }

    #[test]
    fn every_kind_of_overload_is_counted_under_its_interface() {
        let metrics = Arc::new(Metrics::default());
        let port = Counted::new(Silent, "ES9+", metrics.clone());
        for (times, (what, label)) in [
            (Overload::Request(Urgency::Begins), "new request"),
            (Overload::Request(Urgency::GoesOn), "request of a session"),
            (Overload::Body, "long body"),
            (Overload::Handshake, "handshake"),
            (Overload::Connection, "idle connection"),
        ]
        .into_iter()
        .enumerate()
        {
            for _ in 0..=times {
                port.overloaded(what);
            }
            let line = format!("rsp_overload_total{{interface=\"ES9+\",what=\"{label}\"}} {}\n", times + 1);
            let text = metrics.text(None).unwrap();
            assert!(text.contains(&line), "{text}");
        }
    }
}
