//! An event as an SM-DS tells it.

use asn1::EventEntries;
use protocol::types::{EventId, EventIdError, ServerAddress, ServerAddressError};
use thiserror::Error;

/// Something waits for this eUICC at a server (SGP.22 §5.8.2, EVENT_ENTRY). What the SM-DS wrote is kept as it is; whether
/// it makes sense shows when the event is processed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The EventID, which becomes the MatchingID.
    pub event_id: String,
    /// Where to ask: an SM-DP+ or another SM-DS.
    pub rsp_server_address: String,
    /// The SM-DSs by which it was found, the one that was asked first in front, the one that told it last.
    pub path: Vec<ServerAddress>,
}

/// Why an event cannot be processed by anybody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum MalformedEvent {
    /// rspServerAddress is no address.
    #[error("rspServerAddress is malformed: {0}")]
    Address(#[from] ServerAddressError),
    /// eventId is none. An empty one would ask the server for something else (SGP.22 §3.1.3 step 2, §3.6.2 step 1).
    #[error("eventId is malformed: {0}")]
    EventId(#[from] EventIdError),
}

/// Where an event leads.
pub(super) struct Target {
    pub address: ServerAddress,
    pub event_id: EventId,
}

impl Event {
    pub(super) fn told(entry: EventEntries, path: &[ServerAddress]) -> Self {
        let EventEntries { event_id, rsp_server_address, .. } = entry;
        Self { event_id, rsp_server_address, path: path.to_vec() }
    }

    pub(super) fn target(&self) -> Result<Target, MalformedEvent> {
        Ok(Target { address: self.rsp_server_address.parse()?, event_id: self.event_id.parse()? })
    }
}
