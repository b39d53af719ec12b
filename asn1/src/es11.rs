//! ES11 (SGP.22 §5.8): the LPA asks an SM-DS for events. The requests and `initiateAuthentication`'s response are those of
//! ES9+.

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::Unknown;
use crate::types::{AuthenticateClientErrorEs11, TransactionId};

/// `AuthenticateClientResponseEs11` `BF40` (SGP.22 §5.8.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 64)))]
pub enum AuthenticateClientResponseEs11 {
    /// `authenticateClientOk`.
    #[rasn(tag(0))]
    AuthenticateClientOk(AuthenticateClientOkEs11),
    /// `authenticateClientError`.
    #[rasn(tag(1))]
    AuthenticateClientError(AuthenticateClientErrorEs11),
}

/// `AuthenticateClientOkEs11` (SGP.22 §5.8.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuthenticateClientOkEs11 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `eventEntries`: all pending events of this eUICC, or the one asked for.
    #[rasn(tag(1))]
    pub event_entries: Vec<EventEntries>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EventEntries`: one event (SGP.22 §5.8.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventEntries {
    /// `eventId`: becomes the `matchingId` at the server named.
    #[rasn(tag(0))]
    pub event_id: String,
    /// `rspServerAddress`, an FQDN: an SM-DP+ or another SM-DS.
    #[rasn(tag(1))]
    pub rsp_server_address: String,
    /// Members of later versions.
    pub unknown: Unknown,
}
