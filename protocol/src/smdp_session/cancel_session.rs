//! CancelSession (SGP.22 §5.6.5): is it the eUICC that cancels, and why.

use asn1::{CancelSessionReason, CancelSessionRequestEs9, CancelSessionResponse};
use crypto::{Engine, Signature};

use super::identity::Identity;
use super::same_transaction;
use super::state::Authenticated;
use crate::status::{Refusal, StatusCode};
use crate::trace::Tracer;

const SECTION: &str = "SGP.22 §5.6.5";

/// A verified cancellation.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// The reason that the eUICC signed.
    pub reason: CancelSessionReason,
}

impl Cancellation {
    /// Whether the order ends with the session: every reason but postponed and timeout (SGP.22 §5.7.14).
    pub fn is_terminal(&self) -> bool {
        self.reason != CancelSessionReason::POSTPONED && self.reason != CancelSessionReason::TIMEOUT
    }
}

/// Verifies a cancellation by the eUICC of this session.
///
/// # Errors
/// The refusals of SGP.22 §5.6.5.
pub fn verify_cancel_session(
    identity: &Identity,
    client: &Authenticated,
    request: &CancelSessionRequestEs9,
    engine: Engine,
    tracer: &Tracer,
) -> Result<Cancellation, Refusal> {
    let answer = match request.cancel_session_response.value() {
        CancelSessionResponse::CancelSessionResponseOk(answer) => answer,
        CancelSessionResponse::CancelSessionResponseError(code) => {
            let message = format!("the eUICC did not cancel: {code}");
            let refusal = Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message);
            return tracer.check(SECTION, "the eUICC cancelled", Err(refusal));
        }
    };
    let signed = &answer.euicc_cancel_session_signed;
    let signature = Signature::from_bytes(answer.euicc_cancel_session_signature.bytes())
        .and_then(|signature| client.key.verify(engine, signed.bytes(), &signature))
        .map_err(|_| {
            let message = "euiccCancelSessionSignature does not verify over euiccCancelSessionSigned";
            Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message)
        });
    tracer.check(SECTION, "euiccCancelSessionSignature", signature)?;
    let ours = identity.oid().ok_or_else(super::our_identity)?;
    let oid = if signed.smdp_oid == *ours {
        Ok(())
    } else {
        let message = format!("smdpOid is {}, CERT.DPauth has {ours}", signed.smdp_oid);
        Err(Refusal::misbehaved(StatusCode::SMDP_OID_MISMATCH, message))
    };
    tracer.check(SECTION, "smdpOid is the OID of CERT.DPauth", oid)?;
    let transaction = same_transaction(&request.transaction_id, &signed.transaction_id);
    tracer.check(SECTION, "transactionId in euiccCancelSessionSigned", transaction)?;
    Ok(Cancellation { reason: signed.reason })
}
