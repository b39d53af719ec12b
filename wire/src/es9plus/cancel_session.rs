//! `cancelSession` (SGP.22 §5.6.5, §6.5.2.10, §6.6.2.5).

use asn1::{
    CancelSessionOk, CancelSessionRequestEs9, CancelSessionResponseEs9, Raw,
    RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId, Unknown,
};
use protocol::es9plus::Function;

use super::exchange::{Asn1Answer, RequestMessage, ResponseMessage};
use crate::json::{FieldError, Members, Object};

impl RequestMessage for CancelSessionRequestEs9 {
    const FUNCTION: Function = Function::CancelSession;
    const MEMBERS: &'static [&'static str] = &["transactionId", "cancelSessionResponse"];

    fn transaction_id(&self) -> Option<&TransactionId> {
        Some(&self.transaction_id)
    }

    fn to_json(&self) -> Members {
        // With its own tag BF41, which the ASN.1 binding replaces by [1] (SGP.22 §6.5.2.10, §6.6.2.5).
        Members::new()
            .transaction_id(&self.transaction_id)
            .raw("cancelSessionResponse", &self.cancel_session_response)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            cancel_session_response: object.der("cancelSessionResponse", Raw::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn into_asn1(self) -> RemoteProfileProvisioningRequest {
        RemoteProfileProvisioningRequest::CancelSessionRequestEs9(self)
    }

    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self> {
        match request {
            RemoteProfileProvisioningRequest::CancelSessionRequestEs9(request) => Some(request),
            _ => None,
        }
    }
}

impl ResponseMessage<CancelSessionRequestEs9> for () {
    const MEMBERS: &'static [&'static str] = &["header"];

    fn to_json(&self, members: Members) -> Members {
        // The answer has a header only (SGP.22 §6.5.2.10).
        members
    }

    fn from_json(_: &Object<'_>) -> Result<Self, FieldError> {
        Ok(())
    }

    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use CancelSessionResponseEs9 as Response;
        let response = match outcome {
            Ok(()) => Response::CancelSessionOk(CancelSessionOk { unknown: Unknown::none() }),
            Err(number) => Response::CancelSessionError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::CancelSessionResponseEs9(response))
    }

    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        use CancelSessionResponseEs9 as Response;
        match response {
            RemoteProfileProvisioningResponse::CancelSessionResponseEs9(response) => match response {
                Response::CancelSessionOk(_) => Asn1Answer::Ok(()),
                Response::CancelSessionError(error) => {
                    Asn1Answer::Error { number: error.value(), name: error.name() }
                }
            },
            _ => Asn1Answer::OtherFunction,
        }
    }
}
