//! How a case went.

use serde::Serialize;

/// How a case went.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// What is asked for is there.
    Passed,
    /// It is not.
    Failed(Difference),
    /// It is not, as the expectations file says.
    KnownFailure {
        /// What was seen.
        #[serde(flatten)]
        difference: Difference,
        /// Why it is known.
        because: String,
    },
    /// The target does not offer what the case needs.
    Skipped {
        /// What is missing.
        reason: String,
    },
    /// What has to work before the question can be asked did not work: the fault is the target's or that of the set-up.
    Blocked {
        /// The step.
        step: String,
        /// What happened instead.
        reason: String,
    },
}

/// What should have been, and what was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// What the specification asks for.
    pub expected: String,
    /// What the target did.
    pub actual: String,
}

impl Outcome {
    /// In one word, as `outcome` has it in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::KnownFailure { .. } => "known_failure",
            Self::Skipped { .. } => "skipped",
            Self::Blocked { .. } => "blocked",
        }
    }

    /// A failure.
    pub fn failed(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::Failed(Difference { expected: expected.into(), actual: actual.into() })
    }

    /// A case that could not be run to the end.
    pub fn blocked(step: impl ToString, reason: impl ToString) -> Self {
        Self::Blocked { step: step.to_string(), reason: reason.to_string() }
    }

    /// A case that the target is not asked.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped { reason: reason.into() }
    }
}
