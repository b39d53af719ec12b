//! Imports: profiles that nobody sees until all of them are there.

use protocol::clock::Timestamp;
use service::database::{Transaction, Value, change_one, one};

use super::profiles::insert_profile;
use crate::domain::NewProfile;
use crate::store::seal::SealingTransaction;
use crate::store::{ImportId, StoreError};

pub async fn begin_import<T: Transaction>(
    tx: &T,
    now: Timestamp,
    abandoned: Timestamp,
) -> Result<ImportId, StoreError> {
    let sql = "DELETE FROM profile_import WHERE touched < $1 RETURNING id";
    for mut row in tx.rows(sql, &[abandoned.into()]).await? {
        abandon_import(tx, ImportId(row.integer("id")?)).await?;
    }
    let row = one(tx, "INSERT INTO profile_import (touched) VALUES ($1) RETURNING id", &[now.into()]).await?;
    let mut row = row.ok_or_else(|| StoreError::Storage("no number for an import".to_owned()))?;
    Ok(ImportId(row.integer("id")?))
}

pub async fn import_profiles<T: SealingTransaction>(
    tx: &T,
    import: ImportId,
    now: Timestamp,
    profiles: Vec<NewProfile>,
) -> Result<(), StoreError> {
    // Fails where the import was taken for dead and removed.
    change_one(tx, "UPDATE profile_import SET touched = $2 WHERE id = $1", &[import.0.into(), now.into()])
        .await?;
    for profile in &profiles {
        insert_profile(tx, profile, now.unix_millis(), Some(import)).await?;
    }
    Ok(())
}

pub async fn finish_import<T: Transaction>(tx: &T, import: ImportId) -> Result<u64, StoreError> {
    let id = [Value::from(import.0)];
    change_one(tx, "DELETE FROM profile_import WHERE id = $1", &id).await?;
    tx.execute("UPDATE profile SET import = NULL WHERE import = $1", &id).await
}

pub async fn abandon_import<T: Transaction>(tx: &T, import: ImportId) -> Result<(), StoreError> {
    let id = [Value::from(import.0)];
    for sql in [
        // First of all: who is importing just now is waited for, and nobody imports any more after that.
        "DELETE FROM profile_import WHERE id = $1",
        "DELETE FROM profile_package WHERE profile IN (SELECT id FROM profile WHERE import = $1)",
        "DELETE FROM profile WHERE import = $1",
    ] {
        tx.execute(sql, &id).await?;
    }
    Ok(())
}
