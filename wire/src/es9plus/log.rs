//! What is logged of a call.

use asn1::TransactionId;
use protocol::es9plus::Function;
use protocol::status::{Fault, Refusal};
use tracing::{error, info};

/// One line per call. A refusal is told here and nowhere else; what a peer wrote is quoted.
pub(super) fn log<T>(
    function: Function,
    transaction_id: Option<&TransactionId>,
    outcome: &Result<T, Refusal>,
) {
    let function = function.name();
    let transaction_id = transaction_id.map(ToString::to_string);
    let transaction_id = transaction_id.as_deref().unwrap_or("-");
    match outcome {
        Ok(_) => info!(function, transaction_id, outcome = "Executed-Success"),
        Err(Refusal { code, fault, message }) => match fault {
            Fault::PeerMisbehaved | Fault::PeerIncompatible => {
                info!(function, transaction_id, outcome = %code, ?fault, ?message);
            }
            Fault::OurConfiguration | Fault::OurStorage => {
                error!(function, transaction_id, outcome = %code, ?fault, ?message);
            }
        },
    }
}
