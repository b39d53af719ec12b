//! An SM-DP+ whose catalogue is open, with its doors, and cards that are new each time.

use std::sync::Arc;

use asn1::NotificationMetadata;
use certs::tree::Pki;
use certs::workshop::{Plan, Workshop};
use certs::{Role, UnixTime};
use crypto::{Curve, Engine};
use euicc_sim::state::manufacture;
use euicc_sim::{Environment, InMemory};
use lpa::card::{Card, CardError};
use lpa::download::{ConfirmationCode, Decision, Device, DownloadError, Downloaded, Offer, Request, User};
use lpa::{IsdR, Options};
use protocol::clock::{Clock, FixedClock, Timestamp};
use protocol::smdp_session::Identities;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::catalogue::{DOORS, Door, Entry, Way, take_orders};
use smdp::domain::ProfileState;
use smdp::store::{SqliteStore, Store};
use smdp::{Config, Parts, Smdp};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wire::es9plus::{Client, ClientError, Endpoint};
use wire::server::{Limits, serve};
use wire::tls::{PrivateKey, ServerTls, client_config, server_config};
use wire::transport::Route;

const HOST: &str = "smdp.example.com";
/// 2026-01-01, when every certificate is valid.
const NOW: i64 = 1_767_225_600;

pub struct Lab {
    pki: Pki,
    clock: Arc<dyn Clock>,
    smdp: Arc<Smdp<SqliteStore>>,
    /// The main port, then the doors.
    ports: Vec<Route>,
    /// A server ends when its own is dropped.
    _stop: Vec<oneshot::Sender<()>>,
}

/// The card in this process.
pub struct Simulated(euicc_sim::Card);

impl Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        Ok(self.0.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}

/// One who agrees or rejects, and knows the confirmation code of the catalogue.
pub struct Tester {
    pub decision: Decision,
}

impl User for Tester {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        self.decision
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        Some(ConfirmationCode::new(smdp::catalogue::CONFIRMATION_CODE))
    }
}

pub type Outcome = Result<Downloaded, Box<DownloadError<ClientError>>>;

fn rng(number: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(number)
}

impl Lab {
    pub async fn open() -> Self {
        let mut random = rng(1);
        let hosts = vec![HOST.to_owned()];
        let eid: protocol::types::Eid = "89049032123451234512345678901235".parse().unwrap();
        let plan = Plan { eid: *eid.as_bytes(), dp_hosts: hosts.clone(), ds_hosts: hosts };
        let pki = Pki::from_tree(&Workshop::new(UnixTime(NOW), &mut random).tree(&plan).unwrap()).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW)));
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        take_orders(&*store, clock.now()).await.unwrap();
        let mut config = Config::new(HOST.parse().unwrap());
        config.catalogue = true;
        let smdp = Arc::new(Smdp::new(Parts {
            config,
            identities: Identities::from_pki(&pki, Engine::RustCrypto, Engine::AwsLc).unwrap(),
            store,
            rng: Box::new(rng(2)),
            clock: clock.clone(),
            tracer: Tracer::off(Actor::Smdp),
            metrics: Arc::default(),
        }));
        let mut lab = Self { pki, clock, smdp: smdp.clone(), ports: Vec::new(), _stop: Vec::new() };
        lab.serve(Endpoint::new(smdp.clone(), Tracer::off(Actor::Smdp))).await;
        for code in DOORS {
            let door = Door::new(code, smdp.metrics().clone());
            lab.serve(Endpoint::new(door, Tracer::off(Actor::Smdp))).await;
        }
        lab
    }

    async fn serve(&mut self, endpoint: impl wire::server::Service) {
        let chain = self.pki.chains().find(|chain| chain.curve() == Curve::P256).unwrap();
        let identity = chain.identity(Role::DpTls, Engine::RustCrypto).unwrap();
        let key = PrivateKey::read("the key", identity.key().to_pem().unwrap().as_bytes()).unwrap();
        let tls = server_config([identity.certificate().raw().to_vec()], key).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        self.ports.push(Route { host: HOST.to_owned(), to: listener.local_addr().unwrap() });
        let (stop, stopped) = oneshot::channel::<()>();
        let tls = Some(ServerTls::from(tls));
        tokio::spawn(serve(listener, tls, endpoint, Limits::default(), async {
            let _ = stopped.await;
        }));
        self._stop.push(stop);
    }

    /// A client of the port that leads to an entry.
    pub fn client(&self, way: Way) -> Client {
        let port = match way {
            Way::Main => 0,
            Way::Door(number) => usize::from(number) + 1,
        };
        let roots = self.pki.chains().filter(|chain| chain.curve() == Curve::P256);
        let roots: Vec<Vec<u8>> =
            roots.map(|chain| chain.certificate(Role::Ci).unwrap().raw().to_vec()).collect();
        let tls = client_config(roots, self.clock.clone()).unwrap();
        Client::new(HOST.parse().unwrap(), tls, Tracer::off(Actor::Lpa)).with_route(self.ports[port].clone())
    }

    /// A card that nothing was ever installed on.
    pub fn card(&self, curve: Curve) -> IsdR<Simulated> {
        let environment = Environment {
            rng: Box::new(rng(3)),
            clock: self.clock.clone(),
            tracer: Tracer::off(Actor::Euicc),
            memory: Box::new(InMemory::default()),
        };
        let card = euicc_sim::Card::power_on(manufacture(&self.pki, &[curve]).unwrap(), environment).unwrap();
        IsdR::open(Simulated(card), Options::default(), Tracer::off(Actor::Lpa)).unwrap()
    }

    /// Downloads what an entry's activation code leads to.
    pub async fn download(&self, entry: &Entry, card: &mut IsdR<Simulated>, decision: Decision) -> Outcome {
        // The doors are told apart by the route: what is signed is the name without a port.
        let code = entry.activation_code(&HOST.parse().unwrap(), 8543);
        let code = protocol::activation_code::ActivationCode { smdp_address: HOST.parse().unwrap(), ..code };
        let device =
            Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: Default::default() };
        let request = Request::from_activation_code(code, device);
        lpa::download::download(card, &self.client(entry.way), &request, &mut Tester { decision }).await
    }

    /// Sends what waits on a card: what was delivered, and how many servers were not told.
    pub async fn notify(&self, card: &mut IsdR<Simulated>) -> (Vec<NotificationMetadata>, usize) {
        let connect = |_: &str| Ok::<_, ClientError>(self.client(Way::Main));
        let report = lpa::notifications::process(card, connect).await.unwrap();
        (report.delivered, report.undelivered.len())
    }

    /// What the SM-DP+ thinks of an entry's profile.
    pub async fn state(&self, entry: &Entry) -> ProfileState {
        let order = self.smdp.store().order_of_matching_id(entry.id.to_string()).await.unwrap();
        order.unwrap().state
    }
}
