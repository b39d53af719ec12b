//! Quirks that say more than yes or a number.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::isdr::tag;

/// The time that a card takes, in milliseconds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delays {
    /// Any command APDU.
    pub command: u32,
    /// AuthenticateServer, beside its APDUs; the next ones likewise.
    pub authenticate_server: u32,
    /// PrepareDownload.
    pub prepare_download: u32,
    /// The segment with InitialiseSecureChannel.
    pub first_segment: u32,
    /// A segment that begins with a TLV 88.
    pub metadata_segment: u32,
    /// Any other segment.
    pub segment: u32,
    /// The segment that is answered with the Profile Installation Result.
    pub last_segment: u32,
    /// All of them are scaled by this.
    pub percent: u32,
}

impl Default for Delays {
    fn default() -> Self {
        Self {
            command: 0,
            authenticate_server: 0,
            prepare_download: 0,
            first_segment: 0,
            metadata_segment: 0,
            segment: 0,
            last_segment: 0,
            percent: 100,
        }
    }
}

/// What happens on EnableProfile and DisableProfile with the refreshFlag set, and on an eUICCMemoryReset that would be
/// executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    /// It is refused with catBusy.
    CatBusy,
    /// It is executed and answered with 6F00.
    TechnicalProblem,
    /// It is answered with 91xx even where no TERMINAL PROFILE came.
    Always,
    /// It is executed and not answered; the card stays silent until it is reset.
    Mute,
}

/// Power that is lost during LoadBoundProfilePackage.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerLoss {
    /// The number of the segment, as the LPA cuts them, that is executed and not answered; the first is 1.
    pub segment: NonZeroU32,
    /// How often it will still happen; for ever where it is not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times: Option<NonZeroU32>,
}

/// A Profile Installation Result with an error that nothing in the package is the cause of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallFailure {
    /// The number of the segment, as the LPA cuts them, that is answered with it; the first is 1.
    pub segment: NonZeroU32,
    /// errorReason (SGP.22 §2.5.6).
    pub reason: u8,
    /// bppCommandId; where it is not given, that of the function under way.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<u8>,
    /// How often it will still happen; for ever where it is not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times: Option<NonZeroU32>,
}

/// A result that a function gives without doing anything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForcedResult {
    /// The function.
    pub function: Function,
    /// Its result or error code.
    pub code: u8,
    /// How often it will still happen; for ever where it is not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub times: Option<NonZeroU32>,
}

/// An ES10 function whose response has a result or error code (SGP.22 §5.7). LoadBoundProfilePackage has
/// [`InstallFailure`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "they are named as in the specification")]
pub enum Function {
    SetDefaultDpAddress,
    AuthenticateServer,
    PrepareDownload,
    CancelSession,
    ListNotification,
    RetrieveNotificationsList,
    RemoveNotificationFromList,
    #[serde(rename = "LoadCRL")]
    LoadCrl,
    GetProfilesInfo,
    EnableProfile,
    DisableProfile,
    DeleteProfile,
    #[serde(rename = "eUICCMemoryReset")]
    EuiccMemoryReset,
    SetNickname,
}

/// Where a response has its code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// 80, as its only member.
    Result,
    /// 81, an alternative of the response.
    Error,
    /// In an alternative A1, after the transactionId.
    ErrorOfTransaction,
}

impl Function {
    /// The tag of its command and response, and where the code stands.
    pub(super) fn form(self) -> (u32, Shape) {
        match self {
            Self::SetDefaultDpAddress => (tag::SET_DEFAULT_DP_ADDRESS, Shape::Result),
            Self::AuthenticateServer => (tag::AUTHENTICATE_SERVER, Shape::ErrorOfTransaction),
            Self::PrepareDownload => (tag::PREPARE_DOWNLOAD, Shape::ErrorOfTransaction),
            Self::CancelSession => (tag::CANCEL_SESSION, Shape::Error),
            Self::ListNotification => (tag::LIST_NOTIFICATION, Shape::Error),
            Self::RetrieveNotificationsList => (tag::RETRIEVE_NOTIFICATIONS_LIST, Shape::Error),
            Self::RemoveNotificationFromList => (tag::REMOVE_NOTIFICATION_FROM_LIST, Shape::Result),
            Self::LoadCrl => (tag::LOAD_CRL, Shape::Error),
            Self::GetProfilesInfo => (tag::GET_PROFILES_INFO, Shape::Error),
            Self::EnableProfile => (tag::ENABLE_PROFILE, Shape::Result),
            Self::DisableProfile => (tag::DISABLE_PROFILE, Shape::Result),
            Self::DeleteProfile => (tag::DELETE_PROFILE, Shape::Result),
            Self::EuiccMemoryReset => (tag::EUICC_MEMORY_RESET, Shape::Result),
            Self::SetNickname => (tag::SET_NICKNAME, Shape::Result),
        }
    }
}

/// Counts one use; tells whether it was the last.
pub(super) fn use_up(times: &mut Option<NonZeroU32>) -> bool {
    match times {
        None => false,
        Some(left) => match NonZeroU32::new(left.get() - 1) {
            None => true,
            fewer => {
                *times = fewer;
                false
            }
        },
    }
}
