//! A server that has many orders: how soon it is ready, and how much memory it takes to wait.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::server::Server;
use super::stock::{Stock, matching_id, orders};
use crate::measure::median;

/// The goals.
pub static GOALS: [Goal; 2] = [
    Goal {
        name: "start",
        what: "start to ready with the idle orders, also after SIGKILL",
        bound: Bound::AtMost(1.0, Unit::Seconds),
    },
    Goal {
        name: "memory-idle",
        what: "resident memory at idle with the same orders",
        bound: Bound::AtMost(60.0, Unit::Megabytes),
    },
];

/// Of a store that was closed.
const STARTS: usize = 5;
/// For what a server does once after it has started.
pub const REST: Duration = Duration::from_secs(3);

/// Both. A server that was killed leaves a write-ahead log, from which the next one begins: the slower of both counts.
pub fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let [start_goal, memory_goal] = &GOALS;
    let number = bench.options.idle_orders;
    bench.say(&format!("making {number} orders"));
    let stock = Stock::sqlite(&bench.folder("idle")?, orders(0..number))?;
    let generator = bench.generator()?;
    let starts: Vec<Duration> =
        (0..STARTS).map(|_| Ok(Server::start(bench, &stock)?.start)).collect::<Result<_>>()?;
    let usual = median(starts);
    killed_at_work(bench, &stock, &generator)?;
    let server = Server::start(bench, &stock)?;
    std::thread::sleep(REST);
    let memory = megabytes(server.resident()?);
    let [usual_ms, after_kill_ms] = [usual, server.start].map(|start| start.as_secs_f64() * 1e3);
    let told = format!(
        "{usual_ms:.0} ms until /ready, the median of {STARTS}; {after_kill_ms:.0} ms after SIGKILL; {number} orders"
    );
    let slower = usual.max(server.start);
    Ok(vec![
        start_goal.measured(slower.as_secs_f64(), told),
        memory_goal.measured(memory, format!("{memory:.1} MB; {number} orders")),
    ])
}

/// Some orders are downloaded, and the server has no chance to write its log back.
fn killed_at_work(bench: &Bench, stock: &Stock, generator: &Runtime) -> Result<()> {
    let server = Server::start(bench, stock)?;
    let lpas = Lpas::of(bench, &server)?;
    let some = u64::try_from(bench.options.downloads)?.min(bench.options.idle_orders);
    let some: Vec<String> = (0..some).map(matching_id).collect();
    generator.block_on(lpas.download(&some, bench.options.connections))?;
    server.kill()
}

/// As people count them.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
