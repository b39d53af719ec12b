//! Local profile management (SGP.22 §3.2): results of the eUICC as errors with their names.

use std::fmt;
use std::str::FromStr;

use asn1::{
    Aid, DeleteResult, DisableResult, EnableResult, Iccid, ProfileClass, ProfileIdentifier, ProfileInfo,
    ProfileNickname, SetNicknameResult,
};
use thiserror::Error;

use crate::card::Card;
use crate::error::{Blame, EuiccError};
use crate::isd_r::IsdR;

/// Why a profile was not changed.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ProfileError {
    /// The eUICC could not be talked to.
    #[error(transparent)]
    Euicc(#[from] EuiccError),
    /// ES10c.EnableProfile (SGP.22 §5.7.16).
    #[error("the eUICC did not enable the profile: {0}")]
    Enable(EnableResult),
    /// ES10c.DisableProfile (SGP.22 §5.7.17).
    #[error("the eUICC did not disable the profile: {0}")]
    Disable(DisableResult),
    /// ES10c.DeleteProfile (SGP.22 §5.7.18).
    #[error("the eUICC did not delete the profile: {0}")]
    Delete(DeleteResult),
    /// ES10c.SetNickname (SGP.22 §5.7.21).
    #[error("the eUICC did not set the nickname: {0}")]
    Nickname(SetNicknameResult),
}

impl ProfileError {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Euicc(error) => error.blame(),
            // It names a profile that is not there, in another state, or under a rule that forbids it.
            Self::Enable(_) | Self::Disable(_) | Self::Delete(_) | Self::Nickname(_) => Blame::Request,
        }
    }
}

/// A profile, by what its user knows of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileId(ProfileIdentifier);

/// A text that names no profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error(
    "a profile is named by its ICCID (18 to 20 digits) or its ISD-P AID (10 to 32 hexadecimal digits, from A0 on)"
)]
pub struct ProfileIdError;

impl From<Iccid> for ProfileId {
    fn from(iccid: Iccid) -> Self {
        Self(ProfileIdentifier::Iccid(iccid))
    }
}

impl From<Aid> for ProfileId {
    fn from(aid: Aid) -> Self {
        Self(ProfileIdentifier::IsdpAid(aid))
    }
}

/// An AID begins with a letter (A0 and the other registered prefixes), an ICCID never does.
impl FromStr for ProfileId {
    type Err = ProfileIdError;

    fn from_str(text: &str) -> Result<Self, ProfileIdError> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return text.parse::<Iccid>().map(Self::from).map_err(|_| ProfileIdError);
        }
        let octets =
            data_encoding::HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| ProfileIdError)?;
        let aid = Aid::new(octets).ok().filter(|aid| aid.bytes().len() >= 5);
        aid.map(Self::from).ok_or(ProfileIdError)
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ProfileIdentifier::Iccid(iccid) => iccid.fmt(f),
            ProfileIdentifier::IsdpAid(aid) => aid.fmt(f),
        }
    }
}

/// The profiles of the eUICC, with the members of the default list (SGP.22 §5.7.15).
///
/// # Errors
/// [`EuiccError`].
pub fn list<C: Card>(isd_r: &mut IsdR<C>) -> Result<Vec<ProfileInfo>, EuiccError> {
    isd_r.get_profiles_info(None)
}

/// Whether an Operational Profile is installed, be it enabled or not.
///
/// # Errors
/// [`EuiccError`].
pub fn operational_profile_is_installed<C: Card>(isd_r: &mut IsdR<C>) -> Result<bool, EuiccError> {
    // SGP.22 §2.4.5.3, §5.7.15: a profile of no stated class is operational.
    let operational =
        |class: Option<ProfileClass>| class.is_none_or(|class| class == ProfileClass::OPERATIONAL);
    Ok(list(isd_r)?.iter().any(|profile| operational(profile.profile_class)))
}

/// Enables a profile (SGP.22 §3.2.1). With `refresh` the card is reset afterwards, which stands for the REFRESH that it
/// wants to send, and the ISD-R selected again.
///
/// # Errors
/// [`ProfileError`]. Where the restart fails the profile is enabled all the same.
pub fn enable<C: Card>(isd_r: &mut IsdR<C>, profile: &ProfileId, refresh: bool) -> Result<(), ProfileError> {
    match isd_r.enable_profile(profile.0.clone(), refresh)? {
        EnableResult::OK => after_change(isd_r, refresh),
        other => Err(ProfileError::Enable(other)),
    }
}

/// Disables a profile (SGP.22 §3.2.2); `refresh` as in [`enable`].
///
/// # Errors
/// [`ProfileError`]. Where the restart fails the profile is disabled all the same.
pub fn disable<C: Card>(isd_r: &mut IsdR<C>, profile: &ProfileId, refresh: bool) -> Result<(), ProfileError> {
    match isd_r.disable_profile(profile.0.clone(), refresh)? {
        DisableResult::OK => after_change(isd_r, refresh),
        other => Err(ProfileError::Disable(other)),
    }
}

/// Deletes a disabled profile (SGP.22 §3.2.3).
///
/// # Errors
/// [`ProfileError`].
pub fn delete<C: Card>(isd_r: &mut IsdR<C>, profile: &ProfileId) -> Result<(), ProfileError> {
    match isd_r.delete_profile(profile.0.clone())? {
        DeleteResult::OK => Ok(()),
        other => Err(ProfileError::Delete(other)),
    }
}

/// Gives a profile a nickname, or takes it away where it is empty (SGP.22 §3.2.6).
///
/// # Errors
/// [`ProfileError`].
pub fn set_nickname<C: Card>(
    isd_r: &mut IsdR<C>,
    profile: &ProfileId,
    nickname: ProfileNickname,
) -> Result<(), ProfileError> {
    let iccid = iccid_of(isd_r, profile)?;
    match isd_r.set_nickname(iccid, nickname)? {
        SetNicknameResult::OK => Ok(()),
        other => Err(ProfileError::Nickname(other)),
    }
}

/// SGP.22 §5.7.21 names the profile by its ICCID only; that of an AID is in the list of profiles.
fn iccid_of<C: Card>(isd_r: &mut IsdR<C>, profile: &ProfileId) -> Result<Iccid, ProfileError> {
    let aid = match &profile.0 {
        ProfileIdentifier::Iccid(iccid) => return Ok(*iccid),
        ProfileIdentifier::IsdpAid(aid) => aid,
    };
    let profiles = isd_r.get_profiles_info(None)?;
    let found = profiles.iter().find(|info| info.isdp_aid.as_ref() == Some(aid));
    found.and_then(|info| info.iccid).ok_or(ProfileError::Nickname(SetNicknameResult::ICCID_NOT_FOUND))
}

/// SGP.22 §3.2.1 step 8: with refreshFlag the change happens at the REFRESH or at a reset, whichever comes first.
fn after_change<C: Card>(isd_r: &mut IsdR<C>, refresh: bool) -> Result<(), ProfileError> {
    if refresh {
        isd_r.restart()?;
    }
    Ok(())
}
