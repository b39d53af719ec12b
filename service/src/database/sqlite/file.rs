//! A data base that is open and up to date, before a thread takes it over.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::driver::{SqliteTransaction, storage, transact};
use super::lock::Lock;
use super::migrations::{Migration, SqliteSchema};
use crate::database::StoreError;

/// A SQLite data base on the thread that opened it, in WAL mode, every commit on disk before it returns.
pub struct SqliteFile {
    pub(super) connection: Connection,
    pub(super) schema: &'static SqliteSchema,
    pub(super) place: Place,
}

/// Where a data base is, and how it was opened.
pub(super) enum Place {
    Memory,
    /// For this process alone.
    Locked(PathBuf, Lock),
    /// To look at it, perhaps beside the process that has it.
    Beside(PathBuf),
}

impl SqliteFile {
    /// Opens or creates a file for this process alone, and brings its schema up to date. `migrated` does what SQL cannot
    /// do, in the transaction of each migration.
    ///
    /// # Errors
    /// Where it cannot be opened, another process has it, its schema is newer than this program, or `migrated` fails.
    pub fn open(
        path: &Path,
        schema: &'static SqliteSchema,
        migrated: impl Fn(Migration, &SqliteTransaction<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let lock = Lock::take(path)?;
        let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
        let connection = prepared(connection, schema, migrated).map_err(|error| of_file(path, error))?;
        Ok(Self { connection, schema, place: Place::Locked(path.to_owned(), lock) })
    }

    /// Opens a file to look at it, even while another process has it. It has to be of this version, and nothing can be
    /// written to it.
    ///
    /// # Errors
    /// Where it cannot be opened, or is of another version.
    pub fn open_read_only(path: &Path, schema: &'static SqliteSchema) -> Result<Self, StoreError> {
        let connection = beside(path, schema)?;
        Ok(Self { connection, schema, place: Place::Beside(path.to_owned()) })
    }

    /// A data base that is gone when it is dropped.
    ///
    /// # Errors
    /// Where a migration fails.
    pub fn in_memory(
        schema: &'static SqliteSchema,
        migrated: impl Fn(Migration, &SqliteTransaction<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(storage)?;
        let connection = prepared(connection, schema, migrated)?;
        Ok(Self { connection, schema, place: Place::Memory })
    }

    /// Does something before anybody else uses the data base, each statement committed by itself. Errors are told with the
    /// name of the file.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn prepare<T>(
        &self,
        work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        work(&SqliteTransaction::alone(&self.connection)).map_err(|error| match &self.place {
            Place::Memory => error,
            Place::Locked(path, _) | Place::Beside(path) => of_file(path, error),
        })
    }

    /// Runs `work` in one transaction, which sees one state of the data base from its beginning to its end. It is undone
    /// where `work` fails.
    ///
    /// # Errors
    /// Those of `work`, and where the data base fails.
    pub fn transact<T>(
        &self,
        work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let begin = match self.place {
            Place::Memory | Place::Locked(..) => "BEGIN IMMEDIATE",
            Place::Beside(_) => "BEGIN",
        };
        transact(&self.connection, begin, work)
    }
}

/// Statements are prepared once: all that a server has are kept, and none is planned anew because another value is bound, as
/// SQLite does by itself where an index has a condition.
fn keep_statements(connection: &Connection) -> Result<(), StoreError> {
    const STATEMENTS: usize = 128;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(storage)
}

/// How many migrations have run on a file; `None` where there is no file, or nothing in it yet.
///
/// # Errors
/// Where the file cannot be read as a data base, or is newer than this program.
pub fn version(path: &Path, schema: &'static SqliteSchema) -> Result<Option<i64>, StoreError> {
    if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(None);
    }
    let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
    schema.version(&connection).map(Some).map_err(|error| of_file(path, error))
}

/// Opens a file that another process may be writing to, only to read.
pub(super) fn beside(path: &Path, schema: &'static SqliteSchema) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, &error))?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(storage)?;
    if !schema.is_current(&connection).map_err(|error| of_file(path, error))? {
        return Err(StoreError::Storage(format!(
            "{} is of an older version: start the server once to bring it up to date",
            path.display()
        )));
    }
    connection.pragma_update(None, "query_only", true).map_err(storage)?;
    keep_statements(&connection)?;
    Ok(connection)
}

fn prepared(
    mut connection: Connection,
    schema: &'static SqliteSchema,
    migrated: impl Fn(Migration, &SqliteTransaction<'_>) -> Result<(), StoreError>,
) -> Result<Connection, StoreError> {
    connection.busy_timeout(Duration::from_secs(5)).map_err(storage)?;
    // An in-memory data base has no journal to choose; it answers "memory" and that is fine.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(storage)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(storage)?;
    // Pages: what is written again and again is copied into the file once in so many, not each time.
    connection.pragma_update(None, "wal_autocheckpoint", 4000).map_err(storage)?;
    // KiB, below zero as SQLite has it: the pages that downloads go through between two such times, so that each is read once.
    connection.pragma_update(None, "cache_size", -8 * 1024).map_err(storage)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(storage)?;
    keep_statements(&connection)?;
    schema.migrate(&mut connection, migrated)?;
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
