//! The embedded store: SQLite in WAL mode, every commit on disk before it is answered.

mod backup;
mod driver;
mod lock;
mod migrations;
mod writer;

use std::path::Path;
use std::time::Duration;

use asn1::{Iccid, TransactionId};
use protocol::clock::Timestamp;
use protocol::types::Eid;
use rusqlite::{Connection, OpenFlags};

use self::driver::{SqliteTransaction, finished, storage};
use self::lock::Lock;
use self::writer::Writer;
use super::seal::{Sealer, StoreKey};
use super::sql::{self, store_functions};
use super::{
    Counts, HappeningFilter, ImportId, NotificationRecord, OrderFilter, ProfileFilter, Pruned, Reservation,
    Retention, Store, StoreError, TypeInventory,
};
use crate::domain::{
    Bound, CallKey, EarlierCall, ExecutedCall, HappeningId, HappeningRecord, NewOrder, NewProfile, Order,
    OrderId, Package, Profile, ProfileId, SessionRecord,
};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    writer: Writer,
    /// Reads long lists on a connection of its own, so that nobody's commit waits for them; a store in memory has one
    /// connection only.
    reader: Option<Writer>,
    /// Held as long as the store is open.
    _lock: Option<Lock>,
}

impl SqliteStore {
    /// Opens or creates the file, for this process alone.
    ///
    /// # Errors
    /// Where it cannot be opened, another process has it, its schema is newer than this program, or it was made with
    /// another key.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let (lock, sealer) = (Lock::take(path)?, Sealer::new(key)?);
        let connection = open_for_writing(path, &sealer)?;
        let reader = Writer::start_reading(open_beside(path)?, Sealer::new(key)?)?;
        Ok(Self { writer: Writer::start(connection, sealer)?, reader: Some(reader), _lock: Some(lock) })
    }

    /// Opens the file to look at it, even while another process has it. It has to be of this version, and nothing can
    /// be written to it.
    ///
    /// # Errors
    /// Where it cannot be opened, is of another version, or was made with another key.
    pub fn open_read_only(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let (connection, sealer) = (open_beside(path)?, Sealer::new(key)?);
        finished(sql::recognise_key(&SqliteTransaction { connection: &connection, sealer: &sealer }))?;
        Ok(Self { writer: Writer::start_reading(connection, sealer)?, reader: None, _lock: None })
    }

    /// A store that is gone when it is dropped, and its key with it.
    pub fn in_memory() -> Result<Self, StoreError> {
        let sealer = Sealer::new(&StoreKey::new([0; 32]))?;
        let connection = prepared(Connection::open_in_memory().map_err(storage)?, &sealer)?;
        Ok(Self { writer: Writer::start(connection, sealer)?, reader: None, _lock: None })
    }

    /// Whether there is nothing at `path` yet that was sealed with a key.
    ///
    /// # Errors
    /// Where there is a file that cannot be read as a data base.
    pub fn takes_a_new_key(path: &Path) -> Result<bool, StoreError> {
        if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
            return Ok(true);
        }
        let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
        migrations::is_unsealed(&connection).map_err(|error| of_file(path, error))
    }
}

fn open_for_writing(path: &Path, sealer: &Sealer) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
    prepared(connection, sealer).map_err(|error| of_file(path, error))
}

/// Opens a file that another process may be writing to, only to read.
fn open_beside(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, &error))?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(storage)?;
    if !migrations::is_current(&connection).map_err(|error| of_file(path, error))? {
        return Err(StoreError::Storage(format!(
            "{} is of an older version: start the server once to bring it up to date",
            path.display()
        )));
    }
    connection.pragma_update(None, "query_only", true).map_err(storage)?;
    Ok(connection)
}

fn prepared(mut connection: Connection, sealer: &Sealer) -> Result<Connection, StoreError> {
    connection.busy_timeout(Duration::from_secs(5)).map_err(storage)?;
    // An in-memory data base has no journal to choose; it answers "memory" and that is fine.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(storage)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(storage)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(storage)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrations::migrate(&mut connection, sealer)?;
    finished(sql::check_key(&SqliteTransaction { connection: &connection, sealer }))?;
    Ok(connection)
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> StoreError {
    StoreError::Storage(format!("cannot open {}: {error}", path.display()))
}

/// SQLite does not say which file it finds malformed, or no data base at all.
fn of_file(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Storage(message) => StoreError::Storage(format!("{}: {message}", path.display())),
        other => other,
    }
}

macro_rules! on_its_thread {
    ({$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}
     {$($list:ident($($filter:ident: $of:ty),*) -> $listed:ty;)*}) => {
        impl Store for SqliteStore {
            $(
                async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                    self.writer.run(move |transaction| finished(sql::$name(transaction, $($argument),*))).await
                }
            )*
            $(
                async fn $list(&self, $($filter: $of),*) -> Result<$listed, StoreError> {
                    let reader = self.reader.as_ref().unwrap_or(&self.writer);
                    reader.run(move |transaction| finished(sql::$list(transaction, $($filter),*))).await
                }
            )*
        }
    };
}

store_functions!(on_its_thread);

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing else can tell: only a power cut shows what a commit without it was worth.
    #[tokio::test]
    async fn every_commit_waits_for_the_disk_and_references_are_checked() {
        let store = SqliteStore::in_memory().unwrap();
        for (pragma, expected) in [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1)] {
            let value: i64 = store
                .writer
                .run(move |transaction| {
                    transaction.connection.query_row(pragma, [], |row| row.get(0)).map_err(storage)
                })
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}
