//! A profile that the maker of a card puts on it.

use std::sync::Arc;

use asn1::{Iccid, PprIds, ProfileClass as Class, Raw, StoreMetadataRequest};
use thiserror::Error;

use super::{Aid, CardState, PolicyRules, Profile, ProfileClass, ProfileState, StateError};
use crate::es8plus::profile_size;
use crate::keyring::Keyring;
use crate::profile_package::{Context, Failure, interpret};

/// Our input: why a profile cannot be put on a card.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PreloadError {
    /// The card is none.
    #[error(transparent)]
    State(#[from] StateError),
    /// The package cannot be installed.
    #[error("the profile package: {0}")]
    Package(#[from] Failure),
    /// The ICCID is on the card already.
    #[error("the card has a profile {0} already")]
    IccidTaken(Iccid),
    /// The class does not exist.
    #[error("there is no profile class {0}")]
    UnknownClass(Class),
    /// Another profile is enabled.
    #[error("another profile of the card is enabled already")]
    OtherEnabled,
    /// Memory or names are used up.
    #[error("the card has no room for another profile")]
    Full,
}

/// Puts a profile on a card as its maker does: it is not field-loaded, leaves no notification, and its Profile Policy
/// Rules are the maker's own affair. `package` is an unprotected profile package; `metadata` has to fit it, and names
/// the class. Gives the AID of its ISD-P.
///
/// # Errors
/// [`PreloadError`]; the state is as it was.
pub fn preload(
    state: &mut CardState,
    package: &[u8],
    metadata: StoreMetadataRequest,
    enabled: bool,
) -> Result<Aid, PreloadError> {
    // A profile from the maker goes with the card's preferred key (SGP.22 §5.7.10 speaks of downloads only).
    let keys = Keyring::new(state)?;
    let identity = keys.identities.first().ok_or(StateError::NoIdentity)?;
    if state.profiles.iter().any(|profile| profile.iccid == metadata.iccid) {
        return Err(PreloadError::IccidTaken(metadata.iccid));
    }
    if enabled && state.enabled_profile().is_some() {
        return Err(PreloadError::OtherEnabled);
    }
    if !Class::NAMED.contains(&metadata.class()) {
        return Err(PreloadError::UnknownClass(metadata.class()));
    }
    let metadata = Raw::new(metadata);
    let free_memory = state.free_memory().saturating_sub(profile_size(metadata.bytes().len(), 0));
    let installed = interpret(package, &Context { metadata: &metadata, free_memory })?;
    let size = profile_size(metadata.bytes().len(), installed.memory_used);
    if size > state.free_memory() {
        return Err(PreloadError::Full);
    }
    let aid = state.free_isdp_aid().ok_or(PreloadError::Full)?;
    state.profiles.push(Profile {
        isdp_aid: aid,
        iccid: metadata.iccid,
        state: if enabled { ProfileState::Enabled } else { ProfileState::Disabled },
        class: ProfileClass::of(metadata.class()),
        nickname: None,
        port: 0,
        policy_rules: metadata.profile_policy_rules.as_ref().map_or_else(PolicyRules::default, rules),
        metadata,
        dp_proprietary_data: None,
        euicc_ci_pk_id: identity.ci.clone(),
        field_loaded: false,
        size,
        installed: Arc::new(installed),
    });
    Ok(aid)
}

fn rules(ids: &PprIds) -> PolicyRules {
    PolicyRules {
        update_control: ids.has(PprIds::PPR_UPDATE_CONTROL),
        ppr1: ids.has(PprIds::PPR1),
        ppr2: ids.has(PprIds::PPR2),
    }
}
