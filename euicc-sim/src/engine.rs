//! The profile-state engine: every change between enabled, disabled and gone passes here, whoever asks for it.

use asn1::tlv::Tlv;
use asn1::{DeleteResult, DisableResult, EnableResult};
use protocol::trace::Tracer;

use crate::apdu::StatusWord;
use crate::isdr::Isdr;
use crate::keyring::Keyring;
use crate::notification::notify;
use crate::policy;
use crate::state::{Aid, CardState, Event, Profile, ProfileChange, ProfileClass, ProfileState, StateError};

/// Who asks for a change. Rules may differ by origin; today the LPA beside the card is the only one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// ES10c (SGP.22 §5.7).
    LocalEs10c,
}

/// The profile a command is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// By the AID of its ISD-P, tag 4F.
    IsdpAid(&'a [u8]),
    /// By ICCID, tag 5A.
    Iccid(&'a [u8]),
}

impl<'a> Target<'a> {
    /// Reads one alternative of the choice.
    ///
    /// # Errors
    /// 6A80 for any other tag.
    pub fn read(tlv: Tlv<'a>) -> Result<Self, StatusWord> {
        match tlv.tag.0 {
            0x4F => Ok(Self::IsdpAid(tlv.value)),
            0x5A => Ok(Self::Iccid(tlv.value)),
            _ => Err(StatusWord::WRONG_DATA),
        }
    }

    /// Whether it is this profile.
    pub fn is(&self, profile: &Profile) -> bool {
        match self {
            Self::IsdpAid(aid) => *aid == profile.isdp_aid.as_bytes(),
            Self::Iccid(iccid) => *iccid == profile.iccid.bytes(),
        }
    }

    /// The profile, if it is there.
    pub fn find<'s>(&self, state: &'s CardState) -> Option<&'s Profile> {
        state.profiles.iter().find(|profile| self.is(profile))
    }
}

/// Checks what a state must hold whatever command comes.
pub(crate) fn examine(state: &CardState) -> Result<(), StateError> {
    let enabled = state.profiles.iter().filter(|profile| profile.state == ProfileState::Enabled);
    if enabled.count() > 1 { Err(StateError::SeveralEnabled) } else { Ok(()) }
}

/// The checks of EnableProfile that do not depend on the toolkit, in the order of SGP.22 §5.7.16.
pub(crate) fn may_enable(state: &CardState, origin: Origin, target: Target<'_>) -> Result<Aid, EnableResult> {
    match origin {
        Origin::LocalEs10c => {}
    }
    let target = target.find(state).ok_or(EnableResult::ICCID_OR_AID_NOT_FOUND)?;
    if target.state != ProfileState::Disabled {
        return Err(EnableResult::PROFILE_NOT_IN_DISABLED_STATE);
    }
    let Some(enabled) = state.enabled_profile() else { return Ok(target.isdp_aid) };
    if policy::forbids_replacement(enabled, target) {
        return Err(EnableResult::DISALLOWED_BY_POLICY);
    }
    // A test profile gives way to another one, or to the operational profile it displaced.
    if enabled.class == ProfileClass::Test
        && target.class != ProfileClass::Test
        && state.operational_before_test != Some(target.isdp_aid)
    {
        return Err(EnableResult::WRONG_PROFILE_REENABLING);
    }
    Ok(target.isdp_aid)
}

/// The checks of DisableProfile that do not depend on the toolkit, in the order of SGP.22 §5.7.17.
pub(crate) fn may_disable(
    state: &CardState,
    origin: Origin,
    target: Target<'_>,
) -> Result<Aid, DisableResult> {
    match origin {
        Origin::LocalEs10c => {}
    }
    let target = target.find(state).ok_or(DisableResult::ICCID_OR_AID_NOT_FOUND)?;
    if target.state != ProfileState::Enabled {
        return Err(DisableResult::PROFILE_NOT_IN_ENABLED_STATE);
    }
    if policy::forbids_disabling(target) {
        return Err(DisableResult::DISALLOWED_BY_POLICY);
    }
    Ok(target.isdp_aid)
}

/// The checks of DeleteProfile (SGP.22 §5.7.18).
pub(crate) fn may_delete(state: &CardState, origin: Origin, target: Target<'_>) -> Result<Aid, DeleteResult> {
    match origin {
        Origin::LocalEs10c => {}
    }
    let target = target.find(state).ok_or(DeleteResult::ICCID_OR_AID_NOT_FOUND)?;
    if target.state != ProfileState::Disabled {
        return Err(DeleteResult::PROFILE_NOT_IN_DISABLED_STATE);
    }
    if policy::forbids_deletion(target) {
        return Err(DeleteResult::DISALLOWED_BY_POLICY);
    }
    Ok(target.isdp_aid)
}

