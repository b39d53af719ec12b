//! The kinds of stores, each made afresh, and what they live in.

use std::path::PathBuf;

use smdp::store::{PostgresOptions, PostgresStore, SqliteStore, Store, StoreError, StoreKey};

use crate::common::postgres::{self, Database};

/// The key of every store here.
pub fn key() -> StoreKey {
    StoreKey::new([7; 32])
}

/// Another key.
pub fn wrong_key() -> StoreKey {
    StoreKey::new([8; 32])
}

pub fn sqlite() -> (SqliteStore, SqliteFile) {
    let place = SqliteFile::new();
    (SqliteStore::open(&place.path(), &key()).unwrap(), place)
}

/// `None` where PostgreSQL is not installed.
pub async fn postgres() -> Option<(PostgresStore, Database)> {
    let place = postgres::database()?;
    Some((connect(&place, &key()).await.unwrap(), place))
}

pub async fn connect(place: &Database, key: &StoreKey) -> Result<PostgresStore, StoreError> {
    PostgresStore::connect(&place.url, key, PostgresOptions::default()).await
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
        self.folder.path().join("smdp.sqlite")
    }

    pub fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}

/// What a store lives in, whichever it is.
pub trait Place: Sized {
    type Kind: Store;

    /// Opens what is there.
    async fn open(&self, key: &StoreKey) -> Result<Self::Kind, StoreError>;
    /// Changes something behind the store's back.
    fn change(&self, sql: &str);
    /// Every byte that is kept, or its hexadecimal digits.
    fn content(&self) -> Vec<u8>;
    async fn backup(&self, key: &StoreKey) -> Result<Vec<u8>, StoreError>;
    async fn restore(&self, key: &StoreKey, backup: &[u8]) -> Result<smdp::store::Dumped, StoreError>;
}

impl Place for SqliteFile {
    type Kind = SqliteStore;

    async fn open(&self, key: &StoreKey) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(&self.path(), key)
    }

    fn change(&self, sql: &str) {
        self.connection().execute_batch(sql).unwrap();
    }

    fn content(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    async fn backup(&self, key: &StoreKey) -> Result<Vec<u8>, StoreError> {
        let mut backup = Vec::new();
        SqliteStore::backup(&self.path(), key, &mut backup).map(|_| backup)
    }

    async fn restore(&self, key: &StoreKey, mut backup: &[u8]) -> Result<smdp::store::Dumped, StoreError> {
        SqliteStore::restore(&self.path(), key, &mut backup)
    }
}

impl Place for Database {
    type Kind = PostgresStore;

    async fn open(&self, key: &StoreKey) -> Result<PostgresStore, StoreError> {
        connect(self, key).await
    }

    fn change(&self, sql: &str) {
        self.sql(sql);
    }

    fn content(&self) -> Vec<u8> {
        let tables = self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        let rows = tables.lines().map(|table| self.sql(&format!("SELECT t::text FROM {table} t")));
        rows.collect::<String>().into_bytes()
    }

    async fn backup(&self, key: &StoreKey) -> Result<Vec<u8>, StoreError> {
        let mut backup = Vec::new();
        let options = PostgresOptions::default();
        PostgresStore::backup(&self.url, key, options, &mut backup).await.map(|_| backup)
    }

    async fn restore(&self, key: &StoreKey, mut backup: &[u8]) -> Result<smdp::store::Dumped, StoreError> {
        PostgresStore::restore(&self.url, key, PostgresOptions::default(), &mut backup).await
    }
}
