//! `getBoundProfilePackage` (SGP.22 §5.6.2, §6.5.2.7, §6.6.2.3).

use asn1::{
    BoundProfilePackageTlv, GetBoundProfilePackageOk, GetBoundProfilePackageRequest,
    GetBoundProfilePackageResponse, Raw, RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse,
    TransactionId, Unknown,
};
use protocol::es9plus::Function;

use super::exchange::{Asn1Answer, RequestMessage, ResponseMessage};
use crate::json::{FieldError, Members, Object};

impl RequestMessage for GetBoundProfilePackageRequest {
    const FUNCTION: Function = Function::GetBoundProfilePackage;
    const MEMBERS: &'static [&'static str] = &["transactionId", "prepareDownloadResponse"];

    fn transaction_id(&self) -> Option<&TransactionId> {
        Some(&self.transaction_id)
    }

    fn to_json(&self) -> Members {
        Members::new()
            .transaction_id(&self.transaction_id)
            .raw("prepareDownloadResponse", &self.prepare_download_response)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            prepare_download_response: object.der("prepareDownloadResponse", Raw::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn into_asn1(self) -> RemoteProfileProvisioningRequest {
        RemoteProfileProvisioningRequest::GetBoundProfilePackageRequest(self)
    }

    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self> {
        match request {
            RemoteProfileProvisioningRequest::GetBoundProfilePackageRequest(request) => Some(request),
            _ => None,
        }
    }
}

impl ResponseMessage<GetBoundProfilePackageRequest> for GetBoundProfilePackageOk {
    const MEMBERS: &'static [&'static str] = &["header", "transactionId", "boundProfilePackage"];

    fn to_json(&self, members: Members) -> Members {
        members
            .transaction_id(&self.transaction_id)
            .base64("boundProfilePackage", self.bound_profile_package.raw())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: object.transaction_id()?,
            bound_profile_package: object.der("boundProfilePackage", BoundProfilePackageTlv::from_der)?,
            unknown: Unknown::none(),
        })
    }

    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        use GetBoundProfilePackageResponse as Response;
        let response = match outcome {
            Ok(answer) => Response::GetBoundProfilePackageOk(answer),
            Err(number) => Response::GetBoundProfilePackageError(number.into()),
        };
        Some(RemoteProfileProvisioningResponse::GetBoundProfilePackageResponse(response))
    }

    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        use GetBoundProfilePackageResponse as Response;
        match response {
            RemoteProfileProvisioningResponse::GetBoundProfilePackageResponse(response) => match response {
                Response::GetBoundProfilePackageOk(answer) => Asn1Answer::Ok(answer),
                Response::GetBoundProfilePackageError(error) => {
                    Asn1Answer::Error { number: error.value(), name: error.name() }
                }
            },
            _ => Asn1Answer::OtherFunction,
        }
    }
}
