//! `authenticateClient` (SGP.22 §5.6.3, §6.5.2.8, §6.6.2.2).

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateClientResponseEs9, Certificate, Raw,
    RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId, Unknown, der,
};
use protocol::es9plus::Function;

use super::exchange::{Asn1Answer, RequestMessage, ResponseMessage};
use crate::json::{FieldError, Members, Object};

impl RequestMessage for AuthenticateClientRequest {
    const FUNCTION: Function = Function::AuthenticateClient;
    const MEMBERS: &'static [&'static str] =
        &["transactionId", "authenticateServerResponse", "useMatchingIdForAcr"];

    fn transaction_id(&self) -> Option<&TransactionId> {
        Some(&self.transaction_id)
    }

    fn to_json(&self) -> Members {
        Members::new()
            .transaction_id(&self.transaction_id)
            .raw("authenticateServerResponse", &self.authenticate_server_response)
            // Since v2.6: left out unless it is meant, since v2.2 does not know it.
            .flag("useMatchingIdForAcr", self.use_matching_id_for_acr.is_some())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            authenticate_server_response: object.der("authenticateServerResponse", Raw::from_der)?,
            use_matching_id_for_acr: object.flag("useMatchingIdForAcr")?.then_some(()),
            unknown: Unknown::none(),
        })
    }

    fn into_asn1(self) -> RemoteProfileProvisioningRequest {
        RemoteProfileProvisioningRequest::AuthenticateClientRequest(self)
    }

    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self> {
        match request {
            RemoteProfileProvisioningRequest::AuthenticateClientRequest(request) => Some(request),
            _ => None,
        }
    }
}

impl ResponseMessage<AuthenticateClientRequest> for AuthenticateClientOk {
    const MEMBERS: &'static [&'static str] =
        &["header", "transactionId", "profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"];

    fn to_json(&self, members: Members) -> Members {
        members
            .transaction_id(&self.transaction_id)
            .raw("profileMetadata", &self.profile_metadata)
            .raw("smdpSigned2", &self.smdp_signed2)
            .base64("smdpSignature2", &self.smdp_signature2.to_tlv())
            .base64("smdpCertificate", self.smdp_certificate.raw())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            profile_metadata: object.der("profileMetadata", Raw::from_der)?,
            smdp_signed2: object.der("smdpSigned2", Raw::from_der)?,
            smdp_signature2: object.der("smdpSignature2", der::decode)?,
            smdp_certificate: object.der("smdpCertificate", Certificate::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use AuthenticateClientResponseEs9 as Response;
        let response = match outcome {
            Ok(answer) => Response::AuthenticateClientOk(answer),
            Err(number) => Response::AuthenticateClientError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::AuthenticateClientResponseEs9(response))
    }

    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        use AuthenticateClientResponseEs9 as Response;
        match response {
            RemoteProfileProvisioningResponse::AuthenticateClientResponseEs9(response) => match response {
                Response::AuthenticateClientOk(answer) => Asn1Answer::Ok(answer),
                Response::AuthenticateClientError(error) => {
                    Asn1Answer::Error { number: error.value(), name: error.name() }
                }
            },
            _ => Asn1Answer::OtherFunction,
        }
    }
}
