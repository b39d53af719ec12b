//! A port that is served until the process ends.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use super::Readiness;

/// How long those may still take whose request is not complete when the port closes.
const GRACE: Duration = Duration::from_secs(2);

/// Serves an API on `listener` until `shutdown`; what is in flight then is answered, and whoever waits for something hears of
/// it by `readiness` and waits no more.
///
/// # Errors
/// Where the port fails.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    readiness: Readiness,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = readiness.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        stopping.shut_down();
    });
    let too_long = async {
        readiness.shutting_down().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = serving => served,
        () = too_long => Ok(()),
    }
}
