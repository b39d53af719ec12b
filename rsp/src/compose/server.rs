//! An SM-DP+ on its ports: ES9+ for LPAs, ES2+ for operators, and one for those who run it.

use std::sync::Arc;

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::Pki;
use crypto::Engine;
use protocol::clock::Clock;
use protocol::smdp_session::Identities;
use protocol::status::StatusCode;
use protocol::trace::Tracer;
use smdp::catalogue::Door;
use smdp::metrics::Metrics;
use smdp::reports::{Schedule, deliver_reports};
use smdp::smds::{keep_events, usual_schedule};
use smdp::store::Store;
use smdp::upkeep::{RetentionPeriods, keep_pruned};
use smdp::{BoxedRng, Config, Parts, Smdp, management};
use tokio::net::TcpListener;
use wire::server::Limits;
use wire::tls::{ServerTls, server_config, server_config_with_client_authentication};

use super::counted::Counted;
use super::events::SmdsClients;
use super::operators::{Operators, Reports};
use super::serving::Serving;
use super::tls::TlsIdentity;

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
    pub smds: SmdsClients,
    pub retention: RetentionPeriods,
    /// Of the error catalogue.
    pub doors: Vec<(TcpListener, StatusCode)>,
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
    let TlsIdentity { key, chain, oid } = TlsIdentity::of(&setup.pki, Role::DpTls)?;
    // How this SM-DP+ calls itself (SGP.22 §6.4, §6.5.1.3).
    let requester = oid.unwrap_or_else(|| setup.config.address.to_string());
    let smdp = Arc::new(smdp_of(setup)?);
    let mut serving = Serving::default();

    let endpoint = wire::es9plus::Endpoint::new(smdp.clone(), tracer.clone());
    let endpoint = Counted::new(endpoint, "ES9+", smdp.metrics().clone());
    let es9plus = wire::server::serve(listener, Some(tls.clone()), endpoint, limits, serving.stopped());
    serving.port("ES9+", es9plus);
    for (listener, code) in extras.doors {
        let endpoint = wire::es9plus::Endpoint::new(Door::new(code, smdp.metrics().clone()), tracer.clone());
        let endpoint = Counted::new(endpoint, "ES9+", smdp.metrics().clone());
        let door = wire::server::serve(listener, Some(tls.clone()), endpoint, limits, serving.stopped());
        serving.port("error catalogue", door);
    }
    if let Some((listener, operators)) = extras.es2plus {
        let callers = operators.callers();
        let tls = server_config_with_client_authentication(chain, key, callers, clock.clone())?;
        let endpoint = wire::es2plus::Endpoint::new(smdp.clone(), tracer);
        let endpoint = Counted::new(endpoint, "ES2+", smdp.metrics().clone());
        let es2plus = wire::server::serve(listener, Some(tls), endpoint, limits, serving.stopped());
        serving.port("ES2+", es2plus);
    }
    if let Some((listener, access)) = extras.management {
        let smdp = smdp.clone();
        serving
            .management(|readiness, stopped| management::serve(listener, smdp, access, readiness, stopped));
    }
    serving.task(deliver_reports(
        smdp.store().clone(),
        Arc::new(extras.reports),
        requester.clone(),
        clock.clone(),
        extras.schedule,
        smdp.metrics().clone(),
        serving.stopped(),
    ));
    let telling =
        keep_events(smdp.clone(), Arc::new(extras.smds), requester, usual_schedule(), serving.stopped());
    serving.task(telling);
    serving.task(keep_pruned(smdp.store().clone(), clock, extras.retention, serving.stopped()));
    serving.until(shutdown).await
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

fn tls_config(pki: &Pki) -> Result<ServerTls> {
    let identity = TlsIdentity::of(pki, Role::DpTls)?;
    Ok(server_config(identity.chain, identity.key)?.into())
}
