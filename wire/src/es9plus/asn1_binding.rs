//! The ASN.1 binding of any function (SGP.22 §6.6).

use asn1::der;
use asn1::tlv::{self, Tag};
use asn1::{RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse};
use protocol::status::{Refusal, StatusCode};

use super::ClientError;
use super::exchange::{Asn1Answer, LpaFunction, ReadRequest, RequestMessage, ResponseMessage, Unreadable};
use crate::hop::Written;

/// RemoteProfileProvisioningRequest and RemoteProfileProvisioningResponse alike (SGP.22 §6.6.1).
const WRAPPER: Tag = Tag(0xA2);

/// Which function a body calls, by its two outer tags alone.
pub(super) fn function_of<F: LpaFunction>(body: &[u8]) -> Result<F, Unreadable> {
    let inner = |bytes| match tlv::read(bytes) {
        Ok((tlv, [])) => Ok(tlv),
        Ok((_, more)) => Err(Unreadable(format!("{} bytes too many", more.len()))),
        Err(error) => Err(Unreadable(error.to_string())),
    };
    let outer = inner(body)?;
    if outer.tag != WRAPPER {
        return Err(Unreadable(format!("{} where {WRAPPER} is expected", outer.tag)));
    }
    let tag = inner(outer.value)?.tag;
    let function = F::OFFERED.iter().copied().find(|function| function.tag() == tag);
    function.ok_or_else(|| Unreadable(format!("{} has no function {tag}", F::INTERFACE)))
}

/// Reads a request. Once its function is known, what is wrong inside is told by that function's error.
pub(super) fn read_request<Q: RequestMessage>(body: &[u8]) -> ReadRequest<Q> {
    let malformed = |why: String| Refusal::misbehaved(StatusCode::INVALID_PARAMETER, why);
    let request = der::decode::<RemoteProfileProvisioningRequest>(body)
        .map_err(|why| malformed(why.to_string()))
        .and_then(|request| Q::from_asn1(request).ok_or_else(|| malformed("another function".to_owned())));
    let transaction_id = request.as_ref().ok().and_then(Q::transaction_id).cloned();
    ReadRequest { request, transaction_id }
}

/// Writes a request.
pub(super) fn write_request<Q: RequestMessage>(request: Q) -> Vec<u8> {
    der::encode(&request.into_asn1())
}

/// Writes the answer; the module has none for a notification.
pub(super) fn write_answer<Q, A: ResponseMessage<Q>>(
    function: impl LpaFunction,
    outcome: Result<A, Refusal>,
) -> Written {
    match outcome {
        Ok(_) if A::acknowledgement().is_some() => Written::Acknowledged,
        Err(refusal) if A::acknowledgement().is_some() => Written::Refused { refusal, body: None },
        outcome => {
            let response = A::to_asn1(outcome.map_err(|refusal| function.error_number(refusal.code)));
            response.map_or(Written::Acknowledged, |response| Written::Body(der::encode(&response)))
        }
    }
}

/// Reads an answer that came with 200.
pub(super) fn read_answer<Q, A: ResponseMessage<Q>>(body: &[u8]) -> Result<A, ClientError> {
    let response: RemoteProfileProvisioningResponse = der::decode(body)?;
    match A::from_asn1(response) {
        Asn1Answer::Ok(answer) => Ok(answer),
        Asn1Answer::Error { number, name } => Err(ClientError::RefusedInAsn1 { number, name }),
        Asn1Answer::OtherFunction => Err(ClientError::OtherFunction),
    }
}
