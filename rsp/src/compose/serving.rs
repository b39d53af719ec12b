//! What every server process does: its ports and its work in the background run until it is told to stop, and what is in
//! flight then is finished.

use std::io;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use service::management::Readiness;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// The parts of a running server.
pub struct Serving {
    tasks: JoinSet<()>,
    /// Last to end, so that whoever asks hears that this server is not ready any more.
    management: Option<JoinHandle<io::Result<()>>>,
    readiness: Readiness,
    stop: watch::Sender<bool>,
    stop_management: watch::Sender<bool>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            tasks: JoinSet::new(),
            management: None,
            readiness: Readiness::default(),
            stop: watch::channel(false).0,
            stop_management: watch::channel(false).0,
        }
    }
}

impl Serving {
    /// Ends when the server is to stop.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        until_set(self.stop.subscribe())
    }

    /// Work in the background.
    pub fn task(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// A port: it counts as open until the task that serves it ends, however that ends.
    pub fn port(&mut self, name: &'static str, serving: impl Future<Output = ()> + Send + 'static) {
        let listening = self.readiness.listening(name);
        self.tasks.spawn(async move {
            let _listening = listening;
            serving.await;
        });
    }

    /// The management port; `serve` is told how ready the server is, and when to stop.
    pub fn management<F>(&mut self, serve: impl FnOnce(Readiness, Stopped) -> F)
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let stopped: Stopped = Box::pin(until_set(self.stop_management.subscribe()));
        self.management = Some(tokio::spawn(serve(self.readiness.clone(), stopped)));
    }

    /// Serves until `shutdown`.
    ///
    /// # Errors
    /// Where a part of the server ended by itself: a server of which a part is missing is no server, and whoever watches
    /// over it starts it anew.
    pub async fn until(mut self, shutdown: impl Future<Output = ()>) -> Result<()> {
        let fallen = tokio::select! {
            () = shutdown => None,
            ended = self.tasks.join_next() => ended,
        };
        tracing::info!("stopping: what is in flight is finished");
        self.readiness.shut_down();
        let _ = self.stop.send(true);
        let mut outcome = Ok(());
        if let Some(ended) = fallen {
            outcome = ended.context("a part of the server fell over");
            outcome = outcome.and_then(|()| Err(anyhow::anyhow!("a part of the server ended by itself")));
        }
        while let Some(ended) = self.tasks.join_next().await {
            outcome = outcome.and(ended.context("a part of the server fell over"));
        }
        let _ = self.stop_management.send(true);
        if let Some(management) = self.management {
            let ended = management.await.context("the management port fell over")?;
            outcome = outcome.and(ended.context("the management port has failed"));
        }
        outcome
    }
}

/// Ends when something is to stop.
pub type Stopped = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn until_set(mut stopping: watch::Receiver<bool>) {
    // Who would have told us is gone: then there is nothing left to serve for either.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Opens a port.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Opens a port that may be wanted, and says so.
pub async fn open_port<T>(name: &str, port: Option<(SocketAddr, T)>) -> Result<Option<(TcpListener, T)>> {
    let Some((address, with)) = port else { return Ok(None) };
    let listener = listen(address).await?;
    println!("{name} on {}", listener.local_addr()?);
    Ok(Some((listener, with)))
}

/// Until the terminal or the system asks to stop.
pub async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
