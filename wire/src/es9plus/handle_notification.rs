//! `handleNotification` (SGP.22 §5.6.4, §6.5.2.9, §6.6.2.4): no answer but 204.

use asn1::{
    HandleNotification, PendingNotification, Raw, RemoteProfileProvisioningRequest,
    RemoteProfileProvisioningResponse, TransactionId, Unknown,
};
use protocol::es9plus::Function;

use super::exchange::{Asn1Answer, RequestMessage, ResponseMessage};
use crate::json::{FieldError, Members, Object};

impl RequestMessage for HandleNotification {
    const FUNCTION: Function = Function::HandleNotification;
    const MEMBERS: &'static [&'static str] = &["pendingNotification"];

    fn transaction_id(&self) -> Option<&TransactionId> {
        match self.pending_notification.value() {
            PendingNotification::ProfileInstallationResult(result) => {
                Some(&result.profile_installation_result_data.transaction_id)
            }
            PendingNotification::OtherSignedNotification(_) => None,
        }
    }

    fn to_json(&self) -> Members {
        // The notification itself, not the BF3D around it (SGP.22 §6.5.2.9).
        Members::new().raw("pendingNotification", &self.pending_notification)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        let pending_notification = object.der("pendingNotification", Raw::from_der)?;
        Ok(Self { pending_notification, unknown: Unknown::none() })
    }

    fn into_asn1(self) -> RemoteProfileProvisioningRequest {
        RemoteProfileProvisioningRequest::HandleNotification(self)
    }

    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self> {
        match request {
            RemoteProfileProvisioningRequest::HandleNotification(request) => Some(request),
            _ => None,
        }
    }
}

impl ResponseMessage<HandleNotification> for () {
    const MEMBERS: &'static [&'static str] = &["header"];

    fn acknowledgement() -> Option<Self> {
        Some(())
    }

    fn to_json(&self, members: Members) -> Members {
        members
    }

    fn from_json(_: &Object<'_>) -> Result<Self, FieldError> {
        Ok(())
    }

    fn to_asn1(_: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse> {
        None
    }

    fn from_asn1(_: RemoteProfileProvisioningResponse) -> Asn1Answer<Self> {
        Asn1Answer::OtherFunction
    }
}
