//! The Profile Policy Enabler (SGP.22 §2.9.3).

use asn1::{PprIds, StoreMetadataRequest};
use thiserror::Error;

use crate::state::{CardState, Owner, PolicyRules, Profile, ProfileClass, Rule};

/// The peer misbehaved: why the Profile Policy Rules of a profile are not allowed here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub(crate) enum NotAllowed {
    #[error("a rule is set that this card does not know")]
    UnknownRule,
    #[error("rules are set and the metadata names no profileOwner")]
    NoOwner,
    #[error("the profileOwner has a wildcard digit")]
    WildcardOwner,
    #[error("the Rules Authorisation Table does not allow {0} to this owner")]
    NotAuthorised(&'static str),
    #[error("PPR1 is set and another operational profile is installed")]
    OtherOperationalProfile,
}

/// The rules that metadata sets, once they are found to be allowed (SGP.22 §2.9.3.1).
pub(crate) fn verify_at_installation(
    state: &CardState,
    metadata: &StoreMetadataRequest,
) -> Result<PolicyRules, NotAllowed> {
    let Some(ids) = &metadata.profile_policy_rules else { return Ok(PolicyRules::default()) };
    let rules = PolicyRules {
        update_control: ids.has(PprIds::PPR_UPDATE_CONTROL),
        ppr1: ids.has(PprIds::PPR1),
        ppr2: ids.has(PprIds::PPR2),
    };
    if ids.bits().any(|bit| bit > PprIds::PPR2) {
        return Err(NotAllowed::UnknownRule);
    }
    if !rules.ppr1 && !rules.ppr2 {
        return Ok(rules);
    }
    // SGP.22 §5.5.3: rules need an owner, and one whose digits are all given.
    let owner = metadata.profile_owner.as_ref().map(owner).ok_or(NotAllowed::NoOwner)?;
    if owner.has_wildcard() {
        return Err(NotAllowed::WildcardOwner);
    }
    let allows = |named: fn(&PolicyRules) -> bool| {
        let table = state.rules_authorisation_table.iter().filter(|rule| named(&rule.policy_rules));
        table.flat_map(|rule: &Rule| &rule.allowed_operators).any(|pattern| pattern.fits(&owner))
    };
    if rules.ppr1 && !allows(|named| named.ppr1) {
        return Err(NotAllowed::NotAuthorised("PPR1"));
    }
    if rules.ppr2 && !allows(|named| named.ppr2) {
        return Err(NotAllowed::NotAuthorised("PPR2"));
    }
    // SGP.22 §2.9.3.1 figure 7: PPR1 only for the first operational profile.
    if rules.ppr1 && has_operational_profile(state) {
        return Err(NotAllowed::OtherOperationalProfile);
    }
    Ok(rules)
}

/// The rules no profile may set at present (forbiddenProfilePolicyRules, SGP.22 §5.7.8).
pub(crate) fn forbidden(state: &CardState) -> PolicyRules {
    let named = |by: fn(&PolicyRules) -> bool| {
        state.rules_authorisation_table.iter().any(|rule| by(&rule.policy_rules))
    };
    let by_the_table = PolicyRules {
        update_control: false,
        ppr1: !named(|rules| rules.ppr1) || has_operational_profile(state),
        ppr2: !named(|rules| rules.ppr2),
    };
    by_the_table.or(state.information.forbidden_policy_rules)
}

/// Whether PPR1 of the enabled profile keeps it from being replaced by `target`.
pub(crate) fn forbids_replacement(enabled: &Profile, target: &Profile) -> bool {
    // SGP.22 §2.9.3.3.1 and §2.4.5.2: PPR1 stands back for test and for provisioning profiles.
    enabled.policy_rules.ppr1 && target.class == ProfileClass::Operational
}

/// Whether PPR1 keeps a profile from being disabled (SGP.22 §5.7.17).
pub(crate) fn forbids_disabling(profile: &Profile) -> bool {
    profile.policy_rules.ppr1 && profile.class != ProfileClass::Test
}

/// Whether PPR2 keeps a profile from being deleted (SGP.22 §5.7.18).
pub(crate) fn forbids_deletion(profile: &Profile) -> bool {
    profile.policy_rules.ppr2
}

fn has_operational_profile(state: &CardState) -> bool {
    state.profiles.iter().any(|profile| profile.class == ProfileClass::Operational)
}

fn owner(id: &asn1::OperatorId) -> Owner {
    let mut mcc_mnc = [0; 3];
    mcc_mnc.iter_mut().zip(id.mcc_mnc.bytes()).for_each(|(digit, byte)| *digit = *byte);
    Owner {
        mcc_mnc,
        gid1: id.gid1.as_ref().map(|gid| gid.as_ref().to_vec()),
        gid2: id.gid2.as_ref().map(|gid| gid.as_ref().to_vec()),
    }
}
