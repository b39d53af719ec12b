//! `rsp es12`: an SM-DP+ or an Alternative SM-DS, as it calls an SM-DS over ES12 or ES15 (SGP.22 §5.9, §5.10).

mod connection;

use anyhow::Result;
use clap::{Args, Subcommand};
use protocol::es12::{DeleteEvent, Function, RegisterEvent};
use protocol::types::{Eid, EventId, ServerAddress};

use self::connection::{Call, Connection};
use super::TraceArguments;

#[derive(Subcommand)]
pub enum Es12 {
    /// Register an event (SGP.22 §5.9.1)
    RegisterEvent(Register),
    /// Delete an event (SGP.22 §5.9.2)
    DeleteEvent(Delete),
}

#[derive(Args)]
pub struct Register {
    /// The eUICC
    #[arg(long)]
    eid: Eid,
    /// The caller's name for the event, never used before
    #[arg(long, value_name = "ID")]
    event_id: EventId,
    /// Where the LPA finds the event: an SM-DP+, or an Alternative SM-DS
    #[arg(long, value_name = "HOST[:PORT]")]
    rsp_server_address: ServerAddress,
    /// forwardingIndicator false: an Alternative SM-DS does not register it at its Root
    #[arg(long)]
    no_forwarding: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Args)]
pub struct Delete {
    /// The eUICC
    #[arg(long)]
    eid: Eid,
    /// The caller's name for the event
    #[arg(long, value_name = "ID")]
    event_id: EventId,
    #[command(flatten)]
    connection: Connection,
}

impl Es12 {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        match self {
            Self::RegisterEvent(register) => register.run(trace).await,
            Self::DeleteEvent(delete) => delete.run(trace).await,
        }
    }
}

impl Register {
    async fn run(self, trace: &TraceArguments) -> Result<()> {
        let event = RegisterEvent {
            eid: self.eid,
            rsp_server_address: self.rsp_server_address,
            event_id: self.event_id,
            forwarding_indicator: !self.no_forwarding,
        };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.register_event(&header, &event).await;
        reporter.tell(Function::RegisterEvent.name(), outcome.map(|()| Vec::new()))
    }
}

impl Delete {
    async fn run(self, trace: &TraceArguments) -> Result<()> {
        let event = DeleteEvent { eid: self.eid, event_id: self.event_id };
        let Call { client, header, reporter } = self.connection.open(trace)?;
        let outcome = client.delete_event(&header, &event).await;
        reporter.tell(Function::DeleteEvent.name(), outcome.map(|()| Vec::new()))
    }
}
