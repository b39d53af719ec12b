//! RSP sessions, and the events that are told at their end.

use asn1::TransactionId;
use protocol::types::EventId;
use service::database::{StoreError, Transaction, Value, damage, one};

use super::events::{COLUMNS, record};
use crate::domain::{EventRecord, SessionRecord};
use crate::store::Retrieval;

/// How many events an LPA is told at once; no eUICC has room for as many profiles, and an answer stays short.
const MOST_TOLD: i64 = 1000;

pub async fn open_session<T: Transaction>(tx: &T, session: SessionRecord) -> Result<(), StoreError> {
    let opened = serde_json::to_string(&session.opened);
    let opened = opened.map_err(|error| StoreError::Storage(error.to_string()))?;
    let added = tx
        .execute(
            "INSERT INTO rsp_session (transaction_id, started, opened) VALUES ($1, $2, $3)
             ON CONFLICT (transaction_id) DO NOTHING",
            &[session.transaction_id.bytes().into(), session.started.into(), opened.into()],
        )
        .await?;
    match added {
        1 => Ok(()),
        _ => Err(StoreError::Taken(format!("TransactionID {}", session.transaction_id))),
    }
}

pub async fn session<T: Transaction>(
    tx: &T,
    transaction_id: TransactionId,
) -> Result<Option<SessionRecord>, StoreError> {
    let sql = "SELECT started, opened FROM rsp_session WHERE transaction_id = $1";
    let Some(mut row) = one(tx, sql, &[transaction_id.bytes().into()]).await? else { return Ok(None) };
    Ok(Some(SessionRecord {
        transaction_id,
        started: row.timestamp("started")?,
        opened: serde_json::from_str(&row.text("opened")?).map_err(|_| damage("opened"))?,
    }))
}

pub async fn end_session<T: Transaction>(tx: &T, transaction_id: TransactionId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM rsp_session WHERE transaction_id = $1";
    Ok(tx.execute(sql, &[transaction_id.bytes().into()]).await? == 1)
}

pub async fn retrieve_events<T: Transaction>(
    tx: &T,
    transaction_id: TransactionId,
    retrieval: Retrieval,
) -> Result<Option<Vec<EventRecord>>, StoreError> {
    if !end_session(tx, transaction_id).await? {
        return Ok(None);
    }
    let Retrieval { eid, event_id, now } = retrieval;
    let (eid, now): (Value, Value) = (eid.to_string().into(), now.into());
    let begin = format!("SELECT {COLUMNS} FROM event WHERE eid = $1 AND ended IS NULL");
    let rows = match event_id {
        None => {
            let sql = format!(
                "{begin} AND state = 'Registered' AND (expires IS NULL OR expires > $2) ORDER BY id LIMIT $3"
            );
            tx.rows(&sql, &[eid, now, MOST_TOLD.into()]).await?
        }
        // SGP.22 §3.6.2 names EventID2; an event that was not forwarded has only the caller's own. Whoever knows EventID2
        // has it from the Root, which may have answered the LPA before it answered us: Forwarding counts too.
        Some(event_id) => {
            // An LPA may send any text, also one that a data base cannot hold.
            let Ok(event_id) = event_id.parse::<EventId>() else { return Ok(Some(Vec::new())) };
            let sql = format!(
                "{begin} AND (expires IS NULL OR expires > $2)
                 AND (forwarded_as = $3 OR (event_id = $3 AND state = 'Registered')) ORDER BY id"
            );
            tx.rows(&sql, &[eid, now, event_id.as_str().into()]).await?
        }
    };
    rows.into_iter().map(record).collect::<Result<_, _>>().map(Some)
}
