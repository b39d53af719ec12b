//! The ASN.1 binding of any function (SGP.22 §6.6).

use asn1::der;
use asn1::tlv::{self, Tag};
use asn1::{RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse};
use protocol::es9plus::Function;
use protocol::status::{Refusal, StatusCode, asn1_error};

use super::ClientError;
use super::exchange::{Asn1Answer, Exchange, ReadRequest, Unreadable};
use crate::hop::Written;

/// RemoteProfileProvisioningRequest and RemoteProfileProvisioningResponse alike (SGP.22 §6.6.1).
const WRAPPER: Tag = Tag(0xA2);

/// Which function a body calls, by its two outer tags alone.
pub(super) fn function_of(body: &[u8]) -> Result<Function, Unreadable> {
    let inner = |bytes| match tlv::read(bytes) {
        Ok((tlv, [])) => Ok(tlv),
        Ok((_, more)) => Err(Unreadable(format!("{} bytes too many", more.len()))),
        Err(error) => Err(Unreadable(error.to_string())),
    };
    let outer = inner(body)?;
    if outer.tag != WRAPPER {
        return Err(Unreadable(format!("{} where {WRAPPER} is expected", outer.tag)));
    }
    match inner(outer.value)?.tag {
        Tag(0xBF39) => Ok(Function::InitiateAuthentication),
        Tag(0xBF3A) => Ok(Function::GetBoundProfilePackage),
        Tag(0xBF3B) => Ok(Function::AuthenticateClient),
        Tag(0xBF3D) => Ok(Function::HandleNotification),
        Tag(0xBF41) => Ok(Function::CancelSession),
        other => Err(Unreadable(format!("ES9+ has no function {other}"))),
    }
}

/// Reads a request. Once its function is known, what is wrong inside is told by that function's error.
pub(super) fn read_request<E: Exchange>(body: &[u8]) -> ReadRequest<E> {
    let malformed = |why: String| Refusal::misbehaved(StatusCode::INVALID_PARAMETER, why);
    let request = der::decode::<RemoteProfileProvisioningRequest>(body)
        .map_err(|why| malformed(why.to_string()))
        .and_then(|request| E::from_asn1(request).ok_or_else(|| malformed("another function".to_owned())));
    let transaction_id = request.as_ref().ok().and_then(E::transaction_id).cloned();
    ReadRequest { request, transaction_id }
}

/// Writes a request.
pub(super) fn write_request<E: Exchange>(request: E) -> Vec<u8> {
    der::encode(&request.into_asn1())
}

/// Writes the answer; the module has none for a notification.
pub(super) fn write_answer<E: Exchange>(outcome: Result<E::Answer, Refusal>) -> Written {
    match outcome {
        Ok(_) if E::acknowledgement().is_some() => Written::Acknowledged,
        Err(refusal) if E::acknowledgement().is_some() => Written::Refused { refusal, body: None },
        outcome => {
            let outcome = outcome.map_err(|refusal| asn1_error(E::FUNCTION, refusal.code));
            let response = E::answer_to_asn1(outcome);
            response.map_or(Written::Acknowledged, |response| Written::Body(der::encode(&response)))
        }
    }
}

/// Reads an answer that came with 200.
pub(super) fn read_answer<E: Exchange>(body: &[u8]) -> Result<E::Answer, ClientError> {
    let response: RemoteProfileProvisioningResponse = der::decode(body)?;
    match E::answer_from_asn1(response) {
        Asn1Answer::Ok(answer) => Ok(answer),
        Asn1Answer::Error { number, name } => Err(ClientError::RefusedInAsn1 { number, name }),
        Asn1Answer::OtherFunction => Err(ClientError::OtherFunction),
    }
}
