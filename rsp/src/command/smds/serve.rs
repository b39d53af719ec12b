//! `rsp smds serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use certs::Role;
use certs::tree::Pki;
use clap::Args;
use crypto::Engine;
use protocol::smds_session::Identities;
use protocol::trace::Actor;
use protocol::types::ServerAddress;
use service::management::Access;
use smds::store::{PostgresStore, SqliteStore, Store};
use wire::tls::RspServers;

use crate::command::TraceArguments;
use crate::compose::management::access;
use crate::compose::serving::{interrupted, listen, open_port};
use crate::compose::smds::{Ports, Setup, callers, serve};
use crate::compose::tls::TlsIdentity;
use crate::config::StoreChoice;
use crate::config::smds::{ServeFlags, Settings};
use crate::io::{descriptors, folder, machine, private};

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    flags: ServeFlags,
}

impl Serve {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let settings = Settings::resolve(self.flags)?;
        let prepared = Prepared::of(&settings)?;
        match &settings.store {
            StoreChoice::Sqlite(path) => {
                private::touch(path).with_context(|| format!("cannot make {}", path.display()))?;
                let store = Arc::new(SqliteStore::open(path)?);
                run(settings, prepared, store, trace).await
            }
            StoreChoice::Postgres(url) => {
                let store = PostgresStore::connect(url, Default::default()).await?;
                run(settings, prepared, Arc::new(store), trace).await
            }
        }
    }
}

/// What has to be read, and may be wrong, before anything is opened.
pub struct Prepared {
    pub pki: Pki,
    pub identities: Identities,
    pub callers: RspServers,
    pub access: Option<(SocketAddr, Access)>,
}

impl Prepared {
    pub fn of(settings: &Settings) -> Result<Self> {
        let pki = Pki::from_tree(&folder::read(&settings.certs)?)
            .with_context(|| format!("server.certs: {}", settings.certs.display()))?;
        let identities = Identities::from_pki(&pki, Engine::AwsLc, Engine::AwsLc)
            .context("server.certs: they cannot serve an SM-DS")?;
        TlsIdentity::of(&pki, Role::DsTls).context("server.certs")?;
        let callers = callers(&pki, &settings.callers).context("server.certs")?;
        check_root(settings)?;
        let access = settings.management.as_ref().map(access).transpose()?;
        Ok(Self { pki, identities, callers, access })
    }
}

fn check_root(settings: &Settings) -> Result<()> {
    let Some(root) = &settings.root else { return Ok(()) };
    // Port 0 is any free one, which nobody could have named.
    let (host, port) = match &settings.address {
        Some(address) => (address.host(), address.port()),
        None => ("localhost", settings.listen.port()),
    };
    let is_own =
        root.host().eq_ignore_ascii_case(host) && [port, settings.es12.port()].contains(&root.port());
    ensure!(!is_own, "root.address: {root} is this SM-DS itself");
    Ok(())
}

async fn run<S: Store>(
    settings: Settings,
    prepared: Prepared,
    store: Arc<S>,
    trace: &TraceArguments,
) -> Result<()> {
    let Prepared { pki, identities, callers, access } = prepared;
    let clock = machine::system_clock();
    if let Some(other) = store.adopt_root(settings.root.clone()).await? {
        bail!(
            "root.address: the Root SM-DS {other} may still have events of this store; serve with it until it has none"
        );
    }
    let es11 = listen(settings.listen).await?;
    let address: ServerAddress = match settings.address {
        Some(address) => address,
        None => format!("localhost:{}", es11.local_addr()?.port()).parse()?,
    };
    let es12 = listen(settings.es12).await?;
    let kind = match &settings.root {
        None => "Root SM-DS".to_owned(),
        Some(root) => format!("Alternative SM-DS of {root}:"),
    };
    println!("{kind} {address} on {}", es11.local_addr()?);
    println!("ES12 on {}", es12.local_addr()?);
    let management = open_port("management", access).await?;
    let mut wire = settings.wire;
    wire.connections = descriptors::connections(wire.connections, 2);
    let setup = Setup {
        address,
        limits: settings.limits,
        pki,
        identities,
        store,
        rng: Box::new(machine::system_rng()?),
        tracer: trace.tracer(Actor::Smds, clock.clone())?,
        clock,
        wire,
        callers,
        root: settings.root,
        retention: settings.retention,
    };
    serve(setup, Ports { es11, es12, management }, interrupted()).await
}
