//! Profile Policy Rules and who may set them (SGP.22 §2.9).

use serde::{Deserialize, Serialize};

use super::hex;

/// The Profile Policy Rules set in a profile, or named by a rule of the table (SGP.22 §2.8.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyRules {
    /// The rules may not be changed through ES6.
    pub update_control: bool,
    /// PPR1: disabling is not allowed.
    pub ppr1: bool,
    /// PPR2: deletion is not allowed.
    pub ppr2: bool,
}

impl PolicyRules {
    /// Whether no rule is set.
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// What is set in either.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            update_control: self.update_control || other.update_control,
            ppr1: self.ppr1 || other.ppr1,
            ppr2: self.ppr2 || other.ppr2,
        }
    }

    /// The bits of PprIds in the first byte of the BIT STRING.
    pub(crate) fn bits(self) -> u8 {
        u8::from(self.update_control) << 7 | u8::from(self.ppr1) << 6 | u8::from(self.ppr2) << 5
    }

    /// The value of PprIds in DER: unused bits, then the bits without trailing zeros (X.690 §11.2.2).
    pub(crate) fn bit_string(self) -> Vec<u8> {
        match self.bits() {
            0 => vec![0],
            bits => vec![u8::try_from(bits.trailing_zeros()).unwrap_or(0), bits],
        }
    }
}

/// One Profile Policy Authorisation Rule (SGP.22 §2.9.2.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The Profile Policy Rules it allows.
    pub policy_rules: PolicyRules,
    /// The profile owners it allows them to.
    pub allowed_operators: Vec<Owner>,
    /// Whether the LPA has to ask the user; the card does not look at it (SGP.22 §2.9.3.1).
    pub consent_required: bool,
}

/// A profile owner, or a pattern of one (SGP.22 §2.8.1.2, §2.9.2.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// MCC and MNC as 3GPP TS 24.008 codes them; in a pattern a nibble E stands for any digit.
    #[serde(with = "hex")]
    pub mcc_mnc: [u8; 3],
    /// EF_GID1; in a pattern the empty value stands for any, a missing one for missing alone.
    #[serde(with = "hex::option", skip_serializing_if = "Option::is_none", default)]
    pub gid1: Option<Vec<u8>>,
    /// EF_GID2, likewise.
    #[serde(with = "hex::option", skip_serializing_if = "Option::is_none", default)]
    pub gid2: Option<Vec<u8>>,
}

impl Owner {
    /// The pattern that fits every owner (SGP.22 §2.9.2.1, note).
    pub fn anyone() -> Self {
        Self { mcc_mnc: [0xEE; 3], gid1: Some(Vec::new()), gid2: Some(Vec::new()) }
    }

    /// Whether this pattern fits `owner`.
    pub(crate) fn fits(&self, owner: &Self) -> bool {
        let digits = |byte: u8| [byte >> 4, byte & 0x0F];
        let mut nibbles = self.mcc_mnc.into_iter().zip(owner.mcc_mnc);
        nibbles.all(|(pattern, value)| {
            digits(pattern).into_iter().zip(digits(value)).all(|(p, v)| p == 0xE || p == v)
        }) && gid_fits(&self.gid1, &owner.gid1)
            && gid_fits(&self.gid2, &owner.gid2)
    }

    /// Whether a digit is a wildcard, which the owner of a profile must not have (SGP.22 §5.5.3).
    pub(crate) fn has_wildcard(&self) -> bool {
        self.mcc_mnc.iter().any(|byte| byte >> 4 == 0xE || byte & 0x0F == 0xE)
    }
}

/// SGP.22 §2.9.2.1: an empty pattern fits whatever is there or not; another has to be met exactly, absence included.
fn gid_fits(pattern: &Option<Vec<u8>>, value: &Option<Vec<u8>>) -> bool {
    pattern.as_ref().is_some_and(Vec::is_empty) || pattern == value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(mcc_mnc: [u8; 3], gid1: Option<&[u8]>) -> Owner {
        Owner { mcc_mnc, gid1: gid1.map(<[u8]>::to_vec), gid2: None }
    }

    #[test]
    fn a_pattern_fits_by_digit_and_by_gid() {
        let value = owner([0x42, 0xF6, 0x18], Some(&[1]));
        for (pattern, fits) in [
            (Owner::anyone(), true),
            (owner([0x42, 0xF6, 0x18], Some(&[1])), true),
            (owner([0xE2, 0xE6, 0xEE], Some(&[])), true),
            (owner([0x42, 0xF6, 0x18], Some(&[2])), false),
            (owner([0x42, 0xF6, 0x18], None), false),
            (owner([0x42, 0xF6, 0x19], Some(&[1])), false),
        ] {
            assert_eq!(pattern.fits(&value), fits, "{pattern:?}");
        }
    }
}
