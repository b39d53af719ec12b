//! The servers that the judge plays: SM-DP+, SM-DS and a second server, which do in each case what its situation says, and
//! keep a log of what the LPA did.

mod addresses;
mod certificates;
mod meaning;
mod scene;
mod service;
mod sessions;
mod smdp;
mod smds;
mod tls;
mod waiting;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::clock::Clock;
use protocol::es9plus::Function;
use protocol::status::Refusal;
use rustls::server::ClientHello;
use rustls::sign::CertifiedKey;
use tokio::net::TcpListener;
use tokio::sync::watch;
use wire::server::{Limits, serve};

pub use addresses::{Addresses, Listeners};
pub use certificates::{Certificates, CertificatesError};
pub(super) use scene::Scene;
pub use tls::TlsError;
pub(super) use waiting::{NoProfile, Told, Waiting, of as waiting_in};

use super::log::{Call, Hello};
use super::situation::{Deed, Server};

/// All servers, and the case that is being played.
pub struct Stage {
    /// What they show, and whom they trust.
    pub certificates: Certificates,
    /// Where they are.
    pub addresses: Addresses,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    playing: Mutex<Option<Scene>>,
}

impl Stage {
    /// Servers that play nothing yet.
    pub fn new(certificates: Certificates, addresses: Addresses, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { certificates, addresses, clock, playing: Mutex::new(None) })
    }

    /// Begins a case.
    pub(super) fn begin(&self, scene: Scene) {
        *self.playing() = Some(scene);
    }

    /// Another act begins.
    pub(super) fn act(&self, number: usize) {
        self.with(|scene| scene.act = number);
    }

    /// Ends the case; `None` where none was begun.
    pub(super) fn end(&self) -> Option<Scene> {
        self.playing().take()
    }

    /// Has something to do with the case that is being played; `None` between two cases.
    fn with<T>(&self, deal: impl FnOnce(&mut Scene) -> T) -> Option<T> {
        self.playing().as_mut().map(deal)
    }

    /// The same for a function: between two cases nobody is served.
    fn serve<T>(&self, deal: impl FnOnce(&mut Scene) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.with(deal).unwrap_or_else(|| Err(Refusal::configuration("no case is being played")))
    }

    fn playing(&self) -> MutexGuard<'_, Option<Scene>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A TLS connection begins: notes it, and says what the server shows.
    fn hello(&self, server: Server, hello: &ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.with(|scene| {
            let (act, cipher_suites) = (scene.act, hello.cipher_suites().to_vec());
            let signature_schemes = hello.signature_schemes().to_vec();
            scene.log.hellos.push(Hello { server, act, cipher_suites, signature_schemes });
            let bad = (server == Server::Smdp).then(|| scene.shown.clone()).flatten();
            (bad, scene.is_smds(server))
        });
        let (bad, is_smds) = shown.unwrap_or_default();
        bad.or_else(|| self.certificates.shown_by(server, is_smds))
    }

    /// A request is there; its place in the log.
    fn received(&self, call: Call) -> Option<usize> {
        self.with(|scene| {
            scene.log.calls.push(call);
            scene.log.calls.len() - 1
        })
    }

    /// What the server does otherwise in answer to a call.
    fn deed(&self, server: Server, function: Function) -> Option<Deed> {
        self.with(|scene| scene.deed(server, function)).flatten()
    }

    /// Changes what the log says of a call.
    fn note(&self, number: usize, change: impl FnOnce(&mut Call)) {
        self.with(|scene| scene.log.calls.get_mut(number).map(change));
    }

    /// Serves on all listeners until `stop` says so.
    ///
    /// # Errors
    /// [`TlsError`] where this build has not the cryptography.
    pub async fn run(
        self: &Arc<Self>,
        listeners: Listeners,
        stop: watch::Receiver<bool>,
    ) -> Result<(), TlsError> {
        let mut servers = tokio::task::JoinSet::new();
        for (server, listener) in listeners.into_pairs() {
            let tls = match server {
                Server::WithoutTls => None,
                _ => Some(tls::server_config(self.clone(), server)?),
            };
            servers.spawn(run_one(self.clone(), server, listener, tls, stop.clone()));
        }
        while servers.join_next().await.is_some() {}
        Ok(())
    }
}

async fn run_one(
    stage: Arc<Stage>,
    server: Server,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    mut stop: watch::Receiver<bool>,
) {
    let stopped = async move {
        // A sender that is gone says the same.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    serve(listener, tls, service::Port { stage, server }, Limits::default(), stopped).await;
}
