//! The numbered migrations; the table `schema_version` says how many have run.

use deadpool_postgres::Object;

use super::driver::storage;
use crate::database::{StoreError, not_of};

/// A schema, as the migrations that lead to it. Each runs in one transaction, and what was once released never changes.
#[derive(Clone, Copy, Debug)]
pub struct PostgresSchema {
    /// Whose it is, for the message that a data base is somebody else's: `SM-DS`.
    pub owner: &'static str,
    /// A table that it has had from the first migration on, and no other schema has.
    pub landmark: &'static str,
    /// The SQL of each, the oldest first.
    pub migrations: &'static [&'static str],
}

/// Nodes that start at once migrate one after the other. The number says nothing but "rsplab".
const LOCK: &str = "SELECT pg_advisory_xact_lock(8246196219346)";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)";
const DONE: &str = "SELECT COALESCE(max(version), 0) FROM schema_version";

impl PostgresSchema {
    /// Brings a data base up to date; one that is newer than this program is refused.
    pub(super) async fn migrate(&self, connection: &mut Object) -> Result<(), StoreError> {
        // Whoever finds everything done needs neither the lock nor the right to change tables.
        if self.is_current(connection).await? {
            return Ok(());
        }
        let transaction = connection.transaction().await.map_err(|error| storage(&error))?;
        // Another node may be at it, and take long.
        for sql in ["SET LOCAL statement_timeout = 0", LOCK, TABLE] {
            transaction.batch_execute(sql).await.map_err(|error| storage(&error))?;
        }
        let row = transaction.query_one(DONE, &[]).await.map_err(|error| storage(&error))?;
        let done = self.known(row.try_get(0).map_err(|error| storage(&error))?)?;
        for (number, sql) in (1i64..).zip(self.migrations) {
            if number > done {
                let note = format!("{sql}; INSERT INTO schema_version (version) VALUES ({number})");
                transaction.batch_execute(&note).await.map_err(|error| storage(&error))?;
            }
        }
        transaction.commit().await.map_err(|error| storage(&error))
    }

    /// Whether every migration has run.
    pub(super) async fn is_current(&self, connection: &Object) -> Result<bool, StoreError> {
        let there = "SELECT to_regclass('schema_version') IS NOT NULL";
        let row = connection.query_one(there, &[]).await.map_err(|error| storage(&error))?;
        if !row.try_get::<_, bool>(0).map_err(|error| storage(&error))? {
            return Ok(false);
        }
        let row = connection.query_one(DONE, &[]).await.map_err(|error| storage(&error))?;
        let done = row.try_get(0).map_err(|error| storage(&error))?;
        if done > 0 && !self.is_ours(connection).await? {
            return Err(not_of(self.owner));
        }
        let done = self.known(done)?;
        Ok(usize::try_from(done) == Ok(self.migrations.len()))
    }

    async fn is_ours(&self, connection: &Object) -> Result<bool, StoreError> {
        let row = connection.query_one("SELECT to_regclass($1) IS NOT NULL", &[&self.landmark]).await;
        row.and_then(|row| row.try_get(0)).map_err(|error| storage(&error))
    }

    /// How many migrations have run, where this program knows them.
    fn known(&self, done: i64) -> Result<i64, StoreError> {
        let known = i64::try_from(self.migrations.len()).unwrap_or(i64::MAX);
        if done > known {
            return Err(StoreError::Storage(format!(
                "the data base has schema {done}, this program knows {known}: it was written by a newer version"
            )));
        }
        Ok(done)
    }
}
