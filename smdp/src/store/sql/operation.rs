//! What keeps a store in order.

use protocol::clock::Timestamp;
use service::database::{Transaction, Value, damage, one};

use super::profiles::STATE;
use crate::store::seal::{Sealer, SealingTransaction};
use crate::store::{Counts, Pruned, Retention, StoreError};

/// Holds the key check and takes the writes of [`check_writable`].
const META: &str = "SELECT value FROM meta WHERE name = $1";

/// Tells keys apart, and nothing more.
pub fn key_fingerprint(sealer: &Sealer) -> String {
    data_encoding::HEXLOWER.encode(&sealer.fingerprint(b"store key"))
}

/// Recognises the key that the store was made with; a store that was never used takes the key it is given.
pub async fn check_key<T: SealingTransaction>(tx: &T) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO meta (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING",
        &[key_fingerprint(tx.sealer()).into()],
    )
    .await?;
    recognise_key(tx).await
}

/// Recognises the key that the store was made with, and writes nothing.
pub async fn recognise_key<T: SealingTransaction>(tx: &T) -> Result<(), StoreError> {
    let row = one(tx, META, &["key".into()]).await?;
    let mut row = row.ok_or_else(|| damage("meta"))?;
    if row.text("value")? == key_fingerprint(tx.sealer()) {
        return Ok(());
    }
    Err(StoreError::Storage("the store was made with another key than the one given".to_owned()))
}

pub async fn check_writable<T: Transaction>(tx: &T) -> Result<(), StoreError> {
    tx.execute(
        // Another value each time: what stands there already, SQLite does not write again.
        "INSERT INTO meta (name, value) VALUES ('written', '1')
         ON CONFLICT (name) DO UPDATE SET value = CASE WHEN meta.value = '1' THEN '2' ELSE '1' END",
        &[],
    )
    .await
    .map(drop)
}

/// How many of a kind are removed at a time: as long, nobody else can write to SQLite.
const SLICE: u32 = 1000;

/// An order that nothing more will come of.
const DONE: &str = "o.state IN ('Installed', 'Error', 'Available', 'Unavailable')";

pub async fn prune<T: Transaction>(tx: &T, retention: Retention) -> Result<Pruned, StoreError> {
    // The result of a package that was handed out may still come.
    let sessions = format!(
        "SELECT s.id FROM rsp_session s LEFT JOIN download_order o ON o.id = s.download_order
         WHERE s.started < $1 AND (s.awaits_result = 0 OR o.state IS NULL OR {DONE}) LIMIT $2"
    );
    let bound_packages = bound_packages_of_done_orders();
    let old = |table: &str, column: &str| format!("SELECT id FROM {table} WHERE {column} < $1");
    let happenings = format!("{} AND due IS NULL LIMIT $2", old("happening", "at"));
    let calls = format!("{} LIMIT $2", old("function_call", "executed"));
    let notifications = format!("{} LIMIT $2", old("notification", "received"));
    let before = |moment: Timestamp| [Value::from(moment), SLICE.into()];
    Ok(Pruned {
        sessions: delete(tx, "rsp_session", "id", &sessions, &before(retention.sessions)).await?,
        bound_packages: delete(tx, "bound_package", "download_order", &bound_packages, &[SLICE.into()])
            .await?,
        happenings: delete(tx, "happening", "id", &happenings, &before(retention.happenings)).await?,
        calls: delete(tx, "function_call", "id", &calls, &before(retention.calls)).await?,
        notifications: delete(tx, "notification", "id", &notifications, &before(retention.notifications))
            .await?,
    })
}

/// Begins with the packages, which `CROSS` tells SQLite: it would go through all the orders there are.
fn bound_packages_of_done_orders() -> String {
    format!(
        "SELECT b.download_order FROM bound_package b CROSS JOIN download_order o
         WHERE o.id = b.download_order AND {DONE} LIMIT $1"
    )
}

async fn delete<T: Transaction>(
    tx: &T,
    table: &str,
    key: &str,
    which: &str,
    parameters: &[Value],
) -> Result<u64, StoreError> {
    tx.execute(&format!("DELETE FROM {table} WHERE {key} IN ({which})"), parameters).await
}

pub async fn counts<T: Transaction>(tx: &T) -> Result<Counts, StoreError> {
    let by_state = tx
        .rows(
            &format!(
                "SELECT {STATE}, count(*)
                 FROM profile p LEFT JOIN download_order o ON o.id = p.download_order
                 WHERE p.import IS NULL GROUP BY 1"
            ),
            &[],
        )
        .await?;
    let profiles = by_state
        .into_iter()
        .map(|mut row| {
            let state = row.text("state")?.parse().map_err(|()| damage("state"))?;
            Ok((state, row.count("count")?))
        })
        .collect::<Result<_, StoreError>>()?;
    let mut number = [0u64; 2];
    let statements =
        ["SELECT count(*) FROM rsp_session", "SELECT count(*) FROM happening WHERE due IS NOT NULL"];
    for (sql, number) in statements.into_iter().zip(&mut number) {
        if let Some(mut row) = one(tx, sql, &[]).await? {
            *number = row.count("count")?;
        }
    }
    let [sessions, reports_due] = number;
    let smds_events = super::smds_events::stages(tx).await?;
    Ok(Counts { profiles, sessions, reports_due, smds_events })
}
