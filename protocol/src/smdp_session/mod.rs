//! The SM-DP+ side of one RSP session, without store, order or socket.
//!
//! Each function takes what the session knows and what the LPA sent, makes the checks of SGP.22 §5.6 that need neither
//! order nor profile, and returns the next state. The server adds the order, keeps the state and owns the keys.

mod authenticate_client;
mod bound_profile_package;
mod cancel_session;
mod identity;
mod initiate_authentication;
mod notification;
mod state;

pub use authenticate_client::{Client, Offer, offer, verify_client};
pub use bound_profile_package::{PreparedDownload, verify_prepare_download};
pub use cancel_session::{Cancellation, verify_cancel_session};
pub use identity::{Identities, Identity, IdentityError};
pub use initiate_authentication::{Chosen, Opening, initiate_authentication, open_session};
pub use notification::{
    InstallationResult, NotificationError, OtherNotification, verify_installation_result,
    verify_other_notification,
};
pub use state::{Authenticated, EuiccKey, Offered, Opened, Stage, StoredCurve};

use asn1::TransactionId;

use crate::status::{Refusal, StatusCode};

/// A message that belongs to no session in the state it needs (SGP.22 §5.6.2, §5.6.3, §5.6.5).
pub fn unknown_transaction(transaction_id: &TransactionId) -> Refusal {
    Refusal::misbehaved(
        StatusCode::TRANSACTION_UNKNOWN,
        format!("no RSP session with TransactionID {transaction_id} waits for this message"),
    )
}

/// The TransactionID inside a signed object has to be the one outside.
fn same_transaction(outer: &TransactionId, inner: &TransactionId) -> Result<(), Refusal> {
    if outer == inner {
        return Ok(());
    }
    Err(Refusal::misbehaved(
        StatusCode::TRANSACTION_UNKNOWN,
        format!("the signed object names TransactionID {inner}, the message {outer}"),
    ))
}

/// A certificate of ours as it is sent.
fn sent(identity: &certs::Identity) -> Result<asn1::Certificate, Refusal> {
    asn1::Certificate::from_der(identity.certificate().raw()).map_err(|_| our_identity())
}

/// A signature of ours as it is sent.
fn signature_tlv(signature: &crypto::Signature) -> Result<asn1::SignatureTlv, Refusal> {
    asn1::SignatureTlv::new(signature.as_bytes().as_slice()).map_err(|_| our_identity())
}

/// A signature of ours could not be made.
fn our_crypto(error: crypto::CryptoError) -> Refusal {
    Refusal::configuration(format!("the SM-DP+ could not use its key: {error}"))
}

/// A certificate of ours lacks what [`Identities::new`] asked for.
fn our_identity() -> Refusal {
    Refusal::configuration("the SM-DP+ has no certificate for the CI of this session")
}