/// Carries out a change that was found allowed, with the notifications it entails.
///
/// # Errors
/// 6F00 where a notification cannot be signed.
pub(crate) fn apply(state: &mut CardState, keys: &Keyring, change: &ProfileChange) -> Result<(), StatusWord> {
    match change {
        ProfileChange::Enable(target) => {
            let displaced = state.enabled_profile().map(|profile| (profile.isdp_aid, profile.class));
            if let Some((aid, _)) = displaced {
                set(state, keys, aid, ProfileState::Disabled)?;
            }
            let target_class = state.profile(target).map(|profile| profile.class);
            // SGP.22 §5.7.16: what was enabled before the first test profile may come back.
            state.operational_before_test = match (target_class, displaced) {
                (Some(ProfileClass::Test), Some((aid, ProfileClass::Operational))) => Some(aid),
                (Some(ProfileClass::Test), Some((_, ProfileClass::Test))) => state.operational_before_test,
                _ => None,
            };
            set(state, keys, *target, ProfileState::Enabled)
        }
        ProfileChange::Disable(target) => {
            let class = state.profile(target).map(|profile| profile.class);
            set(state, keys, *target, ProfileState::Disabled)?;
            // SGP.22 §5.7.17: the operational profile that a test profile displaced comes back; if it is gone, that
            // is no error.
            match state.operational_before_test.take() {
                Some(aid) if class == Some(ProfileClass::Test) => {
                    set(state, keys, aid, ProfileState::Enabled)
                }
                _ => Ok(()),
            }
        }
    }
}

/// Removes a profile that may be deleted, with the notifications it entails.
///
/// # Errors
/// 6F00 where a notification cannot be signed.
pub(crate) fn delete(state: &mut CardState, keys: &Keyring, aid: &Aid) -> Result<(), StatusWord> {
    let Some(position) = state.profiles.iter().position(|profile| profile.isdp_aid == *aid) else {
        return Ok(());
    };
    let profile = state.profiles.remove(position);
    // What comes back after a test profile is gone, or the test profile is.
    if profile.state == ProfileState::Enabled || state.operational_before_test == Some(profile.isdp_aid) {
        state.operational_before_test = None;
    }
    notify(state, keys, &profile, Event::Delete)
}

fn set(state: &mut CardState, keys: &Keyring, aid: Aid, to: ProfileState) -> Result<(), StatusWord> {
    let Some(profile) = state.profile_mut(&aid).filter(|profile| profile.state != to) else { return Ok(()) };
    profile.state = to;
    let profile = profile.clone();
    let event = match to {
        ProfileState::Enabled => Event::Enable,
        ProfileState::Disabled => Event::Disable,
    };
    notify(state, keys, &profile, event)
}

/// Carries out what waited for the REFRESH.
///
/// # Errors
/// 6581 where the memory fails.
pub(crate) fn complete_pending_change(isdr: &mut Isdr) -> Result<(), StatusWord> {
    let mut draft = isdr.state().clone();
    let Some(change) = draft.pending_change.take() else { return Ok(()) };
    apply(&mut draft, isdr.keys(), &change)?;
    isdr.commit(draft)
}

/// Forgets what waited for the REFRESH: the terminal could not do it (SGP.22 §5.7.16).
///
/// # Errors
/// 6581 where the memory fails.
pub(crate) fn abandon_pending_change(isdr: &mut Isdr) -> Result<(), StatusWord> {
    let mut draft = isdr.state().clone();
    if draft.pending_change.take().is_none() {
        return Ok(());
    }
    isdr.commit(draft)
}

/// Tells the trace which profiles came, went or changed.
pub(crate) fn trace_profiles(tracer: &Tracer, before: &CardState, after: &CardState) {
    if !tracer.is_on() {
        return;
    }
    for profile in &before.profiles {
        let subject = format!("profile {}", profile.iccid);
        match after.profile(&profile.isdp_aid) {
            None => tracer.state(&subject, &profile.state, &"deleted"),
            Some(now) if now.state != profile.state => tracer.state(&subject, &profile.state, &now.state),
            Some(_) => {}
        }
    }
    for profile in after.profiles.iter().filter(|profile| before.profile(&profile.isdp_aid).is_none()) {
        tracer.state(&format!("profile {}", profile.iccid), &"absent", &profile.state);
    }
    let (old, new) = (before.notifications.all(), after.notifications.all());
    for notification in old.iter().filter(|n| !new.contains(n)) {
        let subject = format!("notification {}", notification.sequence_number);
        tracer.state(&subject, &notification.event, &"removed");
    }
    for notification in new.iter().filter(|n| !old.contains(n)) {
        let subject = format!("notification {}", notification.sequence_number);
        tracer.state(&subject, &"absent", &notification.event);
    }
}
