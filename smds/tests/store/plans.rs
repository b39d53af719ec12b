//! A lookup costs the same however many events there are, because an index leads to those of the eUICC.

use std::sync::Arc;

use smds::domain::NewEvent;
use smds::store::Store;

use crate::kinds::{postgres, sqlite};
use crate::plan::{LIST_OF_AN_EUICC, OF_AN_EUICC, OF_AN_EVENT_ID, for_postgres, is_a_lookup, of_sqlite};
use crate::promises::{NOW, add_many, asking, eid, event, told};

/// As many events as eUICCs.
async fn fill<S: Store>(store: &Arc<S>, events: u32) {
    let new = |number| NewEvent { eid: eid(number), ..event(number) };
    add_many(store, (0..events).map(new).collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_looks_up_the_events_of_an_euicc_in_their_index() {
    let (store, place) = sqlite();
    let store = Arc::new(store);
    // Neither the number of events nor what SQLite knows of it makes a difference.
    for (events, statistics) in [(0, ""), (2000, ""), (0, "ANALYZE")] {
        fill(&store, events).await;
        let connection = place.connection();
        connection.execute_batch(statistics).unwrap();
        for sql in [OF_AN_EUICC, OF_AN_EVENT_ID] {
            let plan = of_sqlite(&connection, sql);
            assert!(is_a_lookup(&plan) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
        let plan = of_sqlite(&connection, LIST_OF_AN_EUICC);
        assert!(is_a_lookup(&plan), "{plan}");
    }
    // The search sees what is no lookup.
    place.connection().execute_batch("DROP INDEX event_eid").unwrap();
    assert!(!is_a_lookup(&of_sqlite(&place.connection(), OF_AN_EUICC)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_looks_up_the_events_of_an_euicc_in_their_index() {
    let Some((store, place)) = postgres().await else { return };
    let store = Arc::new(store);
    fill(&store, 5000).await;
    place.sql("ANALYZE");
    for sql in [OF_AN_EUICC, OF_AN_EVENT_ID, LIST_OF_AN_EUICC] {
        let plan = place.sql(&for_postgres(sql));
        assert!(is_a_lookup(&plan), "{plan}");
    }
    // What the store itself has asked: the server counts how it read a table when a connection ends.
    let scans = async || {
        let still = "SELECT count(*) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        while place.sql(still).trim() != "0" {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let count = |sql: &str| place.sql(sql).trim().parse::<i64>().unwrap();
        (
            count("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'event'"),
            count("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'event_eid'"),
        )
    };
    drop(store);
    let before = scans().await;
    let store = crate::kinds::connect(&place).await.unwrap();
    for number in 0..20 {
        for event_id in [None, Some(format!("E-{number}"))] {
            let asking = asking(eid(number), event_id.as_deref(), NOW);
            assert_eq!(told(&store, asking).await.len(), 1);
        }
    }
    drop(store);
    assert_eq!(scans().await, (before.0, before.1 + 40));
    place.sql("DROP INDEX event_eid");
    assert!(!is_a_lookup(&place.sql(&for_postgres(OF_AN_EUICC))));
}
