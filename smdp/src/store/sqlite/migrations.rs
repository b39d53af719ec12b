//! The numbered migrations; SQLite's `user_version` says how many have run.

use asn1::Iccid;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::driver::storage;
use crate::domain::Package;
use crate::store::StoreError;
use crate::store::seal::Sealer;
use protocol::confirmation_code::ConfirmationCodeHash;

const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_orders_and_sessions.sql"),
    include_str!("migrations/0002_inventory_and_outbox.sql"),
];

/// The schema that first sealed its secrets: what is older gets sealed when it is migrated.
const SEALED_SINCE: i64 = 2;

/// What was in the clear is not to be found in free pages either. They are removed after the migration, and if that is
/// interrupted, by whoever opens the file next.
const NOTE_CLEAR_PAGES: &str = "INSERT INTO meta (name, value) VALUES ('clear pages', '1')";
const CLEAR_PAGES: &str = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'clear pages')";
const REMOVE_CLEAR_PAGES: &str =
    "VACUUM; DELETE FROM meta WHERE name = 'clear pages'; PRAGMA wal_checkpoint(TRUNCATE)";

/// Brings the schema up to date; one that is newer than this program is refused.
pub fn migrate(connection: &mut Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let done = version(connection)?;
    for (number, sql) in (1i64..).zip(MIGRATIONS) {
        if number > done {
            let transaction = connection.transaction().map_err(storage)?;
            transaction.execute_batch(sql).map_err(storage)?;
            if number == SEALED_SINCE && done > 0 {
                seal_records(&transaction, sealer)?;
                transaction.execute_batch(NOTE_CLEAR_PAGES).map_err(storage)?;
            }
            transaction.pragma_update(None, "user_version", number).map_err(storage)?;
            transaction.commit().map_err(storage)?;
        }
    }
    let clear_pages = connection.query_row(CLEAR_PAGES, [], |row| row.get(0)).map_err(storage)?;
    if clear_pages {
        connection.execute_batch(REMOVE_CLEAR_PAGES).map_err(storage)?;
    }
    Ok(())
}

/// How many migrations have run on a store that this program can use.
pub fn version(connection: &Connection) -> Result<i64, StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(storage)?;
    if done > known {
        return Err(StoreError::Storage(format!(
            "the data base has schema {done}, this program knows {known}: it was written by a newer version"
        )));
    }
    Ok(done)
}

/// Whether every migration has run.
pub fn is_current(connection: &Connection) -> Result<bool, StoreError> {
    Ok(usize::try_from(version(connection)?) == Ok(MIGRATIONS.len()))
}

/// Whether nothing was ever sealed in it: it was never used, or by a version that did not.
pub fn is_unsealed(connection: &Connection) -> Result<bool, StoreError> {
    Ok(version(connection)? < SEALED_SINCE)
}

fn seal_records(connection: &Connection, sealer: &Sealer) -> Result<(), StoreError> {
    let columns = [
        (
            "SELECT k.profile, p.iccid, k.content FROM profile_package k JOIN profile p ON p.id = k.profile",
            "UPDATE profile_package SET content = ?2 WHERE profile = ?1",
        ),
        (
            "SELECT o.id, p.iccid, o.confirmation_code FROM download_order o JOIN profile p ON p.id = o.profile
             WHERE o.confirmation_code IS NOT NULL",
            "UPDATE download_order SET confirmation_code = ?2 WHERE id = ?1",
        ),
    ];
    for ((select, update), is_package) in columns.into_iter().zip([true, false]) {
        let mut statement = connection.prepare(select).map_err(storage)?;
        let mut rows = statement.query([]).map_err(storage)?;
        while let Some(row) = rows.next().map_err(storage)? {
            let id: i64 = row.get(0).map_err(storage)?;
            let iccid: Vec<u8> = row.get(1).map_err(storage)?;
            let plain = Zeroizing::new(row.get::<_, Vec<u8>>(2).map_err(storage)?);
            let damaged = |_| StoreError::Storage(format!("record {id} of schema 1 is damaged"));
            let iccid = Iccid::try_from(iccid.as_slice()).map_err(|_| damaged(()))?;
            let sealed = if is_package {
                sealer.seal_package(&iccid, &Package(plain))?
            } else {
                let hash: [u8; 32] = plain.as_slice().try_into().map_err(|_| damaged(()))?;
                sealer.seal_code(&iccid, &ConfirmationCodeHash::from_bytes(hash))?
            };
            connection.execute(update, rusqlite::params![id, sealed]).map_err(storage)?;
        }
    }
    Ok(())
}
