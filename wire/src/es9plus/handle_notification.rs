//! `handleNotification` (SGP.22 §5.6.4, §6.5.2.9, §6.6.2.4): no answer but 204.

use asn1::{
    HandleNotification, PendingNotification, Raw, RemoteProfileProvisioningRequest,
    RemoteProfileProvisioningResponse, TransactionId, Unknown,
};
use protocol::es9plus::{Es9Plus, Function};

use super::exchange::{Asn1Answer, Exchange};
use crate::json::{FieldError, Members, Object};

impl Exchange for HandleNotification {
    const FUNCTION: Function = Function::HandleNotification;
    const MEMBERS: &'static [&'static str] = &["pendingNotification"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    async fn execute<S: Es9Plus>(self, server: &S) -> Result<(), S::Error> {
        server.handle_notification(self).await
    }

    fn transaction_id(&self) -> Option<&TransactionId> {
        match self.pending_notification.value() {
            PendingNotification::ProfileInstallationResult(result) => {
                Some(&result.profile_installation_result_data.transaction_id)
            }
            PendingNotification::OtherSignedNotification(_) => None,
        }
    }

    fn acknowledgement() -> Option<()> {
        Some(())
    }

    fn to_json(&self) -> Members {
        // The notification itself, not the BF3D around it (SGP.22 §6.5.2.9).
        Members::new().raw("pendingNotification", &self.pending_notification)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, FieldError> {
        let pending_notification = object.der("pendingNotification", Raw::from_der)?;
        Ok(Self { pending_notification, unknown: Unknown::none() })
    }

    fn answer_to_json((): &(), members: Members) -> Members {
        members
    }

    fn answer_from_json(_: &Object<'_>) -> Result<(), FieldError> {
        Ok(())
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

    fn answer_to_asn1(_: Result<(), i64>) -> Option<RemoteProfileProvisioningResponse> {
        None
    }

    fn answer_from_asn1(_: RemoteProfileProvisioningResponse) -> Asn1Answer<()> {
        Asn1Answer::OtherFunction
    }
}
