//! `rsp es2 release`.

use anyhow::Result;
use asn1::Iccid;
use clap::Args;
use protocol::es2plus::{Function, ReleaseProfile};

use super::connection::{Call, Connection};
use crate::command::TraceArguments;
use crate::command::answer::Fields;

#[derive(Args)]
pub struct Release {
    /// The profile
    #[arg(long)]
    iccid: Iccid,
    #[command(flatten)]
    connection: Connection,
}

impl Release {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let release = ReleaseProfile { iccid: self.iccid };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.release_profile(&header, &release).await;
        reporter.tell(Function::ReleaseProfile.name(), outcome.map(|()| Fields::new()))
    }
}
