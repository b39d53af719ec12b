//! The embedded store: SQLite in WAL mode, every commit on disk before it is answered.

mod backup;
mod migrations;
#[cfg(test)]
mod plans;

use std::path::Path;
use std::sync::Arc;

use asn1::{Iccid, TransactionId};
use protocol::clock::Timestamp;
use protocol::types::Eid;
use service::database::sqlite::{SqliteDatabase, SqliteFile, finished, version};

use self::migrations::{SCHEMA, SEALED_SINCE};
use super::seal::{Sealer, Sealing, StoreKey};
use super::sql::{self, store_functions};
use super::{
    Counts, HappeningFilter, ImportId, NotificationRecord, OrderFilter, ProfileFilter, Pruned, Reservation,
    Retention, SmdsEventFilter, Store, StoreError, TypeInventory,
};
use crate::domain::{
    Bound, CallKey, EarlierCall, EventTry, ExecutedCall, HappeningId, HappeningRecord, NewOrder, NewProfile,
    Order, OrderId, Package, Profile, ProfileId, SessionRecord, SmdsEvent, StoredPackage,
};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    database: SqliteDatabase,
    sealer: Arc<Sealer>,
}

impl SqliteStore {
    /// Opens or creates the file, for this process alone.
    ///
    /// # Errors
    /// Where it cannot be opened, another process has it, its schema is newer than this program, or it was made with
    /// another key.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let sealer = Sealer::new(key)?;
        let file = open_for_writing(path, &sealer)?;
        Ok(Self { database: SqliteDatabase::serve(file)?, sealer: sealer.into() })
    }

    /// Opens the file to look at it, even while another process has it. It has to be of this version, and nothing can
    /// be written to it.
    ///
    /// # Errors
    /// Where it cannot be opened, is of another version, or was made with another key.
    pub fn open_read_only(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let (file, sealer) = (SqliteFile::open_read_only(path, &SCHEMA)?, Sealer::new(key)?);
        file.transact(|tx| finished(sql::recognise_key(&Sealing::new(tx, &sealer))))?;
        Ok(Self { database: SqliteDatabase::serve(file)?, sealer: sealer.into() })
    }

    /// A store that is gone when it is dropped, and its key with it.
    pub fn in_memory() -> Result<Self, StoreError> {
        let sealer = Sealer::new(&StoreKey::new([0; 32]))?;
        let file = SqliteFile::in_memory(&SCHEMA, |migration, tx| migrations::seal(migration, tx, &sealer))?;
        let file = prepared(file, &sealer)?;
        Ok(Self { database: SqliteDatabase::serve(file)?, sealer: sealer.into() })
    }

    /// Whether there is nothing at `path` yet that was sealed with a key: it was never used, or by a version that sealed
    /// nothing.
    ///
    /// # Errors
    /// Where there is a file that cannot be read as a data base.
    pub fn takes_a_new_key(path: &Path) -> Result<bool, StoreError> {
        Ok(version(path, &SCHEMA)?.is_none_or(|version| version < SEALED_SINCE))
    }
}

fn open_for_writing(path: &Path, sealer: &Sealer) -> Result<SqliteFile, StoreError> {
    let file = SqliteFile::open(path, &SCHEMA, |migration, tx| migrations::seal(migration, tx, sealer))?;
    prepared(file, sealer)
}

fn prepared(file: SqliteFile, sealer: &Sealer) -> Result<SqliteFile, StoreError> {
    file.prepare(|tx| {
        migrations::remove_clear_pages(tx)?;
        finished(sql::check_key(&Sealing::new(tx, sealer)))
    })?;
    Ok(file)
}

macro_rules! in_one_file {
    ({$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}
     {$($alone:ident($($value:ident: $written:ty),*) -> $done:ty;)*}
     {$($look_up:ident($($key:ident: $of:ty),*) -> $found:ty;)*}
     {$($list:ident($($filter:ident: $by:ty),*) -> $listed:ty;)*}) => {
        impl Store for SqliteStore {
            $(
                async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                    let sealer = self.sealer.clone();
                    self.database
                        .write(move |tx| finished(sql::$name(&Sealing::new(tx, &sealer), $($argument),*)))
                        .await
                }
            )*
            $(
                async fn $alone(&self, $($value: $written),*) -> Result<$done, StoreError> {
                    let sealer = self.sealer.clone();
                    self.database
                        .write_alone(move |tx| finished(sql::$alone(&Sealing::new(tx, &sealer), $($value),*)))
                        .await
                }
            )*
            $(
                async fn $look_up(&self, $($key: $of),*) -> Result<$found, StoreError> {
                    self.database.look_up(|tx| finished(sql::$look_up(&Sealing::new(tx, &self.sealer), $($key),*)))
                }
            )*
            $(
                async fn $list(&self, $($filter: $by),*) -> Result<$listed, StoreError> {
                    let sealer = self.sealer.clone();
                    self.database
                        .read(move |tx| finished(sql::$list(&Sealing::new(tx, &sealer), $($filter),*)))
                        .await
                }
            )*
        }
    };
}

store_functions!(in_one_file);
