//! Profiles in bulk, the reading half: package files, a directory of them, or subscriber data against a template.
//!
//! A [`Source`] gives one profile after the other and holds only the one at hand, besides the ICCIDs that it has seen.
//! Nothing here stores or prints. `docs/import.md` explains the files.

mod csv;
mod error;
pub(crate) mod metadata;
mod packages;

use std::path::{Path, PathBuf};

use protocol::profile::ProfileTemplate;

pub use error::ImportError;
pub use metadata::MetadataDefaults;
pub(crate) use packages::checked_header;

use crate::domain::{NewProfile, PackageProtection};

/// What a profile is ordered by where neither its header nor anybody else says it.
const PROFILE_TYPE: &str = "generic";

/// What holds for every profile of a source.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose profiles they are.
    pub operator: Option<String>,
    /// What they are ordered by.
    pub profile_type: Option<String>,
    /// How their packages are protected.
    pub protection: PackageProtection,
    /// What their metadata say.
    pub metadata: MetadataDefaults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            operator: None,
            profile_type: None,
            protection: PackageProtection::SessionKeys,
            metadata: MetadataDefaults::default(),
        }
    }
}

/// Profiles to be imported, one after the other.
///
/// After an error in one of them the next can still be read, so that all mistakes can be told in one run; whoever wants
/// all or nothing stops at the first.
pub struct Source(Kind);

enum Kind {
    Packages(Box<packages::Packages>),
    Subscribers(Box<csv::Subscribers>),
}

impl Source {
    /// Unprotected Profile Packages (SGP.22 §2.5.2), one a file.
    pub fn packages(paths: Vec<PathBuf>, options: Options) -> Self {
        Self(Kind::Packages(Box::new(packages::Packages::of(paths, options))))
    }

    /// Every `*.der` and `*.upp` of a directory in the order of their names; a `*.toml` of the same name beside one has its
    /// metadata.
    ///
    /// # Errors
    /// The directory cannot be read, holds no package, or a `*.toml` that belongs to none.
    pub fn directory(path: &Path, options: Options) -> Result<Self, ImportError> {
        packages::Packages::of_directory(path, options)
            .map(|packages| Self(Kind::Packages(Box::new(packages))))
    }

    /// Subscriber data in rows of a CSV file, each filled into the template.
    ///
    /// # Errors
    /// The file cannot be read, or its header is wrong or asks for what the template has no place for.
    pub fn csv(path: &Path, template: ProfileTemplate, options: Options) -> Result<Self, ImportError> {
        csv::Subscribers::open(path, template, options).map(|rows| Self(Kind::Subscribers(Box::new(rows))))
    }

    /// How many profiles there are in all; `None` where they cannot be counted before they are read.
    pub fn len_hint(&self) -> Option<u64> {
        match &self.0 {
            Kind::Packages(packages) => Some(packages.total()),
            Kind::Subscribers(rows) => rows.total(),
        }
    }
}

impl Iterator for Source {
    type Item = Result<NewProfile, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Kind::Packages(packages) => packages.next(),
            Kind::Subscribers(rows) => rows.next(),
        }
    }
}

/// A value that may be given in several places: what those that have one agree on, or what they say.
fn agreed(values: &[(&str, Option<&str>)]) -> Result<Option<String>, String> {
    let mut given = values.iter().filter_map(|(place, value)| value.map(|value| (place, value)));
    let Some((first_place, first)) = given.next() else { return Ok(None) };
    match given.find(|(_, value)| *value != first) {
        None => Ok(Some(first.to_owned())),
        Some((place, other)) => Err(format!("{first_place} says '{first}', {place} says '{other}'")),
    }
}

/// The profile type that all who name one agree on.
fn profile_type(values: &[(&str, Option<&str>)]) -> Result<String, String> {
    agreed(values).map(|agreed| agreed.unwrap_or_else(|| PROFILE_TYPE.to_owned()))
}
