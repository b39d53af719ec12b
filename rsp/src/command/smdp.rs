//! `rsp smdp`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use certs::tree::Pki;
use clap::{Args, Subcommand};
use crypto::Engine;
use protocol::activation_code::ActivationCode;
use protocol::bpp::HostId;
use protocol::trace::Actor;
use protocol::types::ServerAddress;
use smdp::domain::Order;
use smdp::store::{SqliteStore, Store, StoreError};
use smdp::{Config, Limits};

use super::TraceArguments;
use crate::compose::server::{self, Setup};
use crate::io::{folder, machine, private, qr};

#[derive(Subcommand)]
pub enum Smdp {
    /// Serve ES9+ over HTTPS, in the JSON and the ASN.1 binding
    Serve(Serve),
    /// List the orders of a store
    Orders(Orders),
}

#[derive(Args)]
pub struct Serve {
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// The address that LPAs know: a host name, with a port where it is not 443 [default: localhost and the port of --listen]
    #[arg(long)]
    address: Option<ServerAddress>,
    /// The data base of orders and sessions
    #[arg(long, value_name = "FILE", default_value = "smdp.sqlite")]
    store: PathBuf,
    /// Orders to begin with (TOML, see docs/seed.md)
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// The host id of the key derivation, 1 to 16 characters [default: the beginning of the host name]
    #[arg(long)]
    host_id: Option<String>,
    /// How often an order may be tried
    #[arg(long, default_value_t = Limits::default().download_attempts)]
    download_attempts: u32,
    /// How many wrong confirmation codes are forgiven
    #[arg(long, default_value_t = Limits::default().confirmation_code_attempts)]
    confirmation_code_attempts: u32,
    /// Seconds until an unfinished RSP session lapses
    #[arg(long, default_value_t = Limits::default().session_seconds, value_parser = clap::value_parser!(i64).range(1..))]
    session_seconds: i64,
}

#[derive(Args)]
pub struct Orders {
    /// The data base of orders and sessions
    #[arg(long, value_name = "FILE", default_value = "smdp.sqlite")]
    store: PathBuf,
    /// The address for the activation codes
    #[arg(long, default_value = "localhost:8443")]
    address: ServerAddress,
    /// Show the activation codes as QR codes too
    #[arg(long)]
    qr: bool,
}

impl Smdp {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        match self {
            Self::Serve(serve) => serve.run(trace).await,
            Self::Orders(orders) => {
                trace.nothing_to_tell()?;
                orders.run().await
            }
        }
    }
}

impl Serve {
    async fn run(self, trace: &TraceArguments) -> Result<()> {
        let pki = Pki::from_tree(&folder::read(&self.certs)?)?;
        // The packages in it hold Ki and OPc.
        private::touch(&self.store).with_context(|| format!("cannot make {}", self.store.display()))?;
        let store = Arc::new(SqliteStore::open(&self.store)?);
        if let Some(seed) = &self.seed {
            take_seed(&*store, seed).await?;
        }
        let listener = server::listen(self.listen).await?;
        let address = match self.address {
            Some(address) => address,
            None => format!("localhost:{}", listener.local_addr()?.port()).parse()?,
        };
        let mut config = Config::new(address.clone());
        if let Some(host_id) = &self.host_id {
            config.host_id = HostId::new(host_id.as_bytes())?;
        }
        config.limits = Limits {
            download_attempts: self.download_attempts,
            confirmation_code_attempts: self.confirmation_code_attempts,
            session_seconds: self.session_seconds,
        };
        println!("SM-DP+ {address} on {}", listener.local_addr()?);
        print_orders(&store.orders().await?, &address, true)?;

        let clock = machine::system_clock();
        let tracer = trace.tracer(Actor::Smdp, clock.clone())?;
        let rng = Box::new(machine::system_rng()?);
        let setup = Setup { config, pki, signing: Engine::AwsLc, store, rng, clock, tracer };
        server::serve(setup, listener, interrupted()).await
    }
}

/// Until the terminal or the system asks to stop.
async fn interrupted() {
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

impl Orders {
    async fn run(self) -> Result<()> {
        anyhow::ensure!(self.store.exists(), "there is no store {}", self.store.display());
        let store = SqliteStore::open(&self.store)?;
        print_orders(&store.orders().await?, &self.address, self.qr)
    }
}

/// Takes in what the store does not have; an order that is there keeps its state.
async fn take_seed(store: &impl Store, path: &Path) -> Result<()> {
    let known = store.orders().await?;
    let mut orders = smdp::seed::read(path)?;
    orders.retain(|order| known.iter().all(|known| known.iccid != order.iccid));
    let added = orders.len();
    store.add_orders(orders).await.map_err(|error| match error {
        StoreError::Taken(what) => {
            anyhow::anyhow!("{}: {what} is in the store already, in another order", path.display())
        }
        other => other.into(),
    })?;
    tracing::info!(added, "orders taken from {}", path.display());
    Ok(())
}

/// Shows orders with their activation codes; QR codes for those that can be downloaded.
fn print_orders(orders: &[Order], address: &ServerAddress, with_qr: bool) -> Result<()> {
    for order in orders {
        let eid = order.eid.map(|eid| format!(", EID {eid}")).unwrap_or_default();
        println!("\nICCID {}: {}{eid}", order.iccid, order.state);
        let Some(code) = activation_code(order, address) else {
            println!("  no activation code: the eUICC finds it by its EID (default SM-DP+)");
            continue;
        };
        println!("  {code}");
        if with_qr && order.is_pending() {
            println!("{}", qr::for_terminal(&code.to_string()).context("no QR code")?);
        }
    }
    Ok(())
}

/// The activation code of an order that has a MatchingID.
pub fn activation_code(order: &Order, address: &ServerAddress) -> Option<ActivationCode> {
    Some(ActivationCode {
        smdp_address: address.clone(),
        matching_id: order.matching_id.as_ref()?.to_string(),
        smdp_oid: None,
        confirmation_code_required: order.confirmation_code.is_some(),
    })
}
