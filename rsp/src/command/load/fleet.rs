//! The eUICCs of a run.

use std::path::PathBuf;

use anyhow::{Context, Result};
use benches::load::fleet::Fleet;
use certs::tree::Pki;
use certs::workshop::Factory;
use certs::{Role, UnixTime, Variant};
use clap::Args;
use crypto::{Curve, Engine};
use rand_core::Rng;

use crate::command::CurveName;
use crate::io::{folder, machine};

#[derive(Args)]
#[command(next_help_heading = "The eUICCs")]
pub struct FleetArguments {
    /// The certificates of their EUM and its CI, with the private key of the EUM: a folder as `rsp certs make` makes it, or the
    /// published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// How many take turns [default: as many as there may be connections, so that none is in two sessions at once, and 100 at
    /// least]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    euiccs: Option<u64>,
    /// The curve of their keys
    #[arg(long, value_enum, default_value = "nist")]
    curve: CurveName,
}

impl FleetArguments {
    pub fn pki(&self) -> Result<Pki> {
        Pki::from_tree(&folder::read(&self.certs)?).with_context(|| self.certs.display().to_string())
    }

    /// Makes them, each with keys and a certificate of its own.
    pub fn manufacture(&self, pki: &Pki, connections: usize) -> Result<Fleet> {
        /// An eUICC seldom comes back soon.
        const LEAST: u64 = 100;
        let curve = Curve::from(self.curve);
        let chain = pki.chain(Variant::O, curve);
        let chain =
            chain.with_context(|| format!("{} has no certificates on {curve}", self.certs.display()))?;
        let eum = chain.identity(Role::Eum, Engine::RustCrypto);
        let eum = eum.with_context(|| format!("no eUICCs without an EUM in {}", self.certs.display()))?;
        let factory = Factory::new(vec![eum])?;
        let mut seed = [0; 32];
        machine::system_rng()?.fill_bytes(&mut seed);
        let now = UnixTime(machine::system_clock().now().unix_seconds());
        let number = self.euiccs.unwrap_or(LEAST.max(connections as u64));
        Fleet::manufacture(&factory, number, now, seed)
    }
}
