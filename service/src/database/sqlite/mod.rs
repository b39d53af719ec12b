//! The embedded data base: SQLite in WAL mode, every commit on disk before it is answered.

mod driver;
mod file;
mod lock;
mod migrations;
mod writer;

use std::path::Path;

use self::file::Place;
use self::lock::Lock;
use self::writer::Writer;
use super::StoreError;

pub use self::driver::{SqliteTransaction, finished};
pub use self::file::{SqliteFile, version};
pub use self::migrations::{Migration, SqliteSchema};

/// A data base in one SQLite file, or in memory.
pub struct SqliteDatabase {
    writer: Writer,
    /// Reads long lists on a connection of its own, so that nobody's commit waits for them; a data base in memory has one
    /// connection only.
    reader: Option<Writer>,
    /// Held as long as the data base is open.
    _lock: Option<Lock>,
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
        let (reader, lock) = match place {
            Place::Memory => (None, None),
            Place::Locked(path, lock) => {
                (Some(Writer::start_reading(file::beside(&path, schema)?)?), Some(lock))
            }
            Place::Beside(_) => {
                return Ok(Self { writer: Writer::start_reading(connection)?, reader: None, _lock: None });
            }
        };
        Ok(Self { writer: Writer::start(connection)?, reader, _lock: lock })
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
        self.writer.run(work).await
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
        self.reader.as_ref().unwrap_or(&self.writer).run(work).await
    }
}

#[cfg(test)]
mod tests {
    use super::driver::storage;
    use super::*;

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
