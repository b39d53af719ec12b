//! What is logged of a call.

use asn1::Iccid;
use protocol::es2plus::{CallHeader, Function};
use protocol::status::Refusal;
use protocol::types::Eid;
use tracing::{debug, info};

/// What is known of a call when it has ended.
pub(super) struct Called<'a> {
    pub(super) function: Function,
    pub(super) caller: Option<&'a str>,
    pub(super) header: Option<&'a CallHeader>,
    pub(super) iccid: Option<Iccid>,
    pub(super) eid: Option<Eid>,
}

/// One line per call; what a peer wrote is quoted. The server logs what it executes itself, and knows more of it: so that is for
/// those who debug.
pub(super) fn log<T>(called: &Called<'_>, outcome: &Result<T, Refusal>, executed: bool) {
    let function = called.function.name();
    let caller = called.caller.unwrap_or("-");
    let call = called.header.map_or_else(String::new, |header| beginning(&header.function_call_identifier));
    let iccid = called.iccid.map_or_else(|| "-".to_owned(), |iccid| iccid.to_string());
    let eid = called.eid.map_or_else(|| "-".to_owned(), |eid| eid.to_string());
    match outcome {
        Ok(_) => debug!(function, caller, call, iccid, eid, outcome = "Executed-Success"),
        Err(Refusal { code, fault, message }) if executed => {
            debug!(function, caller, call, iccid, eid, outcome = %code, ?fault, ?message);
        }
        Err(Refusal { code, fault, message }) => {
            info!(function, caller, call, iccid, eid, outcome = %code, ?fault, ?message);
        }
    }
}

/// So many characters as tell calls apart.
fn beginning(text: &str) -> String {
    const LENGTH: usize = 64;
    text.chars().take(LENGTH).collect()
}
