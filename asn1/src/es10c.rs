//! ES10c (SGP.22 §5.7.15 to §5.7.21): local profile management.

use rasn::{AsnType, Decode, Decoder, Encode, Encoder};

use crate::Unknown;
use crate::types::{
    Aid, DeleteResult, DisableResult, DpProprietaryData, EnableResult, Flag, Iccid, Icon, IconType,
    NotificationConfigurationInformation, Octet16, OperatorId, PprIds, ProfileClass, ProfileInfoListError,
    ProfileName, ProfileNickname, ProfileState, ResetOptions, ResetResult, ServiceProviderName,
    SetNicknameResult, TagList, VendorSpecific,
};

/// `ProfileInfoListRequest` `BF2D`, of GetProfilesInfo (SGP.22 §5.7.15).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 45))]
pub struct ProfileInfoListRequest {
    /// `searchCriteria`: without it every profile.
    #[rasn(tag(explicit(0)))]
    pub search_criteria: Option<ProfileSearchCriteria>,
    /// `tagList`: the members wanted; without it a default list.
    pub tag_list: Option<TagList>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `searchCriteria` of GetProfilesInfo.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum ProfileSearchCriteria {
    /// `isdpAid` `4F`.
    IsdpAid(Aid),
    /// `iccid` `5A`.
    Iccid(Iccid),
    /// `profileClass` `95`.
    #[rasn(tag(21))]
    ProfileClass(ProfileClass),
}

/// `ProfileInfoListResponse` `BF2D` (SGP.22 §5.7.15).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 45)))]
pub enum ProfileInfoListResponse {
    /// `profileInfoListOk`.
    #[rasn(tag(0))]
    ProfileInfoListOk(Vec<ProfileInfo>),
    /// `profileInfoListError`.
    #[rasn(tag(1))]
    ProfileInfoListError(ProfileInfoListError),
}

/// `ProfileInfo` `E3` (SGP.22 §5.7.15): the members asked for, as far as the profile has them.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(private, 3))]
pub struct ProfileInfo {
    /// `iccid`.
    pub iccid: Option<Iccid>,
    /// `isdpAid`.
    pub isdp_aid: Option<Aid>,
    /// `profileState` `9F70`.
    #[rasn(tag(112))]
    pub profile_state: Option<ProfileState>,
    /// `profileNickname`.
    #[rasn(tag(16))]
    pub profile_nickname: Option<ProfileNickname>,
    /// `serviceProviderName`.
    #[rasn(tag(17))]
    pub service_provider_name: Option<ServiceProviderName>,
    /// `profileName`.
    #[rasn(tag(18))]
    pub profile_name: Option<ProfileName>,
    /// `iconType`.
    #[rasn(tag(19))]
    pub icon_type: Option<IconType>,
    /// `icon`.
    #[rasn(tag(20))]
    pub icon: Option<Icon>,
    /// `profileClass`: operational where it was asked for and is absent.
    #[rasn(tag(21))]
    pub profile_class: Option<ProfileClass>,
    /// `notificationConfigurationInfo`.
    #[rasn(tag(22))]
    pub notification_configuration_info: Option<Vec<NotificationConfigurationInformation>>,
    /// `profileOwner`.
    #[rasn(tag(23))]
    pub profile_owner: Option<OperatorId>,
    /// `dpProprietaryData`.
    #[rasn(tag(24))]
    pub dp_proprietary_data: Option<DpProprietaryData>,
    /// `profilePolicyRules`.
    #[rasn(tag(25))]
    pub profile_policy_rules: Option<PprIds>,
    /// `serviceSpecificDataStoredInEuicc` (since v2.4).
    #[rasn(tag(34))]
    pub service_specific_data_stored_in_euicc: Option<Vec<VendorSpecific>>,
    /// Members of later versions and of other specifications, each at its place.
    pub unknown: Unknown,
}

/// `profileIdentifier` of the commands below, and DeleteProfileRequest's alternatives.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum ProfileIdentifier {
    /// `isdpAid` `4F`.
    IsdpAid(Aid),
    /// `iccid` `5A`.
    Iccid(Iccid),
}

