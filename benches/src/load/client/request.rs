//! Requests in the JSON binding (SGP.22 §6.5.2).

use asn1::RemoteProfileProvisioningRequest as Request;
use protocol::es9plus::Function;
use wire::json::Members;

/// The path and the body.
pub(super) fn to_json(request: &Request) -> (&'static str, Vec<u8>) {
    let (function, members) = match request {
        // The challenge goes bare, euiccInfo1 with its tag BF20 (SGP.22 §5.6.1).
        Request::InitiateAuthenticationRequest(request) => (
            Function::InitiateAuthentication,
            Members::new()
                .base64("euiccChallenge", request.euicc_challenge.bytes())
                .raw("euiccInfo1", &request.euicc_info1)
                .text("smdpAddress", request.smdp_address.as_str()),
        ),
        Request::AuthenticateClientRequest(request) => (
            Function::AuthenticateClient,
            Members::new()
                .transaction_id(&request.transaction_id)
                .raw("authenticateServerResponse", &request.authenticate_server_response),
        ),
        Request::GetBoundProfilePackageRequest(request) => (
            Function::GetBoundProfilePackage,
            Members::new()
                .transaction_id(&request.transaction_id)
                .raw("prepareDownloadResponse", &request.prepare_download_response),
        ),
        Request::CancelSessionRequestEs9(request) => (
            Function::CancelSession,
            Members::new()
                .transaction_id(&request.transaction_id)
                .raw("cancelSessionResponse", &request.cancel_session_response),
        ),
        Request::HandleNotification(request) => (
            Function::HandleNotification,
            Members::new().raw("pendingNotification", &request.pending_notification),
        ),
    };
    (function.json_path(), members.into_json())
}
