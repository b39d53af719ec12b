//! Whether the Profile Policy Rules of a profile may be set on this eUICC (SGP.22 §2.9.2.4).

use std::fmt;

use asn1::{OctetString, OperatorId, PprFlags, PprIds, ProfilePolicyAuthorisationRule, StoreMetadataRequest};
use thiserror::Error;

/// One Profile Policy Rule (SGP.22 §2.9.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyRule {
    /// PPR1: the profile may not be disabled.
    DisablingNotAllowed,
    /// PPR2: the profile may not be deleted.
    DeletionNotAllowed,
}

impl fmt::Display for PolicyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DisablingNotAllowed => "PPR1 (disabling of this profile is not allowed)",
            Self::DeletionNotAllowed => "PPR2 (deletion of this profile is not allowed)",
        })
    }
}

/// A rule that the profile brings along and the eUICC admits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AdmittedRule {
    /// The rule.
    pub rule: PolicyRule,
    /// Whether the user has to agree to it, by the Rules Authorisation Table.
    pub consent_required: bool,
}

/// Why a profile with such rules may not be installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum PolicyRefusal {
    /// A rule that this version of the specification does not know.
    #[error("the profile has an unknown Profile Policy Rule (bit {0})")]
    UnknownRule(usize),
    /// The Rules Authorisation Table does not allow it to anybody.
    #[error("{0} is forbidden on this eUICC")]
    Forbidden(PolicyRule),
    /// The Rules Authorisation Table does not allow it to this operator.
    #[error("{0} is not allowed to the owner of this profile")]
    NotThisOwner(PolicyRule),
    /// PPR1 beside another operational profile.
    #[error("PPR1 is not possible while an operational profile is installed")]
    OperationalProfileInstalled,
}

/// The rules that the metadata sets, in the order of their bits.
pub(super) fn rules_of(metadata: &StoreMetadataRequest) -> Result<Vec<PolicyRule>, PolicyRefusal> {
    let bits = metadata.profile_policy_rules.iter().flat_map(PprIds::bits);
    // SGP.22 §5.7.22: the LPA ignores pprUpdateControl.
    bits.filter(|bit| *bit != PprIds::PPR_UPDATE_CONTROL)
        .map(|bit| match bit {
            PprIds::PPR1 => Ok(PolicyRule::DisablingNotAllowed),
            PprIds::PPR2 => Ok(PolicyRule::DeletionNotAllowed),
            // SGP.22 §2.9.2.4 figure 5: a profile with a rule that is not known is not allowed.
            other => Err(PolicyRefusal::UnknownRule(other)),
        })
        .collect()
}

/// Judges each rule by the Rules Authorisation Table (SGP.22 §2.9.2.4 figures 5 and 6).
pub(super) fn admit(
    rules: &[PolicyRule],
    owner: Option<&OperatorId>,
    table: &[ProfilePolicyAuthorisationRule],
    operational_profile_installed: bool,
) -> Result<Vec<AdmittedRule>, PolicyRefusal> {
    let admitted = rules.iter().map(|rule| admit_one(*rule, owner, table)).collect::<Result<Vec<_>, _>>()?;
    // SGP.22 §3.1.3 step 7c: PPR1 and an operational profile exclude each other.
    if operational_profile_installed && rules.contains(&PolicyRule::DisablingNotAllowed) {
        return Err(PolicyRefusal::OperationalProfileInstalled);
    }
    Ok(admitted)
}

fn admit_one(
    rule: PolicyRule,
    owner: Option<&OperatorId>,
    table: &[ProfilePolicyAuthorisationRule],
) -> Result<AdmittedRule, PolicyRefusal> {
    let bit = match rule {
        PolicyRule::DisablingNotAllowed => PprIds::PPR1,
        PolicyRule::DeletionNotAllowed => PprIds::PPR2,
    };
    let mut related = table.iter().filter(|entry| entry.ppr_ids.has(bit)).peekable();
    // SGP.22 §2.9.2.1: a rule without an entry is forbidden for all profile owners.
    if related.peek().is_none() {
        return Err(PolicyRefusal::Forbidden(rule));
    }
    // SGP.22 §2.9.2.1: of several entries that allow the owner, the first says whether consent is required.
    let allows = |entry: &&ProfilePolicyAuthorisationRule| {
        owner.is_some_and(|owner| entry.allowed_operators.iter().any(|allowed| matches(allowed, owner)))
    };
    let entry = related.find(allows).ok_or(PolicyRefusal::NotThisOwner(rule))?;
    let consent_required = entry.ppr_flags.has(PprFlags::CONSENT_REQUIRED);
    Ok(AdmittedRule { rule, consent_required })
}

/// Whether an entry of 'Allowed Operators' stands for this owner (SGP.22 §2.9.2.1).
fn matches(allowed: &OperatorId, owner: &OperatorId) -> bool {
    const WILDCARD: u8 = 0xE;
    let nibbles =
        |id: &OperatorId| -> Vec<u8> { id.mcc_mnc.bytes().iter().flat_map(|b| [b >> 4, b & 0x0F]).collect() };
    let digits = nibbles(allowed)
        .iter()
        .zip(nibbles(owner))
        .all(|(allowed, owner)| *allowed == WILDCARD || *allowed == owner);
    digits && gid_matches(&allowed.gid1, &owner.gid1) && gid_matches(&allowed.gid2, &owner.gid2)
}

