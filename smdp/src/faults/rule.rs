//! Which calls a fault acts on.

use std::fmt;
use std::num::NonZeroU32;

use protocol::es9plus::Function;
use protocol::types::{Eid, MatchingId};
use thiserror::Error;

use super::{Fault, Involved};

/// A fault, and on which calls it acts: on those that everything given here is true of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// What is done wrong.
    pub fault: Fault,
    /// In this function only; else in each that it can be done in.
    pub function: Option<Function>,
    /// For this eUICC only.
    pub eid: Option<Eid>,
    /// For the order with this MatchingID only.
    pub matching_id: Option<MatchingId>,
    /// Until it has acted so often; else until it is disarmed.
    pub calls: Option<NonZeroU32>,
    /// By chance only; else each time.
    pub chance: Option<Chance>,
}

/// A chance, drawn from a generator of its own: the same seed and the same calls give the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chance {
    /// Of a hundred calls so many, 1 to 100.
    pub percent: u8,
    /// Where the generator begins.
    pub seed: u64,
}

/// Why a rule could never act.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum RuleError {
    /// The fault cannot be done in this function.
    #[error("{fault} has no place in {}", .function.name())]
    NoPlace {
        /// The fault.
        fault: Fault,
        /// The function.
        function: Function,
    },
    /// InitiateAuthentication tells neither (SGP.22 §5.6.1).
    #[error("initiateAuthentication tells neither the EID nor the MatchingID")]
    NothingKnown,
    /// Another number than 1 to 100.
    #[error("a chance is 1 to 100 percent, not {0}")]
    Percent(u8),
}

impl Rule {
    /// A rule for every call that the fault has a place in.
    pub fn always(fault: Fault) -> Self {
        Self { fault, function: None, eid: None, matching_id: None, calls: None, chance: None }
    }

    pub(super) fn check(&self) -> Result<(), RuleError> {
        if let Some(function) = self.function
            && !self.fault.functions().contains(&function)
        {
            return Err(RuleError::NoPlace { fault: self.fault.clone(), function });
        }
        let names_somebody = self.eid.is_some() || self.matching_id.is_some();
        if self.function == Some(Function::InitiateAuthentication) && names_somebody {
            return Err(RuleError::NothingKnown);
        }
        match self.chance {
            Some(Chance { percent, .. }) if !(1..=100).contains(&percent) => Err(RuleError::Percent(percent)),
            _ => Ok(()),
        }
    }

    /// Whether it is about this call.
    pub(super) fn is_about(&self, function: Function, involved: Involved<'_>) -> bool {
        let matching_id = self.matching_id.as_ref().map(MatchingId::as_str);
        self.fault.functions().contains(&function)
            && self.function.is_none_or(|one| one == function)
            && self.eid.is_none_or(|eid| involved.eid == Some(eid))
            && matching_id.is_none_or(|id| involved.matching_id == Some(id))
    }
}

/// `mac-86-2 in getBoundProfilePackage`: neither whose nor which order, so that whoever may ask for `/ready` may see it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)?;
        if let Some(function) = self.function {
            write!(f, " in {}", function.name())?;
        }
        Ok(())
    }
}
