//! How many instructions a processor executes in each subject: a figure that a noisy machine does not change.
//!
//! * [`callgrind`]: a program run under `valgrind --tool=callgrind`, and its total.
//! * [`count`](fn@count): the subjects, each in a process of its own, and what they come to; [`table`].
//! * [`compare`]: two counts; [`revision`]: those of two revisions.
//!
//! Valgrind is a processor of its own. It has no SHA, ADX or AVX-512 instructions, so that AWS-LC and `aes` take other ways
//! there than on most machines: counts say how the work has changed, not how long it takes.

pub mod callgrind;
pub mod compare;
mod counting;
pub mod revision;
pub mod table;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

pub use counting::{call, count};

/// Counts up when a reader of earlier files would misread this one.
pub const FORMAT: u32 = 1;

/// What was counted in one run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counts {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of Valgrind, as it says it.
    pub valgrind: String,
    /// Each subject.
    pub counted: Vec<Counted>,
}

/// One subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// Its name.
    pub name: String,
    /// Instructions of one call, those of all threads, less what others do in it.
    pub instructions: u64,
    /// Those of its floor, if it has one.
    pub floor: Option<u64>,
}

impl Counts {
    /// Reads a file that [`Counts::write`] wrote.
    ///
    /// # Errors
    /// Where it is none, or one of another format.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let counts: Self =
            serde_json::from_slice(&text).with_context(|| format!("{} has no counts", path.display()))?;
        let format = counts.format;
        ensure!(format == FORMAT, "{} is of format {format}, not {FORMAT}", path.display());
        Ok(counts)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}
