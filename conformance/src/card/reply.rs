//! What an answer says: done, a result code, or a status word.

use std::fmt;

use asn1::{
    AuthenticateErrorCode, AuthenticateServerResponse, BppCommandId, CancelSessionResponse,
    CancelSessionResponseError, DeleteNotificationStatus, DeleteProfileResponse, DeleteResult,
    DisableProfileResponse, DisableResult, DownloadErrorCode, EnableProfileResponse, EnableResult,
    ErrorReason, EuiccConfiguredAddressesResponse, EuiccInfo1, EuiccInfo2, EuiccMemoryResetResponse,
    FinalResult, GetEuiccChallengeResponse, GetEuiccDataResponse, GetRatResponse, ListNotificationError,
    ListNotificationResponse, LoadCrlError, LoadCrlResponse, LpaeActivationResponse, LpaeActivationResult,
    NotificationSentResponse, NotificationsListError, PrepareDownloadResponse, ProfileInfoListError,
    ProfileInfoListResponse, ProfileInstallationResult, ResetResult, RetrieveNotificationsListResponse,
    SetDefaultDpAddressResponse, SetDefaultDpAddressResult, SetNicknameResponse, SetNicknameResult, der,
};
use lpa::apdu::StatusWord;

use super::line::Answer;

macro_rules! codes {
    ($($name:ident($type:ty) $response:literal;)+) => {
        /// A result code of a function.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code {
            $(#[doc = concat!("Of ", $response, ".")] $name($type),)+
        }

        /// `invalidSignature(2)`.
        impl fmt::Display for Code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name(code) => code.fmt(f),)+
                }
            }
        }
    };
}

codes! {
    Address(SetDefaultDpAddressResult) "SetDefaultDpAddress";
    Authenticate(AuthenticateErrorCode) "AuthenticateServer";
    Download(DownloadErrorCode) "PrepareDownload";
    Cancel(CancelSessionResponseError) "CancelSession";
    List(ListNotificationError) "ListNotification";
    Retrieve(NotificationsListError) "RetrieveNotificationsList";
    Remove(DeleteNotificationStatus) "RemoveNotificationFromList";
    LoadCrl(LoadCrlError) "LoadCRL";
    Lpae(LpaeActivationResult) "LpaeActivation";
    Profiles(ProfileInfoListError) "GetProfilesInfo";
    Enable(EnableResult) "EnableProfile";
    Disable(DisableResult) "DisableProfile";
    Delete(DeleteResult) "DeleteProfile";
    Reset(ResetResult) "eUICCMemoryReset";
    Nickname(SetNicknameResult) "SetNickname";
}

/// What an answer says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Executed, and the object that the function returns says nothing against it.
    Done,
    /// Executed, without an object: a segment that is not the last, or a case 3 command.
    NoData,
    /// The function says what it is that it could not do.
    Code(Code),
    /// A Profile Installation Result of a package that failed.
    NotInstalled(BppCommandId, ErrorReason),
    /// Another status word than 9000 and 91xx.
    Status(StatusWord),
    /// The object is not the one that the function returns.
    Unreadable(String),
}

impl Reply {
    /// Reads the answer to a command object.
    pub fn of(command: &[u8], answer: &Answer) -> Self {
        if !answer.status.is_success() {
            return Self::Status(answer.status);
        }
        if answer.data.is_empty() {
            return Self::NoData;
        }
        let tag = asn1::tlv::header(command).ok().flatten().map_or(0, |header| header.tag.0);
        read(tag, &answer.data).unwrap_or_else(|error| Self::Unreadable(error.to_string()))
    }

    /// Whether the function has done what it was asked to.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done | Self::NoData)
    }
}

