//! An SM-DS with a clock to turn, Root or Alternative.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use asn1::{InitiateAuthenticationOkEs9, TransactionId};
use crypto::{Curve, Engine};
use protocol::clock::{Clock, Timestamp};
use protocol::es11::Es11;
use protocol::es12::{Caller, DeleteEvent, Es12, RegisterEvent};
use protocol::smds_session::Identities;
use protocol::status::Refusal;
use protocol::trace::{Actor, Tracer};
use protocol::types::EventId;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smds::domain::{EventRecord, EventState};
use smds::root::{Errands, Schedule};
use smds::store::{Ending, EventFilter, SqliteStore, Store};
use smds::upkeep::{RetentionPeriods, sweep};
use smds::{Config, Limits, Parts, Smds};

use super::calls::{call, smds};
use super::euicc::Euicc;
use super::line::{Book, Line};
use super::pki::{NOW, authority};

/// The address of an SM-DS, unless the test chooses another.
pub const ADDRESS: &str = "smds.example.com";

/// The OID that an Alternative SM-DS shows to its Root ends with this number.
pub const ALTERNATIVE: u32 = 1;

/// A clock that tests turn.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub fn advance(&self, duration: Duration) {
        self.0.fetch_add(i64::try_from(duration.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub fn advance_seconds(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }
}

pub struct Server<S = SqliteStore> {
    pub smds: Arc<Smds<S, Line>>,
    pub clock: Arc<TestClock>,
    /// The line to the Root; a Root has it in its hand, and no use for it.
    pub line: Arc<Line>,
    /// What is at the other end of the line, unless the test has connected something else.
    pub book: Arc<Book>,
}

/// Both authorities, verified with AWS-LC where it can: the eUICC computes with the other engine.
pub fn identities() -> Identities {
    let authorities = Curve::ALL.map(authority);
    Identities::new(
        authorities.iter().map(|authority| authority.smds.clone()).collect(),
        authorities.iter().map(|authority| authority.anchor()).collect(),
        Engine::AwsLc,
    )
    .unwrap()
}

/// The status code of a refusal, as text.
#[track_caller]
pub fn refused<T>(outcome: Result<T, Refusal>) -> String {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(refusal) => refusal.code.to_string(),
    }
}

pub fn in_memory() -> Arc<SqliteStore> {
    Arc::new(SqliteStore::in_memory().unwrap())
}

impl Server {
    /// A Root SM-DS.
    pub fn root() -> Self {
        Self::root_with(|_| ())
    }

    pub fn root_with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::root_on(in_memory(), 1, configure)
    }

    /// An Alternative SM-DS whose Root is a book.
    pub fn alternative() -> Self {
        Self::alternative_with(|_| ())
    }

    pub fn alternative_with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::alternative_on(in_memory(), 1, configure)
    }

    /// An Alternative SM-DS that waits for its Root only as long as a test can.
    pub fn impatient() -> Self {
        Self::alternative_with(|config| config.limits.root_patience = Duration::from_millis(30))
    }
}

impl<S: Store> Server<S> {
    /// `seed` makes its randomness.
    pub fn root_on(store: Arc<S>, seed: u64, configure: impl FnOnce(&mut Config)) -> Self {
        let line = Arc::new(Line::of(smds(ALTERNATIVE)));
        Self::assembled(store, seed, line, false, configure)
    }

    pub fn alternative_on(store: Arc<S>, seed: u64, configure: impl FnOnce(&mut Config)) -> Self {
        let line = Arc::new(Line::of(smds(ALTERNATIVE)));
        let server = Self::assembled(store, seed, line, true, configure);
        server.line.connect(server.book.clone());
        server
    }

    /// An Alternative SM-DS whose line the test connects.
    pub fn alternative_at(store: Arc<S>, seed: u64, line: Line, configure: impl FnOnce(&mut Config)) -> Self {
        Self::assembled(store, seed, Arc::new(line), true, configure)
    }

    fn assembled(
        store: Arc<S>,
        seed: u64,
        line: Arc<Line>,
        alternative: bool,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config {
            address: ADDRESS.parse().unwrap(),
            limits: Limits::default(),
            requester: smds(ALTERNATIVE).oid.to_string(),
        };
        configure(&mut config);
        let clock = Arc::new(TestClock(AtomicI64::new(NOW * 1000)));
        let smds = Smds::new(Parts {
            config,
            identities: identities(),
            store,
            root: alternative.then(|| line.clone()),
            rng: Box::new(ChaCha20Rng::seed_from_u64(seed)),
            clock: clock.clone(),
            tracer: Tracer::off(Actor::Smds),
            metrics: Arc::default(),
        });
        Self { smds: Arc::new(smds), clock, line, book: Arc::default() }
    }

