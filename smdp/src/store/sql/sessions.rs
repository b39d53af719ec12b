//! RSP sessions.

use asn1::TransactionId;
use service::database::{Row, Transaction, change_one, damage, one};
use tokio::try_join;

use super::orders::{self, count_attempt, update_progress};
use crate::domain::{Order, OrderId, SessionRecord};
use crate::store::StoreError;
use crate::store::seal::SealingTransaction;

pub async fn open_session<T: Transaction>(tx: &T, session: SessionRecord) -> Result<(), StoreError> {
    let added = tx
        .execute(
            "INSERT INTO rsp_session (transaction_id, started, download_order, stage, awaits_result, version)
             VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (transaction_id) DO NOTHING",
            &[
                session.transaction_id.bytes().into(),
                session.started.into(),
                session.order.map(|order| order.0).into(),
                stage(&session)?.into(),
                session.awaits_result().into(),
            ],
        )
        .await?;
    match added {
        1 => Ok(()),
        _ => Err(StoreError::Taken(format!("TransactionID {}", session.transaction_id))),
    }
}

/// What of a session is read, by [`read`].
const COLUMNS: &str = "s.started, s.download_order, s.stage, s.version";

fn read(transaction_id: TransactionId, row: &mut Row) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        transaction_id,
        started: row.timestamp("started")?,
        order: row.maybe_integer("download_order")?.map(OrderId),
        stage: serde_json::from_str(&row.text("stage")?).map_err(|_| damage("stage"))?,
        version: row.integer("version")?,
    })
}

pub async fn session<T: Transaction>(
    tx: &T,
    transaction_id: TransactionId,
) -> Result<Option<SessionRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM rsp_session s WHERE s.transaction_id = $1");
    let Some(mut row) = one(tx, &sql, &[transaction_id.bytes().into()]).await? else { return Ok(None) };
    read(transaction_id, &mut row).map(Some)
}

pub async fn session_with_order<T: SealingTransaction>(
    tx: &T,
    transaction_id: TransactionId,
) -> Result<Option<(SessionRecord, Option<Order>)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM rsp_session s
         LEFT JOIN download_order o ON o.id = s.download_order {} WHERE s.transaction_id = $1",
        orders::COLUMNS,
        orders::JOINED,
    );
    let Some(mut row) = one(tx, &sql, &[transaction_id.bytes().into()]).await? else { return Ok(None) };
    let session = read(transaction_id, &mut row)?;
    let order = session.order.map(|_| orders::read(tx, row)).transpose()?;
    Ok(Some((session, order)))
}

/// Writes how far a session has come whose order is as it was, if it is still as it was read. To leave alone what is indexed spares
/// the data base work.
pub(super) async fn advance_session<T: Transaction>(
    tx: &T,
    session: &SessionRecord,
) -> Result<(), StoreError> {
    change_one(
        tx,
        "UPDATE rsp_session SET stage = $3, awaits_result = $4, version = version + 1
         WHERE transaction_id = $1 AND version = $2",
        &[
            session.transaction_id.bytes().into(),
            session.version.into(),
            stage(session)?.into(),
            session.awaits_result().into(),
        ],
    )
    .await
}

/// Writes a session's progress and its order, if it is still as it was read.
pub(super) async fn update_session<T: Transaction>(
    tx: &T,
    session: &SessionRecord,
) -> Result<(), StoreError> {
    change_one(
        tx,
        "UPDATE rsp_session SET download_order = $3, stage = $4, awaits_result = $5, version = version + 1
         WHERE transaction_id = $1 AND version = $2",
        &[
            session.transaction_id.bytes().into(),
            session.version.into(),
            session.order.map(|order| order.0).into(),
            stage(session)?.into(),
            session.awaits_result().into(),
        ],
    )
    .await
}

pub async fn offer<T: SealingTransaction>(
    tx: &T,
    order: Order,
    session: SessionRecord,
) -> Result<(), StoreError> {
    try_join!(biased; count_attempt(tx, &order), update_session(tx, &session)).map(drop)
}

pub async fn end_session<T: SealingTransaction>(
    tx: &T,
    session: SessionRecord,
    order: Option<Order>,
) -> Result<(), StoreError> {
    // The order first, here as everywhere: whoever locks both locks them in one order.
    if let Some(order) = order {
        update_progress(tx, &order).await?;
    }
    update_session(tx, &session).await
}

fn stage(session: &SessionRecord) -> Result<String, StoreError> {
    serde_json::to_string(&session.stage).map_err(|error| StoreError::Storage(error.to_string()))
}
