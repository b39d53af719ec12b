//! An operator's port that takes ES2+.HandleDownloadProgressInfo, without TLS.

use std::sync::{Arc, Mutex};

use protocol::es2plus::{CallHeader, HandleDownloadProgressInfo};
use protocol::trace::{Actor, Tracer};
use tokio::runtime::Runtime;
use wire::es2plus::{ProgressEndpoint, ProgressReceiver};
use wire::server::Limits;
use wire::tls::ServerTls;

/// What an operator was told, in the order in which it was.
#[derive(Clone, Default)]
pub struct Reports(Arc<Mutex<Vec<(String, HandleDownloadProgressInfo)>>>);

impl Reports {
    /// Each report with its functionCallIdentifier.
    pub fn all(&self) -> Vec<(String, HandleDownloadProgressInfo)> {
        self.0.lock().unwrap().clone()
    }
}

impl ProgressReceiver for Reports {
    async fn progress(&self, header: CallHeader, info: HandleDownloadProgressInfo) {
        self.0.lock().unwrap().push((header.function_call_identifier, info));
    }
}

/// The port, until it is dropped.
pub struct ReportPort {
    pub url: String,
    pub reports: Reports,
    _runtime: Runtime,
}

impl ReportPort {
    pub fn open() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let reports = Reports::default();
        let endpoint = ProgressEndpoint::new(reports.clone(), Tracer::off(Actor::Lpa));
        let serving = wire::server::serve(
            listener,
            None::<ServerTls>,
            endpoint,
            Limits::default(),
            std::future::pending(),
        );
        runtime.spawn(serving);
        Self { url, reports, _runtime: runtime }
    }
}
