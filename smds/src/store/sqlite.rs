//! The embedded store: one SQLite file, for one process.

use std::path::Path;

use asn1::TransactionId;
use certs::Oid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId, ServerAddress};
use service::database::sqlite::{SqliteDatabase, SqliteSchema, finished};

use super::sql::{self, store_functions};
use super::{Counts, Ending, EventFilter, Pruned, Registration, Retention, Retrieval, Store, StoreError};
use crate::domain::{EventNumber, EventRecord, NewEvent, RootDeletion, RootDeletionNumber, SessionRecord};

static SCHEMA: SqliteSchema = SqliteSchema {
    owner: "SM-DS",
    landmark: "root_deletion",
    migrations: &[include_str!("migrations/sqlite/0001_events.sql")],
};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    database: SqliteDatabase,
}

impl SqliteStore {
    /// Opens or creates the file, for this process alone.
    ///
    /// # Errors
    /// Where it cannot be opened, another process has it, it is the file of another program, or its schema is newer
    /// than this one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: SqliteDatabase::open(path, &SCHEMA)? })
    }

    /// Opens the file to look at it, even while another process has it. It has to be of this version, and nothing can
    /// be written to it.
    ///
    /// # Errors
    /// Where it cannot be opened, or is of another version or program.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: SqliteDatabase::open_read_only(path, &SCHEMA)? })
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        Ok(Self { database: SqliteDatabase::in_memory(&SCHEMA)? })
    }
}

macro_rules! in_one_file {
    ({$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}
     {$($alone:ident($($value:ident: $written:ty),*) -> $done:ty;)*}
     {$($look_up:ident($($key:ident: $of:ty),*) -> $found:ty;)*}
     {$($list:ident($($filter:ident: $by:ty),*) -> $listed:ty;)*}) => {
        impl Store for SqliteStore {
            $(
                async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                    self.database.write(move |tx| finished(sql::$name(tx, $($argument),*))).await
                }
            )*
            $(
                async fn $alone(&self, $($value: $written),*) -> Result<$done, StoreError> {
                    self.database.write_alone(move |tx| finished(sql::$alone(tx, $($value),*))).await
                }
            )*
            $(
                async fn $look_up(&self, $($key: $of),*) -> Result<$found, StoreError> {
                    self.database.look_up(|tx| finished(sql::$look_up(tx, $($key),*)))
                }
            )*
            $(
                async fn $list(&self, $($filter: $by),*) -> Result<$listed, StoreError> {
                    self.database.read(move |tx| finished(sql::$list(tx, $($filter),*))).await
                }
            )*
        }
    };
}

store_functions!(in_one_file);