/// `EnableProfileRequest` `BF31` (SGP.22 §5.7.16).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 49))]
pub struct EnableProfileRequest {
    /// `profileIdentifier`, behind `A0`.
    #[rasn(tag(explicit(0)))]
    pub profile_identifier: ProfileIdentifier,
    /// `refreshFlag`: the card shall send REFRESH.
    #[rasn(tag(1))]
    pub refresh_flag: Flag,
    /// v3: `targetEsimPort` `82`.
    pub unknown: Unknown,
}

/// `EnableProfileResponse` `BF31` (SGP.22 §5.7.16).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 49))]
pub struct EnableProfileResponse {
    /// `enableResult`.
    #[rasn(tag(0))]
    pub enable_result: EnableResult,
    /// v3: `targetEsimPort` `81`.
    pub unknown: Unknown,
}

/// `DisableProfileRequest` `BF32` (SGP.22 §5.7.17).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 50))]
pub struct DisableProfileRequest {
    /// `profileIdentifier`, behind `A0`.
    #[rasn(tag(explicit(0)))]
    pub profile_identifier: ProfileIdentifier,
    /// `refreshFlag`: the card shall send REFRESH.
    #[rasn(tag(1))]
    pub refresh_flag: Flag,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `DisableProfileResponse` `BF32` (SGP.22 §5.7.17).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 50))]
pub struct DisableProfileResponse {
    /// `disableResult`.
    #[rasn(tag(0))]
    pub disable_result: DisableResult,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `DeleteProfileRequest` `BF33` (SGP.22 §5.7.18): a CHOICE itself, so nothing stands between `BF33` and the identifier.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 51)))]
pub enum DeleteProfileRequest {
    /// `isdpAid` `4F`.
    IsdpAid(Aid),
    /// `iccid` `5A`.
    Iccid(Iccid),
}

impl From<DeleteProfileRequest> for ProfileIdentifier {
    fn from(request: DeleteProfileRequest) -> Self {
        match request {
            DeleteProfileRequest::IsdpAid(aid) => Self::IsdpAid(aid),
            DeleteProfileRequest::Iccid(iccid) => Self::Iccid(iccid),
        }
    }
}

impl From<ProfileIdentifier> for DeleteProfileRequest {
    fn from(identifier: ProfileIdentifier) -> Self {
        match identifier {
            ProfileIdentifier::IsdpAid(aid) => Self::IsdpAid(aid),
            ProfileIdentifier::Iccid(iccid) => Self::Iccid(iccid),
        }
    }
}

/// `DeleteProfileResponse` `BF33` (SGP.22 §5.7.18).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 51))]
pub struct DeleteProfileResponse {
    /// `deleteResult`.
    #[rasn(tag(0))]
    pub delete_result: DeleteResult,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EuiccMemoryResetRequest` `BF34` (SGP.22 §5.7.19).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 52))]
pub struct EuiccMemoryResetRequest {
    /// `resetOptions`.
    #[rasn(tag(2))]
    pub reset_options: ResetOptions,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EuiccMemoryResetResponse` `BF34` (SGP.22 §5.7.19).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 52))]
pub struct EuiccMemoryResetResponse {
    /// `resetResult`.
    #[rasn(tag(0))]
    pub reset_result: ResetResult,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetEuiccDataRequest` `BF3E`, of GetEID (SGP.22 §5.7.20).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 62))]
pub struct GetEuiccDataRequest {
    /// `tagList`: one octet, `5A`.
    #[rasn(size("1"))]
    pub tag_list: TagList,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetEuiccDataResponse` `BF3E` (SGP.22 §5.7.20).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 62))]
pub struct GetEuiccDataResponse {
    /// `eidValue` `5A`: 32 digits, first digit in the high half octet.
    #[rasn(tag(application, 26))]
    pub eid_value: Octet16,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `SetNicknameRequest` `BF29` (SGP.22 §5.7.21).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 41))]
pub struct SetNicknameRequest {
    /// `iccid`.
    pub iccid: Iccid,
    /// `profileNickname`: empty removes it.
    #[rasn(tag(16))]
    pub profile_nickname: ProfileNickname,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `SetNicknameResponse` `BF29` (SGP.22 §5.7.21).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 41))]
pub struct SetNicknameResponse {
    /// `setNicknameResult`.
    #[rasn(tag(0))]
    pub set_nickname_result: SetNicknameResult,
    /// Members of later versions.
    pub unknown: Unknown,
}
