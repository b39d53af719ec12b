//! What a request means, for the log.

use asn1::{
    AuthenticateClientRequest, AuthenticateServerResponse, CtxParams1, FinalResult,
    InitiateAuthenticationRequest, PendingNotification, Raw,
};
use protocol::status::Refusal;

use crate::lpa::log::{Client, Notice, Said};

impl Notice {
    pub(super) fn of(notification: &Raw<PendingNotification>, verified: Result<(), String>) -> Self {
        let metadata = notification.metadata();
        let result = match notification.value() {
            PendingNotification::ProfileInstallationResult(result) => {
                Some(match &result.profile_installation_result_data.final_result {
                    FinalResult::SuccessResult(_) => Ok(()),
                    FinalResult::ErrorResult(error) => Err(error.clone()),
                })
            }
            PendingNotification::OtherSignedNotification(_) => None,
        };
        Self {
            sequence: metadata.seq_number,
            address: metadata.notification_address.clone(),
            result,
            verified,
            bytes: notification.bytes().to_vec(),
        }
    }
}

impl Said {
    pub(super) fn opens(request: &InitiateAuthenticationRequest) -> Self {
        Self::Opens { address: request.smdp_address.clone(), challenge: *request.euicc_challenge.bytes() }
    }

    pub(super) fn authenticates(request: &AuthenticateClientRequest, refusal: Option<&Refusal>) -> Self {
        use AuthenticateServerResponse as Response;
        Self::Authenticates(match (request.authenticate_server_response.value(), refusal) {
            (Response::AuthenticateResponseOk(answer), None) => {
                let CtxParams1::CtxParamsForCommonAuthentication(context) =
                    answer.euicc_signed1.ctx_params1.value();
                Ok(Client {
                    matching_id: context.matching_id.clone(),
                    device_info: context.device_info.clone(),
                })
            }
            (_, Some(refusal)) => Err(refusal.to_string()),
            (Response::AuthenticateResponseError(error), None) => {
                Err(error.authenticate_error_code.to_string())
            }
        })
    }
}
