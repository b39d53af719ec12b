//! Notifications of eUICCs.

use protocol::types::Eid;
use service::database::{Transaction, damage};
use tokio::try_join;

use super::orders::update_progress;
use super::sessions::advance_session;
use crate::domain::{Order, SessionRecord};
use crate::store::seal::SealingTransaction;
use crate::store::{NotificationRecord, StoreError};

pub async fn accept_notification<T: SealingTransaction>(
    tx: &T,
    notification: NotificationRecord,
    session: Option<SessionRecord>,
    order: Option<Order>,
) -> Result<bool, StoreError> {
    let added = tx
        .execute(
            "INSERT INTO notification (eid, sequence_number, digest, received, content)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (eid, sequence_number, digest) DO NOTHING",
            &[
                notification.eid.to_string().into(),
                // No unsigned numbers here; the bits are kept, and no eUICC comes near the sign.
                notification.sequence_number.cast_signed().into(),
                notification.digest.as_slice().into(),
                notification.received.into(),
                notification.bytes.into(),
            ],
        )
        .await?;
    if added == 0 {
        return Ok(false);
    }
    let order = async {
        match &order {
            Some(order) => update_progress(tx, order).await,
            None => Ok(()),
        }
    };
    let session = async {
        match &session {
            Some(session) => advance_session(tx, session).await,
            None => Ok(()),
        }
    };
    try_join!(biased; order, session).map(|_| true)
}

pub async fn notifications<T: Transaction>(tx: &T, eid: Eid) -> Result<Vec<NotificationRecord>, StoreError> {
    let sql = "SELECT sequence_number, digest, received, content FROM notification WHERE eid = $1";
    let rows = tx.rows(sql, &[eid.to_string().into()]).await?;
    let mut records: Vec<NotificationRecord> = rows
        .into_iter()
        .map(|mut row| {
            Ok(NotificationRecord {
                eid,
                sequence_number: row.integer("sequence_number")?.cast_unsigned(),
                digest: row.bytes("digest")?.try_into().map_err(|_| damage("digest"))?,
                received: row.integer("received")?,
                bytes: row.bytes("content")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    // Where the sign counts as a bit, the data base has another order.
    records.sort_by_key(|record| record.sequence_number);
    Ok(records)
}
