//! `rsp smds check-config`.

use anyhow::Result;
use clap::Args;

use super::serve::Prepared;
use crate::config::smds::{ServeFlags, Settings};
use crate::config::{StoreChoice, shown};

#[derive(Args)]
pub struct CheckConfig {
    #[command(flatten)]
    flags: ServeFlags,
}

impl CheckConfig {
    /// Reads everything that `serve` reads, and opens nothing: no store, no port.
    pub fn run(self) -> Result<()> {
        let settings = Settings::resolve(self.flags)?;
        Prepared::of(&settings)?;
        print(&settings);
        Ok(())
    }
}

/// Everything but secrets.
fn print(settings: &Settings) {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    println!("certificates     {}", settings.certs.display());
    println!("ES11             {}", settings.listen);
    match &settings.address {
        Some(address) => println!("address          {address}"),
        None => println!("address          localhost with the port of ES11"),
    }
    println!("ES12             {}", settings.es12);
    let callers: Vec<String> = settings.callers.iter().map(ToString::to_string).collect();
    let everybody = "every SM-DP+ and SM-DS under a CI of the certificates".to_owned();
    println!("callers          {}", if callers.is_empty() { everybody } else { callers.join(", ") });
    match &settings.root {
        Some(root) => {
            let patience = settings.limits.root_patience.as_secs();
            println!("root             {root}, {patience} s for an answer: this is an Alternative SM-DS");
        }
        None => println!("root             none: this is a Root SM-DS"),
    }
    println!("management       {}", or_none(settings.management.as_ref().map(ToString::to_string)));
    match &settings.store {
        StoreChoice::Sqlite(path) => println!("store            SQLite, {}", path.display()),
        StoreChoice::Postgres(_) => println!("store            PostgreSQL"),
    }
    println!("session          {} s", settings.limits.session_seconds);
    println!("event            {}", or_none(settings.limits.event_days.map(|days| format!("{days} days"))));
    let kept =
        settings.retention.ended_events.map(|kept| format!("{} days", kept.as_secs() / (24 * 60 * 60)));
    println!("used EventIDs    known {}", kept.unwrap_or_else(|| "for ever".to_owned()));
    for (name, limit) in shown(&settings.wire) {
        println!("{name:<16} {limit}");
    }
    println!("body             {} bytes", settings.wire.body);
    let rate =
        settings.wire.requests_per_second.map(|rate| format!("{rate} requests a second for an address"));
    println!("rate             {}", or_none(rate));
}
