//! The SM-DS: an event retrieval beside its floor, and the lookup among few events and among many.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use certs::workshop::Factory;
use crypto::{Curve, Engine};
use protocol::clock::Timestamp;
use protocol::es11::Es11;
use protocol::types::Eid;
use smds::domain::NewEvent;
use smds::store::{Registration, Retrieval, SqliteStore, Store};
use tokio::task::JoinSet;

use super::below_http::beside_its_floor;
use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::growth::scattered;
use crate::measure::{median, processor_time};
use crate::pki::{Authority, NOW};
use crate::smds::{ADDRESS, SmdsLaboratory};
use crate::subjects::compared::{each, micros, middle, times};

/// A session.
pub static SESSION: [Goal; 1] = [Goal {
    name: "smds-session",
    what: "SM-DS: event retrieval below HTTP, SQLite in memory",
    bound: Bound::AtLeast(0.75, Unit::Share),
}];

/// The events in it.
pub static LOOKUP: [Goal; 1] = [Goal {
    name: "smds-lookup",
    what: "SM-DS: the look-up of an eUICC's events among all against among few, SQLite in a file, without verifications",
    bound: Bound::AtMost(1.15, Unit::Times),
}];

/// How many eUICCs take turns: they stand evenly among all of those that have an event.
const EUICCS: u64 = 4096;
/// How many registrations are under way at a time: they share a commit.
const AT_ONCE: u64 = 512;

/// InitiateAuthentication and AuthenticateClient.
pub fn session(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &SESSION;
    beside_its_floor(bench, goal, "smds/session/P-256")
}

/// What the SM-DS asks its store for in AuthenticateClient, asked of two stores in turn: the session is ended, and the events of
/// its eUICC are read, in one commit.
pub fn lookup(bench: &Bench) -> Result<Vec<Row>> {
    bench.stay_on_the_servers_processor();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let [few, many] = bench.options.events;
    let folder = bench.folder("smds")?;
    let mut small = runtime.block_on(Desk::new(&folder.join("few.sqlite"), few))?;
    bench.say(&format!("registering {many} events"));
    let mut large = runtime.block_on(Desk::new(&folder.join("many.sqlite"), many))?;
    let number = bench.options.calls;
    let (mut ratios, mut costs) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..bench.options.rounds {
        let of_few = runtime.block_on(small.retrievals(number))?;
        let of_many = runtime.block_on(large.retrievals(number))?;
        ratios.push(times(of_many, of_few));
        costs.iter_mut().zip([of_few, of_many]).for_each(|(costs, cost)| costs.push(cost));
    }
    let [of_few, of_many] = costs.map(median);
    let figure = format!("{} among {many}, {} among {few}", micros(of_many), micros(of_few));
    let [goal] = &LOOKUP;
    Ok(vec![goal.measured(middle(ratios), figure)])
}

/// An SM-DS with as many events as eUICCs, and some of these eUICCs.
struct Desk {
    laboratory: SmdsLaboratory,
    eids: Vec<Eid>,
    /// Counts the retrievals, so that the eUICCs take turns.
    next: usize,
}

impl Desk {
    async fn new(path: &Path, events: u64) -> Result<Self> {
        let store = Arc::new(SqliteStore::open(path)?);
        let laboratory = SmdsLaboratory::on(store.clone(), Curve::P256)?;
        // The same as that of the laboratory, as everything is that has the same seed.
        let factory = Authority::new(Curve::P256, Engine::AwsLc)?.factory;
        fill(&store, &factory, events).await?;
        let asking = events.min(EUICCS);
        let eids = scattered(asking).map(|index| eid(&factory, index * (events / asking)));
        let mut desk = Self { laboratory, eids: eids.collect::<Result<_>>()?, next: 0 };
        desk.retrievals(asking.try_into()?).await?;
        Ok(desk)
    }

    /// What the store spends on one, over so many.
    async fn retrievals(&mut self, number: usize) -> Result<Duration> {
        let SmdsLaboratory { smds, euicc } = &self.laboratory;
        let mut spent = Duration::ZERO;
        for _ in 0..number {
            self.next = (self.next + 1) % self.eids.len().max(1);
            let eid = *self.eids.get(self.next).context("no eUICC")?;
            let session = smds.initiate_authentication(euicc.initiate(ADDRESS, [7; 16])).await?;
            let retrieval = Retrieval { eid, event_id: None, now: now() };
            let begun = processor_time();
            let told = smds.store().retrieve_events(session.transaction_id, retrieval).await?;
            spent += processor_time() - begun;
            let events = told.context("no session")?.len();
            ensure!(events == 1, "{events} events where there is one");
        }
        Ok(each(spent, number))
    }
}

/// One event for each of so many eUICCs.
async fn fill(store: &Arc<SqliteStore>, factory: &Factory, events: u64) -> Result<()> {
    let mut registrations: JoinSet<Result<()>> = JoinSet::new();
    for number in 0..events {
        if number >= AT_ONCE
            && let Some(registered) = registrations.join_next().await
        {
            registered??;
        }
        let (store, event) = (store.clone(), event(factory, number)?);
        registrations.spawn(async move {
            match store.register_event(event).await? {
                Registration::Stored(_) => Ok(()),
                other => bail!("an event was not registered: {other:?}"),
            }
        });
    }
    while let Some(registered) = registrations.join_next().await {
        registered??;
    }
    Ok(())
}

fn event(factory: &Factory, number: u64) -> Result<NewEvent> {
    let now = now();
    Ok(NewEvent {
        caller: certs::oid::parse("2.999.10.1")?,
        eid: eid(factory, number)?,
        event_id: format!("E-{number}").parse()?,
        rsp_server_address: "smdp.example.com".parse()?,
        forwarded_as: None,
        at: now,
        forward_until: now,
        expires: None,
    })
}

fn eid(factory: &Factory, number: u64) -> Result<Eid> {
    Ok(Eid::from_bytes(factory.eid(number.into())?)?)
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW.0)
}
