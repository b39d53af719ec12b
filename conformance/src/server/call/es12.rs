//! ES12 and ES15 (SGP.22 §5.9, §5.10): what an SM-DP+ or another SM-DS says of an event.

use std::fmt;

use protocol::es12::Function as Es12;

use super::told;
use crate::server::message::{Function, Message, Value};

/// How RegisterEvent is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Register {
    /// An event that is to be forwarded, as an SM-DP+ registers it (SGP.22 §3.6.1).
    Good,
    /// One that is not to be forwarded.
    NotForwarded,
    /// With the EventID of the last event.
    SameEventId,
    /// With the EventID of the last event, for another eUICC.
    SameEventIdForAnother,
    /// For another eUICC.
    ForAnother,
}

/// How DeleteEvent is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delete {
    /// The last event.
    Last,
    /// An event that there is not.
    Unknown,
}

/// Where the operation of every event is to be executed.
pub const RSP_SERVER: &str = "smdp.judge.example";

/// An EventID that nobody has used.
const UNKNOWN_EVENT: &str = "NO-SUCH-EVENT-0";

/// An event as a call names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// eid.
    pub eid: String,
    /// eventId.
    pub event_id: String,
}

impl Register {
    /// Whether it names an event that was there before.
    pub fn is_again(self) -> bool {
        matches!(self, Self::SameEventId | Self::SameEventIdForAnother)
    }

    /// Whether it is for another eUICC than that of the case.
    pub fn is_for_another(self) -> bool {
        matches!(self, Self::ForAnother | Self::SameEventIdForAnother)
    }

    /// The request.
    pub fn message(self, event: &Named) -> Message {
        let text = |text: &str| Value::Text(text.to_owned());
        let members = vec![
            ("eid", text(&event.eid)),
            ("rspServerAddress", text(RSP_SERVER)),
            ("eventId", text(&event.event_id)),
            ("forwardingIndicator", Value::Flag(self != Self::NotForwarded)),
        ];
        message(Es12::RegisterEvent, members)
    }
}

impl Delete {
    /// The request.
    pub fn message(self, event: &Named) -> Message {
        let event_id = match self {
            Self::Last => event.event_id.as_str(),
            Self::Unknown => UNKNOWN_EVENT,
        };
        let members =
            vec![("eid", Value::Text(event.eid.clone())), ("eventId", Value::Text(event_id.to_owned()))];
        message(Es12::DeleteEvent, members)
    }
}

/// A call that has no name yet.
fn message(function: Es12, members: Vec<(&'static str, Value)>) -> Message {
    Message { function: Function::Es12(function), header: None, members, asn1: None }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self {
            Self::Good => None,
            Self::NotForwarded => Some("with forwardingIndicator false"),
            Self::SameEventId => Some("with the EventID of the last event"),
            Self::SameEventIdForAnother => Some("with the EventID of the last event, for another eUICC"),
            Self::ForAnother => Some("for another eUICC"),
        };
        told(f, "RegisterEvent", how)
    }
}

impl fmt::Display for Delete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        told(f, "DeleteEvent", (*self == Self::Unknown).then_some("of an event that there is not"))
    }
}
