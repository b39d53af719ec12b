//! What can go wrong with a data base.

use thiserror::Error;

/// Why the store did not do what it was asked to.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum StoreError {
    /// Somebody else changed the same record first.
    #[error("the record was changed by another request")]
    Conflict,
    /// A value that may exist once only is there already.
    #[error("{0} is already taken")]
    Taken(String),
    /// The data base failed, or holds what this version cannot read.
    #[error("storage: {0}")]
    Storage(String),
}
