//! The certificate chains of the judge: good ones are good to `certs::chain` and to OpenSSL, and every defect makes the one
//! difference that it says, which is refused for the reason that it says.
#![cfg(test)]

mod client;
mod directory;
mod euicc;
mod names;
mod one_thing;
mod openssl;
mod repeated;
mod server;
mod tls;

use certs::workshop::{Plan, Workshop};
use certs::{UnixTime, tree::Tree};
use conformance::pki::Authority;
use conformance::random::Seed;
use crypto::Curve;
use rand_chacha::ChaCha20Rng;

/// 2026-09-21: within the validity of everything good, the published certificates included.
const NOW: UnixTime = UnixTime(1_790_000_000);

/// The EID of the published test eUICC.
const EID: [u8; 16] =
    [0x89, 0x04, 0x90, 0x32, 0x12, 0x34, 0x51, 0x23, 0x45, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x35];

fn rng() -> ChaCha20Rng {
    Seed(5).named("chains")
}

fn authority(curve: Curve) -> Authority {
    Authority::new_own(curve, &mut Seed(5).named("authority")).unwrap()
}

fn hosts() -> Vec<String> {
    ["smdp.judge.example.com", "127.0.0.1"].map(str::to_owned).to_vec()
}

/// A whole directory of certificates and keys.
fn tree() -> Tree {
    let plan = Plan { eid: EID, dp_hosts: hosts(), ds_hosts: hosts() };
    Workshop::new(NOW, &mut Seed(5).named("tree")).tree(&plan).unwrap()
}
