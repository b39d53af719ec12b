//! An SM-DP+ behind HTTPS.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::{Chain, Pki};
use crypto::{Curve, Engine};
use protocol::clock::Clock;
use protocol::smdp_session::Identities;
use protocol::trace::Tracer;
use smdp::store::Store;
use smdp::{BoxedRng, Config, Parts, Smdp};
use tokio::net::TcpListener;
use wire::es9plus::Endpoint;
use wire::server::Limits;
use wire::tls::{PrivateKey, server_config};

/// What an SM-DP+ is started with.
pub struct Setup<S> {
    pub config: Config,
    pub pki: Pki,
    /// Signs: [`Engine::RustCrypto`] where the same inputs have to give the same signatures.
    pub signing: Engine,
    pub store: Arc<S>,
    pub rng: BoxedRng,
    pub clock: Arc<dyn Clock>,
    pub tracer: Tracer,
}

/// Serves on `listener` until `shutdown`.
pub async fn serve<S: Store>(
    setup: Setup<S>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let identities = Identities::from_pki(&setup.pki, setup.signing, Engine::AwsLc)
        .context("the certificates cannot serve an SM-DP+")?;
    let tls = tls_config(&setup.pki)?;
    let smdp = Smdp::new(Parts {
        config: setup.config,
        identities,
        store: setup.store,
        rng: setup.rng,
        clock: setup.clock,
        tracer: setup.tracer.clone(),
    });
    wire::server::serve(listener, Some(tls), Endpoint::new(smdp, setup.tracer), Limits::default(), shutdown)
        .await;
    Ok(())
}

/// Opens the port.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// TLS with the P-256 certificate: neither rustls nor the TLS of most LPAs knows brainpool certificates.
fn tls_config(pki: &Pki) -> Result<Arc<rustls::ServerConfig>> {
    let chain = pki.chains().find(|chain| chain.curve() == Curve::P256);
    let chain: &Chain = chain.context("TLS needs a P-256 chain, the PKI has none")?;
    let identity = chain.identity(Role::DpTls, Engine::RustCrypto)?;
    let key = PrivateKey::read("the key of CERT.DP.TLS", identity.key().to_pem()?.as_bytes())?;
    Ok(server_config([identity.certificate().raw().to_vec()], key)?)
}
