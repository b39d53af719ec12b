//! How an SM-DP+ reaches the SM-DSs at which it registers events.

use std::sync::Arc;

use anyhow::{Context, Result};
use certs::Role;
use certs::tree::Pki;
use protocol::clock::Clock;
use protocol::es2plus::{CallHeader, StatusData};
use protocol::es12::{DeleteEvent, RegisterEvent};
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use smdp::smds::{EventSender, Outcome};
use wire::es12::{Client, ClientError};
use wire::transport::TransportError;

use super::smds::es12_client;
use crate::config::SmdsAccess;

/// ES12 of each SM-DS.
pub struct SmdsClients(Vec<(ServerAddress, Client)>);

impl SmdsClients {
    /// With CERT.DP.TLS, towards SM-DSs under the CIs of the same PKI.
    pub fn to(servers: &[SmdsAccess], pki: &Pki, clock: &Arc<dyn Clock>, tracer: &Tracer) -> Result<Self> {
        let client = |smds: &SmdsAccess| {
            let client = es12_client(smds.es12(), pki, Role::DpTls, clock, tracer);
            let client = client.with_context(|| format!("smds.server {}", smds.address))?;
            Ok((smds.address.clone(), client))
        };
        Ok(Self(servers.iter().map(client).collect::<Result<_>>()?))
    }

    fn client(&self, smds: &ServerAddress) -> Option<&Client> {
        self.0.iter().find(|(address, _)| address == smds).map(|(_, client)| client)
    }
}

impl EventSender for SmdsClients {
    async fn register(&self, smds: &ServerAddress, header: CallHeader, event: RegisterEvent) -> Outcome {
        match self.client(smds) {
            Some(client) => outcome(client.register_event(&header, &event).await),
            None => unknown_here(),
        }
    }

    async fn delete(&self, smds: &ServerAddress, header: CallHeader, event: DeleteEvent) -> Outcome {
        match self.client(smds) {
            Some(client) => outcome(client.delete_event(&header, &event).await),
            None => unknown_here(),
        }
    }
}

/// The configuration may have changed since the order came; another node may know it.
fn unknown_here() -> Outcome {
    Outcome::NotReached("this node is not configured for it".to_owned())
}

fn outcome(called: Result<(), ClientError>) -> Outcome {
    let Err(error) = called else { return Outcome::Done };
    match error {
        ClientError::Refused { status } => Outcome::Refused(StatusData {
            subject_code: status.subject_code,
            reason_code: status.reason_code,
            message: status.message,
        }),
        error if error.may_have_been_executed() => Outcome::Unknown(error.to_string()),
        error if is_not_admitted(&error) => Outcome::NotAdmitted(error.to_string()),
        error => Outcome::NotReached(error.to_string()),
    }
}

/// The SM-DS ends TLS over our certificate, or answers that who comes with it may not call.
fn is_not_admitted(error: &ClientError) -> bool {
    match error {
        ClientError::HttpStatus { status, .. } => [401, 403].contains(&status.as_u16()),
        ClientError::Transport(TransportError::Tls { why, .. }) => {
            let why = why.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            matches!(why, Some(rustls::Error::AlertReceived(_)))
        }
        _ => false,
    }
}
