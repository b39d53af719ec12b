//! A whole download over HTTPS: what of the server's processor time is cryptography that cannot be done without.

use std::time::Duration;

use anyhow::{Result, ensure};
use crypto::Curve;

use super::SIZE;
use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::postgres::Cluster;
use super::server::Server;
use super::stock::{Stock, matching_id, orders};
use crate::floor::{self, Primitives};
use crate::measure::thread_time;
use crate::profile;
use crate::subjects::compared::{Compared, each};

/// With the embedded store.
pub static SQLITE: [Goal; 1] = [Goal {
    name: "https-sqlite",
    what: "whole download over HTTPS keep-alive, durable SQLite, server's own processor time",
    bound: Bound::AtLeast(0.55, Unit::Share),
}];

/// With PostgreSQL.
pub static POSTGRES: [Goal; 1] = [Goal {
    name: "https-postgres",
    what: "whole download over HTTPS keep-alive, PostgreSQL on this machine, server's own processor time",
    bound: Bound::AtLeast(0.45, Unit::Share),
}];

/// Rounds of downloads, each over connections that are open already.
struct Plan {
    rounds: usize,
    downloads: usize,
}

impl Plan {
    /// A round is long enough for a clock that counts hundredths of a second, so a few rounds do.
    fn of(bench: &Bench) -> Self {
        Self { rounds: bench.options.rounds.clamp(1, 5), downloads: bench.options.downloads }
    }

    /// One more round opens the connections and fills the caches.
    fn orders(&self) -> u64 {
        u64::try_from((self.rounds + 1) * self.downloads).unwrap_or(u64::MAX)
    }
}

/// SQLite.
pub fn sqlite(bench: &Bench) -> Result<Vec<Row>> {
    let plan = Plan::of(bench);
    let stock = Stock::sqlite(&bench.folder("https-sqlite")?, orders(0..plan.orders()))?;
    let [goal] = &SQLITE;
    Ok(vec![measured(bench, &plan, &stock, goal)?])
}

/// PostgreSQL.
pub fn postgres(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &POSTGRES;
    let plan = Plan::of(bench);
    let Some(cluster) = Cluster::start(&bench.folder("postgres")?)? else {
        return Ok(vec![goal.skipped("PostgreSQL is not installed")]);
    };
    let folder = bench.folder("https-postgres")?;
    let stock = Stock::postgres(&folder, &cluster.url(), orders(0..plan.orders()))?;
    Ok(vec![measured(bench, &plan, &stock, goal)?])
}

fn measured(bench: &Bench, plan: &Plan, stock: &Stock, goal: &'static Goal) -> Result<Row> {
    let server = Server::start(bench, stock)?;
    let generator = bench.generator()?;
    let lpas = Lpas::of(bench, &server)?;
    let package = profile::package(profile::iccid(1)?, SIZE)?;
    let mut waiting = (0..plan.orders()).map(matching_id);
    let mut some = || waiting.by_ref().take(plan.downloads).collect::<Vec<_>>();
    let at_once = bench.options.connections;
    generator.block_on(lpas.download(&some(), at_once))?;
    let mut rates = Vec::new();
    let compared = Compared::over(plan.rounds, || {
        // What the server has put off until it has nothing else to do counts, too.
        let before = server.cpu()?;
        let floor = floor_of_a_download(bench, &package)?;
        let took = generator.block_on(lpas.download(&some(), at_once))?;
        let spent = server.cpu()? - before;
        rates.push(plan.downloads as f64 / took.as_secs_f64());
        Ok((floor, each(spent, plan.downloads)))
    })?;
    all_are_installed(&server, plan.orders())?;
    let rate = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
    let figure = format!("{}; {rate:.0} downloads a second over {at_once} connections", compared.figure());
    Ok(goal.measured(compared.share, figure))
}

/// Where the server runs, while its callers' processors have as much to do as when they call it: processors share what makes
/// them fast.
fn floor_of_a_download(bench: &Bench, package: &[u8]) -> Result<Duration> {
    bench.beside_busy_generators(|| {
        bench.on_the_servers_processor(|| {
            let primitives = Primitives::measure_by(thread_time, Curve::P256, 3, 300)?;
            Ok(primitives.download(floor::protection_by(thread_time, package, 300)))
        })
    })
}

/// HandleNotification acknowledges what it does not believe, too.
fn all_are_installed(server: &Server, orders: u64) -> Result<()> {
    let states = server.metric("rsp_profiles", "state")?;
    let installed = states.get("Installed").copied().unwrap_or_default();
    ensure!(installed == orders, "of {orders} profiles, {installed} are installed");
    Ok(())
}
