//! The embedded data base: SQLite in WAL mode, every commit on disk before it is answered.

mod driver;
mod file;
mod lock;
mod migrations;
mod readers;
mod writer;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use self::driver::transact;
use self::file::Place;
use self::lock::Lock;
use self::readers::Readers;
use self::writer::Writer;
use super::StoreError;

pub use self::driver::{SqliteTransaction, finished};
pub use self::file::{SqliteFile, version};
pub use self::migrations::{Migration, SqliteSchema};

/// A data base in one SQLite file, or in memory.
pub struct SqliteDatabase(Kind);

enum Kind {
    /// There is nothing to wait for, so whoever calls does the work, one after the other.
    Memory(Mutex<Connection>),
    File {
        /// Where each commit waits for the disk; in a file that is only looked at, nothing can be written.
        writer: Writer,
        /// Reads long lists, where nobody waits for them but who asked; absent where `writer` does nothing else.
        lister: Option<Writer>,
        readers: Readers,
        /// Held as long as the data base is open.
        _lock: Option<Lock>,
    },
}

impl SqliteDatabase {
    /// Opens or creates the file, for this process alone, and brings its schema up to date.
    ///
    /// # Errors
    /// Where it cannot be opened, another process has it, or its schema is newer than this program.
    pub fn open(path: &Path, schema: &'static SqliteSchema) -> Result<Self, StoreError> {
        Self::serve(SqliteFile::open(path, schema, |_, _| Ok(()))?)
    }

    /// Opens the file to look at it, even while another process has it. It has to be of this version, and nothing can
    /// be written to it.
    ///
    /// # Errors
    /// Where it cannot be opened, or is of another version.
    pub fn open_read_only(path: &Path, schema: &'static SqliteSchema) -> Result<Self, StoreError> {
        Self::serve(SqliteFile::open_read_only(path, schema)?)
    }

    /// A data base that is gone when it is dropped.
    ///
    /// # Errors
    /// Where a migration fails.
    pub fn in_memory(schema: &'static SqliteSchema) -> Result<Self, StoreError> {
        Self::serve(SqliteFile::in_memory(schema, |_, _| Ok(()))?)
    }

    /// Takes over a data base that was opened, and perhaps prepared, before.
    ///
    /// # Errors
    /// Where it cannot be opened once more to read, or a thread cannot be started.
    pub fn serve(file: SqliteFile) -> Result<Self, StoreError> {
        let SqliteFile { connection, schema, place } = file;
        Ok(Self(match place {
            Place::Memory => Kind::Memory(Mutex::new(connection)),
            Place::Locked(path, lock) => Kind::File {
                lister: Some(Writer::start_reading(file::beside(&path, schema)?)?),
                readers: Readers::open(path, schema)?,
                writer: Writer::start(connection)?,
                _lock: Some(lock),
            },
            Place::Beside(path) => Kind::File {
                lister: None,
                readers: Readers::open(path, schema)?,
                writer: Writer::start_reading(connection)?,
                _lock: None,
            },
        }))
    }

    /// Runs `work` in a transaction, which it may share with others that wait at the same time; what it returned comes
    /// back when the transaction is durable. An error undoes what `work` did, and nothing else.
    ///
    /// # Errors
    /// Those of `work`, and where the data base fails.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.0 {
            Kind::Memory(connection) => at_once(connection, work),
            Kind::File { writer, .. } => writer.run(work).await,
        }
    }

    /// Runs `work`, one statement, which is a transaction by itself where it shares none; what it returned comes back when it is
    /// durable. Of a statement that fails nothing is left.
    ///
    /// # Errors
    /// Those of `work`, and where the data base fails.
    pub async fn write_alone<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.0 {
            Kind::Memory(connection) => work(&SqliteTransaction::alone(&*lock(connection)?)),
            Kind::File { writer, .. } => writer.run_alone(work).await,
        }
    }

    /// Runs `work`, one statement that changes nothing and is soon done, on the thread that asks. It sees everything that
    /// [`Self::write`] has returned for.
    ///
    /// # Errors
    /// Those of `work`, and where the data base fails.
    pub fn look_up<T>(
        &self,
        work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &self.0 {
            Kind::Memory(connection) => work(&SqliteTransaction::alone(&*lock(connection)?)),
            Kind::File { readers, .. } => readers.run(work),
        }
    }

    /// Runs `work`, which reads much and changes nothing, where nobody's commit waits for it.
    ///
    /// # Errors
    /// Those of `work`, and where the data base fails.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.0 {
            Kind::Memory(connection) => at_once(connection, work),
            Kind::File { writer, lister, .. } => lister.as_ref().unwrap_or(writer).run(work).await,
        }
    }
}

fn at_once<T>(
    connection: &Mutex<Connection>,
    work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    transact(&*lock(connection)?, "BEGIN", work)
}

fn lock(connection: &Mutex<Connection>) -> Result<MutexGuard<'_, Connection>, StoreError> {
    let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    if !connection.is_autocommit() {
        // Whoever had it before has panicked.
        driver::run(&connection, "ROLLBACK")?;
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::driver::storage;
    use super::*;
    use crate::database::Transaction;

    static COUNTER: SqliteSchema = SqliteSchema {
        owner: "test",
        landmark: "counter",
        migrations: &["CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"],
    };

    /// The value of a counter, or adds one to it.
    async fn value(database: &SqliteDatabase, id: i64) -> i64 {
        let sql = "SELECT value FROM counter WHERE id = $1";
        let rows = database.look_up(|it| finished(it.rows(sql, &[id.into()]))).unwrap();
        rows.into_iter().next().map_or(0, |mut row| row.integer("value").unwrap())
    }

    async fn count(database: &SqliteDatabase, id: i64) {
        let sql = "INSERT INTO counter VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET value = value + 1";
        database.write(move |it| finished(it.execute(sql, &[id.into()]))).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn whoever_has_written_reads_it_however_many_do_so_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteDatabase::open(&folder.path().join("counters.sqlite"), &COUNTER).unwrap();
        for database in [file, SqliteDatabase::in_memory(&COUNTER).unwrap()].map(std::sync::Arc::new) {
            let tasks = (0..8).map(|id| {
                let database = database.clone();
                tokio::spawn(async move {
                    for expected in 1..=50 {
                        count(&database, id).await;
                        assert_eq!(value(&database, id).await, expected);
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn a_look_up_that_panics_leaves_the_next_one_working() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteDatabase::open(&folder.path().join("counters.sqlite"), &COUNTER).unwrap();
        for database in [file, SqliteDatabase::in_memory(&COUNTER).unwrap()] {
            count(&database, 1).await;
            let panics = || database.look_up::<()>(|_| panic!("of all things"));
            for _ in 0..20 {
                assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
            }
            count(&database, 1).await;
            assert_eq!(value(&database, 1).await, 2);
        }
    }

    /// Nothing else can tell: only a power cut shows what a commit without it was worth.
    #[tokio::test]
    async fn every_commit_waits_for_the_disk_and_references_are_checked() {
        let database =
            SqliteDatabase::in_memory(&SqliteSchema { owner: "test", landmark: "t", migrations: &[] })
                .unwrap();
        for (pragma, expected) in [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1)] {
            let value: i64 = database
                .write(move |transaction| {
                    transaction.connection().query_row(pragma, [], |row| row.get(0)).map_err(storage)
                })
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}
