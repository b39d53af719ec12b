//! The numbered migrations; SQLite's `user_version` says how many have run.

use rusqlite::Connection;

use super::driver::{SqliteTransaction, storage};
use crate::database::{StoreError, not_of};

/// A schema, as the migrations that lead to it. Each runs in one transaction, and what was once released never changes.
#[derive(Clone, Copy, Debug)]
pub struct SqliteSchema {
    /// Whose it is, for the message that a data base is somebody else's: `SM-DS`.
    pub owner: &'static str,
    /// A table that it has had from the first migration on, and no other schema has.
    pub landmark: &'static str,
    /// The SQL of each, the oldest first.
    pub migrations: &'static [&'static str],
}

/// A migration that is under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Migration {
    /// The schema that it leads to, counted from 1.
    pub to: i64,
    /// The schema that the data base had when it was opened; 0 where it was empty.
    pub from: i64,
}

impl SqliteSchema {
    /// Brings a data base up to date; one that is newer than this program is refused. `migrated` does what SQL cannot do,
    /// in the transaction of each migration.
    pub(super) fn migrate(
        &self,
        connection: &mut Connection,
        migrated: impl Fn(Migration, &SqliteTransaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let from = self.version(connection)?;
        for (to, sql) in (1i64..).zip(self.migrations) {
            if to > from {
                let transaction = connection.transaction().map_err(storage)?;
                transaction.execute_batch(sql).map_err(storage)?;
                migrated(Migration { to, from }, &SqliteTransaction::within(&transaction))?;
                transaction.pragma_update(None, "user_version", to).map_err(storage)?;
                transaction.commit().map_err(storage)?;
            }
        }
        Ok(())
    }

    /// How many migrations have run on a data base that this program can use.
    pub(super) fn version(&self, connection: &Connection) -> Result<i64, StoreError> {
        let known = i64::try_from(self.migrations.len()).unwrap_or(i64::MAX);
        let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(storage)?;
        if done > 0 && !self.is_ours(connection)? {
            return Err(not_of(self.owner));
        }
        if done > known {
            return Err(StoreError::Storage(format!(
                "the data base has schema {done}, this program knows {known}: it was written by a newer version"
            )));
        }
        Ok(done)
    }

    fn is_ours(&self, connection: &Connection) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
        connection.query_row(sql, [self.landmark], |row| row.get(0)).map_err(storage)
    }

    /// Whether every migration has run.
    pub(super) fn is_current(&self, connection: &Connection) -> Result<bool, StoreError> {
        Ok(usize::try_from(self.version(connection)?) == Ok(self.migrations.len()))
    }
}