fn read(tag: u32, data: &[u8]) -> Result<Reply, der::DerError> {
    /// Done where a result is the one that says so, its code otherwise.
    macro_rules! result {
        ($response:ty, $member:ident, $ok:expr, $code:path) => {{
            let result = der::decode::<$response>(data)?.$member;
            if result == $ok { Reply::Done } else { Reply::Code($code(result)) }
        }};
    }
    /// Done where the object can be read.
    macro_rules! object {
        ($response:ty) => {{
            der::decode::<$response>(data)?;
            Reply::Done
        }};
    }
    Ok(match tag {
        0xBF20 => object!(EuiccInfo1),
        0xBF21 => match der::decode(data)? {
            PrepareDownloadResponse::DownloadResponseOk(_) => Reply::Done,
            PrepareDownloadResponse::DownloadResponseError(error) => {
                Reply::Code(Code::Download(error.download_error_code))
            }
        },
        0xBF22 => object!(EuiccInfo2),
        0xBF28 => match der::decode(data)? {
            ListNotificationResponse::NotificationMetadataList(_) => Reply::Done,
            ListNotificationResponse::ListNotificationsResultError(code) => Reply::Code(Code::List(code)),
        },
        0xBF29 => {
            result!(SetNicknameResponse, set_nickname_result, SetNicknameResult::OK, Code::Nickname)
        }
        0xBF2B => match der::decode(data)? {
            RetrieveNotificationsListResponse::NotificationList(_) => Reply::Done,
            RetrieveNotificationsListResponse::NotificationsListResultError(code) => {
                Reply::Code(Code::Retrieve(code))
            }
        },
        0xBF2D => match der::decode(data)? {
            ProfileInfoListResponse::ProfileInfoListOk(_) => Reply::Done,
            ProfileInfoListResponse::ProfileInfoListError(code) => Reply::Code(Code::Profiles(code)),
        },
        0xBF2E => object!(GetEuiccChallengeResponse),
        0xBF30 => {
            let ok = DeleteNotificationStatus::OK;
            result!(NotificationSentResponse, delete_notification_status, ok, Code::Remove)
        }
        0xBF31 => result!(EnableProfileResponse, enable_result, EnableResult::OK, Code::Enable),
        0xBF32 => result!(DisableProfileResponse, disable_result, DisableResult::OK, Code::Disable),
        0xBF33 => result!(DeleteProfileResponse, delete_result, DeleteResult::OK, Code::Delete),
        0xBF34 => result!(EuiccMemoryResetResponse, reset_result, ResetResult::OK, Code::Reset),
        0xBF35 => match der::decode(data)? {
            LoadCrlResponse::LoadCrlResponseOk(_) => Reply::Done,
            LoadCrlResponse::LoadCrlResponseError(code) => Reply::Code(Code::LoadCrl(code)),
        },
        0xBF38 => match der::decode(data)? {
            AuthenticateServerResponse::AuthenticateResponseOk(_) => Reply::Done,
            AuthenticateServerResponse::AuthenticateResponseError(error) => {
                Reply::Code(Code::Authenticate(error.authenticate_error_code))
            }
        },
        0xBF3C => object!(EuiccConfiguredAddressesResponse),
        0xBF3E => object!(GetEuiccDataResponse),
        0xBF3F => {
            let ok = SetDefaultDpAddressResult::OK;
            result!(SetDefaultDpAddressResponse, set_default_dp_address_result, ok, Code::Address)
        }
        0xBF41 => match der::decode(data)? {
            CancelSessionResponse::CancelSessionResponseOk(_) => Reply::Done,
            CancelSessionResponse::CancelSessionResponseError(code) => Reply::Code(Code::Cancel(code)),
        },
        0xBF42 => {
            let ok = LpaeActivationResult::OK;
            result!(LpaeActivationResponse, lpae_activation_result, ok, Code::Lpae)
        }
        0xBF43 => object!(GetRatResponse),
        // Everything else is a piece of a package, or nothing that the card could know.
        _ => installation(&der::decode(data)?),
    })
}

fn installation(result: &ProfileInstallationResult) -> Reply {
    match &result.profile_installation_result_data.final_result {
        FinalResult::SuccessResult(_) => Reply::Done,
        FinalResult::ErrorResult(error) => Reply::NotInstalled(error.bpp_command_id, error.error_reason),
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::NoData => f.write_str("done, without an object"),
            Self::Code(code) => code.fmt(f),
            Self::NotInstalled(command, reason) => write!(f, "a result with {command}, {reason}"),
            Self::Status(status) => write!(f, "the status word {status} ({})", status.meaning()),
            Self::Unreadable(reason) => write!(f, "an object that cannot be read: {reason}"),
        }
    }
}
