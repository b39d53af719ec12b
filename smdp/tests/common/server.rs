//! A server in memory, with a clock to turn and everything it told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, GetBoundProfilePackageOk, Iccid,
    InitiateAuthenticationOkEs9, TransactionId,
};
use crypto::{Curve, Engine, OneTimeKey};
use protocol::clock::{Clock, Timestamp};
use protocol::es9plus::Es9Plus;
use protocol::smdp_session::Identities;
use protocol::status::Refusal;
use protocol::trace::{Actor, Event, Sink, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::domain::{NewOrder, NewProfile, Order, OrderId, ProfileState};
use smdp::store::{OrderFilter, SqliteStore, Store};
use smdp::{BoxedRng, Config, Operator, Parts, Smdp};

use super::euicc::{ADDRESS, Euicc};
use super::orders::OPERATOR;
use super::pki::{NOW, authority};

/// A clock that tests turn.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

/// Keeps every event as a line of JSON.
#[derive(Default)]
pub struct Collector(Mutex<Vec<String>>);

impl Sink for Collector {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap().push(serde_json::to_string(&event).unwrap());
    }
}

impl Collector {
    pub fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

pub struct Server<S = SqliteStore> {
    pub smdp: Arc<Smdp<S>>,
    pub clock: Arc<TestClock>,
    pub trace: Arc<Collector>,
}

/// Both authorities, verified with AWS-LC where it can: the eUICC computes with the other engine.
pub fn identities() -> Identities {
    let authorities = Curve::ALL.map(authority);
    Identities::new(
        authorities.iter().map(|authority| authority.server.clone()).collect(),
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

impl Server {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::from_parts(configure, identities(), Box::new(ChaCha20Rng::seed_from_u64(7)))
    }

    pub fn from_parts(configure: impl FnOnce(&mut Config), identities: Identities, rng: BoxedRng) -> Self {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        Self::assembled(configure, identities, rng, store)
    }
}

impl<S: Store> Server<S> {
    /// A node of its own on a store; `number` makes its randomness.
    pub fn on(store: Arc<S>, number: u64, configure: impl FnOnce(&mut Config)) -> Self {
        Self::assembled(configure, identities(), Box::new(ChaCha20Rng::seed_from_u64(number)), store)
    }

    fn assembled(
        configure: impl FnOnce(&mut Config),
        identities: Identities,
        rng: BoxedRng,
        store: Arc<S>,
    ) -> Self {
        let mut config = Config::new(ADDRESS.parse().unwrap());
        config.operators = vec![Operator::new(OPERATOR)];
        configure(&mut config);
        let clock = Arc::new(TestClock(AtomicI64::new(NOW * 1000)));
        let trace = Arc::new(Collector::default());
        let tracer = Tracer::new(Actor::Smdp, clock.clone(), trace.clone());
        let smdp = Smdp::new(Parts {
            config,
            identities,
            store,
            rng,
            clock: clock.clone(),
            tracer,
            metrics: Arc::default(),
        });
        Self { smdp: Arc::new(smdp), clock, trace }
    }

    pub fn store(&self) -> &S {
        self.smdp.store()
    }

    pub async fn add(&self, order: NewOrder) -> OrderId {
        self.store().add_orders(self.clock.now(), vec![order]).await.unwrap()[0]
    }

    /// Profiles in the inventory, with no order.
    pub async fn stock(&self, profiles: Vec<NewProfile>) {
        let now = self.clock.now();
        let import = self.store().begin_import(now, now.minus(Duration::from_secs(600))).await.unwrap();
        self.store().import_profiles(import, now, profiles).await.unwrap();
        self.store().finish_import(import).await.unwrap();
    }

    /// The state of a profile, whether an order has it or not.
    pub async fn profile_state(&self, iccid: Iccid) -> ProfileState {
        self.store().profile(iccid).await.unwrap().unwrap().state
    }

    pub async fn order(&self, id: OrderId) -> Order {
        self.store().order(id).await.unwrap().unwrap()
    }

    pub async fn state(&self, id: OrderId) -> ProfileState {
        self.order(id).await.state
    }

    /// How far a session has come; `none` where there is none.
    pub async fn stage(&self, transaction_id: &TransactionId) -> &'static str {
        let session = self.store().session(transaction_id.clone()).await.unwrap();
        session.map_or("none", |session| session.stage.name())
    }

    /// Everything the store knows of orders, and of these sessions and eUICCs: equal before and after means that
    /// nothing was written.
    pub async fn snapshot(&self, sessions: &[&TransactionId], euiccs: &[&Euicc]) -> String {
        let orders = self.store().orders(OrderFilter::default()).await.unwrap();
        let mut all = format!("{orders:#?}");
        for order in orders {
            all += &format!("{:?}", self.store().bound(order.id).await.unwrap());
        }
        for id in sessions {
            all += &format!("{:#?}", self.store().session((*id).clone()).await.unwrap());
        }
        for euicc in euiccs {
            all += &format!("{:?}", self.store().notifications(euicc.eid).await.unwrap());
        }
        all
    }

    pub async fn opened(&self, euicc: &Euicc) -> InitiateAuthenticationOkEs9 {
        self.smdp.initiate_authentication(euicc.initiate()).await.unwrap()
    }

    /// A whole new session up to the answer of AuthenticateClient.
    pub async fn try_offer(
        &self,
        euicc: &Euicc,
        matching_id: Option<&str>,
    ) -> Result<AuthenticateClientOk, Refusal> {
        let initiated = self.opened(euicc).await;
        self.smdp.authenticate_client(euicc.authenticate(&initiated, matching_id)).await
    }

    pub async fn offered(&self, euicc: &Euicc, matching_id: &str) -> Offered {
        let initiated = self.opened(euicc).await;
        let request = euicc.authenticate(&initiated, Some(matching_id));
        let offer = self.smdp.authenticate_client(request.clone()).await.unwrap();
        Offered { initiated, request, offer }
    }

    /// A whole new session up to the answer of GetBoundProfilePackage.
    pub async fn delivered(&self, euicc: &Euicc, matching_id: &str, key: &OneTimeKey) -> Delivered {
        let Offered { offer, .. } = self.offered(euicc, matching_id).await;
        let answer = self.smdp.get_bound_profile_package(euicc.prepare(&offer, key)).await.unwrap();
        Delivered { offer, answer }
    }
}

/// A session after AuthenticateClient.
pub struct Offered {
    pub initiated: InitiateAuthenticationOkEs9,
    pub request: AuthenticateClientRequest,
    pub offer: AuthenticateClientOk,
}

impl Offered {
    pub fn transaction_id(&self) -> &TransactionId {
        &self.offer.transaction_id
    }
}

/// A session after GetBoundProfilePackage.
pub struct Delivered {
    pub offer: AuthenticateClientOk,
    pub answer: GetBoundProfilePackageOk,
}

impl Delivered {
    pub fn transaction_id(&self) -> &TransactionId {
        &self.offer.transaction_id
    }

    pub fn package(&self) -> &[u8] {
        self.answer.bound_profile_package.raw()
    }
}
