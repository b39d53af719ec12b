//! The numbered migrations, and what of them SQL cannot do: sealing what was in the clear.

use asn1::Iccid;
use protocol::confirmation_code::ConfirmationCodeHash;
use service::database::sqlite::{Migration, SqliteSchema, SqliteTransaction, finished};
use service::database::{StoreError, Transaction, one};
use zeroize::Zeroizing;

use crate::domain::Package;
use crate::store::seal::Sealer;

pub static SCHEMA: SqliteSchema = SqliteSchema {
    owner: "SM-DP+",
    landmark: "download_order",
    migrations: &[
        include_str!("migrations/0001_orders_and_sessions.sql"),
        include_str!("migrations/0002_inventory_and_outbox.sql"),
        include_str!("migrations/0003_smds_events.sql"),
        include_str!("migrations/0004_protected_packages.sql"),
        include_str!("migrations/0005_session_keys.sql"),
    ],
};

/// The schema that first sealed its secrets: what is older gets sealed when it is migrated.
pub const SEALED_SINCE: i64 = 2;

/// What was in the clear is not to be found in free pages either. They are removed after the migration, and if that is
/// interrupted, by whoever opens the file next.
const NOTE_CLEAR_PAGES: &str = "INSERT INTO meta (name, value) VALUES ('clear pages', '1')";
const CLEAR_PAGES: &str = "SELECT 1 FROM meta WHERE name = 'clear pages'";
const REMOVE_CLEAR_PAGES: &str =
    "VACUUM; DELETE FROM meta WHERE name = 'clear pages'; PRAGMA wal_checkpoint(TRUNCATE)";

/// Seals what an older version kept in the clear.
pub fn seal(migration: Migration, tx: &SqliteTransaction<'_>, sealer: &Sealer) -> Result<(), StoreError> {
    if migration.to != SEALED_SINCE || migration.from == 0 {
        return Ok(());
    }
    finished(async {
        seal_packages(tx, sealer).await?;
        seal_codes(tx, sealer).await
    })?;
    tx.execute_batch(NOTE_CLEAR_PAGES)
}

/// Removes what sealing has left in free pages.
pub fn remove_clear_pages(tx: &SqliteTransaction<'_>) -> Result<(), StoreError> {
    match finished(one(tx, CLEAR_PAGES, &[]))? {
        Some(_) => tx.execute_batch(REMOVE_CLEAR_PAGES),
        None => Ok(()),
    }
}

async fn seal_packages(tx: &SqliteTransaction<'_>, sealer: &Sealer) -> Result<(), StoreError> {
    let select = "SELECT p.iccid, k.content FROM profile_package k JOIN profile p ON p.id = k.profile
         WHERE k.profile = $1";
    let update = "UPDATE profile_package SET content = $2 WHERE profile = $1";
    // One after the other: each may be large.
    for mut row in tx.rows("SELECT profile FROM profile_package", &[]).await? {
        let id = row.integer("profile")?;
        let Some(mut row) = one(tx, select, &[id.into()]).await? else { continue };
        let iccid = iccid(id, &row.bytes("iccid")?)?;
        let plain = Package(Zeroizing::new(row.bytes("content")?));
        tx.execute(update, &[id.into(), sealer.seal_package(&iccid, &plain)?.into()]).await?;
    }
    Ok(())
}

async fn seal_codes(tx: &SqliteTransaction<'_>, sealer: &Sealer) -> Result<(), StoreError> {
    let update = "UPDATE download_order SET confirmation_code = $2 WHERE id = $1";
    let select =
        "SELECT o.id, p.iccid, o.confirmation_code FROM download_order o JOIN profile p ON p.id = o.profile
         WHERE o.confirmation_code IS NOT NULL";
    for mut row in tx.rows(select, &[]).await? {
        let id = row.integer("id")?;
        let iccid = iccid(id, &row.bytes("iccid")?)?;
        let plain = Zeroizing::new(row.bytes("confirmation_code")?);
        let hash = plain.as_slice().try_into().map_err(|_| damaged(id))?;
        let sealed = sealer.seal_code(&iccid, &ConfirmationCodeHash::from_bytes(hash))?;
        tx.execute(update, &[id.into(), sealed.into()]).await?;
    }
    Ok(())
}

fn iccid(id: i64, bytes: &[u8]) -> Result<Iccid, StoreError> {
    Iccid::try_from(bytes).map_err(|_| damaged(id))
}

fn damaged(id: i64) -> StoreError {
    StoreError::Storage(format!("record {id} of schema 1 is damaged"))
}
