//! The common mutual authentication procedure (SGP.22 §3.1.2), the server's half: the same for an SM-DP+ and an SM-DS, which
//! the specification calls SM-XX there.
//!
//! What differs between the two is their certificate, CERT.DPauth or CERT.DSauth, and the codes of a refusal:
//! [`ServerIdentity::KIND`] says it.

mod authenticate_client;
mod identity;
mod initiate_authentication;
mod kind;
mod opened;

pub use authenticate_client::{Client, verify_client};
pub use identity::{Identities, ServerIdentity};
pub use initiate_authentication::{
    Chosen, Opening, fresh_transaction_id, initiate_authentication, open_session,
};
pub use kind::Kind;
pub use opened::Opened;

use asn1::TransactionId;

use crate::status::{Refusal, StatusCode};

/// A message that belongs to no session in the state it needs (SGP.22 §5.6.2, §5.6.3, §5.6.5, §5.8.2).
pub fn unknown_transaction(transaction_id: &TransactionId) -> Refusal {
    Refusal::misbehaved(
        StatusCode::TRANSACTION_UNKNOWN,
        format!("no RSP session with TransactionID {transaction_id} waits for this message"),
    )
}

/// The TransactionID inside a signed object has to be the one outside.
pub(crate) fn same_transaction(outer: &TransactionId, inner: &TransactionId) -> Result<(), Refusal> {
    if outer == inner {
        return Ok(());
    }
    Err(Refusal::misbehaved(
        StatusCode::TRANSACTION_UNKNOWN,
        format!("the signed object names TransactionID {inner}, the message {outer}"),
    ))
}

/// A signature of ours as it is sent.
pub(crate) fn signature_tlv(signature: &crypto::Signature) -> Result<asn1::SignatureTlv, Refusal> {
    asn1::SignatureTlv::new(signature.as_bytes().as_slice()).map_err(|_| our_identity())
}

/// A signature of ours could not be made.
pub(crate) fn our_crypto(error: crypto::CryptoError) -> Refusal {
    Refusal::configuration(format!("the server could not use its key: {error}"))
}

/// A certificate of ours lacks what our configuration was checked for.
pub(crate) fn our_identity() -> Refusal {
    Refusal::configuration("the server has no certificate for the CI of this session")
}
