//! For programs. `schema/report.schema.json` describes it.

use std::io;

use serde::Serialize;

use super::Report;
use super::printable::is_readable;
use super::summary::{Summary, Verdict};

/// Counts up when a reader of an earlier form would misread a report.
const FORMAT: u32 = 1;

/// How a run of the judge went.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(title = "A report of rsp conform"))]
struct Document<'a> {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = FORMAT)))]
    format: u32,
    /// What it comes to.
    verdict: Verdict,
    /// The counts.
    summary: Summary,
    #[serde(flatten)]
    report: &'a Report,
}

/// Writes a report as JSON.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &Report, to: &mut impl io::Write) -> io::Result<()> {
    let document = Document { format: FORMAT, verdict: report.verdict(), summary: report.summary(), report };
    let text = serde_json::to_string_pretty(&document)?;
    to.write_all(readable(&text).as_bytes())?;
    to.write_all(b"\n")
}

/// The same JSON, with every character escaped that is not there to be read: JSON itself escapes the first 32 only. Outside
/// of strings it has line breaks and no others.
fn readable(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_readable(c) || c == '\n' {
            text.push(c);
            continue;
        }
        let mut units = [0; 2];
        text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
    }
    text
}

/// The schema is made from the types, so that it says what they do.
#[cfg(test)]
#[path = "schema.rs"]
mod schema;
#[cfg(test)]
pub(super) use schema::messages;
