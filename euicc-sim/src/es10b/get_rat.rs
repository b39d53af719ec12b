//! GetRAT (SGP.22 §5.7.22).

use asn1::tlv::{self, Tlv};

use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::no_input;
use crate::state::{Owner, Rule};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    no_input(&request)?;
    let rules: Vec<u8> = isdr.state().rules_authorisation_table.iter().flat_map(authorisation_rule).collect();
    Ok(tlv::wrap(tag::GET_RAT, &tlv::wrap(0xA0, &rules)))
}

/// A ProfilePolicyAuthorisationRule.
fn authorisation_rule(rule: &Rule) -> Vec<u8> {
    let operators: Vec<u8> = rule.allowed_operators.iter().flat_map(operator_id).collect();
    let consent_required: &[u8] = if rule.consent_required { &[7, 0x80] } else { &[0] };
    let mut members = tlv::wrap(0x80, &rule.policy_rules.bit_string());
    members.extend(tlv::wrap(0xA1, &operators));
    members.extend(tlv::wrap(0x82, consent_required));
    tlv::wrap(0x30, &members)
}

/// An OperatorId (SGP.22 §2.8.1.2).
fn operator_id(owner: &Owner) -> Vec<u8> {
    let mut members = tlv::wrap(0x80, &owner.mcc_mnc);
    for (tag, gid) in [(0x81, &owner.gid1), (0x82, &owner.gid2)] {
        if let Some(gid) = gid {
            members.extend(tlv::wrap(tag, gid));
        }
    }
    tlv::wrap(0x30, &members)
}
