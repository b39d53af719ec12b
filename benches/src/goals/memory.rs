//! The memory of a server under work: of RSP sessions that are left open, and over many downloads.

use std::fmt;

use anyhow::Result;
use protocol::es9plus::Function;

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::server::Server;
use super::start::{REST, megabytes};
use super::stock::{Stock, filling, matching_id, orders};

/// Sessions.
pub static SESSIONS: [Goal; 1] = [Goal {
    name: "memory-session",
    what: "what an open RSP session adds to the server's resident memory; sessions are kept in the store",
    bound: Bound::AtMost(4.0, Unit::Kilobytes),
}];

/// Downloads.
pub static FLAT: [Goal; 1] = [Goal {
    name: "memory-flat",
    what: "resident memory after many downloads against after the first",
    bound: Bound::AtMost(1.10, Unit::Times),
}];

/// After InitiateAuthentication and after AuthenticateClient, each on a server of its own; the larger of both counts.
pub fn sessions(bench: &Bench) -> Result<Vec<Row>> {
    let initiated = Session::measured(bench, Function::InitiateAuthentication)?;
    let authenticated = Session::measured(bench, Function::AuthenticateClient)?;
    let figure = format!(
        "{initiated} after InitiateAuthentication, {authenticated} after AuthenticateClient; {} sessions",
        bench.options.open_sessions
    );
    let [goal] = &SESSIONS;
    Ok(vec![goal.measured(initiated.each.max(authenticated.each), figure)])
}

/// What sessions add to a server's memory.
struct Session {
    /// Kilobytes of one.
    each: f64,
    before: u64,
    after: u64,
}

impl Session {
    fn measured(bench: &Bench, after: Function) -> Result<Self> {
        let (number, at_once) = (bench.options.open_sessions, bench.options.connections);
        let first = number / 10;
        let all = u64::try_from(number + first)?;
        // Nobody asks for their packages.
        let stock = Stock::sqlite(&bench.folder(after.name())?, (0..all).map(filling))?;
        let server = Server::start(bench, &stock)?;
        let generator = bench.generator()?;
        let lpas = Lpas::of(bench, &server)?;
        let orders: Vec<String> = (0..all).map(matching_id).collect();
        // The connections, and what the server keeps once for all, are no part of a session.
        let (first, rest) = orders.split_at(first);
        generator.block_on(lpas.open_sessions(after, first, at_once))?;
        let before = server.resident()?;
        generator.block_on(lpas.open_sessions(after, rest, at_once))?;
        let after = server.resident()?;
        Ok(Self { each: after.saturating_sub(before) as f64 / number as f64 / 1e3, before, after })
    }
}

/// `0.31 KB (24.1 to 30.4 MB)`.
impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { each, before, after } = self;
        write!(f, "{each:.2} KB ({:.1} to {:.1} MB)", megabytes(*before), megabytes(*after))
    }
}

/// The first tenth, 5000 at most, is for the connections and the caches.
pub fn flat(bench: &Bench) -> Result<Vec<Row>> {
    let (number, at_once) = (bench.options.flat_downloads, bench.options.connections);
    let first = (number / 10).min(5000);
    let all = u64::try_from(number)?;
    bench.say(&format!("making {number} orders"));
    let stock = Stock::sqlite(&bench.folder("flat")?, orders(0..all))?;
    let server = Server::start(bench, &stock)?;
    let generator = bench.generator()?;
    let lpas = Lpas::of(bench, &server)?;
    let orders: Vec<String> = (0..all).map(matching_id).collect();
    let (warm_up, rest) = orders.split_at(first);
    generator.block_on(lpas.download(warm_up, at_once))?;
    let before = server.resident()?;
    bench.say(&format!("{number} downloads"));
    let took = generator.block_on(lpas.download(rest, at_once))?;
    let after = server.resident()?;
    std::thread::sleep(REST);
    let at_rest = server.resident()?;
    let rate = (number - first) as f64 / took.as_secs_f64();
    let figure = format!(
        "{:.1} MB after {first} downloads, {:.1} MB after {number}, {:.1} MB at rest then; {rate:.0} a second",
        megabytes(before),
        megabytes(after),
        megabytes(at_rest)
    );
    let [goal] = &FLAT;
    Ok(vec![goal.measured(after as f64 / before as f64, figure)])
}
