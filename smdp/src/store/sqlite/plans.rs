//! What a server does by itself, now and then, must not cost more where there are more orders.

use std::cell::RefCell;
use std::future::Future;

use protocol::clock::Timestamp;
use service::database::sqlite::{SqliteTransaction, finished};
use service::database::{Row, StoreError, Transaction, Value};

use super::SqliteStore;
use crate::store::{Retention, sql};

/// A transaction that writes down how SQLite goes about each statement.
struct Watched<'a> {
    transaction: &'a SqliteTransaction<'a>,
    plans: RefCell<Vec<String>>,
}

impl Watched<'_> {
    fn watch(&self, sql: &str, parameters: &[Value]) {
        let steps =
            finished(self.transaction.rows(&format!("EXPLAIN QUERY PLAN {sql}"), parameters)).unwrap();
        let step = |mut row: Row| {
            for skipped in ["id", "parent", "notused"] {
                row.integer(skipped).unwrap();
            }
            format!("{} in: {sql}", row.text("detail").unwrap())
        };
        self.plans.borrow_mut().extend(steps.into_iter().map(step));
    }
}

impl Transaction for Watched<'_> {
    const FOR_UPDATE: &'static str = "";
    const SKIP_LOCKED: &'static str = "";

    fn rows(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        self.watch(sql, parameters);
        self.transaction.rows(sql, parameters)
    }

    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        self.watch(sql, parameters);
        self.transaction.execute(sql, parameters)
    }
}

#[tokio::test]
async fn what_runs_by_itself_goes_through_no_table_that_grows_with_the_orders() {
    let store = SqliteStore::in_memory().unwrap();
    let plans = store.database.write(|transaction| {
        let watched = Watched { transaction, plans: RefCell::default() };
        let now = Timestamp::from_unix_seconds(1_795_318_860);
        let retention = Retention { sessions: now, happenings: now, calls: now, notifications: now };
        finished(sql::prune(&watched, retention))?;
        finished(sql::claim_reports(&watched, now, now, 10, vec!["an operator".to_owned()]))?;
        finished(sql::claim_smds_events(&watched, now, now, 10, vec!["smds.example.com".to_owned()]))?;
        Ok(watched.plans.into_inner())
    });
    let plans = plans.await.unwrap();
    let scans: Vec<_> = plans.iter().filter(|step| step.starts_with("SCAN ")).collect();
    // What was bound for orders that are not done yet: as many as there are downloads under way.
    assert!(plans.len() >= 12 && scans.len() == 1 && scans[0].starts_with("SCAN b "), "{plans:#?}");
}
