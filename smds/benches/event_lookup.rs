//! What it costs to find the events of an eUICC among 10³, 10⁵ and 10⁶ of as many eUICCs, beside the floor: one row by its
//! primary key, asked on the same connection.
//!
//!     cargo bench -p smds --bench event_lookup                  # SQLite in a file, and PostgreSQL if it is installed
//!     cargo bench -p smds --bench event_lookup -- 1000 50000    # other sizes

#![cfg(test)]

#[path = "../tests/store/plan.rs"]
mod plan;
#[path = "../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "the tests of the SM-DP+ use more of it")]
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use asn1::TransactionId;
use protocol::clock::Timestamp;
use protocol::mutual_authentication::Opened;
use protocol::types::Eid;
use rusqlite::types::ValueRef;
use service::database::postgres::PostgresOptions;
use smds::domain::{NewEvent, SessionRecord};
use smds::store::{EventFilter, PostgresStore, Registration, Retrieval, SqliteStore, Store};

use crate::plan::{LIST_OF_AN_EUICC, OF_AN_EUICC, OF_AN_EVENT_ID, for_postgres, is_a_lookup, of_sqlite};

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_300_000_000);
const ONE_ROW: &str =
    "SELECT id, caller, eid, event_id, rsp_server_address, forwarded_as, state, registered, expires, ended
     FROM event WHERE id = $1";
/// How often each thing is measured; what waits for the disk each time, or may read everything, less often.
const LOOKUPS: u64 = 4000;
const COMMITS: u64 = 1500;
const LISTS: u64 = 15;
/// Beyond so many, PostgreSQL makes the events itself: one by one they would take minutes.
const ONE_BY_ONE: u64 = 100_000;
/// The eUICC with many events, and how many those are.
const CROWDED: u64 = u64::MAX;
const CROWD: u64 = 20;
const MULTIPLIER: u64 = 11_400_714_819_323_198_485;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut sizes: Vec<u64> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        // `cargo test --all-targets` only wants to know whether it works.
        let measures = arguments.iter().any(|argument| argument == "--bench");
        sizes = if measures { vec![1000, 100_000, 1_000_000] } else { vec![100, 1000] };
    }
    sizes.sort_unstable();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        on_sqlite(&sizes).await;
        on_postgres(&sizes).await;
    });
}

// ---- the two data bases ----------------------------------------------------------------------------------------------

async fn on_sqlite(sizes: &[u64]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smds.sqlite");
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    add_crowd(&*store).await;
    let mut table = Table::new("SQLite, a file, every commit waits for the disk");
    let mut filled = 0;
    for size in sizes {
        if *size > filled {
            table.note(fill(&store, filled..*size, 512).await);
        }
        filled = *size;
        let connection = rusqlite::Connection::open(&path).unwrap();
        for sql in [OF_AN_EUICC, OF_AN_EVENT_ID, LIST_OF_AN_EUICC] {
            table.plan(of_sqlite(&connection, sql));
        }
        let mut random = Random(1);
        let mut column = Column::of(*size);
        let mut one_row = connection.prepare(ONE_ROW).unwrap();
        let ids = (0..LOOKUPS).map(|_| 1 + CROWD.cast_signed() + random.below(*size).cast_signed());
        column.measure("one row by primary key (floor)", ids, |id| read_all(&mut one_row, id));
        let mut lookup = connection.prepare(OF_AN_EUICC).unwrap();
        let eids = (0..LOOKUPS).map(|_| eid(random.below(*size)).to_string());
        column.measure("events of an EID, 1 of 1", eids, |eid| read_all(&mut lookup, eid));
        let eids = (0..LOOKUPS).map(|_| eid(CROWDED).to_string());
        column.measure("events of an EID, 20 of 20", eids, |eid| read_all(&mut lookup, eid));
        through_the_store(&*store, &mut column, &mut random).await;
        table.columns.push(column);
    }
    table.print();
}

/// Every column, as the store reads them; how many rows.
fn read_all(statement: &mut rusqlite::Statement<'_>, parameter: impl rusqlite::ToSql) -> usize {
    let columns = statement.column_count();
    let mut rows = statement.query([parameter]).unwrap();
    let mut found = 0;
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            if let ValueRef::Text(text) = std::hint::black_box(row.get_ref(column).unwrap()) {
                drop(std::hint::black_box(String::from_utf8_lossy(text).into_owned()));
            }
        }
        found += 1;
    }
    found
}

