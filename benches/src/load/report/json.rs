//! For programs: the result itself.

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::printable::is_readable;
use crate::load::result::{FORMAT, LoadResult};

/// Writes a result, in lines.
///
/// # Errors
/// None that a result would raise.
pub fn write(result: &LoadResult) -> Result<String> {
    written(result)
}

/// Reads a result.
///
/// # Errors
/// Where it is no result, or one of another format.
pub fn read(text: &str) -> Result<LoadResult> {
    checked(text, FORMAT, "a load run")
}

/// Any result as JSON, with every character escaped that is not there to be read: JSON itself escapes the first 32 only. Outside of
/// strings it has line breaks and no others.
pub(super) fn written(result: &impl Serialize) -> Result<String> {
    let json = serde_json::to_string_pretty(result)?;
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if is_readable(c) || c == '\n' {
            text.push(c);
            continue;
        }
        let mut units = [0; 2];
        text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
    }
    text.push('\n');
    Ok(text)
}

/// Reads what one run told, where it has the format that is known here.
pub(super) fn checked<T: DeserializeOwned>(text: &str, known: u32, what: &str) -> Result<T> {
    /// What results of all formats have.
    #[derive(Deserialize)]
    struct Head {
        format: u32,
    }
    // Before anything else: members of another format may have other types.
    let Head { format } = serde_json::from_str(text).with_context(|| format!("not the result of {what}"))?;
    ensure!(
        format == known,
        "the result of {what} has format {format}, and this version knows format {known} only"
    );
    serde_json::from_str(text).with_context(|| format!("not the result of {what}"))
}
