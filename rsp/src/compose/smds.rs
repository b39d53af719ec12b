//! An SM-DS on its ports: ES11 for LPAs, ES12 for SM-DP+s and other SM-DSs, and one for those who run it.

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::Result;
use certs::tree::Pki;
use certs::{Oid, Role};
use crypto::Engine;
use protocol::clock::Clock;
use protocol::es12::{DeleteEvent, RegisterEvent};
use protocol::function_call::CallHeader;
use protocol::smds_session::Identities;
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use service::management::Access;
use smds::metrics::Metrics;
use smds::root::{Errands, RootError, RootSmds, Schedule};
use smds::store::Store;
use smds::upkeep::{RetentionPeriods, keep_swept};
use smds::{BoxedRng, Config, Parts, Smds, management};
use tokio::net::TcpListener;
use wire::es12::ClientError;
use wire::server::Limits;
use wire::tls::{
    RspServers, ServerTls, Trust, client_config_with_certificate, server_config,
    server_config_with_client_authentication,
};
use wire::transport::Bounds;

use super::counted::Counted;
use super::serving::Serving;
use super::tls::{TlsIdentity, roots};

/// What an SM-DS is started with.
pub struct Setup<S> {
    pub address: ServerAddress,
    pub limits: smds::Limits,
    pub pki: Pki,
    /// CERT.DSauth of the PKI.
    pub identities: Identities,
    pub store: Arc<S>,
    pub rng: BoxedRng,
    pub clock: Arc<dyn Clock>,
    pub tracer: Tracer,
    pub wire: Limits,
    /// Who may call ES12.
    pub callers: RspServers,
    /// ES15 of the Root SM-DS: makes it an Alternative one.
    pub root: Option<ServerAddress>,
    pub retention: RetentionPeriods,
}

/// Its open ports.
pub struct Ports {
    pub es11: TcpListener,
    pub es12: TcpListener,
    pub management: Option<(TcpListener, Access)>,
}

/// Serves until `shutdown`; what is in flight then is finished.
pub async fn serve<S: Store>(
    setup: Setup<S>,
    ports: Ports,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    match setup.root.clone() {
        None => serve_with(setup, None::<Arc<Infallible>>, ports, shutdown).await,
        Some(address) => {
            let client = es12_client(&address, &setup.pki, Role::DsTls, &setup.clock, &setup.tracer)?;
            // Whoever calls the Root gives up before that.
            let time = setup.limits.root_patience.saturating_mul(2);
            let root = Root(client.with_bounds(Bounds { time, ..Bounds::default() }));
            serve_with(setup, Some(Arc::new(root)), ports, shutdown).await
        }
    }
}

async fn serve_with<S: Store, R: RootSmds>(
    setup: Setup<S>,
    root: Option<Arc<R>>,
    ports: Ports,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let (pki, clock, tracer) = (&setup.pki, setup.clock.clone(), setup.tracer.clone());
    let identity = TlsIdentity::of(pki, Role::DsTls)?;
    let requester = identity.oid.unwrap_or_else(|| setup.address.to_string());
    let tls = server_config(identity.chain, identity.key)?;
    let identity = TlsIdentity::of(pki, Role::DsTls)?;
    let (chain, key) = (identity.chain, identity.key);
    let mutual = server_config_with_client_authentication(chain, key, setup.callers, clock.clone())?;

    let metrics = Arc::new(Metrics::default());
    let smds = Arc::new(Smds::new(Parts {
        config: Config { address: setup.address, limits: setup.limits, requester: requester.clone() },
        identities: setup.identities,
        store: setup.store.clone(),
        root: root.clone(),
        rng: setup.rng,
        clock: clock.clone(),
        tracer: tracer.clone(),
        metrics: metrics.clone(),
    }));

    let mut serving = Serving::default();
    let endpoint = wire::es11::Endpoint::new(smds.clone(), tracer.clone());
    let endpoint = Counted::new(endpoint, "ES11", metrics.clone());
    let es11 =
        wire::server::serve(ports.es11, Some(ServerTls::from(tls)), endpoint, setup.wire, serving.stopped());
    serving.port("ES11", es11);
    let endpoint = wire::es12::Endpoint::new(smds.clone(), tracer);
    let endpoint = Counted::new(endpoint, "ES12", metrics.clone());
    // Who calls here is known, and has one address for very many events.
    let limits = Limits { requests_per_second: None, ..setup.wire };
    let es12 = wire::server::serve(ports.es12, Some(mutual), endpoint, limits, serving.stopped());
    serving.port("ES12", es12);
    if let Some((listener, access)) = ports.management {
        serving
            .management(|readiness, stopped| management::serve(listener, smds, access, readiness, stopped));
    }
    if let Some(root) = root {
        let schedule = Schedule { patience: setup.limits.root_patience, ..Schedule::default() };
        let store = setup.store.clone();
        let errands =
            Errands { store, root, requester, clock: clock.clone(), schedule, metrics: metrics.clone() };
        serving.task(errands.run(serving.stopped()));
    }
    serving.task(keep_swept(setup.store, clock, setup.retention, metrics, serving.stopped()));
    serving.until(shutdown).await
}

/// Who may call ES12 and ES15 (SGP.22 §5.9, §5.10): those with these OIDs, or everybody below a CI of the PKI.
pub fn callers(pki: &Pki, allowed: &[Oid]) -> Result<RspServers> {
    let all = RspServers::below(pki.trust_anchors(Engine::AwsLc)?);
    Ok(if allowed.is_empty() { all } else { all.only(allowed.iter().cloned()) })
}

/// ES12 of an SM-DS, as an SM-DP+ ([`Role::DpTls`]) or another SM-DS ([`Role::DsTls`]) calls it.
pub fn es12_client(
    address: &ServerAddress,
    pki: &Pki,
    role: Role,
    clock: &Arc<dyn Clock>,
    tracer: &Tracer,
) -> Result<wire::es12::Client> {
    let identity = TlsIdentity::of(pki, role)?;
    let trust = Trust { roots: roots(pki)?, role: Some(Role::DsTls), ..Trust::default() };
    let tls = client_config_with_certificate(trust, identity.chain, identity.key, clock.clone())?;
    Ok(wire::es12::Client::new(address.clone(), tls, tracer.clone()))
}

/// The Root SM-DS over HTTP.
struct Root(wire::es12::Client);

impl RootSmds for Root {
    async fn register_event(&self, header: CallHeader, event: RegisterEvent) -> Result<(), RootError> {
        self.0.register_event(&header, &event).await.map_err(told)
    }

    async fn delete_event(&self, header: CallHeader, event: DeleteEvent) -> Result<(), RootError> {
        self.0.delete_event(&header, &event).await.map_err(told)
    }
}

fn told(error: ClientError) -> RootError {
    match error {
        ClientError::Refused { status } => RootError::refused(
            &status.subject_code,
            &status.reason_code,
            status.message.as_deref().unwrap_or_default(),
        ),
        error if error.may_have_been_executed() => RootError::Unknown(error.to_string()),
        error => RootError::NotReached(error.to_string()),
    }
}
