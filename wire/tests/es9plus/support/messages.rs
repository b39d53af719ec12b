//! One message of each kind. No signature in them is real: the bindings do not look.

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateErrorCode, AuthenticateResponseError,
    AuthenticateServerResponse, BoundProfilePackageTlv, CancelSessionRequestEs9, CancelSessionResponse,
    Certificate, DownloadErrorCode, EuiccInfo1, GetBoundProfilePackageOk, GetBoundProfilePackageRequest,
    HandleNotification, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, NotificationEvent,
    NotificationMetadata, Octet16, OtherSignedNotification, PendingNotification, PrepareDownloadResponse,
    PrepareDownloadResponseError, Raw, ServerSigned1, SignatureTlv, SmdpSigned2, StoreMetadataRequest,
    SubjectKeyIdentifier, TransactionId, Unknown, VersionType, tlv,
};
use data_encoding::BASE64;
use protocol::es9plus::Function;

use super::pki::HOST;

pub fn transaction_id() -> TransactionId {
    "0A1B2C3D".parse().unwrap()
}

pub fn initiate_authentication() -> InitiateAuthenticationRequest {
    InitiateAuthenticationRequest {
        euicc_challenge: Octet16::from([0x11; 16]),
        smdp_address: HOST.to_owned(),
        euicc_info1: Raw::new(EuiccInfo1 {
            svn: VersionType::new(2, 2, 2),
            euicc_ci_pk_id_list_for_verification: vec![key_id()],
            euicc_ci_pk_id_list_for_signing: vec![key_id()],
            unknown: Unknown::none(),
        }),
        unknown: Unknown::none(),
    }
}

pub fn authenticate_client() -> AuthenticateClientRequest {
    let error = AuthenticateResponseError {
        transaction_id: transaction_id(),
        authenticate_error_code: AuthenticateErrorCode::INVALID_SIGNATURE,
        unknown: Unknown::none(),
    };
    AuthenticateClientRequest {
        transaction_id: transaction_id(),
        authenticate_server_response: Raw::new(AuthenticateServerResponse::AuthenticateResponseError(error)),
        use_matching_id_for_acr: None,
        unknown: Unknown::none(),
    }
}

pub fn get_bound_profile_package() -> GetBoundProfilePackageRequest {
    let error = PrepareDownloadResponseError {
        transaction_id: transaction_id(),
        download_error_code: DownloadErrorCode::INVALID_CERTIFICATE,
        unknown: Unknown::none(),
    };
    GetBoundProfilePackageRequest {
        transaction_id: transaction_id(),
        prepare_download_response: Raw::new(PrepareDownloadResponse::DownloadResponseError(error)),
        unknown: Unknown::none(),
    }
}

pub fn handle_notification() -> HandleNotification {
    let notification = OtherSignedNotification {
        tbs_other_notification: Raw::new(NotificationMetadata {
            seq_number: 7,
            profile_management_operation: NotificationEvent::of([1]),
            notification_address: HOST.to_owned(),
            iccid: None,
            unknown: Unknown::none(),
        }),
        euicc_notification_signature: signature(0x55),
        euicc_certificate: certificate(),
        eum_certificate: certificate(),
        unknown: Unknown::none(),
    };
    let notification = PendingNotification::OtherSignedNotification(Raw::new(notification));
    HandleNotification { pending_notification: Raw::new(notification), unknown: Unknown::none() }
}

pub fn cancel_session() -> CancelSessionRequestEs9 {
    CancelSessionRequestEs9 {
        transaction_id: transaction_id(),
        cancel_session_response: Raw::new(CancelSessionResponse::CancelSessionResponseError(127.into())),
        unknown: Unknown::none(),
    }
}

