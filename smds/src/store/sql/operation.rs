//! What those who run the SM-DS need of the store.

use protocol::types::ServerAddress;
use service::database::{StoreError, Transaction, damage, one};

use crate::store::{Counts, Pruned, Retention};

/// How many records of a kind are touched in one transaction at most, so that nobody waits long.
pub(super) const SLICE: i64 = 1000;

pub async fn adopt_root<T: Transaction>(
    tx: &T,
    root: Option<ServerAddress>,
) -> Result<Option<ServerAddress>, StoreError> {
    let noted = one(tx, "SELECT value FROM meta WHERE name = 'root'", &[]).await?;
    let noted: Option<ServerAddress> = noted.map(|mut row| row.parsed("root")).transpose()?;
    if noted == root {
        return Ok(None);
    }
    if noted.is_some() {
        let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM root_deletion)
                   OR EXISTS (SELECT 1 FROM event WHERE ended IS NULL AND forwarded_as IS NOT NULL)";
        if one(tx, sql, &[]).await?.is_some() {
            return Ok(noted);
        }
    }
    tx.execute("DELETE FROM meta WHERE name = 'root'", &[]).await?;
    if let Some(root) = root {
        tx.execute("INSERT INTO meta (name, value) VALUES ('root', $1)", &[root.as_str().into()]).await?;
    }
    Ok(None)
}

pub async fn prune<T: Transaction>(tx: &T, retention: Retention) -> Result<Pruned, StoreError> {
    let sessions = "DELETE FROM rsp_session WHERE transaction_id IN
                    (SELECT transaction_id FROM rsp_session WHERE started < $1 LIMIT $2)";
    let sessions = tx.execute(sessions, &[retention.sessions.into(), SLICE.into()]).await?;
    let ended_events = match retention.ended_events {
        Some(before) => {
            let sql = "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE ended < $1 LIMIT $2)";
            tx.execute(sql, &[before.into(), SLICE.into()]).await?
        }
        None => 0,
    };
    Ok(Pruned { sessions, ended_events })
}

pub async fn counts<T: Transaction>(tx: &T) -> Result<Counts, StoreError> {
    let by_state = tx.rows("SELECT state, count(*) FROM event GROUP BY state", &[]).await?;
    let events = by_state
        .into_iter()
        .map(|mut row| Ok((row.text("state")?.parse().map_err(|()| damage("state"))?, row.count("count")?)))
        .collect::<Result<_, StoreError>>()?;
    let number = async |table: &str| match one(tx, &format!("SELECT count(*) FROM {table}"), &[]).await? {
        Some(mut row) => row.count("count"),
        None => Ok(0),
    };
    Ok(Counts {
        events,
        sessions: number("rsp_session").await?,
        root_deletions: number("root_deletion").await?,
    })
}

pub async fn check_writable<T: Transaction>(tx: &T) -> Result<(), StoreError> {
    // Another value each time: what stands there already, SQLite does not write again.
    let sql = "INSERT INTO meta (name, value) VALUES ('written', '1')
               ON CONFLICT (name) DO UPDATE SET value = CASE WHEN meta.value = '1' THEN '2' ELSE '1' END";
    tx.execute(sql, &[]).await?;
    Ok(())
}
