//! `rsp smdp serve`.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use certs::tree::Pki;
use clap::Args;
use crypto::Engine;
use protocol::clock::Timestamp;
use protocol::trace::Actor;
use protocol::types::ServerAddress;
use service::management::Access;
use smdp::Config;
use smdp::domain::NewOrder;
use smdp::store::{OrderFilter, Store, StoreError};

use super::catalogue;
use super::orders::print_orders;
use crate::command::TraceArguments;
use crate::compose::events::SmdsClients;
use crate::compose::management::access;
use crate::compose::operators::{Operators, Reports};
use crate::compose::server::{self, Extras, Setup};
use crate::compose::serving::{interrupted, listen, open_port};
use crate::compose::store::{self, with_store};
use crate::config::{ServeFlags, Settings};
use crate::io::{descriptors, folder, machine};

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    flags: ServeFlags,
}

impl Serve {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let settings = Settings::resolve(self.flags)?;
        let prepared = Prepared::of(&settings)?;
        with_store!(store::open(&settings.store).await?, store => {
            serve(settings, prepared, store, trace).await
        })
    }
}

/// What has to be read, and may be wrong, before anything is opened.
pub struct Prepared {
    pub pki: Pki,
    pub operators: Operators,
    pub access: Option<(SocketAddr, Access)>,
}

impl Prepared {
    pub fn of(settings: &Settings) -> Result<Self> {
        let pki = Pki::from_tree(&folder::read(&settings.certs)?)
            .with_context(|| format!("server.certs: {}", settings.certs.display()))?;
        let operators = Operators::read(&settings.operators)?;
        let access = settings.management.as_ref().map(access).transpose()?;
        Ok(Self { pki, operators, access })
    }
}

async fn serve<S: Store>(
    settings: Settings,
    prepared: Prepared,
    store: Arc<S>,
    trace: &TraceArguments,
) -> Result<()> {
    let Prepared { pki, operators, access } = prepared;
    let clock = machine::system_clock();
    if let Some(seed) = &settings.seed {
        take_seed(&*store, seed, clock.now()).await?;
    }
    if settings.catalogue.is_some() {
        catalogue::take(&*store, clock.now()).await?;
    }
    let listener = listen(settings.listen).await?;
    let address = match &settings.address {
        Some(address) => address.clone(),
        None => format!("localhost:{}", listener.local_addr()?.port()).parse()?,
    };
    println!("SM-DP+ {address} on {}", listener.local_addr()?);
    let es2plus = open_port("ES2+", settings.es2plus.map(|listen| (listen, operators))).await?;
    let management = open_port("management", access).await?;
    let doors = catalogue::open_doors(settings.catalogue, settings.listen).await?;
    print_first_orders(&*store, &address).await?;
    let mut limits = settings.wire;
    let ports = 1 + usize::from(es2plus.is_some()) + doors.len();
    limits.connections = descriptors::connections(limits.connections, ports);

    let tracer = trace.tracer(Actor::Smdp, clock.clone())?;
    let reports = Reports::to(&settings.operators, &pki, &clock, &tracer)?;
    let smds = SmdsClients::to(&settings.smds_access, &pki, &clock, &tracer)?;
    let extras = Extras {
        es2plus,
        management,
        reports,
        schedule: settings.schedule,
        smds,
        retention: settings.retention,
        doors,
    };
    let setup = Setup {
        config: config(&settings, address),
        pki,
        signing: Engine::AwsLc,
        store,
        rng: Box::new(machine::system_rng()?),
        clock,
        tracer,
        limits,
    };
    server::serve_all(setup, listener, extras, interrupted()).await
}

fn config(settings: &Settings, address: ServerAddress) -> Config {
    let mut config = Config::new(address);
    config.host_id = settings.host_id.clone().unwrap_or(config.host_id);
    config.limits = settings.limits;
    config.rebinding = settings.rebinding;
    config.smds = settings.smds.clone();
    config.catalogue = settings.catalogue.is_some();
    config.operators = settings.operators.iter().map(|settings| settings.operator.clone()).collect();
    config
}

/// Takes in what the store does not have; an order that is there keeps its state.
async fn take_seed(store: &impl Store, path: &Path, now: Timestamp) -> Result<()> {
    let seed = smdp::seed::read(path)?;
    let mut outcome = take_new(store, &seed, now).await;
    if matches!(outcome, Err(StoreError::Taken(_))) {
        // Another node may have taken in the same seed meanwhile.
        outcome = take_new(store, &seed, now).await;
    }
    match outcome {
        Ok(added) => tracing::info!(added, "orders taken from {}", path.display()),
        Err(StoreError::Taken(what)) => {
            bail!("{}: {what} is in the store already, in another order", path.display())
        }
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

async fn take_new(store: &impl Store, seed: &[NewOrder], now: Timestamp) -> Result<usize, StoreError> {
    let mut orders = Vec::new();
    for order in seed {
        if store.profile(order.profile.iccid).await?.is_none() {
            orders.push(order.clone());
        }
    }
    store.add_orders(now, orders).await.map(|added| added.len())
}

/// A laboratory has a few orders and wants to see them; an operator has many, and lists them.
async fn print_first_orders(store: &impl Store, address: &ServerAddress) -> Result<()> {
    const SHOWN: u32 = 20;
    // Those of the error catalogue stand in its own list.
    let of_catalogue = u32::try_from(smdp::catalogue::entries().len()).unwrap_or(u32::MAX);
    let limit = SHOWN.saturating_add(of_catalogue).saturating_add(1);
    let mut orders = store.orders(OrderFilter { limit, ..OrderFilter::default() }).await?;
    orders.retain(|order| order.profile_type != smdp::catalogue::PROFILE_TYPE);
    let more = orders.len() > SHOWN as usize;
    orders.truncate(SHOWN as usize);
    print_orders(&orders, address, true)?;
    if more {
        println!("\n… and more: `rsp smdp orders` lists them");
    }
    Ok(())
}