    pub fn store(&self) -> &S {
        self.smds.store()
    }

    // ES12 and ES15

    pub async fn register(&self, caller: &Caller, event: RegisterEvent) -> Result<(), Refusal> {
        self.smds.register_event(caller, call(event)).await
    }

    pub async fn delete(&self, caller: &Caller, event: DeleteEvent) -> Result<(), Refusal> {
        self.smds.delete_event(caller, call(event)).await
    }

    // ES11

    pub async fn opened(&self, euicc: &Euicc) -> InitiateAuthenticationOkEs9 {
        let address = self.smds.config().address.to_string();
        self.smds.initiate_authentication(euicc.initiate_at(&address)).await.unwrap()
    }

    /// A whole session: the EventID and address of each event that is told.
    pub async fn ask(
        &self,
        euicc: &Euicc,
        matching_id: Option<&str>,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let initiated = self.opened(euicc).await;
        let request = euicc.authenticate(&initiated, matching_id);
        let answer = self.smds.authenticate_client(request).await?;
        assert_eq!(answer.transaction_id, initiated.transaction_id);
        Ok(answer.event_entries.into_iter().map(|entry| (entry.event_id, entry.rsp_server_address)).collect())
    }

    /// The EventIDs of all events that an eUICC is told of.
    pub async fn told(&self, euicc: &Euicc) -> Vec<String> {
        self.ask(euicc, None).await.unwrap().into_iter().map(|(event_id, _)| event_id).collect()
    }

    /// Whether a session waits for AuthenticateClient.
    pub async fn is_open(&self, transaction_id: &TransactionId) -> bool {
        self.store().session(transaction_id.clone()).await.unwrap().is_some()
    }

    // The store

    pub async fn record(&self, caller: &Caller, event_id: &EventId) -> Option<EventRecord> {
        self.store().event_of_caller(caller.oid.clone(), event_id.clone()).await.unwrap()
    }

    /// The state of an event record; `None` where there is none.
    pub async fn state(&self, caller: &Caller, event_id: &EventId) -> Option<EventState> {
        self.record(caller, event_id).await.map(|record| record.state)
    }

    /// Every event record.
    pub async fn records(&self) -> Vec<EventRecord> {
        let filter = EventFilter { limit: 1_000_000, ..EventFilter::default() };
        self.store().events(filter).await.unwrap()
    }

    /// How many errands to the Root are open.
    pub async fn open_errands(&self) -> u64 {
        self.store().counts().await.unwrap().root_deletions
    }

    /// Those who run the SM-DS remove an event.
    pub async fn remove(&self, record: &EventRecord) -> bool {
        self.store().end_event(record.number, Ending::Removed, self.clock.now()).await.unwrap()
    }

    pub async fn sweep(&self) {
        sweep(self.store(), &*self.clock, &RetentionPeriods::default()).await.unwrap();
    }

    // Errands

    pub fn errands(&self) -> Errands<S, Line> {
        let config = self.smds.config();
        Errands {
            store: self.smds.store().clone(),
            root: self.line.clone(),
            requester: config.requester.clone(),
            clock: self.clock.clone(),
            schedule: Schedule { patience: config.limits.root_patience, ..Schedule::default() },
            metrics: self.smds.metrics().clone(),
        }
    }

    /// Tries each errand that is due once.
    pub async fn run_errands(&self) {
        while self.errands().round().await.unwrap() {}
    }

    /// Tries errands until there is none, however long that takes on the clock.
    pub async fn finish_errands(&self) {
        for _ in 0..200 {
            self.run_errands().await;
            if self.open_errands().await == 0 {
                return;
            }
            self.clock.advance(Schedule::default().longest_pause);
        }
        panic!("the errands come to no end");
    }

    /// Lets so much time go by that no registration can be under way to the Root any more.
    pub fn settle(&self) {
        self.clock.advance_seconds(2 * 60);
    }

    /// Lets the time run out that a registration has at the Root.
    pub fn outlast_lease(&self) {
        self.clock.advance(self.smds.config().limits.root_patience * 3);
    }
}
