//! `rsp smds`.

mod check_config;
mod events;
mod serve;

use anyhow::Result;
use clap::Subcommand;

use super::TraceArguments;

#[derive(Subcommand)]
pub enum Smds {
    /// Serve LPAs (ES11), SM-DP+s and Alternative SM-DSs (ES12, ES15), and administrators where asked to
    Serve(Box<serve::Serve>),
    /// Say what `serve` would do with this configuration, or what is wrong with it
    CheckConfig(Box<check_config::CheckConfig>),
    /// List the events of a store
    Events(events::Events),
}

impl Smds {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        if !matches!(self, Self::Serve(_)) {
            trace.nothing_to_tell()?;
        }
        match self {
            Self::Serve(serve) => serve.run(trace).await,
            Self::CheckConfig(check) => check.run(),
            Self::Events(events) => events.run().await,
        }
    }
}
