//! Many cards below one EUM, and others who hold a certificate.

use std::sync::Arc;

use certs::tree::{self, Pki, Tree};
use certs::workshop::{Holder, Workshop};
use certs::{Identity, Role, UnixTime, Variant};
use crypto::{Curve, Engine};
use euicc_sim::state::{CardState, manufacture};
use euicc_sim::{Environment, InMemory};
use lpa::{CardError, IsdR, Options};
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::Now;
use crate::common::Bench;

/// The digits that the EUM of `rsp certs make` certifies.
const ISSUER_DIGITS: &str = "89049032";

/// A card in this process.
pub struct Simulated(euicc_sim::Card);

impl lpa::Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        Ok(self.0.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}

/// Powers a card up; what it draws follows from the seed.
pub fn power_on(state: CardState, seed: u64, tracer: Tracer) -> IsdR<Simulated> {
    let environment = Environment {
        rng: Box::new(ChaCha20Rng::seed_from_u64(seed)),
        clock: Arc::new(Now),
        tracer,
        memory: Box::new(InMemory::default()),
    };
    let card = Simulated(euicc_sim::Card::power_on(state, environment).unwrap());
    IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap()
}

/// Those who can certify, on both curves.
pub struct Issuers {
    tree: Tree,
}

impl Issuers {
    /// Those of the bench.
    pub fn of(bench: &Bench) -> Self {
        let folder = bench.path("pki");
        let mut tree = Tree::new();
        for role in std::fs::read_dir(&folder).unwrap() {
            for file in std::fs::read_dir(role.unwrap().path()).unwrap() {
                let file = file.unwrap().path();
                let name = file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
                tree.insert(name, std::fs::read(file).unwrap());
            }
        }
        Self { tree }
    }

    /// The files.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    pub fn identity(&self, curve: Curve, role: Role) -> Identity {
        let pki = Pki::from_tree(&self.tree).unwrap();
        pki.chain(Variant::O, curve).unwrap().identity(role, Engine::RustCrypto).unwrap()
    }

    /// CERT.CI on P-256, DER: what TLS clients trust.
    pub fn root(&self) -> Vec<u8> {
        self.identity(Curve::P256, Role::Ci).certificate().raw().to_vec()
    }

    /// A new card, the one with this number, with keys on one curve.
    pub fn card(&self, number: usize, curve: Curve) -> CardState {
        let thirty = format!("{ISSUER_DIGITS}{number:022}");
        let eid = certs::eid::with_check_digits(&thirty).unwrap();
        let euicc = self.issue(curve, Role::Eum, &Holder::Euicc(&eid), number as u64);
        let mut tree = self.tree.clone();
        tree::insert(&mut tree, Variant::O, curve, Role::Euicc, &euicc).unwrap();
        manufacture(&Pki::from_tree(&tree).unwrap(), &[curve]).unwrap()
    }

    /// A TLS certificate for this host.
    pub fn tls(&self, host: &str) -> Identity {
        self.issue(Curve::P256, Role::Ci, &Holder::Tls(Role::DpTls, &[host.to_owned()]), u64::MAX)
    }

    fn issue(&self, curve: Curve, issuer: Role, holder: &Holder<'_>, seed: u64) -> Identity {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let now = UnixTime(Now.now().unix_seconds());
        Workshop::new(now, &mut rng).issue(&self.identity(curve, issuer), holder).unwrap()
    }
}
