//! What the tests share.

#![allow(clippy::print_stdout, reason = "a skipped test says why")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};

use certs::{
    Certificate, Identity, Role, UnixTime,
    tree::Tree,
    workshop::{Description, Holder, Plan, Workshop},
};
use crypto::Curve;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// The EID of the published test eUICC.
pub const EID: [u8; 16] =
    [0x89, 0x04, 0x90, 0x32, 0x12, 0x34, 0x51, 0x23, 0x45, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x35];

/// 2026-09-21: within the validity of every published certificate, the TLS ones included.
pub const NOW: UnixTime = UnixTime(1_790_000_000);

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn plan() -> Plan {
    Plan {
        eid: EID,
        dp_hosts: ["smdp.example.com", "localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec(),
        ds_hosts: vec!["*.smds.example.com".to_owned()],
    }
}

pub fn made_tree(seed: u64) -> Tree {
    Workshop::new(NOW, &mut rng(seed)).tree(&plan()).unwrap()
}

/// The published SGP.26 tree from the reference data, or `None` with a word on why the test is skipped.
pub fn published_tree() -> Option<Tree> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/sgp26");
    if !root.is_dir() {
        println!("skipped: no reference data in ../shared/data/sgp26");
        return None;
    }
    let mut tree = Tree::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path: PathBuf = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            tree.insert(name, std::fs::read(&path).unwrap());
        }
    }
    Some(tree)
}

/// A small PKI whose certificates can be made anew with one thing changed.
pub struct Bench {
    rng: ChaCha20Rng,
    pub ci: Identity,
    pub eum: Identity,
    pub euicc: Identity,
}

impl Bench {
    pub fn new(curve: Curve) -> Bench {
        let mut rng = rng(7);
        let mut workshop = Workshop::new(NOW, &mut rng);
        let ci = workshop.certificate_issuer(curve).unwrap();
        let eum = workshop.issue(&ci, &Holder::Eum(&["89049032"])).unwrap();
        let euicc = workshop.issue(&eum, &Holder::Euicc(&EID)).unwrap();
        Bench { rng, ci, eum, euicc }
    }

    pub fn workshop(&mut self) -> Workshop<'_> {
        Workshop::new(NOW, &mut self.rng)
    }

    /// A certificate as good as the workshop's but for what `change` does to it. It holds the given identity's key.
    pub fn changed(
        &mut self,
        issuer: &Identity,
        holder: &Holder<'_>,
        key: &Identity,
        change: impl FnOnce(&mut Description),
    ) -> Vec<u8> {
        let mut description =
            self.workshop().describe(issuer.certificate(), holder, key.key().public_key()).unwrap();
        change(&mut description);
        description.sign(issuer.key()).unwrap()
    }
}

pub fn hosts() -> Vec<String> {
    vec!["smdp.example.com".to_owned()]
}

/// Every role below the Certificate Issuer that a server has.
pub const SERVER_ROLES: [Role; 5] = [Role::DpAuth, Role::DpPb, Role::DpTls, Role::DsAuth, Role::DsTls];

pub fn server_holder(role: Role, hosts: &[String]) -> Holder<'_> {
    match role {
        Role::DpTls | Role::DsTls => Holder::Tls(role, hosts),
        _ => Holder::Server(role),
    }
}

pub fn parse(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}
