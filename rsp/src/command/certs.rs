//! `rsp certs`.

mod operator;

use std::path::PathBuf;

use anyhow::{Context, Result};
use certs::tree::{self, Pki};
use certs::workshop::{Holder, Plan, Workshop};
use certs::{Role, UnixTime};
use clap::{Args, Subcommand};
use crypto::Engine;
use protocol::types::Eid;

use crate::io::{folder, machine};

/// The EID of the SGP.26 test eUICC.
pub const TEST_EID: &str = "89049032123451234512345678901235";

#[derive(Subcommand)]
pub enum Certs {
    /// A whole test PKI on both curves: CI, EUM, eUICC, SM-DP+, SM-DS
    Make(Make),
    /// A copy of a PKI with new TLS certificates of the SM-DP+ for other hosts; needs the CI's keys
    Tls(Tls),
    /// A key and a TLS certificate with which an operator calls ES2+, and the lines by which an SM-DP+ knows it
    Operator(operator::Operator),
}

#[derive(Args)]
pub struct Make {
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Host names and IP addresses of the SM-DP+, one name at least
    #[arg(long = "host", value_name = "HOST", default_values = ["localhost", "127.0.0.1"])]
    hosts: Vec<String>,
    /// Host names and IP addresses of the SM-DS
    #[arg(long = "ds-host", value_name = "HOST", default_values = ["localhost", "127.0.0.1"])]
    ds_hosts: Vec<String>,
    /// The EID of the eUICC
    #[arg(long, default_value = TEST_EID)]
    eid: Eid,
    /// Make the same certificates each time, valid from 2026 on
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Args)]
pub struct Tls {
    /// The PKI to copy, such as the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Host names and IP addresses of the SM-DP+, one name at least
    #[arg(long = "host", value_name = "HOST", default_values = ["localhost", "127.0.0.1"])]
    hosts: Vec<String>,
}

impl Certs {
    pub fn run(self) -> Result<()> {
        match self {
            Self::Make(make) => make.run(),
            Self::Tls(tls) => tls.run(),
            Self::Operator(operator) => operator.run(),
        }
    }
}

impl Make {
    fn run(self) -> Result<()> {
        let (mut rng, clock) = match self.seed {
            Some(seed) => (machine::seeded_rng(seed, 1), machine::fixed_clock()),
            None => (machine::system_rng()?, machine::system_clock()),
        };
        let mut workshop = Workshop::new(UnixTime(clock.now().unix_seconds()), &mut rng);
        let plan = Plan { eid: *self.eid.as_bytes(), dp_hosts: self.hosts, ds_hosts: self.ds_hosts };
        let tree = workshop.tree(&plan).context("cannot make the certificates")?;
        folder::write(&tree, &self.out)?;
        println!("{} files in {}", tree.len(), self.out.display());
        Ok(())
    }
}

impl Tls {
    fn run(self) -> Result<()> {
        let mut tree = folder::read(&self.from)?;
        let pki = Pki::from_tree(&tree)?;
        let mut rng = machine::system_rng()?;
        let now = machine::system_clock().now();
        let mut workshop = Workshop::new(UnixTime(now.unix_seconds()), &mut rng);
        for chain in pki.chains() {
            let issuer = chain.identity(Role::Ci, Engine::RustCrypto)?;
            let tls = workshop.issue(&issuer, &Holder::Tls(Role::DpTls, &self.hosts))?;
            tree::insert(&mut tree, chain.variant(), chain.curve(), Role::DpTls, &tls)?;
        }
        folder::write(&tree, &self.out)?;
        println!("{} files in {}", tree.len(), self.out.display());
        Ok(())
    }
}
