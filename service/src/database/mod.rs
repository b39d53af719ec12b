//! Data bases: one SQL that both kinds understand, written once by whoever keeps something in them.
//!
//! What is asked of a data base is a function over any [`Transaction`]. A back end opens a transaction, calls the function
//! and commits, or undoes everything on an error. Placeholders are `$1`, `$2` …; numbers are 64-bit integers, truth
//! values 0 and 1, times milliseconds since the Unix epoch.

mod conditions;
mod error;
pub mod postgres;
mod row;
pub mod sqlite;

use std::future::Future;

pub use self::conditions::Conditions;
pub use self::error::StoreError;
pub use self::row::{Row, Value, damage};

/// A transaction of a data base.
pub trait Transaction {
    /// What to write behind a SELECT so that nobody else changes its rows; it waits for those who do just now.
    const FOR_UPDATE: &'static str;
    /// The same, but rows that somebody is changing are passed over.
    const SKIP_LOCKED: &'static str;

    /// The rows that a statement gives.
    fn rows(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// How many rows a statement has changed. A value that may exist once only and is there already is
    /// [`StoreError::Taken`], told by the name of the violated rule.
    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// The one row that a statement gives, if any.
///
/// # Errors
/// Where the statement fails.
pub async fn one<T: Transaction>(tx: &T, sql: &str, parameters: &[Value]) -> Result<Option<Row>, StoreError> {
    Ok(tx.rows(sql, parameters).await?.into_iter().next())
}

/// A statement that changes the one row that is still as it was read.
///
/// # Errors
/// [`StoreError::Conflict`] unless it changes exactly one.
pub async fn change_one<T: Transaction>(tx: &T, sql: &str, parameters: &[Value]) -> Result<(), StoreError> {
    match tx.execute(sql, parameters).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// A data base with the schema of another program, or of another server of ours.
fn not_of(owner: &str) -> StoreError {
    StoreError::Storage(format!("the data base is not that of an {owner}"))
}
