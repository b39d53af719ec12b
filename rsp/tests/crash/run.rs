//! A run: one server, sixteen eUICCs, one operator, and somebody who strikes.

use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crypto::Curve;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rustls::ClientConfig;

use crate::common::Bench;
use crate::euicc::{Euicc, Task};
use crate::journal::Journal;
use crate::killer;
use crate::lab::Now;
use crate::lab::cards::{self, Issuers};
use crate::lab::reports::ReportPort;
use crate::lab::server::{Launch, Ports, Server};
use crate::operator::{self, Operator};

pub const EUICCS: usize = 16;

/// The key of every store, in the file `key`.
pub const KEY: &str = "4242424242424242424242424242424242424242424242424242424242424242";

/// Until everybody gives up.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Profiles, each to be downloaded once.
    pub downloads: usize,
    /// How often is struck meanwhile.
    pub points: usize,
}

impl Size {
    /// The usual one; ten times as much in a long run.
    pub fn usual() -> Self {
        match std::env::var("RSPLAB_CRASH").as_deref() {
            Ok("long") => Self { downloads: 2000, points: 200 },
            _ => Self { downloads: 200, points: 20 },
        }
    }

    /// Every fifth profile is ordered over ES2+; the others are in the seed file.
    fn is_ordered(number: usize) -> bool {
        number % 5 == 4
    }

    /// Every eighth order is tried by two eUICCs at once.
    fn is_contested(number: usize) -> bool {
        number % 8 == 3
    }

    /// Profiles that are ordered over ES2+.
    pub fn ordered(self) -> usize {
        (0..self.downloads).filter(|number| Self::is_ordered(*number)).count()
    }

    /// The MatchingIDs of the seed file.
    pub fn seeded(self) -> impl Iterator<Item = String> {
        (0..self.downloads).filter(|number| !Self::is_ordered(*number)).map(matching_id)
    }
}

fn matching_id(number: usize) -> String {
    format!("CRASH-{number}")
}

/// A server and those who call it.
pub struct Field<'a> {
    pub bench: &'a Bench,
    pub size: Size,
    pub seed: u64,
    pub ports: Ports,
    pub server: Server<'a>,
    pub reports: ReportPort,
    pub journal: Arc<Journal>,
    pub storage_may_fail: bool,
    issuers: Issuers,
    tls: Arc<ClientConfig>,
    deadline: Instant,
}

/// What a run came to.
pub struct Outcome {
    pub blows: usize,
    pub took: Duration,
}

impl<'a> Field<'a> {
    /// Fills a store with profiles and starts a server on it, `through` another program if need be. `store` is a file of
    /// the bench or a URL; its key is in the file `key`.
    pub fn new(bench: &'a Bench, size: Size, seed: u64, store: &str, through: &[&str]) -> Self {
        let (ports, reports) = (Ports::free(), ReportPort::open());
        operator::configure(bench, &reports.url);
        bench.write("key", KEY);
        write_profiles(bench, size);
        import(bench, store);
        let through = through.iter().map(ToString::to_string).collect();
        let mut launch = Launch { through, ..Launch::default() };
        launch.arguments.extend([
            format!("--store={store}"),
            "--store-key=key".to_owned(),
            "--config=smdp.toml".to_owned(),
            format!("--es2plus-listen={}", ports.es2plus),
            format!("--management-listen={}", ports.management),
            // Retries are what this is about.
            "--download-attempts=10000".to_owned(),
        ]);
        launch.environment.push(("RSP_LOG".to_owned(), "warn".to_owned()));
        let mut first = launch.clone();
        first.arguments.push("--seed=orders.toml".to_owned());
        let mut server = Server::start(bench, ports, first);
        server.relaunch_with(|next| *next = launch);
        let issuers = Issuers::of(bench);
        let tls = wire::tls::client_config([issuers.root()], Arc::new(Now)).unwrap();
        Self {
            bench,
            size,
            seed,
            ports,
            server,
            reports,
            journal: Arc::default(),
            storage_may_fail: false,
            issuers,
            tls,
            deadline: Instant::now() + PATIENCE,
        }
    }

    /// An eUICC of this field; every fourth has its keys on the other curve.
    pub fn euicc(&self, number: usize, steps: Sender<()>) -> Euicc {
        let curve = if number % 4 == 3 { Curve::BrainpoolP256r1 } else { Curve::P256 };
        let state = self.issuers.card(number, curve);
        Euicc {
            eid: state.eid,
            isd_r: cards::power_on(state, self.seed.wrapping_add(number as u64), Tracer::off(Actor::Euicc)),
            client: crate::lab::server::client(self.ports, self.tls.clone()),
            journal: self.journal.clone(),
            steps,
            rng: killer::rng(self.seed, 100 + number as u64),
            storage_may_fail: self.storage_may_fail,
            deadline: self.deadline,
        }
    }

    /// The operator of this field.
    pub fn operator(&self, steps: Sender<()>) -> Operator {
        let journal = self.journal.clone();
        Operator::new(self.bench, self.ports, journal, steps, self.storage_may_fail, self.deadline)
    }

