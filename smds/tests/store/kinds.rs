//! The kinds of stores, each made afresh, and what they live in.

use std::path::PathBuf;

use service::database::postgres::PostgresOptions;
use smds::store::{PostgresStore, SqliteStore, StoreError};

use crate::server::{Database, database};

pub fn sqlite() -> (SqliteStore, SqliteFile) {
    let place = SqliteFile::new();
    (SqliteStore::open(&place.path()).unwrap(), place)
}

/// `None` where PostgreSQL is not installed.
pub async fn postgres() -> Option<(PostgresStore, Database)> {
    let place = database()?;
    Some((connect(&place).await.unwrap(), place))
}

/// One more node on a data base.
pub async fn connect(place: &Database) -> Result<PostgresStore, StoreError> {
    PostgresStore::connect(&place.url, PostgresOptions::default()).await
}

/// A folder for a file, both gone when it is dropped.
pub struct SqliteFile {
    folder: tempfile::TempDir,
}

impl SqliteFile {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("smds.sqlite")
    }

    /// Past the store.
    pub fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}
