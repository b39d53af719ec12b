//! LPAs that call a server over HTTPS: the load generator as it is used here.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use certs::tree::{Pki, Tree};
use certs::workshop::Factory;
use certs::{Role, UnixTime, Variant};
use crypto::{Curve, Engine};
use protocol::clock::{Clock, Timestamp};
use protocol::es9plus::Function;
use protocol::types::ServerAddress;
use rustls::ClientConfig;
use wire::es9plus::Binding;
use wire::tls::client_config_of_many;
use wire::transport::Route;

use super::bench::Bench;
use super::stock;
use crate::load::arrival::{Rate, Spread};
use crate::load::client::Server;
use crate::load::fleet::Fleet;
use crate::load::orders::Orders;
use crate::load::plan::{Arrival, Plan, What};
use crate::load::result::LoadResult;
use crate::load::run;

/// How many eUICCs take turns.
const EUICCS: u64 = 256;

/// Some LPAs with an eUICC each, and the server that they call.
pub struct Lpas {
    fleet: Arc<Fleet>,
    server: Arc<Server>,
    address: ServerAddress,
    tls: Arc<ClientConfig>,
    route: Route,
    /// Counts them, so that none is like another.
    runs: AtomicU64,
}

impl Lpas {
    /// For a server with the usual certificates. Connections are kept.
    ///
    /// # Errors
    /// Where the certificates cannot be made.
    pub fn of(bench: &Bench, server: &super::server::Server) -> Result<Self> {
        Self::new(bench.certs()?, &server.address(), server.place)
    }

    /// For the server at this place that calls itself `address`, `HOST` or `HOST:PORT`, and has these certificates.
    ///
    /// # Errors
    /// Where the certificates lack the keys of the EUM.
    pub fn new(certs: &Path, address: &str, place: SocketAddr) -> Result<Self> {
        let pki = Pki::from_tree(&tree(certs)?)?;
        let chain = pki.chain(Variant::O, Curve::P256).context("no certificates on P-256")?;
        let factory = Factory::new(vec![chain.identity(Role::Eum, Engine::RustCrypto)?])?;
        let now = UnixTime(stock::now()?.unix_seconds());
        let fleet = Arc::new(Fleet::manufacture(&factory, EUICCS, now, [0x26; 32])?);
        let ci = chain.certificate(Role::Ci)?.raw().to_vec();
        let tls = client_config_of_many([ci], Arc::new(SystemClock))?;
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let route = Route { host: host.to_owned(), to: place };
        let address: ServerAddress = address.parse()?;
        let server = Server::new(address.clone(), &tls, std::slice::from_ref(&route), Binding::Json);
        let runs = AtomicU64::new(0);
        Ok(Self { fleet, server: server.into(), address, tls, route, runs })
    }

    /// The same LPAs, each attempt on a connection of its own.
    #[must_use]
    pub fn with_new_connections(self) -> Self {
        let route = std::slice::from_ref(&self.route);
        let server = Server::new(self.address.clone(), &self.tls, route, Binding::Json);
        Self { server: server.with_new_connections().into(), ..self }
    }

    /// How they connect, for others who do so.
    pub fn tls(&self) -> &Arc<ClientConfig> {
        &self.tls
    }

    /// Downloads all these orders, so many at a time; how long it took.
    ///
    /// # Errors
    /// Where one of them fails.
    pub async fn download(&self, orders: &[String], at_once: usize) -> Result<Duration> {
        let (what, arrival) = (What::Download, Arrival::Concurrency(at_once));
        let result = self.run(Duration::ZERO, what, arrival, None, self.listed(orders)?).await?;
        all_succeeded(&result)?;
        Ok(Duration::from_secs_f64(result.plan.seconds))
    }

    /// Opens an RSP session for each of these orders, so many at a time, and leaves it after this function.
    ///
    /// # Errors
    /// Where one of them fails.
    pub async fn open_sessions(&self, after: Function, orders: &[String], at_once: usize) -> Result<()> {
        let what = What::Function(after);
        let orders = match what.needs_orders() {
            true => self.listed(orders)?,
            false => Orders::none(Some(u64::try_from(orders.len())?)),
        };
        all_succeeded(&self.run(Duration::ZERO, what, Arrival::Concurrency(at_once), None, orders).await?)
    }

    /// Downloads as many orders as there is time for after the warm-up, so many at a time; `again` takes them from the first on
    /// again after the last.
    ///
    /// # Errors
    /// Where nothing can be sent. What fails is in the result.
    pub async fn download_for(
        &self,
        orders: &[String],
        again: bool,
        at_once: usize,
        [warm_up, time]: [Duration; 2],
    ) -> Result<LoadResult> {
        let orders = self.listed(orders)?;
        let orders = if again { orders.again() } else { orders };
        self.run(warm_up, What::Download, Arrival::Concurrency(at_once), Some(time), orders).await
    }

    /// Downloads that arrive at a rate after the warm-up, and during it, whatever becomes of those before.
    ///
    /// # Errors
    /// Where nothing can be sent. What fails is in the result.
    pub async fn arrive(
        &self,
        orders: &[String],
        per_second: f64,
        [warm_up, time]: [Duration; 2],
    ) -> Result<LoadResult> {
        /// More than a server here has in work at once. What is due beyond waits, and is told as not begun in the end.
        const CONNECTIONS: usize = 4000;
        let rate = Rate { per_second, spread: Spread::Poisson };
        let arrival = Arrival::Rate { rate, connections: CONNECTIONS };
        self.run(warm_up, What::Download, arrival, Some(time), self.listed(orders)?).await
    }

    async fn run(
        &self,
        warm_up: Duration,
        what: What,
        arrival: Arrival,
        duration: Option<Duration>,
        orders: Orders,
    ) -> Result<LoadResult> {
        let seed = self.runs.fetch_add(1, Ordering::Relaxed);
        let plan = Plan { what, arrival, warm_up, duration, orders, seed };
        let never = std::future::pending();
        let run = run(plan, self.fleet.clone(), self.server.clone(), never, |_| {});
        run.await
    }

    fn listed(&self, orders: &[String]) -> Result<Orders> {
        Orders::listed(&orders.join("\n"), &self.address)
    }
}

/// Whether nothing failed.
///
/// # Errors
/// With what there was, where something did.
pub fn all_succeeded(result: &LoadResult) -> Result<()> {
    let others: Vec<String> = result.outcomes.iter().map(|it| format!("{} {}", it.count, it.name)).collect();
    ensure!(result.whole.failed == 0, "not everything succeeded: {}", others.join(", "));
    Ok(())
}

/// Certificates and keys in a folder, as `rsp certs make` writes them.
fn tree(folder: &Path) -> Result<Tree> {
    let entries = |folder: &Path| {
        let read = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()
    };
    let mut tree = Tree::new();
    for role in entries(folder)?.iter().filter(|path| path.is_dir()) {
        for file in entries(role)?.iter().filter(|path| path.is_file()) {
            let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
            tree.insert(name, std::fs::read(file)?);
        }
    }
    Ok(tree)
}

/// The clock of the machine.
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        stock::now().unwrap_or(Timestamp::from_unix_seconds(0))
    }
}