async fn on_postgres(sizes: &[u64]) {
    let Some(place) = server::database() else { return };
    let store = Arc::new(PostgresStore::connect(&place.url, PostgresOptions::default()).await.unwrap());
    add_crowd(&*store).await;
    let (client, connection) = tokio_postgres::connect(&place.url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut table = Table::new("PostgreSQL on this host, fsync=off");
    let mut filled = 0;
    for size in sizes {
        let one_by_one = (*size).min(ONE_BY_ONE).max(filled);
        if one_by_one > filled {
            table.note(fill(&store, filled..one_by_one, 16).await);
        }
        if *size > one_by_one {
            place.sql(&generated(one_by_one, *size));
        }
        filled = *size;
        // As its autovacuum does within a minute.
        place.sql("VACUUM ANALYZE");
        for sql in [OF_AN_EUICC, OF_AN_EVENT_ID, LIST_OF_AN_EUICC] {
            table.plan(place.sql(&for_postgres(sql)));
        }
        let mut random = Random(1);
        let mut column = Column::of(*size);
        let one_row = client.prepare(ONE_ROW).await.unwrap();
        let mut samples = Vec::new();
        for _ in 0..LOOKUPS {
            let id = 1 + CROWD.cast_signed() + random.below(*size).cast_signed();
            let begun = Instant::now();
            let rows = client.query(&one_row, &[&id]).await.unwrap();
            samples.push(begun.elapsed());
            assert_eq!(rows.len(), 1);
        }
        column.add("one row by primary key (floor)", samples);
        let lookup = client.prepare(OF_AN_EUICC).await.unwrap();
        for (what, crowd) in [("events of an EID, 1 of 1", 1), ("events of an EID, 20 of 20", CROWD)] {
            let mut samples = Vec::new();
            for _ in 0..LOOKUPS {
                let number = if crowd == 1 { random.below(*size) } else { CROWDED };
                let eid = eid(number).to_string();
                let begun = Instant::now();
                let rows = client.query(&lookup, &[&eid]).await.unwrap();
                samples.push(begun.elapsed());
                assert_eq!(rows.len() as u64, crowd);
            }
            column.add(what, samples);
        }
        through_the_store(&*store, &mut column, &mut random).await;
        table.columns.push(column);
    }
    table.print();
    drop(client);
    connection.await.unwrap().unwrap();
}

/// The same events as [`event`] makes.
fn generated(from: u64, to: u64) -> String {
    format!(
        "INSERT INTO event (caller, eid, event_id, rsp_server_address, state, registered)
         SELECT '2.999.10.' || n % 8, thirty || lpad((98 - thirty::numeric * 100 % 97)::text, 2, '0'), 'E-' || n,
                'smdp.example.com', 'Registered', {}
         FROM generate_series({from}::bigint, {}::bigint) n,
              LATERAL (SELECT '89049032' || lpad((n::numeric * {MULTIPLIER} % 18446744073709551616)::text, 22, '0'))
                  AS digits (thirty)
         ORDER BY n",
        NOW.unix_millis(),
        to - 1
    )
}

// ---- through the store -----------------------------------------------------------------------------------------------

/// Eight callers, and EIDs in no order.
fn event(number: u64) -> NewEvent {
    NewEvent {
        caller: certs::oid::parse(&format!("2.999.10.{}", number % 8)).unwrap(),
        eid: eid(number),
        event_id: format!("E-{number}").parse().unwrap(),
        rsp_server_address: "smdp.example.com".parse().unwrap(),
        forwarded_as: None,
        at: NOW,
        forward_until: NOW,
        expires: None,
    }
}

fn eid(number: u64) -> Eid {
    let thirty = format!("89049032{:022}", number.wrapping_mul(MULTIPLIER));
    Eid::from_bytes(certs::eid::with_check_digits(&thirty).unwrap()).unwrap()
}

async fn add_crowd<S: Store>(store: &S) {
    for number in 0..CROWD {
        let event_id = format!("CROWD-{number}").parse().unwrap();
        let added = store.register_event(NewEvent { event_id, ..event(CROWDED) }).await;
        assert!(matches!(added, Ok(Registration::Stored(_))));
    }
}

/// Registers events, so many at a time; what to say of it.
async fn fill<S: Store>(store: &Arc<S>, numbers: std::ops::Range<u64>, at_once: u64) -> String {
    let (begun, count) = (Instant::now(), numbers.end - numbers.start);
    let tasks: Vec<_> = (0..at_once)
        .map(|first| {
            let (store, numbers) = (store.clone(), numbers.clone());
            tokio::spawn(async move {
                let mut number = numbers.start + first;
                while number < numbers.end {
                    let added = store.register_event(event(number)).await;
                    assert!(matches!(added, Ok(Registration::Stored(_))), "{added:?}");
                    number += at_once;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    format!("{count} events registered, {at_once} at a time: {rate:.0} a second")
}

/// AuthenticateClient needs a session, which is opened beforehand and ends with it: a durable change. The same without
/// events shows what of it is the lookup.
async fn through_the_store<S: Store>(store: &S, column: &mut Column, random: &mut Random) {
    let (mut retrievals, mut endings) = (Vec::new(), Vec::new());
    for _ in 0..COMMITS {
        let eid = eid(random.below(column.size));
        let session = open(store, random).await;
        let begun = Instant::now();
        let told = store.retrieve_events(session, Retrieval { eid, event_id: None, now: NOW }).await;
        retrievals.push(begun.elapsed());
        let told = told.unwrap().unwrap();
        assert!(told.len() == 1 && told.iter().all(|event| event.eid == eid));
        let session = open(store, random).await;
        let begun = Instant::now();
        let ended = store.end_session(session).await;
        endings.push(begun.elapsed());
        assert_eq!(ended, Ok(true));
    }
    column.add("retrieve_events, 1 event", retrievals);
    column.add("end_session, for comparison", endings);
    let mut lists = Vec::new();
    for _ in 0..LISTS {
        let eid = Some(eid(random.below(column.size)));
        let begun = Instant::now();
        let listed = store.events(EventFilter { eid, limit: 100, ..EventFilter::default() }).await;
        lists.push(begun.elapsed());
        assert_eq!(listed.unwrap().len(), 1);
    }
    column.add("events by EID (management)", lists);
}

async fn open<S: Store>(store: &S, random: &mut Random) -> TransactionId {
    let transaction_id = TransactionId::new([random.next().to_be_bytes(); 2].concat()).unwrap();
    let opened = Opened {
        server_challenge: vec![7; 16],
        ci: vec![0xC1; 20],
        euicc_ci: vec![3; 20],
        svn: vec![2, 2, 0],
        server_address: "smds.example.com".to_owned(),
    };
    let session = SessionRecord { transaction_id: transaction_id.clone(), started: NOW, opened };
    store.open_session(session).await.unwrap();
    transaction_id
}

// ---- numbers ---------------------------------------------------------------------------------------------------------

/// splitmix64: the same every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// What was measured at one size.
struct Column {
    size: u64,
    /// What, its median, and what 99 of 100 do not exceed.
    rows: Vec<(&'static str, Duration, Duration)>,
}

impl Column {
    fn of(size: u64) -> Self {
        Self { size, rows: Vec::new() }
    }

    fn measure<T>(
        &mut self,
        what: &'static str,
        inputs: impl Iterator<Item = T>,
        mut work: impl FnMut(T) -> usize,
    ) {
        // What is asked for is known before the clock runs.
        let inputs: Vec<T> = inputs.collect();
        let time = |input| {
            let begun = Instant::now();
            let found = work(input);
            let elapsed = begun.elapsed();
            assert!(found > 0);
            elapsed
        };
        let samples = inputs.into_iter().map(time).collect();
        self.add(what, samples);
    }

    fn add(&mut self, what: &'static str, mut samples: Vec<Duration>) {
        samples.sort_unstable();
        let at = |hundredths: usize| samples[(samples.len() * hundredths / 100).min(samples.len() - 1)];
        self.rows.push((what, at(50), at(99)));
    }
}

struct Table {
    title: &'static str,
    notes: Vec<String>,
    plans: Vec<String>,
    columns: Vec<Column>,
}

impl Table {
    fn new(title: &'static str) -> Self {
        Self { title, notes: Vec::new(), plans: Vec::new(), columns: Vec::new() }
    }

    fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Keeps a plan to be printed; one that is no lookup ends the benchmark.
    fn plan(&mut self, plan: String) {
        assert!(is_a_lookup(&plan), "{}: this is no lookup:\n{plan}", self.title);
        if !self.plans.contains(&plan) {
            self.plans.push(plan);
        }
    }

    fn print(&self) {
        println!("\n{}\n", self.title);
        for note in &self.notes {
            println!("    {note}");
        }
        for plan in &self.plans {
            println!("    {}", plan.trim_end().replace('\n', "\n    "));
        }
        println!("\n    median / p99 in µs, and the median as a multiple of that in the first column\n");
        print!("    {:32}", "");
        for column in &self.columns {
            print!("{:>28}", format!("{} events", column.size));
        }
        println!();
        let micros = |duration: Duration| duration.as_secs_f64() * 1e6;
        for (row, (what, first, _)) in self.columns[0].rows.iter().enumerate() {
            print!("    {what:32}");
            for column in &self.columns {
                let (_, median, p99) = column.rows[row];
                let ratio = micros(median) / micros(*first);
                print!("{:>28}", format!("{:.1} / {:.1}  ×{ratio:.2}", micros(median), micros(p99)));
            }
            println!();
        }
    }
}
