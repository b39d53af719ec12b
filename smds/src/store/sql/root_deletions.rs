//! Errands to the Root SM-DS.

use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};
use service::database::{Conditions, Row, StoreError, Transaction, Value};

use crate::domain::{RootDeletion, RootDeletionNumber};

/// The columns of an errand, in the order in which [`errand`] reads them.
const COLUMNS: &str = "id, eid, event_id, given_up, due, attempts";

pub async fn add_root_deletion<T: Transaction>(
    tx: &T,
    eid: Eid,
    event_id: EventId,
    now: Timestamp,
) -> Result<(), StoreError> {
    add_errand(tx, eid, event_id, now, now).await
}

/// An errand that is due at once.
pub(super) async fn add_errand<T: Transaction>(
    tx: &T,
    eid: Eid,
    event_id: EventId,
    now: Timestamp,
    given_up: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO root_deletion (eid, event_id, given_up, due, attempts) VALUES ($1, $2, $3, $4, 0)",
        &[eid.to_string().into(), event_id.as_str().into(), given_up.into(), now.into()],
    )
    .await?;
    Ok(())
}

pub async fn claim_root_deletions<T: Transaction>(
    tx: &T,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<RootDeletion>, StoreError> {
    // Materialized: a subquery that PostgreSQL runs again finds the next ones, beyond the limit.
    let sql = format!(
        "WITH chosen AS MATERIALIZED
         (SELECT id FROM root_deletion WHERE due <= $1 ORDER BY due LIMIT $3 {})
         UPDATE root_deletion SET due = $2 WHERE id IN (SELECT id FROM chosen)
         RETURNING {COLUMNS}",
        T::SKIP_LOCKED
    );
    let rows = tx.rows(&sql, &[now.into(), until.into(), limit.into()]).await?;
    rows.into_iter().map(errand).collect()
}

pub async fn root_deletions<T: Transaction>(
    tx: &T,
    after: Option<RootDeletionNumber>,
    limit: u32,
) -> Result<Vec<RootDeletion>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("id > ", after.map(|number| Value::from(number.0)));
    let (text, parameters) = conditions.ordered_by("id", limit);
    let sql = format!("SELECT {COLUMNS} FROM root_deletion WHERE {text}");
    tx.rows(&sql, &parameters).await?.into_iter().map(errand).collect()
}

/// Reads [`COLUMNS`].
fn errand(mut row: Row) -> Result<RootDeletion, StoreError> {
    Ok(RootDeletion {
        number: RootDeletionNumber(row.integer("id")?),
        eid: row.parsed("eid")?,
        event_id: row.parsed("event_id")?,
        given_up: row.timestamp("given_up")?,
        due: row.timestamp("due")?,
        attempts: row.count("attempts")?,
    })
}

pub async fn root_deletion_done<T: Transaction>(
    tx: &T,
    number: RootDeletionNumber,
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM root_deletion WHERE id = $1", &[number.0.into()]).await?;
    Ok(())
}

pub async fn root_deletion_failed<T: Transaction>(
    tx: &T,
    number: RootDeletionNumber,
    next: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE root_deletion SET due = $2, attempts = attempts + 1 WHERE id = $1",
        &[number.0.into(), next.into()],
    )
    .await?;
    Ok(())
}
