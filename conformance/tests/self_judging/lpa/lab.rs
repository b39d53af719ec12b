//! Servers of the judge on this machine, and cards of their PKI.

use std::sync::Arc;
use std::time::Duration;

use certs::UnixTime;
use certs::tree::Pki;
use certs::workshop::{Plan, Workshop};
use conformance::lpa::driver::Driver;
use conformance::lpa::run::Judge;
use conformance::lpa::situation::Server;
use conformance::lpa::stage::{Certificates, Listeners, Stage};
use conformance::random::Seed;
use crypto::Curve;
use euicc_sim::{Environment, InMemory};
use protocol::clock::{Clock, FixedClock, Timestamp};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rustls::ClientConfig;
use tokio::sync::watch;

/// Three labels, so that a wildcard can be too high for it. DNS is not asked.
pub const HOST: &str = "smdp.judge.example";
const NOW: i64 = 1_795_318_860;

/// The stage of the judge, and what an LPA needs to come there.
pub struct Lab {
    pub stage: Arc<Stage>,
    pki: Pki,
    /// Keeps the servers at work.
    _stop: watch::Sender<bool>,
}

impl Lab {
    pub async fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let hosts = vec![HOST.to_owned()];
        let eid = *b"\x89\x04\x90\x32\x12\x34\x51\x23\x45\x12\x34\x56\x78\x90\x12\x35";
        let plan = Plan { eid, dp_hosts: hosts.clone(), ds_hosts: hosts.clone() };
        let tree = Workshop::new(UnixTime(NOW), &mut rng).tree(&plan).unwrap();
        let pki = Pki::from_tree(&tree).unwrap();

        let any = "127.0.0.1:0".parse().unwrap();
        let listeners = Listeners::bind(any, any).await.unwrap();
        let addresses = listeners.addresses(HOST).unwrap();
        let certificates = Certificates::new(&pki, &hosts, &mut rng).unwrap();
        let stage = Stage::new(certificates, addresses, clock());
        let (stop, stopped) = watch::channel(false);
        let servers = stage.clone();
        tokio::spawn(async move { servers.run(listeners, stopped).await.unwrap() });
        Self { stage, pki, _stop: stop }
    }

    pub fn judge<D: Driver>(&self, driver: D) -> Judge<D> {
        Judge { stage: self.stage.clone(), driver, seed: Seed(1), patience: Duration::from_secs(60) }
    }

    /// A card fresh from its maker.
    pub fn card(&self) -> Card {
        let environment = Environment {
            rng: Box::new(ChaCha20Rng::seed_from_u64(2)),
            clock: clock(),
            tracer: Tracer::off(Actor::Euicc),
            memory: Box::new(InMemory::default()),
        };
        let state = euicc_sim::state::manufacture(&self.pki, &[Curve::P256]).unwrap();
        Card(euicc_sim::Card::power_on(state, environment).unwrap())
    }

    /// A client that trusts the CI on P-256.
    pub fn tls(&self) -> Arc<ClientConfig> {
        wire::tls::client_config(self.roots(), clock()).unwrap()
    }

    pub fn roots(&self) -> Vec<Vec<u8>> {
        let chain = self.pki.chain(certs::Variant::O, Curve::P256).unwrap();
        vec![chain.certificate(certs::Role::Ci).unwrap().raw().to_vec()]
    }

    pub fn address(&self, server: Server) -> String {
        self.stage.addresses.of(server).to_string()
    }
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW)))
}

/// The simulated card behind the port that LPAs drive.
pub struct Card(pub euicc_sim::Card);

impl lpa::Card for Card {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, lpa::CardError> {
        Ok(self.0.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, lpa::CardError> {
        Ok(self.0.reset().to_vec())
    }
}
