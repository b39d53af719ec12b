//! `rsp lpa`.

mod discover;
mod download;
mod network;
mod notifications;
mod port;
mod profiles;

use anyhow::Result;
use clap::{Args, Subcommand};
use protocol::trace::Actor;

pub use download::download;
pub use network::{Servers, ci_certificates, parse_route, tls_roots};
pub use notifications::send_notifications;

use super::TraceArguments;
use crate::io::machine;

#[derive(Args)]
pub struct Lpa {
    #[command(subcommand)]
    command: LpaCommand,
    #[command(flatten)]
    port: port::CardPort,
    #[command(flatten)]
    network: network::Network,
}

#[derive(Subcommand)]
enum LpaCommand {
    /// Download a profile
    Download(download::Download),
    /// Ask an SM-DS what waits for the card, and download it
    Discover(discover::Discover),
    /// List the profiles
    List,
    /// Enable a profile
    Enable(profiles::Change),
    /// Disable a profile
    Disable(profiles::Change),
    /// Delete a profile
    Delete {
        /// ICCID or ISD-P AID
        profile: lpa::profiles::ProfileId,
    },
    /// Give a profile a nickname; an empty one takes it away
    Nickname {
        /// ICCID or ISD-P AID
        profile: lpa::profiles::ProfileId,
        /// At most 64 characters
        nickname: asn1::ProfileNickname,
    },
    /// Show the notifications that wait, or deliver them
    Notifications {
        /// Send each to its server and remove it when it is acknowledged
        #[arg(long)]
        send: bool,
    },
    /// Show what the card says about itself
    Info,
}

impl Lpa {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let clock = machine::system_clock();
        let tracer = trace.tracer(Actor::Lpa, clock.clone())?;
        let mut isd_r = self.port.open(&tracer)?;
        let servers = || self.network.servers(clock, tracer);
        match self.command {
            LpaCommand::Download(download) => download.run(&mut isd_r, &servers()?).await?,
            LpaCommand::Discover(discover) => discover.run(&mut isd_r, &servers()?).await?,
            LpaCommand::List => profiles::list(&mut isd_r)?,
            LpaCommand::Enable(change) => change.enable(&mut isd_r)?,
            LpaCommand::Disable(change) => change.disable(&mut isd_r)?,
            LpaCommand::Delete { profile } => lpa::profiles::delete(&mut isd_r, &profile)?,
            LpaCommand::Nickname { profile, nickname } => {
                lpa::profiles::set_nickname(&mut isd_r, &profile, nickname)?;
            }
            LpaCommand::Notifications { send: false } => notifications::list(&mut isd_r)?,
            LpaCommand::Notifications { send: true } => send_notifications(&mut isd_r, &servers()?).await?,
            LpaCommand::Info => profiles::info(&mut isd_r)?,
        }
        isd_r.close()?;
        Ok(())
    }
}
