//! `rsp es2 cancel-order`.

use anyhow::Result;
use asn1::Iccid;
use clap::{Args, ValueEnum};
use protocol::es2plus::{CancelOrder, FinalProfileStatus, Function};
use protocol::types::Eid;

use super::connection::{Call, Connection};
use crate::command::TraceArguments;
use crate::command::answer::Fields;

#[derive(Args)]
pub struct Cancel {
    /// The profile
    #[arg(long)]
    iccid: Iccid,
    /// The eUICC that the order is linked to, if it is
    #[arg(long)]
    eid: Option<Eid>,
    /// The MatchingID of the order, if it has one
    #[arg(long, value_name = "ID")]
    matching_id: Option<String>,
    /// What becomes of the profile
    #[arg(long, value_enum)]
    final_status: FinalStatus,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Clone, Copy, ValueEnum)]
enum FinalStatus {
    /// It can be ordered again
    Available,
    /// It is never used again
    Unavailable,
}

impl Cancel {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let order = CancelOrder {
            iccid: self.iccid,
            eid: self.eid,
            matching_id: self.matching_id,
            final_profile_status: match self.final_status {
                FinalStatus::Available => FinalProfileStatus::Available,
                FinalStatus::Unavailable => FinalProfileStatus::Unavailable,
            },
        };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.cancel_order(&header, &order).await;
        reporter.tell(Function::CancelOrder.name(), outcome.map(|()| Fields::new()))
    }
}
