//! Why a package is no template.

use asn1::profile::{ElementKind, PackageError, ProfileElement, RawElement};
use thiserror::Error;

/// Why a package cannot be filled. It shows nothing of the package's contents.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum TemplateError {
    /// It is no row of profile elements.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A profile element that a template has is missing.
    #[error("the profile element {0} is missing")]
    Missing(&'static str),
    /// A profile element cannot be filled.
    #[error("profile element {number} ({name}): {reason}")]
    Element {
        /// Its place in the package, counted from 1.
        number: usize,
        /// Its name in the PE definitions.
        name: &'static str,
        /// What is in the way.
        reason: String,
    },
    /// A value was given that the template has no place for.
    #[error("the template has no place for {0}")]
    NoPlace(&'static str),
}

impl TemplateError {
    pub(super) fn at(number: usize, element: &RawElement<'_>, reason: impl Into<String>) -> Self {
        Self::Element {
            number,
            name: element.kind().map_or("unknown", ElementKind::name),
            reason: reason.into(),
        }
    }
}

/// Decodes an element that is to be filled.
pub(super) fn decode(number: usize, element: &RawElement<'_>) -> Result<ProfileElement, TemplateError> {
    element.decode().map_err(|error| TemplateError::at(number, element, error.to_string()))
}
