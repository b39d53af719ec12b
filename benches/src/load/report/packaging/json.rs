//! For programs: the result itself.

use anyhow::Result;

use super::super::json::{checked, written};
use crate::load::packaging::{FORMAT, PackagingResult};

/// Writes a result, in lines.
///
/// # Errors
/// None that a result would raise.
pub fn write(result: &PackagingResult) -> Result<String> {
    written(result)
}

/// Reads a result.
///
/// # Errors
/// Where it is no result, or one of another format.
pub fn read(text: &str) -> Result<PackagingResult> {
    checked(text, FORMAT, "a packaging run")
}
