//! `initiateAuthentication` (SGP.22 §5.6.1, §6.5.2.6, §6.6.2.1).

use asn1::{
    Certificate, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, InitiateAuthenticationResponse,
    Octet16, Raw, RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId,
    Unknown, der,
};
use protocol::es9plus::Function;

use super::exchange::{Asn1Answer, RequestMessage, ResponseMessage};
use crate::json::{FieldError, Members, Object};

impl RequestMessage for InitiateAuthenticationRequest {
    const FUNCTION: Function = Function::InitiateAuthentication;
    const MEMBERS: &'static [&'static str] = &["euiccChallenge", "euiccInfo1", "smdpAddress"];

    fn transaction_id(&self) -> Option<&TransactionId> {
        None
    }

    fn to_json(&self) -> Members {
        // The challenge goes bare, euiccInfo1 with its tag BF20 (SGP.22 §5.6.1).
        Members::new()
            .base64("euiccChallenge", self.euicc_challenge.bytes())
            .raw("euiccInfo1", &self.euicc_info1)
            .text("smdpAddress", self.smdp_address.as_str())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        let challenge = object.base64("euiccChallenge")?;
        let euicc_challenge =
            Octet16::try_from(challenge).map_err(|error| FieldError::malformed("euiccChallenge", error))?;
        Ok(Self {
            euicc_challenge,
            smdp_address: object.text("smdpAddress")?.into_owned(),
            euicc_info1: object.der("euiccInfo1", Raw::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn into_asn1(self) -> RemoteProfileProvisioningRequest {
        RemoteProfileProvisioningRequest::InitiateAuthenticationRequest(self)
    }

    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self> {
        match request {
            RemoteProfileProvisioningRequest::InitiateAuthenticationRequest(request) => Some(request),
            _ => None,
        }
    }
}

impl ResponseMessage<InitiateAuthenticationRequest> for InitiateAuthenticationOkEs9 {
    const MEMBERS: &'static [&'static str] = &[
        "header",
        "transactionId",
        "serverSigned1",
        "serverSignature1",
        "euiccCiPKIdToBeUsed",
        "serverCertificate",
    ];

    fn transaction_id(&self) -> Option<&TransactionId> {
        Some(&self.transaction_id)
    }

    fn to_json(&self, members: Members) -> Members {
        members
            .transaction_id(&self.transaction_id)
            .raw("serverSigned1", &self.server_signed1)
            .base64("serverSignature1", &self.server_signature1.to_tlv())
            .base64("euiccCiPKIdToBeUsed", &self.euicc_ci_pk_id_to_be_used.to_tlv())
            .base64("serverCertificate", self.server_certificate.raw())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            server_signed1: object.der("serverSigned1", Raw::from_der)?,
            server_signature1: object.der("serverSignature1", der::decode)?,
            euicc_ci_pk_id_to_be_used: object.der("euiccCiPKIdToBeUsed", der::decode)?,
            server_certificate: object.der("serverCertificate", Certificate::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use InitiateAuthenticationResponse as Response;
        let response = match outcome {
            Ok(answer) => Response::InitiateAuthenticationOk(answer),
            Err(number) => Response::InitiateAuthenticationError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::InitiateAuthenticationResponse(response))
    }

    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        use InitiateAuthenticationResponse as Response;
        match response {
            RemoteProfileProvisioningResponse::InitiateAuthenticationResponse(response) => match response {
                Response::InitiateAuthenticationOk(answer) => Asn1Answer::Ok(answer),
                Response::InitiateAuthenticationError(error) => {
                    Asn1Answer::Error { number: error.value(), name: error.name() }
                }
            },
            _ => Asn1Answer::OtherFunction,
        }
    }
}
