//! `rsp smdp`.

mod backup;
mod catalogue;
mod check_config;
mod import;
mod orders;
mod serve;

use anyhow::Result;
use clap::Subcommand;

use super::TraceArguments;

pub use orders::activation_code;

#[derive(Subcommand)]
pub enum Smdp {
    /// Serve LPAs (ES9+), and operators (ES2+) and administrators where asked to
    Serve(Box<serve::Serve>),
    /// Say what `serve` would do with this configuration, or what is wrong with it
    CheckConfig(Box<check_config::CheckConfig>),
    /// List the orders of a store
    Orders(orders::Orders),
    /// Take profiles into the inventory: packages, a directory of them, or a CSV of subscribers for a template
    Import(Box<import::Import>),
    /// Write everything of a store into a file, also while a server works with it
    Backup(backup::Backup),
    /// Fill an empty store from such a file
    Restore(backup::Restore),
}

impl Smdp {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        if !matches!(self, Self::Serve(_)) {
            trace.nothing_to_tell()?;
        }
        match self {
            Self::Serve(serve) => serve.run(trace).await,
            Self::CheckConfig(check) => check.run(),
            Self::Orders(orders) => orders.run().await,
            Self::Import(import) => import.run().await,
            Self::Backup(backup) => backup.run().await,
            Self::Restore(restore) => restore.run().await,
        }
    }
}
