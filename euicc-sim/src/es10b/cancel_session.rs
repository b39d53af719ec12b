//! CancelSession (SGP.22 §5.7.14).

use asn1::tlv::{self, Tlv};
use asn1::{CancelSessionReason, CancelSessionRequest, CancelSessionResponseError, der};

use super::trust::registered_id;
use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{error, integer};
use crate::session::{AuthenticatedServer, RspSession};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let request: CancelSessionRequest = der::decode(request.raw).map_err(|_| StatusWord::WRONG_DATA)?;
    let server = isdr.session.as_ref().and_then(RspSession::server);
    let server = server.filter(|server| server.transaction_id == request.transaction_id).cloned();
    let known = server.ok_or(CancelSessionResponseError::INVALID_TRANSACTION_ID);
    match isdr.tracer().check("SGP.22 §5.7.14", "transactionId is that of the session", known) {
        Ok(server) => cancel(isdr, &server, request.reason),
        Err(code) => Ok(error(tag::CANCEL_SESSION, 0x81, code.value())),
    }
}

fn cancel(isdr: &mut Isdr, server: &AuthenticatedServer, reason: CancelSessionReason) -> Es10Result {
    // SGP.22 §5.7.14: the OID of CERT.DPauth.ECDSA. The members have automatic tags.
    let smdp_oid = registered_id(&server.certificate).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let mut signed = tlv::wrap(0x80, server.transaction_id.bytes());
    signed.extend(tlv::wrap(0x81, &smdp_oid));
    signed.extend(integer(0x82, reason.value()));
    let signed = tlv::wrap(0x30, &signed);
    let identity = isdr.keys().identity(&server.euicc_ci_pk_id).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let signature = identity.key.sign(&signed).map_err(|_| StatusWord::TECHNICAL_PROBLEM)?;
    let mut ok = signed;
    ok.extend(tlv::wrap(0x5F37, signature.as_bytes()));

    // SGP.22 §5.7.14: the one-time key may serve a retry where the session was only put off.
    let put_off = reason == CancelSessionReason::POSTPONED || reason == CancelSessionReason::TIMEOUT;
    let mut draft = isdr.state().clone();
    let installation_ends = draft.open_installation.take().is_some();
    let key_is_dropped = !put_off && draft.retained_one_time_key.take().is_some();
    if installation_ends || key_is_dropped {
        isdr.commit(draft)?;
    }
    isdr.tracer().state("session", &"open", &format_args!("cancelled, {reason}"));
    isdr.session = None;
    Ok(tlv::wrap(tag::CANCEL_SESSION, &tlv::wrap(0xA0, &ok)))
}
