//! What is logged of a call.

use protocol::function_call::CallHeader;
use protocol::status::Refusal;
use tracing::{debug, info};

use super::About;

/// What is known of a call when it has ended.
pub(crate) struct Called<'a> {
    pub(crate) function: &'static str,
    pub(crate) caller: Option<&'a str>,
    pub(crate) header: Option<&'a CallHeader>,
    pub(crate) about: &'a About,
}

/// One line per call; what a peer wrote is quoted, what is not known is left out. The server logs what it executes itself, and
/// knows more of it: so that is for those who debug.
pub(crate) fn log<T>(called: &Called<'_>, outcome: &Result<T, Refusal>, executed: bool) {
    let Called { function, caller, header, about } = called;
    let caller = caller.unwrap_or("-");
    let call = header.map_or_else(String::new, |header| beginning(&header.function_call_identifier));
    let iccid = about.iccid.map(|iccid| iccid.to_string());
    let event_id = about.event_id.as_ref().map(|id| id.as_str());
    let eid = about.eid.map(|eid| eid.to_string());
    let (iccid, eid) = (iccid.as_deref(), eid.as_deref());
    match outcome {
        Ok(_) => debug!(function, caller, call, iccid, event_id, eid, outcome = "Executed-Success"),
        Err(Refusal { code, fault, message }) if executed => {
            debug!(function, caller, call, iccid, event_id, eid, outcome = %code, ?fault, ?message);
        }
        Err(Refusal { code, fault, message }) => {
            info!(function, caller, call, iccid, event_id, eid, outcome = %code, ?fault, ?message);
        }
    }
}

/// So many characters as tell calls apart.
fn beginning(text: &str) -> String {
    const LENGTH: usize = 64;
    text.chars().take(LENGTH).collect()
}
