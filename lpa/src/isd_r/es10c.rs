//! ES10c: local profile management (SGP.22 §5.7.15 to §5.7.21).

use asn1::{
    DeleteProfileRequest, DeleteProfileResponse, DeleteResult, DisableProfileRequest, DisableProfileResponse,
    DisableResult, EnableProfileRequest, EnableProfileResponse, EnableResult, Flag, GetEuiccDataRequest,
    GetEuiccDataResponse, Iccid, Octet16, ProfileIdentifier, ProfileInfo, ProfileInfoListRequest,
    ProfileInfoListResponse, ProfileNickname, SetNicknameRequest, SetNicknameResponse, SetNicknameResult,
    TagList, Unknown, der,
};

use super::IsdR;
use crate::card::Card;
use crate::error::EuiccError;

impl<C: Card> IsdR<C> {
    /// ES10c.GetProfilesInfo (SGP.22 §5.7.15): every profile, with the members of `tag_list`, or of the default list.
    ///
    /// # Errors
    /// [`EuiccError`], as every function here; results that the function itself knows are returned.
    pub fn get_profiles_info(&mut self, tag_list: Option<TagList>) -> Result<Vec<ProfileInfo>, EuiccError> {
        const FUNCTION: &str = "ES10c.GetProfilesInfo";
        let request = ProfileInfoListRequest { search_criteria: None, tag_list, unknown: Unknown::none() };
        match self.call(FUNCTION, &der::encode(&request), der::decode)? {
            ProfileInfoListResponse::ProfileInfoListOk(list) => Ok(list),
            ProfileInfoListResponse::ProfileInfoListError(error) => Err(EuiccError::refused(FUNCTION, error)),
        }
    }

    /// ES10c.EnableProfile (SGP.22 §5.7.16).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn enable_profile(
        &mut self,
        profile_identifier: ProfileIdentifier,
        refresh: bool,
    ) -> Result<EnableResult, EuiccError> {
        let request = EnableProfileRequest {
            profile_identifier,
            refresh_flag: Flag::from(refresh),
            unknown: Unknown::none(),
        };
        let response: EnableProfileResponse =
            self.call("ES10c.EnableProfile", &der::encode(&request), der::decode)?;
        Ok(response.enable_result)
    }

    /// ES10c.DisableProfile (SGP.22 §5.7.17).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn disable_profile(
        &mut self,
        profile_identifier: ProfileIdentifier,
        refresh: bool,
    ) -> Result<DisableResult, EuiccError> {
        let request = DisableProfileRequest {
            profile_identifier,
            refresh_flag: Flag::from(refresh),
            unknown: Unknown::none(),
        };
        let response: DisableProfileResponse =
            self.call("ES10c.DisableProfile", &der::encode(&request), der::decode)?;
        Ok(response.disable_result)
    }

    /// ES10c.DeleteProfile (SGP.22 §5.7.18).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn delete_profile(
        &mut self,
        profile_identifier: ProfileIdentifier,
    ) -> Result<DeleteResult, EuiccError> {
        let request = der::encode(&DeleteProfileRequest::from(profile_identifier));
        let response: DeleteProfileResponse = self.call("ES10c.DeleteProfile", &request, der::decode)?;
        Ok(response.delete_result)
    }

    /// ES10c.SetNickname (SGP.22 §5.7.21); an empty nickname removes it.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn set_nickname(
        &mut self,
        iccid: Iccid,
        profile_nickname: ProfileNickname,
    ) -> Result<SetNicknameResult, EuiccError> {
        let request = SetNicknameRequest { iccid, profile_nickname, unknown: Unknown::none() };
        let response: SetNicknameResponse =
            self.call("ES10c.SetNickname", &der::encode(&request), der::decode)?;
        Ok(response.set_nickname_result)
    }

    /// ES10c.GetEID (SGP.22 §5.7.20).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn get_eid(&mut self) -> Result<Octet16, EuiccError> {
        const EID_TAG: u32 = 0x5A;
        let request = GetEuiccDataRequest { tag_list: TagList::of([EID_TAG]), unknown: Unknown::none() };
        let response: GetEuiccDataResponse =
            self.call("ES10c.GetEID", &der::encode(&request), der::decode)?;
        Ok(response.eid_value)
    }
}
