//! The embedded store: SQLite in WAL mode, every commit on disk before it is answered.

mod migrations;
mod rows;
mod writer;

use std::path::Path;
use std::time::Duration;

use asn1::TransactionId;
use protocol::types::Eid;
use rusqlite::{Connection, OptionalExtension, named_params};
use zeroize::Zeroizing;

use self::rows::{ORDER_COLUMNS, insert_session, update_order, update_session};
use self::writer::{Writer, storage};
use super::{NotificationRecord, Store, StoreError};
use crate::domain::{Bound, NewOrder, Order, OrderId, Package, ProfileState, SessionRecord};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    writer: Writer,
}

impl SqliteStore {
    /// Opens or creates the file.
    ///
    /// # Errors
    /// Where it cannot be opened, or its schema is newer than this program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)
            .map_err(|error| StoreError::Storage(format!("cannot open {}: {error}", path.display())))?;
        Self::start(connection)
    }

    /// A store that is gone when it is dropped.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::start(Connection::open_in_memory().map_err(storage)?)
    }

    fn start(mut connection: Connection) -> Result<Self, StoreError> {
        connection.busy_timeout(Duration::from_secs(5)).map_err(storage)?;
        // An in-memory data base has no journal to choose; it answers "memory" and that is fine.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(storage)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(storage)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(storage)?;
        migrations::migrate(&mut connection)?;
        Ok(Self { writer: Writer::start(connection)? })
    }

    async fn one_order(
        &self,
        condition: &'static str,
        key: rusqlite::types::Value,
    ) -> Result<Option<Order>, StoreError> {
        self.writer
            .run(move |connection| Ok(select_orders(connection, condition, key)?.into_iter().next()))
            .await
    }
}

fn select_orders(
    connection: &Connection,
    condition: &str,
    key: rusqlite::types::Value,
) -> Result<Vec<Order>, StoreError> {
    let sql = format!("SELECT {ORDER_COLUMNS} FROM download_order WHERE {condition} = :key ORDER BY id");
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut rows = statement.query(named_params! { ":key": key }).map_err(storage)?;
    let mut orders = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        orders.push(rows::order(row)?);
    }
    Ok(orders)
}

fn insert_order(connection: &Connection, order: &NewOrder) -> Result<OrderId, StoreError> {
    for (name, sql, key) in [
        (
            "ICCID",
            "SELECT count(*) FROM download_order WHERE iccid = ?1",
            Some((order.iccid.to_string(), rusqlite::types::Value::Blob(order.iccid.bytes().to_vec()))),
        ),
        (
            "MatchingID",
            "SELECT count(*) FROM download_order WHERE matching_id = ?1",
            order
                .matching_id
                .as_ref()
                .map(|id| (id.to_string(), rusqlite::types::Value::Text(id.to_string()))),
        ),
    ] {
        let Some((shown, key)) = key else { continue };
        let found: i64 = connection.query_row(sql, [key], |row| row.get(0)).map_err(storage)?;
        if found != 0 {
            return Err(StoreError::Taken(format!("{name} {shown}")));
        }
    }
    connection
        .execute("INSERT INTO profile_package (content) VALUES (?1)", [order.package.0.as_slice()])
        .map_err(storage)?;
    let package = connection.last_insert_rowid();
    connection
        .execute(
            "INSERT INTO download_order (iccid, matching_id, eid, confirmation_code_hash, expires, protection,
             metadata, package, package_size, state, download_attempts, confirmation_code_attempts, version)
             VALUES (:iccid, :matching_id, :eid, :hash, :expires, :protection, :metadata, :package, :size, :state,
             0, 0, 0)",
            named_params! {
                ":iccid": order.iccid.bytes(),
                ":matching_id": order.matching_id.as_ref().map(|id| id.as_str()),
                ":eid": order.eid.map(|eid| eid.to_string()),
                ":hash": order.confirmation_code.as_ref().map(|hash| hash.as_bytes().to_vec()),
                ":expires": order.expires.map(|at| at.unix_millis()),
                ":protection": rows::protection_name(order.protection),
                ":metadata": order.metadata,
                ":package": package,
                ":size": order.package.0.len() as i64,
                ":state": ProfileState::Released.name(),
            },
        )
        .map_err(storage)?;
    Ok(OrderId(connection.last_insert_rowid()))
}

fn update_both(connection: &Connection, order: &Order, session: &SessionRecord) -> Result<(), StoreError> {
    update_order(connection, order)?;
    update_session(connection, session)
}

impl Store for SqliteStore {
    async fn add_orders(&self, orders: Vec<NewOrder>) -> Result<Vec<OrderId>, StoreError> {
        self.writer
            .run(move |connection| orders.iter().map(|order| insert_order(connection, order)).collect())
            .await
    }

    async fn orders(&self) -> Result<Vec<Order>, StoreError> {
        self.writer.run(|connection| select_orders(connection, "1", 1.into())).await
    }