pub fn initiate_authentication_ok() -> InitiateAuthenticationOkEs9 {
    InitiateAuthenticationOkEs9 {
        transaction_id: transaction_id(),
        server_signed1: Raw::new(ServerSigned1 {
            transaction_id: transaction_id(),
            euicc_challenge: Octet16::from([0x11; 16]),
            server_address: HOST.to_owned(),
            server_challenge: Octet16::from([0x22; 16]),
            unknown: Unknown::none(),
        }),
        server_signature1: signature(0xFF),
        euicc_ci_pk_id_to_be_used: key_id(),
        server_certificate: certificate(),
        unknown: Unknown::none(),
    }
}

pub fn authenticate_client_ok() -> AuthenticateClientOk {
    let metadata = StoreMetadataRequest::new(
        "8949449999999990023".parse().unwrap(),
        "Operator".to_owned().try_into().unwrap(),
        "Profile".to_owned().try_into().unwrap(),
    );
    AuthenticateClientOk {
        transaction_id: transaction_id(),
        profile_metadata: Raw::new(metadata),
        smdp_signed2: Raw::new(SmdpSigned2 {
            transaction_id: transaction_id(),
            cc_required_flag: true,
            bpp_euicc_otpk: None,
            unknown: Unknown::none(),
        }),
        smdp_signature2: signature(0x33),
        smdp_certificate: certificate(),
        unknown: Unknown::none(),
    }
}

/// The bytes of a package of half a megabyte; only the outermost tag means anything here.
pub fn bound_profile_package() -> BoundProfilePackageTlv {
    let segments: Vec<u8> = (0..500).flat_map(|_| tlv::wrap(0x86, &[0xA5; 1020])).collect();
    BoundProfilePackageTlv::from_der(&tlv::wrap(0xBF36, &tlv::wrap(0xA3, &segments))).unwrap()
}

pub fn get_bound_profile_package_ok() -> GetBoundProfilePackageOk {
    GetBoundProfilePackageOk {
        transaction_id: transaction_id(),
        bound_profile_package: bound_profile_package(),
        unknown: Unknown::none(),
    }
}

/// The members of a good JSON request, as they stand in SGP.22 §6.5.2.
pub fn json_members(function: Function) -> Vec<(&'static str, String)> {
    let id = transaction_id().to_string();
    match function {
        Function::InitiateAuthentication => {
            let request = initiate_authentication();
            vec![
                ("euiccChallenge", BASE64.encode(request.euicc_challenge.bytes())),
                ("euiccInfo1", BASE64.encode(request.euicc_info1.bytes())),
                ("smdpAddress", request.smdp_address),
            ]
        }
        Function::AuthenticateClient => {
            let response = authenticate_client().authenticate_server_response;
            vec![("transactionId", id), ("authenticateServerResponse", BASE64.encode(response.bytes()))]
        }
        Function::GetBoundProfilePackage => {
            let response = get_bound_profile_package().prepare_download_response;
            vec![("transactionId", id), ("prepareDownloadResponse", BASE64.encode(response.bytes()))]
        }
        Function::HandleNotification => {
            let notification = handle_notification().pending_notification;
            vec![("pendingNotification", BASE64.encode(notification.bytes()))]
        }
        Function::CancelSession => {
            let response = cancel_session().cancel_session_response;
            vec![("transactionId", id), ("cancelSessionResponse", BASE64.encode(response.bytes()))]
        }
    }
}

/// The JSON text of those members, each value given as JSON by `value`, left out where it gives none.
pub fn json_with(function: Function, value: impl Fn(&str, String) -> Option<String>) -> String {
    let members = json_members(function).into_iter();
    let members = members.filter_map(|(name, text)| Some(format!("\"{name}\":{}", value(name, text)?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

pub fn json(function: Function) -> String {
    json_with(function, |_, text| Some(format!("\"{text}\"")))
}

fn key_id() -> SubjectKeyIdentifier {
    SubjectKeyIdentifier::new([0x44; 20]).unwrap()
}

fn signature(fill: u8) -> SignatureTlv {
    SignatureTlv::new([fill; 64]).unwrap()
}

fn certificate() -> Certificate {
    Certificate::from_der(&[0x30, 0x03, 0x02, 0x01, 0x07]).unwrap()
}
