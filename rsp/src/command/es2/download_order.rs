//! `rsp es2 download-order`.

use anyhow::Result;
use asn1::Iccid;
use clap::Args;
use protocol::es2plus::{DownloadOrder, Function};
use protocol::types::Eid;

use super::connection::{Call, Connection};
use crate::command::TraceArguments;

#[derive(Args)]
pub struct Order {
    /// The profile …
    #[arg(long)]
    iccid: Option<Iccid>,
    /// … or any of this type; with --iccid the type that the profile has to be of
    #[arg(long, value_name = "TYPE")]
    profile_type: Option<String>,
    /// The eUICC, where it is known already
    #[arg(long)]
    eid: Option<Eid>,
    #[command(flatten)]
    connection: Connection,
}

impl Order {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let order = DownloadOrder { eid: self.eid, iccid: self.iccid, profile_type: self.profile_type };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.download_order(&header, &order).await;
        let fields = outcome.map(|answer| vec![("iccid", answer.iccid.to_string())]);
        reporter.tell(Function::DownloadOrder.name(), fields)
    }
}
