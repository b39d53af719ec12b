//! The numbered migrations; SQLite's `user_version` says how many have run.

use rusqlite::Connection;

use super::writer::storage;
use crate::store::StoreError;

const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_orders_and_sessions.sql")];

/// Brings the schema up to date; one that is newer than this program is refused.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(storage)?;
    if done > known {
        return Err(StoreError::Storage(format!(
            "the data base has schema {done}, this program knows {known}: it was written by a newer version"
        )));
    }
    for (number, sql) in (1i64..).zip(MIGRATIONS) {
        if number > done {
            let transaction = connection.transaction().map_err(storage)?;
            transaction.execute_batch(sql).map_err(storage)?;
            transaction.pragma_update(None, "user_version", number).map_err(storage)?;
            transaction.commit().map_err(storage)?;
        }
    }
    Ok(())
}