    /// Lets all of them work until every profile is installed and reported. `blow` is what is done to the server at the
    /// random points.
    pub fn run(&mut self, mut blow: impl FnMut(&mut Server<'a>, &mut ChaCha20Rng) + Send) -> Outcome {
        let began = Instant::now();
        let (steps, answered) = channel();
        let (tasks, to_do) = sync_channel(8);
        let to_do = Mutex::new(to_do);
        let euiccs: Vec<Euicc> = (0..EUICCS).map(|number| self.euicc(number, steps.clone())).collect();
        let operator = self.operator(steps);
        let (size, seed, server) = (self.size, self.seed, &mut self.server);
        // What a run without any trouble takes: four calls for each download, two for each order.
        let answers = size.downloads * 4 + size.ordered() * 2;
        let blows = std::thread::scope(|scope| {
            let killer = scope.spawn(move || {
                let mut rng = killer::rng(seed, 1);
                killer::strike(&answered, size.points, answers, &mut rng, |rng| blow(server, rng))
            });
            let working: Vec<_> =
                euiccs.into_iter().map(|euicc| scope.spawn(|| euicc.work(&to_do))).collect();
            feed(size, operator, &tasks);
            drop(tasks);
            for euicc in working {
                euicc.join().unwrap();
            }
            killer.join().unwrap()
        });
        Outcome { blows, took: began.elapsed() }
    }

    /// Says what happened, so that it can be seen and repeated.
    pub fn tell(&self, what: &str, outcome: &Outcome) {
        let heard = self.journal.heard();
        let slowest = self.server.starts.iter().max().copied().unwrap_or_default();
        println!(
            "{what}: seed {}, {} downloads by {EUICCS} eUICCs, {} of them ordered over ES2+, {} races lost; {} blows, \
             {} calls without an answer, {} storage failures; {} starts, ready after {:.0} ms at most; {:.1} s",
            self.seed,
            heard.installed.len(),
            heard.confirmed.len(),
            heard.lost_races.len(),
            outcome.blows,
            heard.unanswered,
            heard.storage_failures,
            self.server.starts.len(),
            slowest.as_secs_f64() * 1000.0,
            outcome.took.as_secs_f64(),
        );
    }

    /// A server is ready again within two seconds. On a machine that is busy with other tests it is not, so that figure is
    /// asserted only where it is asked for.
    pub fn assert_ready_soon(&self) {
        let strict = std::env::var("RSPLAB_STRICT_TIME").is_ok_and(|value| value == "1");
        let limit = Duration::from_secs(if strict { 2 } else { 20 });
        let slowest = self.server.starts.iter().max().copied().unwrap_or_default();
        assert!(slowest <= limit, "ready after {slowest:?} only");
    }
}

/// Hands the orders out, those over ES2+ as soon as they are placed.
fn feed(size: Size, operator: Operator, tasks: &SyncSender<Task>) {
    for number in 0..size.downloads {
        let matching_id = match Size::is_ordered(number) {
            true => operator.order(number),
            false => Some(matching_id(number)),
        };
        let Some(matching_id) = matching_id else { continue };
        let contested = Size::is_contested(number);
        let task = Task { matching_id, contested };
        for _ in 0..=usize::from(contested) {
            if tasks.send(task.clone()).is_err() {
                return;
            }
        }
    }
}

/// `orders.toml` and `profiles.csv`; the profiles of both are different.
fn write_profiles(bench: &Bench, size: Size) {
    let mut seed = String::new();
    let mut csv = "iccid,imsi,ki,opc\n".to_owned();
    for number in 0..size.downloads {
        let (iccid, imsi) = (format!("8988211{number:012}"), format!("00101{number:010}"));
        let (ki, opc) = ("0123456789ABCDEF0123456789ABCDEF", "FEDCBA9876543210FEDCBA9876543210");
        if Size::is_ordered(number) {
            csv += &format!("{iccid},{imsi},{ki},{opc}\n");
        } else {
            seed += &format!(
                "[[order]]\niccid = \"{iccid}\"\nmatching_id = \"{}\"\n\
                 subscriber = {{ imsi = \"{imsi}\", ki = \"{ki}\", opc = \"{opc}\" }}\n\
                 metadata = {{ notifications = [{{ event = \"delete\", address = \"localhost\" }}] }}\n",
                matching_id(number)
            );
        }
    }
    bench.write("orders.toml", seed);
    bench.write("profiles.csv", csv);
    bench.write("metadata.toml", "notifications = [{ event = \"delete\", address = \"localhost\" }]\n");
}

/// Takes the profiles for ES2+ into a store that no server has open yet.
fn import(bench: &Bench, store: &str) {
    let arguments = [
        format!("--store={store}"),
        format!("--operator={}", operator::NAME),
        format!("--profile-type={}", operator::PROFILE_TYPE),
    ];
    let fixed = ["smdp", "import", "--store-key=key", "--csv=profiles.csv", "--metadata=metadata.toml"];
    bench.rsp_ok(&fixed.into_iter().chain(arguments.iter().map(String::as_str)).collect::<Vec<_>>());
}
