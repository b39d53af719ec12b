//! The seed file: orders that are there when the server starts.
//!
//! TOML, one `[[order]]` each; `docs/seed.md` explains every field. A mistake is told with its line and field, and
//! then nothing of the file is taken.

mod file;
mod metadata;
mod order;

use std::path::{Path, PathBuf};

use service::management::input::without_value;
use thiserror::Error;

use crate::domain::NewOrder;

/// A mistake in a seed file.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum SeedError {
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}: {field}: {reason}")]
    Mistake {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The field, such as `order.iccid`.
        field: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads a seed file and the packages that it names, relative to it.
///
/// # Errors
/// The first mistake.
pub fn read(path: &Path) -> Result<Vec<NewOrder>, SeedError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| SeedError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    parse(path, &text, &|name| std::fs::read(folder.join(name)).map_err(|error| error.to_string()))
}

/// Reads the text of a seed file; `load` gives the bytes of a package by its name in the file.
///
/// # Errors
/// The first mistake.
pub fn parse(
    path: &Path,
    text: &str,
    load: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Vec<NewOrder>, SeedError> {
    let at = |offset: usize, field: &str, reason: String| SeedError::Mistake {
        path: path.to_owned(),
        line: text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1,
        field: field.to_owned(),
        reason,
    };
    let file: file::File = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        at(offset, &field_at(text, offset), without_value(error.message()))
    })?;
    if let Some((offset, field, value)) = first_repeated(&file) {
        return Err(at(offset, field, format!("{value} stands in another order too")));
    }
    file.order
        .into_iter()
        .map(|entry| {
            let start = entry.span().start;
            order::new_order(entry.into_inner(), load)
                .map_err(|mistake| at(mistake.offset.unwrap_or(start), &mistake.field, mistake.reason))
        })
        .collect()
}

/// The field that the line at `offset` sets, for a mistake in its form.
fn field_at(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let key = text.get(line..).and_then(|rest| rest.lines().next()).and_then(|line| line.split_once('='));
    match key {
        Some((key, _)) => format!("order.{}", key.trim()),
        None => "order".to_owned(),
    }
}

/// The first ICCID or MatchingID that an earlier order has already.
fn first_repeated(file: &file::File) -> Option<(usize, &'static str, &str)> {
    let mut seen = std::collections::HashSet::new();
    let entries = file.order.iter().map(toml::Spanned::get_ref);
    let named = entries.flat_map(|entry| {
        let iccid = ("order.iccid", &entry.iccid);
        let matching_id = entry.matching_id.as_ref().map(|id| ("order.matching_id", id));
        std::iter::once(iccid).chain(matching_id)
    });
    named
        .map(|(field, value)| (value.span().start, field, value.get_ref().as_str()))
        .find(|(_, field, value)| !seen.insert((*field, *value)))
}

/// A mistake before it is known which line it stands in.
struct Mistake {
    /// Where in the text; the whole order if nothing closer is known.
    offset: Option<usize>,
    field: String,
    reason: String,
}
