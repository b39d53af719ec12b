//! `rsp es2`: an operator, as it calls an SM-DP+ over ES2+ (SGP.22 §5.3) and as it is told of downloads.

mod cancel_order;
mod confirm_order;
mod connection;
mod download_order;
mod listen;
mod release_profile;

use anyhow::Result;
use clap::Subcommand;

use super::TraceArguments;

pub use connection::private_key;

#[derive(Subcommand)]
pub enum Es2 {
    /// Reserve a profile (SGP.22 §5.3.1)
    DownloadOrder(download_order::Order),
    /// Say how the order will be found, and get its activation code (SGP.22 §5.3.2)
    ConfirmOrder(confirm_order::Confirm),
    /// Take an order back (SGP.22 §5.3.3)
    CancelOrder(cancel_order::Cancel),
    /// Let the profile be downloaded (SGP.22 §5.3.4)
    Release(release_profile::Release),
    /// Take what the SM-DP+ tells of downloads, HandleDownloadProgressInfo (SGP.22 §5.3.5)
    Listen(listen::Listen),
}

impl Es2 {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        match self {
            Self::DownloadOrder(order) => order.run(trace).await,
            Self::ConfirmOrder(confirm) => confirm.run(trace).await,
            Self::CancelOrder(cancel) => cancel.run(trace).await,
            Self::Release(release) => release.run(trace).await,
            Self::Listen(listen) => listen.run(trace).await,
        }
    }
}
