//! A mistake in what is imported.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A mistake in a file, and where. It never shows the value of a field that is a secret.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub struct ImportError {
    /// The file or directory.
    pub path: PathBuf,
    /// The line, counted from 1, where the file has lines.
    pub line: Option<u64>,
    /// The column or field, such as `iccid`.
    pub field: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl ImportError {
    /// A mistake of the whole file.
    pub(super) fn of_file(path: &Path, reason: impl fmt::Display) -> Self {
        Self { path: path.to_owned(), line: None, field: None, reason: reason.to_string() }
    }

    /// A mistake in a field.
    pub(super) fn of_field(path: &Path, field: &str, reason: impl fmt::Display) -> Self {
        Self { field: Some(field.to_owned()), ..Self::of_file(path, reason) }
    }

    pub(super) fn in_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }
}

impl fmt::Display for ImportError {
    /// `subscribers.csv:17: ki: 32 hexadecimal digits are needed`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.reason)
    }
}
