//! What is logged of a call.

use asn1::TransactionId;
use protocol::status::Refusal;
use tracing::{debug, info};

/// One line per call; what a peer wrote is quoted. The server logs what it executes itself, and knows more of it: so that is for
/// those who debug.
pub(super) fn log<T>(
    function: &'static str,
    transaction_id: Option<&TransactionId>,
    outcome: &Result<T, Refusal>,
    executed: bool,
) {
    let transaction_id = transaction_id.map(ToString::to_string);
    let transaction_id = transaction_id.as_deref().unwrap_or("-");
    match outcome {
        Ok(_) => debug!(function, transaction_id, outcome = "Executed-Success"),
        Err(Refusal { code, fault, message }) if executed => {
            debug!(function, transaction_id, outcome = %code, ?fault, ?message);
        }
        Err(Refusal { code, fault, message }) => {
            info!(function, transaction_id, outcome = %code, ?fault, ?message);
        }
    }
}
