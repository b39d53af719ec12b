//! From rows to values of the domain, and back.

use asn1::{Iccid, TransactionId};
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::types::{Eid, MatchingId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::writer::storage;
use crate::domain::{Order, OrderId, PackageProtection, SessionRecord};
use crate::store::StoreError;

pub const ORDER_COLUMNS: &str =
    "id, iccid, matching_id, eid, confirmation_code_hash, expires, protection, metadata,
    package_size, state, download_attempts, confirmation_code_attempts, version";

/// A value that this version cannot have written.
fn damaged(column: &str) -> StoreError {
    StoreError::Storage(format!("a record is damaged: column {column}"))
}

fn column<T: rusqlite::types::FromSql>(row: &Row<'_>, name: &str) -> Result<T, StoreError> {
    row.get(name).map_err(storage)
}

pub fn order(row: &Row<'_>) -> Result<Order, StoreError> {
    let hash: Option<Vec<u8>> = column(row, "confirmation_code_hash")?;
    let hash = hash.map(<[u8; 32]>::try_from).transpose().map_err(|_| damaged("confirmation_code_hash"))?;
    Ok(Order {
        id: OrderId(column(row, "id")?),
        iccid: Iccid::try_from(column::<Vec<u8>>(row, "iccid")?.as_slice()).map_err(|_| damaged("iccid"))?,
        matching_id: parsed::<MatchingId>(row, "matching_id")?,
        eid: parsed::<Eid>(row, "eid")?,
        confirmation_code: hash.map(ConfirmationCodeHash::from_bytes),
        expires: column::<Option<i64>>(row, "expires")?.map(Timestamp::from_unix_millis),
        protection: protection_from(&column::<String>(row, "protection")?)?,
        metadata: column(row, "metadata")?,
        package_size: column::<u32>(row, "package_size")? as usize,
        state: column::<String>(row, "state")?.parse().map_err(|()| damaged("state"))?,
        download_attempts: column(row, "download_attempts")?,
        confirmation_code_attempts: column(row, "confirmation_code_attempts")?,
        version: column(row, "version")?,
    })
}

fn parsed<T: std::str::FromStr>(row: &Row<'_>, name: &str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = column(row, name)?;
    text.map(|text| text.parse()).transpose().map_err(|_| damaged(name))
}

pub fn protection_name(protection: PackageProtection) -> &'static str {
    match protection {
        PackageProtection::SessionKeys => "session-keys",
        PackageProtection::ProfileProtectionKeys => "profile-protection-keys",
    }
}

fn protection_from(text: &str) -> Result<PackageProtection, StoreError> {
    match text {
        "session-keys" => Ok(PackageProtection::SessionKeys),
        "profile-protection-keys" => Ok(PackageProtection::ProfileProtectionKeys),
        _ => Err(damaged("protection")),
    }
}

/// Writes what of an order can change, if it is still as it was read.
pub fn update_order(connection: &Connection, order: &Order) -> Result<(), StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE download_order SET eid = :eid, state = :state, download_attempts = :downloads,
             confirmation_code_attempts = :codes, version = version + 1 WHERE id = :id AND version = :version",
        )
        .and_then(|mut statement| {
            statement.execute(named_params! {
                ":eid": order.eid.map(|eid| eid.to_string()),
                ":state": order.state.name(),
                ":downloads": order.download_attempts,
                ":codes": order.confirmation_code_attempts,
                ":id": order.id.0,
                ":version": order.version,
            })
        })
        .map_err(storage)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

pub fn session(connection: &Connection, id: &TransactionId) -> Result<Option<SessionRecord>, StoreError> {
    let found: Option<(i64, Option<i64>, String, i64)> = connection
        .prepare_cached(
            "SELECT started, download_order, stage, version FROM rsp_session WHERE transaction_id = :id",
        )
        .and_then(|mut statement| {
            statement
                .query_row(named_params! { ":id": id.bytes() }, |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()
        })
        .map_err(storage)?;
    found
        .map(|(started, order, stage, version)| {
            Ok(SessionRecord {
                transaction_id: id.clone(),
                started: Timestamp::from_unix_millis(started),
                order: order.map(OrderId),
                stage: serde_json::from_str(&stage).map_err(|_| damaged("stage"))?,
                version,
            })
        })
        .transpose()
}

pub fn insert_session(connection: &Connection, session: &SessionRecord) -> Result<(), StoreError> {
    let stage = stage_text(session)?;
    let added = connection
        .prepare_cached(
            "INSERT INTO rsp_session (transaction_id, started, download_order, stage, version)
             VALUES (:id, :started, :order, :stage, 0) ON CONFLICT (transaction_id) DO NOTHING",
        )
        .and_then(|mut statement| {
            statement.execute(named_params! {
                ":id": session.transaction_id.bytes(),
                ":started": session.started.unix_millis(),
                ":order": session.order.map(|order| order.0),
                ":stage": stage,
            })
        })
        .map_err(storage)?;
    if added == 1 {
        Ok(())
    } else {
        Err(StoreError::Taken(format!("TransactionID {}", session.transaction_id)))
    }
}

/// Writes a session's progress, if it is still as it was read.
pub fn update_session(connection: &Connection, session: &SessionRecord) -> Result<(), StoreError> {
    let stage = stage_text(session)?;
    let changed = connection
        .prepare_cached(
            "UPDATE rsp_session SET download_order = :order, stage = :stage, version = version + 1
             WHERE transaction_id = :id AND version = :version",
        )
        .and_then(|mut statement| {
            statement.execute(named_params! {
                ":order": session.order.map(|order| order.0),
                ":stage": stage,
                ":id": session.transaction_id.bytes(),
                ":version": session.version,
            })
        })
        .map_err(storage)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn stage_text(session: &SessionRecord) -> Result<String, StoreError> {
    serde_json::to_string(&session.stage).map_err(|error| StoreError::Storage(error.to_string()))
}