/// An empty value is a wildcard; an absent one stands for an absent one only.
fn gid_matches(allowed: &Option<OctetString>, owner: &Option<OctetString>) -> bool {
    match allowed {
        Some(allowed) if allowed.is_empty() => true,
        allowed => allowed == owner,
    }
}

#[cfg(test)]
mod tests {
    use asn1::{MccMnc, Unknown};

    use super::*;

    fn operator(mcc_mnc: [u8; 3], gid1: Option<&[u8]>) -> OperatorId {
        OperatorId {
            mcc_mnc: MccMnc::new(mcc_mnc).unwrap(),
            gid1: gid1.map(|gid| gid.to_vec().into()),
            gid2: None,
            unknown: Unknown::none(),
        }
    }

    fn entry(bits: &[usize], allowed: &[OperatorId], consent: bool) -> ProfilePolicyAuthorisationRule {
        ProfilePolicyAuthorisationRule {
            ppr_ids: PprIds::of(bits.iter().copied()),
            allowed_operators: allowed.to_vec(),
            ppr_flags: PprFlags::of(consent.then_some(PprFlags::CONSENT_REQUIRED)),
            unknown: Unknown::none(),
        }
    }

    const PPR1: PolicyRule = PolicyRule::DisablingNotAllowed;
    const PPR2: PolicyRule = PolicyRule::DeletionNotAllowed;
    const OP_A: [u8; 3] = [0x42, 0xF6, 0x18];
    const OP_B: [u8; 3] = [0x62, 0xF2, 0x10];
    const ANY: [u8; 3] = [0xEE, 0xEE, 0xEE];

    /// The example table of SGP.22 §2.9.2.1.
    #[test]
    fn the_first_entry_that_allows_the_owner_says_whether_consent_is_required() {
        let table = [
            entry(&[1], &[operator(OP_A, None)], false),
            entry(&[2], &[operator(OP_B, None)], false),
            entry(&[1, 2], &[operator(ANY, None)], true),
        ];
        let consent = |mcc_mnc| {
            let owner = operator(mcc_mnc, None);
            let admitted = admit(&[PPR1, PPR2], Some(&owner), &table, false).unwrap();
            admitted.iter().map(|rule| rule.consent_required).collect::<Vec<_>>()
        };
        assert_eq!(consent(OP_A), [false, true]);
        assert_eq!(consent(OP_B), [true, false]);
        assert_eq!(consent([0x00, 0xF1, 0x10]), [true, true]);
    }

    #[test]
    fn digits_match_one_by_one_and_e_matches_any() {
        let allows = |allowed, owner| matches(&operator(allowed, None), &operator(owner, None));
        assert!(allows(OP_A, OP_A));
        assert!(!allows(OP_A, OP_B));
        assert!(allows([0x42, 0xE6, 0xEE], OP_A));
        assert!(!allows([0x42, 0xE7, 0xEE], OP_A));
        // The wildcard stands in the table, never in the profile.
        assert!(!allows(OP_A, ANY));
    }

    #[test]
    fn an_empty_gid_matches_any_and_an_absent_one_only_an_absent_one() {
        let with_gid2 = |gid: Option<&[u8]>| OperatorId {
            gid2: gid.map(|gid| gid.to_vec().into()),
            ..operator(OP_A, None)
        };
        for (allowed, owner, expected) in [
            (None, None, true),
            (None, Some(&[1_u8][..]), false),
            (Some(&[][..]), None, true),
            (Some(&[][..]), Some(&[1][..]), true),
            (Some(&[1][..]), Some(&[1][..]), true),
            (Some(&[1][..]), Some(&[2][..]), false),
            (Some(&[1][..]), None, false),
        ] {
            let found = matches(&operator(OP_A, allowed), &operator(OP_A, owner));
            assert_eq!(found, expected, "{allowed:?} {owner:?}");
            let found = matches(&with_gid2(allowed), &with_gid2(owner));
            assert_eq!(found, expected, "{allowed:?} {owner:?}");
        }
    }

    #[test]
    fn a_rule_needs_an_entry_and_an_owner_that_it_names() {
        let table = [entry(&[1], &[operator(OP_A, None)], false)];
        let judge = |rule, owner: Option<OperatorId>| admit(&[rule], owner.as_ref(), &table, false);
        assert_eq!(judge(PPR2, Some(operator(OP_A, None))), Err(PolicyRefusal::Forbidden(PPR2)));
        assert_eq!(judge(PPR1, Some(operator(OP_B, None))), Err(PolicyRefusal::NotThisOwner(PPR1)));
        assert_eq!(judge(PPR1, None), Err(PolicyRefusal::NotThisOwner(PPR1)));
        assert!(judge(PPR1, Some(operator(OP_A, None))).is_ok());
    }

    #[test]
    fn the_update_control_bit_is_no_rule() {
        let mut metadata = StoreMetadataRequest::new(
            "89000123456789012341".parse().unwrap(),
            "Operator".parse().unwrap(),
            "Profile".parse().unwrap(),
        );
        assert_eq!(rules_of(&metadata), Ok(Vec::new()));
        metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR_UPDATE_CONTROL]));
        assert_eq!(rules_of(&metadata), Ok(Vec::new()));
        metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR_UPDATE_CONTROL, PprIds::PPR2]));
        assert_eq!(rules_of(&metadata), Ok(vec![PPR2]));
    }
}