    async fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        self.one_order("id", id.0.into()).await
    }

    async fn orders_of_eid(&self, eid: Eid) -> Result<Vec<Order>, StoreError> {
        self.writer.run(move |connection| select_orders(connection, "eid", eid.to_string().into())).await
    }

    async fn order_of_matching_id(&self, matching_id: String) -> Result<Option<Order>, StoreError> {
        self.one_order("matching_id", matching_id.into()).await
    }

    async fn package(&self, id: OrderId) -> Result<Package, StoreError> {
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT content FROM profile_package
                         WHERE id = (SELECT package FROM download_order WHERE id = ?1)",
                    )
                    .and_then(|mut statement| statement.query_row([id.0], |row| row.get::<_, Vec<u8>>(0)))
                    .map(|content| Package(Zeroizing::new(content)))
                    .map_err(storage)
            })
            .await
    }

    async fn bound(&self, id: OrderId) -> Result<Option<Bound>, StoreError> {
        self.writer
            .run(move |connection| {
                let found = connection
                    .prepare_cached(
                        "SELECT eid, euicc_otpk, ci, content FROM bound_package WHERE download_order = ?1",
                    )
                    .and_then(|mut statement| {
                        statement
                            .query_row([id.0], |row| {
                                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                            })
                            .optional()
                    })
                    .map_err(storage)?;
                found
                    .map(|(eid, euicc_otpk, ci, package)| {
                        let eid = eid
                            .parse()
                            .map_err(|_| StoreError::Storage("a record is damaged: column eid".to_owned()))?;
                        Ok(Bound { eid, euicc_otpk, ci, package })
                    })
                    .transpose()
            })
            .await
    }

    async fn open_session(&self, session: SessionRecord) -> Result<(), StoreError> {
        self.writer.run(move |connection| insert_session(connection, &session)).await
    }

    async fn session(&self, transaction_id: TransactionId) -> Result<Option<SessionRecord>, StoreError> {
        self.writer.run(move |connection| rows::session(connection, &transaction_id)).await
    }

    async fn record_refused_attempt(&self, order: Order) -> Result<(), StoreError> {
        self.writer.run(move |connection| update_order(connection, &order)).await
    }

    async fn offer(&self, order: Order, session: SessionRecord) -> Result<(), StoreError> {
        self.writer.run(move |connection| update_both(connection, &order, &session)).await
    }

    async fn record_confirmation_code_try(&self, order: Order) -> Result<(), StoreError> {
        self.writer.run(move |connection| update_order(connection, &order)).await
    }

    async fn hand_out(&self, order: Order, session: SessionRecord, bound: Bound) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                update_both(connection, &order, &session)?;
                connection
                    .prepare_cached(
                        "INSERT INTO bound_package (download_order, eid, euicc_otpk, ci, content)
                         VALUES (:order, :eid, :otpk, :ci, :content) ON CONFLICT (download_order) DO UPDATE SET
                         eid = excluded.eid, euicc_otpk = excluded.euicc_otpk, ci = excluded.ci,
                         content = excluded.content",
                    )
                    .and_then(|mut statement| {
                        statement.execute(named_params! {
                            ":order": order.id.0,
                            ":eid": bound.eid.to_string(),
                            ":otpk": bound.euicc_otpk,
                            ":ci": bound.ci,
                            ":content": bound.package,
                        })
                    })
                    .map_err(storage)?;
                Ok(())
            })
            .await
    }

    async fn end_session(&self, session: SessionRecord, order: Option<Order>) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                update_session(connection, &session)?;
                order.map_or(Ok(()), |order| update_order(connection, &order))
            })
            .await
    }

    async fn accept_notification(
        &self,
        notification: NotificationRecord,
        session: Option<SessionRecord>,
        order: Option<Order>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |connection| {
                let added = connection
                    .prepare_cached(
                        "INSERT INTO notification (eid, sequence_number, digest, received, content)
                         VALUES (:eid, :number, :digest, :received, :content)
                         ON CONFLICT (eid, sequence_number, digest) DO NOTHING",
                    )
                    .and_then(|mut statement| {
                        statement.execute(named_params! {
                            ":eid": notification.eid.to_string(),
                            // SQLite has no unsigned numbers; the bits are kept, and no eUICC comes near the sign.
                            ":number": notification.sequence_number.cast_signed(),
                            ":digest": crypto::digest::sha256(&notification.bytes),
                            ":received": notification.received,
                            ":content": notification.bytes,
                        })
                    })
                    .map_err(storage)?;
                if added == 0 {
                    return Ok(false);
                }
                session.map_or(Ok(()), |session| update_session(connection, &session))?;
                order.map_or(Ok(()), |order| update_order(connection, &order))?;
                Ok(true)
            })
            .await
    }

    async fn notifications(&self, eid: Eid) -> Result<Vec<NotificationRecord>, StoreError> {
        self.writer
            .run(move |connection| {
                let mut statement = connection
                    .prepare_cached(
                        "SELECT sequence_number, received, content FROM notification WHERE eid = ?1",
                    )
                    .map_err(storage)?;
                let rows = statement
                    .query_map([eid.to_string()], |row| {
                        Ok(NotificationRecord {
                            eid,
                            sequence_number: row.get::<_, i64>(0)?.cast_unsigned(),
                            received: row.get(1)?,
                            bytes: row.get(2)?,
                        })
                    })
                    .map_err(storage)?;
                let mut records: Vec<_> = rows.collect::<Result<_, _>>().map_err(storage)?;
                // Where the sign counts as a bit, the data base has another order.
                records.sort_by_key(|record: &NotificationRecord| record.sequence_number);
                Ok(records)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing else can tell: only a power cut shows what a commit without it was worth.
    #[tokio::test]
    async fn every_commit_waits_for_the_disk_and_references_are_checked() {
        let store = SqliteStore::in_memory().unwrap();
        for (pragma, expected) in [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1)] {
            let value: i64 = store
                .writer
                .run(move |connection| connection.query_row(pragma, [], |row| row.get(0)).map_err(storage))
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}
