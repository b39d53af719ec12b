//! `rsp smdp check-config`.

use anyhow::{Context, Result};
use clap::Args;
use crypto::Engine;
use protocol::smdp_session::Identities;
use smdp::Smds;

use super::serve::Prepared;
use crate::compose::events::SmdsClients;
use crate::compose::operators::Reports;
use crate::compose::store;
use crate::config::{Recognition, ServeFlags, Settings, StoreChoice, shown};
use crate::io::machine;

#[derive(Args)]
pub struct CheckConfig {
    #[command(flatten)]
    flags: ServeFlags,
}

impl CheckConfig {
    /// Reads everything that `serve` reads, and opens nothing: no store, no port.
    pub fn run(self) -> Result<()> {
        let settings = Settings::resolve(self.flags)?;
        let prepared = Prepared::of(&settings)?;
        Identities::from_pki(&prepared.pki, Engine::AwsLc, Engine::AwsLc)
            .context("server.certs: they cannot serve an SM-DP+")?;
        let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Smdp);
        let clock = machine::system_clock();
        Reports::to(&settings.operators, &prepared.pki, &clock, &tracer)?;
        SmdsClients::to(&settings.smds_access, &prepared.pki, &clock, &tracer)?;
        if let Some(seed) = &settings.seed {
            smdp::seed::read(seed)?;
        }
        let key_is_made = matches!(&settings.store.choice, StoreChoice::Sqlite(path) if !path.exists());
        if !key_is_made || settings.store.key_file.is_some() {
            store::key(&settings.store, false)?;
        }
        print(&settings);
        Ok(())
    }
}

/// Everything but secrets.
fn print(settings: &Settings) {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    println!("certificates     {}", settings.certs.display());
    println!("ES9+             {}", settings.listen);
    match &settings.address {
        Some(address) => println!("address          {address}"),
        None => println!("address          localhost with the port of ES9+"),
    }
    println!("ES2+             {}", or_none(settings.es2plus.map(|address| address.to_string())));
    println!("error catalogue  {}", if settings.catalogue.is_some() { "open" } else { "closed" });
    println!("management       {}", or_none(settings.management.as_ref().map(ToString::to_string)));
    match &settings.store.choice {
        StoreChoice::Sqlite(path) => println!("store            SQLite, {}", path.display()),
        StoreChoice::Postgres(_) => println!("store            PostgreSQL"),
    }
    let limits = &settings.limits;
    println!("download tries   {}", limits.download_attempts);
    println!("code tries       {}", limits.confirmation_code_attempts);
    println!("session          {} s", limits.session_seconds);
    println!("order            {}", or_none(limits.order_days.map(|days| format!("{days} days"))));
    println!("rebinding        {:?}", settings.rebinding);
    for (name, limit) in shown(&settings.wire) {
        println!("{name:<16} {limit}");
    }
    println!("body             {} bytes", settings.wire.body);
    let rate =
        settings.wire.requests_per_second.map(|rate| format!("{rate} requests a second for an address"));
    println!("rate             {}", or_none(rate));
    for operator in &settings.operators {
        let known = match &operator.recognition {
            None => "may not call".to_owned(),
            Some(Recognition::Certificate(path)) => format!("certificate {}", path.display()),
            Some(Recognition::Sha256(_)) => "certificate by SHA-256".to_owned(),
            Some(Recognition::Oid { oid, authority }) => format!("{oid} under {}", authority.display()),
        };
        let reports = or_none(operator.report_to.clone());
        println!("operator         {}: {known}; reports to {reports}", operator.operator.name);
    }
    for smds in &settings.smds_access {
        println!("SM-DS            {}, ES12 at {}", smds.address, smds.es12());
    }
    if !settings.smds_access.is_empty() {
        let Smds { unreachable, wait, .. } = &settings.smds;
        println!("SM-DS missed     {unreachable:?}, after {} s", wait.as_secs());
    }
}
