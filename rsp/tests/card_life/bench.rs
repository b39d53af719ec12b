//! Cards on the bench.

use std::path::Path;

use euicc_sim::state::{CardState, sealed};
use serde_json::Value;

use crate::common::Bench;

/// The profile that [`with_profile`] downloads.
pub const ICCID: &str = "8988211000000000017";

/// A bench with a card.
pub fn with_card() -> Bench {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    bench
}

/// A bench with a card on which a profile is enabled, of which a notification waits.
pub fn with_profile() -> Bench {
    let bench = with_card();
    bench.write("orders.toml", include_str!("../../../examples/orders.toml"));
    let server = bench.serve(&["--address", "localhost:8443"]);
    let route = format!("localhost={}", server.address);
    let code = "LPA:1$localhost:8443$FIRST-1";
    bench.rsp_ok(&[
        "lpa", "--card", "card", "--ci", "pki", "--route", &route, "download", "--yes", "--ac", code,
    ]);
    bench.rsp_ok(&["lpa", "--card", "card", "enable", ICCID]);
    bench
}

pub fn state(path: &Path) -> CardState {
    sealed::read(&std::fs::read(path).unwrap()).unwrap()
}

/// What `rsp card inspect --json` tells.
pub fn report(bench: &Bench, more: &[&str]) -> Value {
    serde_json::from_str(&bench.rsp_ok(&[&["card", "inspect", "card", "--json"], more].concat())).unwrap()
}
