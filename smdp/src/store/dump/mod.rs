//! Backups: a store as a file of JSON lines, the same for both data bases.
//!
//! The first line says what it is and under which key it was sealed; then each table is named and its rows follow, in
//! the order in which they can be written again; the last line has the number of rows and the SHA-256 of all that
//! stands before it. What is sealed in the store is sealed in the file.

mod read;
mod table;
mod write;

use std::collections::BTreeMap;
use std::future::Future;

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::seal::SealingTransaction;

pub use read::{Source, restore};
pub use write::write;

/// What the first line begins with.
const FORMAT: &str = "rsplab SM-DP+ backup";
/// Counts the changes of the tables, whichever data base they are in.
const SCHEMA: u32 = 4;

/// What a backup holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dumped {
    /// Profiles.
    pub profiles: u64,
    /// Orders, those that were cancelled too.
    pub orders: u64,
    /// Everything.
    pub rows: u64,
}

impl Dumped {
    fn of(rows: &BTreeMap<String, u64>) -> Self {
        let of = |table| rows.get(table).copied().unwrap_or_default();
        Self { profiles: of("profile"), orders: of("download_order"), rows: rows.values().sum() }
    }
}

/// A transaction that can tell and set the numbers that the data base gives to rows.
pub trait Numbers: SealingTransaction {
    /// The last number that was given in a table; 0 where none was.
    fn last_number(&self, table: &str) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// The next row of a table gets a higher number than this.
    fn set_last_number(&self, table: &str, last: i64) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    schema: u32,
    /// Tells whether a key is the one.
    key: String,
}

/// The line before the rows of a table.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableHeader {
    table: String,
    /// The last number that was given.
    last: i64,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    rows: BTreeMap<String, u64>,
    sha256: String,
}

fn failed(message: impl Into<String>) -> StoreError {
    StoreError::Storage(message.into())
}
