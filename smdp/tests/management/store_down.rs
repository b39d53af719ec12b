//! What is answered while the store fails, and after.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Value, json};
use smdp::management::Access;
use smdp::store::SqliteStore;
use tempfile::TempDir;

use crate::api::{Api, subscriber};
use crate::common::euicc::Euicc;
use crate::common::orders::{iccid, matching_id, order};
use crate::common::stores::key;
use crate::session::CURVE;

/// A store on disk whose tables somebody can take away.
struct Down {
    api: Api,
    folder: TempDir,
}

impl Down {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("smdp.db"), &key()).unwrap();
        Self { api: Api::on(Arc::new(store), |_| (), Access::open()), folder }
    }

    fn rename(&self, from: impl Fn(&str) -> bool, to: impl Fn(&str) -> String) {
        let connection = Connection::open(self.folder.path().join("smdp.db")).unwrap();
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .unwrap();
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for table in tables.iter().filter(|table| from(table)) {
            connection.execute_batch(&format!("ALTER TABLE {table} RENAME TO {}", to(table))).unwrap();
        }
    }

    fn fail(&self) {
        self.rename(|_| true, |table| format!("gone_{table}"));
    }

    fn recover(&self) {
        self.rename(|table| table.starts_with("gone_"), |table| table["gone_".len()..].to_owned());
    }
}

#[tokio::test]
async fn while_the_store_fails_everything_is_unavailable_and_then_well_again() {
    let down = Down::new();
    let api = &down.api;
    let id = api.add(order(1)).await;
    down.fail();

    let ready = api.get("/ready").await.ok(503);
    assert_eq!(ready["checks"][0], json!({ "name": "the store can be written", "passed": false }));
    assert_eq!(api.get("/health").await.status, 200);
    let path = |rest: &str| format!("/api/v1/{rest}");
    let (iccid, euicc) = (iccid(1).to_string(), Euicc::new(CURVE, 1));
    for rest in [
        "profiles".to_owned(),
        format!("profiles/{iccid}"),
        "orders".to_owned(),
        format!("orders/{id}"),
        "sessions/0011".to_owned(),
        format!("euiccs/{}/notifications", euicc.eid),
        "events".to_owned(),
        "events?wait=60".to_owned(),
    ] {
        let (_, detail) = api.get(&path(&rest)).await.problem(503);
        assert!(!detail.contains("table") && !detail.contains("gone"), "{detail}");
    }
    api.post(&path("profiles"), subscriber("8988211000000000102")).await.problem(503);
    api.post(&path("orders"), json!({ "iccid": iccid })).await.problem(503);
    api.post(&path(&format!("orders/{id}/reset")), Value::Null).await.problem(503);
    api.put(&path(&format!("orders/{id}/state")), json!({ "state": "Error" })).await.problem(503);
    api.put(&path(&format!("profiles/{iccid}/retired")), json!({ "retired": true })).await.problem(503);
    api.delete(&path(&format!("orders/{id}"))).await.problem(503);
    api.delete(&path(&format!("profiles/{iccid}"))).await.problem(503);

    down.recover();
    api.get("/ready").await.ok(200);
    assert_eq!(api.get(&path(&format!("orders/{id}"))).await.ok(200)["state"], "Released");
}

#[tokio::test]
async fn the_metrics_of_a_store_that_fails_say_so_and_nothing_old() {
    let down = Down::new();
    let api = &down.api;
    api.add(order(1)).await;
    let before = api.get("/metrics").await.text;
    assert!(before.contains("rsp_store_up 1") && before.contains("rsp_profiles{"), "{before}");
    down.fail();
    let refused = api.download(&Euicc::new(CURVE, 1), Some(&matching_id(1)), None).await.unwrap_err();
    assert_eq!(refused.code.to_string(), "1.2/4.2");
    api.get("/api/v1/orders").await.problem(503);
    let text = api.get("/metrics").await.text;
    assert!(text.contains("rsp_store_up 0\n"), "{text}");
    for stale in ["rsp_profiles", "rsp_sessions", "rsp_reports_due"] {
        assert!(!text.contains(stale), "{stale}");
    }
    assert!(text.contains("rsp_store_errors_total 2\n"), "{text}");
    down.recover();
    assert!(api.get("/metrics").await.text.contains("rsp_profiles{state=\"Released\"} 1\n"));
}
