//! What a run tells, as it is written to JSON and read again.

use serde::{Deserialize, Serialize};

use crate::load::result::Machine;

/// Counts up when a reader of earlier results would misread this one.
pub const FORMAT: u32 = 1;

/// One run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PackagingResult {
    /// [`FORMAT`].
    pub format: u32,
    /// When it began, RFC 3339.
    pub began: String,
    /// What was asked for.
    pub plan: PlanTold,
    /// Where it ran.
    pub machine: Machine,
    /// Each step with each size: size after size, and of one size the steps in their order.
    pub rows: Vec<Row>,
}

/// What was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanTold {
    /// How many threads did the same at once.
    pub threads: usize,
    /// Seconds that each step was given with each size; it ends with what it has begun.
    pub seconds: f64,
    /// The curve of the keys: `NIST P-256` or `brainpoolP256r1`.
    pub curve: String,
}

/// One step with packages of one size.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The step.
    pub step: Step,
    /// Bytes that its package was to have.
    pub asked: usize,
    /// Bytes of the Unprotected Profile Package.
    pub size: usize,
    /// How many packages were done.
    pub packages: u64,
    /// Seconds that it took.
    pub seconds: f64,
    /// Processor time of the whole process meanwhile, seconds.
    pub processor_seconds: f64,
    /// `packages` in a second.
    pub packages_per_second: f64,
    /// 1024 × 1024 bytes of Unprotected Profile Packages in a second.
    pub megabytes_per_second: f64,
    /// What one package takes at least: the bare primitives, microseconds of one processor. Only binding has a floor that is
    /// not the step itself.
    pub floor: Option<f64>,
    /// `floor` by the processor time that one package took: 1 where nothing was computed but the primitives.
    pub floor_ratio: Option<f64>,
}

/// What is done with profile packages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Into the store of an SM-DP+, durably.
    Import,
    /// Under random profile protection keys, for whichever eUICC (SGP.22 §2.5.3).
    Protect,
    /// To an eUICC, the package under the session keys.
    BindUnderSessionKeys,
    /// To an eUICC, the package under profile protection keys, which ReplaceSessionKeys brings it.
    BindUnderProfileProtectionKeys,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 4] =
        [Self::Import, Self::Protect, Self::BindUnderSessionKeys, Self::BindUnderProfileProtectionKeys];

    /// What it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Protect => "protect",
            Self::BindUnderSessionKeys => "bind under session keys",
            Self::BindUnderProfileProtectionKeys => "bind under profile protection keys",
        }
    }
}
