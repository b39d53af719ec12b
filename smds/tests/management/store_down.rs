//! What is answered while the store fails, and after.

use std::sync::Arc;

use crypto::Curve;
use rusqlite::Connection;
use serde_json::json;
use service::management::Access;
use smds::store::SqliteStore;
use tempfile::TempDir;

use crate::api::Api;
use crate::common::calls::{cascaded, smdp};
use crate::common::euicc::Euicc;
use crate::common::server::{Server, refused};

/// A store on disk whose tables somebody can take away.
struct Down {
    api: Api,
    folder: TempDir,
}

impl Down {
    async fn with_an_event() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("smds.db")).unwrap());
        let api = Api::over(Server::alternative_on(store, 1, |_| ()), Access::open());
        api.server.register(&smdp(1), cascaded(1)).await.unwrap();
        Self { api, folder }
    }

    fn rename(&self, from: impl Fn(&str) -> bool, to: impl Fn(&str) -> String) {
        let connection = Connection::open(self.folder.path().join("smds.db")).unwrap();
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
    let down = Down::with_an_event().await;
    let api = &down.api;
    let event = api.path_of(1).await;
    down.fail();

    let ready = api.get("/ready").await.ok(503);
    assert_eq!(ready["checks"][0], json!({ "name": "the store can be written", "passed": false }));
    assert_eq!(api.get("/health").await.status, 200);
    for answer in [
        api.get("/api/v1/events").await,
        api.get(&event).await,
        api.delete(&event).await,
        api.get("/api/v1/root-deletions").await,
    ] {
        let (_, detail) = answer.problem(503);
        assert!(!detail.contains("table") && !detail.contains("gone"), "{detail}");
    }
    // What is wrong of itself is so without the store.
    api.get("/api/v1/events?limit=0").await.problem(400);

    down.recover();
    api.get("/ready").await.ok(200);
    assert_eq!(api.get(&event).await.ok(200)["state"], "Registered");
    api.delete(&event).await.ok(204);
    assert_eq!(api.server.open_errands().await, 1);
}

#[tokio::test]
async fn the_metrics_of_a_store_that_fails_say_so_and_nothing_old() {
    let down = Down::with_an_event().await;
    let api = &down.api;
    let before = api.get("/metrics").await.text;
    assert!(before.contains("\nrsp_store_up 1\n") && before.contains("\nrsp_events{"), "{before}");
    down.fail();
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = protocol::es11::Es11::initiate_authentication(&*api.server.smds, euicc.initiate()).await;
    assert_eq!(refused(initiated), "1.2/4.2");
    api.get("/api/v1/events").await.problem(503);
    let text = api.get("/metrics").await.text;
    assert!(text.contains("\nrsp_store_up 0\n"), "{text}");
    for stale in ["rsp_events", "rsp_sessions", "rsp_root_deletions"] {
        assert!(!text.contains(stale), "{stale}");
    }
    // One for the call and one for the list.
    assert!(text.contains("\nrsp_store_errors_total 2\n"), "{text}");
    // What this process has counted, it knows without the store.
    assert!(text.contains("\nrsp_root_calls_total{function=\"registerEvent\",outcome=\"ok\"} 1\n"), "{text}");
    down.recover();
    assert!(api.get("/metrics").await.text.contains("\nrsp_events{state=\"Registered\"} 1\n"));
}
