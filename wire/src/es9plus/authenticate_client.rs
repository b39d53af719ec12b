//! `authenticateClient` (SGP.22 §5.6.3, §6.5.2.8, §6.6.2.2).

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateClientResponseEs9, Certificate, Raw,
    RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId, Unknown, der,
};
use protocol::es9plus::{Es9Plus, Function};

use super::exchange::{Asn1Answer, Exchange};
use crate::json::{FieldError, Members, Object};

impl Exchange for AuthenticateClientRequest {
    const FUNCTION: Function = Function::AuthenticateClient;
    const MEMBERS: &'static [&'static str] =
        &["transactionId", "authenticateServerResponse", "useMatchingIdForAcr"];
    const ANSWER_MEMBERS: &'static [&'static str] =
        &["header", "transactionId", "profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"];
    type Answer = AuthenticateClientOk;

    async fn execute<S: Es9Plus>(self, server: &S) -> Result<Self::Answer, S::Error> {
        server.authenticate_client(self).await
    }

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

    fn answer_to_json(answer: &Self::Answer, members: Members) -> Members {
        members
            .transaction_id(&answer.transaction_id)
            .raw("profileMetadata", &answer.profile_metadata)
            .raw("smdpSigned2", &answer.smdp_signed2)
            .base64("smdpSignature2", &answer.smdp_signature2.to_tlv())
            .base64("smdpCertificate", answer.smdp_certificate.raw())
    }

    fn answer_from_json(object: &Object<'_>) -> Result<Self::Answer, FieldError> {
        Ok(AuthenticateClientOk {
            transaction_id: object.transaction_id()?,
            profile_metadata: object.der("profileMetadata", Raw::from_der)?,
            smdp_signed2: object.der("smdpSigned2", Raw::from_der)?,
            smdp_signature2: object.der("smdpSignature2", der::decode)?,
            smdp_certificate: object.der("smdpCertificate", Certificate::from_der)?,
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

    fn answer_to_asn1(outcome: Result<Self::Answer, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use AuthenticateClientResponseEs9 as Response;
        let response = match outcome {
            Ok(answer) => Response::AuthenticateClientOk(answer),
            Err(number) => Response::AuthenticateClientError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::AuthenticateClientResponseEs9(response))
    }

    fn answer_from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self::Answer> {
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
