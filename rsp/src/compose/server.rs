//! An SM-DP+ on its ports: ES9+ for LPAs, ES2+ for operators, and one for those who run it.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::{Chain, Pki};
use crypto::{Curve, Engine};
use protocol::clock::Clock;
use protocol::smdp_session::Identities;
use protocol::trace::Tracer;
use smdp::management::{Listening, Readiness};
use smdp::metrics::Metrics;
use smdp::reports::{Schedule, deliver_reports};
use smdp::store::Store;
use smdp::upkeep::{RetentionPeriods, keep_pruned};
use smdp::{BoxedRng, Config, Parts, Smdp, management};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wire::server::Limits;
use wire::tls::{PrivateKey, ServerTls, server_config, server_config_with_client_authentication};

use super::operators::{Operators, Reports};

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
    pub limits: Limits,
}

/// The ports besides that for LPAs, and what goes on in the background.
pub struct Extras {
    pub es2plus: Option<(TcpListener, Operators)>,
    pub management: Option<(TcpListener, management::Access)>,
    pub reports: Reports,
    pub schedule: Schedule,
    pub retention: RetentionPeriods,
}

/// Serves LPAs on `listener` until `shutdown`.
pub async fn serve<S: Store>(
    setup: Setup<S>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let tls = tls_config(&setup.pki)?;
    let (limits, tracer) = (setup.limits, setup.tracer.clone());
    let endpoint = wire::es9plus::Endpoint::new(smdp_of(setup)?, tracer);
    wire::server::serve(listener, Some(tls), endpoint, limits, shutdown).await;
    Ok(())
}

/// Serves LPAs, operators and administrators until `shutdown`; what is in flight then is finished.
pub async fn serve_all<S: Store>(
    setup: Setup<S>,
    listener: TcpListener,
    extras: Extras,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let tls = tls_config(&setup.pki)?;
    let (limits, tracer, clock) = (setup.limits, setup.tracer.clone(), setup.clock.clone());
    let (key, chain) = tls_identity(&setup.pki)?;
    let requester = requester(&setup)?;
    let smdp = Arc::new(smdp_of(setup)?);
    let (stop, stopping) = watch::channel(false);
    let mut tasks = JoinSet::new();

    let readiness = Readiness::default();
    let endpoint = wire::es9plus::Endpoint::new(smdp.clone(), tracer.clone());
    let serving = wire::server::serve(listener, Some(tls), endpoint, limits, stopped(stopping.clone()));
    tasks.spawn(while_listening(readiness.listening("ES9+"), serving));
    if let Some((listener, operators)) = extras.es2plus {
        let callers = operators.callers();
        let tls = server_config_with_client_authentication(chain, key, callers, clock.clone())?;
        let endpoint = wire::es2plus::Endpoint::new(smdp.clone(), tracer);
        let serving = wire::server::serve(listener, Some(tls), endpoint, limits, stopped(stopping.clone()));
        tasks.spawn(while_listening(readiness.listening("ES2+"), serving));
    }
    let (stop_management, management_stopping) = watch::channel(false);
    let management = extras.management.map(|(listener, access)| {
        let stopped = stopped(management_stopping);
        tokio::spawn(management::serve(listener, smdp.clone(), access, readiness.clone(), stopped))
    });
    tasks.spawn(deliver_reports(
        smdp.store().clone(),
        Arc::new(extras.reports),
        requester,
        clock.clone(),
        extras.schedule,
        smdp.metrics().clone(),
        stopped(stopping.clone()),
    ));
    tasks.spawn(keep_pruned(smdp.store().clone(), clock, extras.retention, stopped(stopping)));

    // A server of which a part is missing is no server: whoever watches over it starts it anew.
    let fallen = tokio::select! {
        () = shutdown => None,
        ended = tasks.join_next() => ended,
    };
    tracing::info!("stopping: what is in flight is finished");
    readiness.shut_down();
    let _ = stop.send(true);
    let mut outcome = Ok(());
    if let Some(ended) = fallen {
        outcome = ended.context("a part of the server fell over");
        outcome = outcome.and_then(|()| Err(anyhow::anyhow!("a part of the server ended by itself")));
    }
    while let Some(ended) = tasks.join_next().await {
        outcome = outcome.and(ended.context("a part of the server fell over"));
    }
    // Last, so that whoever asks hears that this server is not ready any more.
    let _ = stop_management.send(true);
    if let Some(management) = management {
        let ended = management.await.context("the management port fell over")?;
        outcome = outcome.and(ended.context("the management port has failed"));
    }
    outcome
}

/// The port counts as open until the task that serves it ends, however that ends.
async fn while_listening(listening: Listening, serving: impl Future<Output = ()>) {
    let _listening = listening;
    serving.await;
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // Who would have told us is gone: then there is nothing left to serve for either.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn smdp_of<S: Store>(setup: Setup<S>) -> Result<Smdp<S>> {
    let identities = Identities::from_pki(&setup.pki, setup.signing, Engine::AwsLc)
        .context("the certificates cannot serve an SM-DP+")?;
    Ok(Smdp::new(Parts {
        config: setup.config,
        identities,
        store: setup.store,
        rng: setup.rng,
        clock: setup.clock,
        tracer: setup.tracer,
        metrics: Arc::new(Metrics::default()),
    }))
}

/// How this SM-DP+ calls itself towards operators (SGP.22 §6.4): by its OID.
fn requester<S>(setup: &Setup<S>) -> Result<String> {
    let identity = p256_chain(&setup.pki)?.identity(Role::DpTls, Engine::RustCrypto)?;
    let oid = identity.certificate().registered_ids().first().map(ToString::to_string);
    Ok(oid.unwrap_or_else(|| setup.config.address.to_string()))
}

/// Opens a port.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

fn tls_config(pki: &Pki) -> Result<ServerTls> {
    let (key, chain) = tls_identity(pki)?;
    Ok(server_config(chain, key)?.into())
}

/// CERT.DP.TLS with its key, for the server's ports and for its calls to operators.
pub fn tls_identity(pki: &Pki) -> Result<(PrivateKey, [Vec<u8>; 1])> {
    let identity = p256_chain(pki)?.identity(Role::DpTls, Engine::RustCrypto)?;
    let key = PrivateKey::read("the key of CERT.DP.TLS", identity.key().to_pem()?.as_bytes())?;
    Ok((key, [identity.certificate().raw().to_vec()]))
}

/// TLS takes the P-256 certificate: neither rustls nor the TLS of most LPAs knows brainpool certificates.
fn p256_chain(pki: &Pki) -> Result<&Chain> {
    let chain = pki.chains().find(|chain| chain.curve() == Curve::P256);
    chain.context("TLS needs a P-256 chain, the PKI has none")
}
