//! What only PostgreSQL can show: several nodes on one data base.

use std::sync::Arc;

use service::database::postgres::PostgresOptions;
use smds::domain::NewEvent;
use smds::store::{Ending, PostgresStore, Registration, Store, StoreError};

use crate::kinds::{connect, postgres};
use crate::promises::{
    self, LEASE, NOW, add, asking, eid, event, everything, later, numbers, open, record, session, tid,
    to_root,
};
use crate::server::{Database, database};

/// Two nodes, and the data base that they share.
async fn two_nodes() -> Option<([Arc<PostgresStore>; 2], Database)> {
    let (one, place) = postgres().await?;
    let other = connect(&place).await.unwrap();
    Some(([one.into(), other.into()], place))
}

macro_rules! at_two_nodes {
    ($($name:ident: $crowd:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some((nodes, _place)) = two_nodes().await else { return };
                promises::$crowd(&nodes).await;
            }
        )*
    };
}

at_two_nodes! {
    of_two_nodes_one_ends_a_session: one_ends_a_session,
    of_two_nodes_one_registers_an_event_id: one_registers,
    of_two_nodes_one_forwards_an_event_id: one_forwards,
    of_two_nodes_one_takes_up_an_abandoned_event_id: one_takes_up,
    what_one_node_forwards_and_another_undoes_is_one_of_both: one_of_both,
    of_two_nodes_one_ends_an_event: one_ends_an_event,
    of_two_nodes_that_sweep_each_event_is_swept_by_one: each_is_swept_by_one,
    of_two_nodes_that_claim_each_errand_goes_to_one: each_errand_goes_to_one,
}

#[tokio::test]
async fn two_nodes_see_what_the_other_does() {
    let Some(([one, other], _place)) = two_nodes().await else { return };
    let number = add(&*one, to_root(1)).await;
    assert_eq!(other.register_event(event(1)).await, Ok(Registration::UnderWay));
    other.event_forwarded(number).await.unwrap();
    assert_eq!(one.event_forwarded(number).await, Err(StoreError::Conflict));
    // The LPA's second message comes to another node than the first.
    let session = open(&*one).await;
    let told = other.retrieve_events(session.clone(), asking(eid(1), None, NOW)).await.unwrap().unwrap();
    assert_eq!(numbers(&told), [number]);
    assert_eq!(one.retrieve_events(session, asking(eid(1), None, NOW)).await, Ok(None));
    assert_eq!(one.end_event(number, Ending::Removed, NOW).await, Ok(true));
    assert_eq!(other.end_event(number, Ending::Removed, NOW).await, Ok(false));
    assert_eq!(other.claim_root_deletions(NOW, later(LEASE), 9).await.unwrap().len(), 1);
    assert_eq!(one.claim_root_deletions(NOW, later(LEASE), 9).await, Ok(Vec::new()));
    assert_eq!(everything(&*one).await, everything(&*other).await);
}

/// Whoever finds the other at work waits for it, and then sees what it did.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_waits_for_whoever_changes_the_same_event() {
    let Some((store, place)) = postgres().await else { return };
    let number = add(&store, to_root(1)).await;
    let changed = place.sql_beside(
        "BEGIN; UPDATE event SET state = 'Registered', forward_until = NULL; SELECT pg_sleep(1); COMMIT",
    );
    let asleep =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'";
    while place.sql(asleep).trim() == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // Its lease is over, and the Root SM-DS has just answered.
    let again = NewEvent { at: later(LEASE), ..event(1) };
    assert_eq!(store.register_event(again).await, Ok(Registration::InUse));
    assert_eq!(record(&store, number).await.state, smds::domain::EventState::Registered);
    changed.join().unwrap();
}

/// Whatever the server believes of its tables: it once counted them when they were almost empty.
#[tokio::test]
async fn no_more_errands_are_claimed_and_no_more_events_swept_than_asked_for() {
    let Some((store, place)) = postgres().await else { return };
    promises::send(&store, 0, 0).await;
    add(&store, NewEvent { expires: Some(later(1)), ..event(9000) }).await;
    place.sql("ANALYZE");
    for number in 1..=40 {
        promises::send(&store, number, i64::from(number)).await;
    }
    for limit in [1, 3, 10] {
        let claimed = store.claim_root_deletions(later(100), later(999), limit).await.unwrap();
        assert_eq!(claimed.len(), limit as usize);
    }
    let store = Arc::new(store);
    let expiring = |number| NewEvent { expires: Some(later(1)), ..event(number) };
    promises::add_many(&store, (0..1100).map(expiring).collect()).await;
    for swept in [1000, 101, 0] {
        assert_eq!(store.sweep_events(later(1)).await, Ok(swept));
    }
}

#[tokio::test]
async fn a_data_base_can_be_looked_at_beside_its_nodes() {
    let Some((store, place)) = postgres().await else { return };
    add(&store, to_root(1)).await;
    store.open_session(session(1)).await.unwrap();
    let options = PostgresOptions::default();
    let reader = PostgresStore::connect_read_only(&place.url, options).await.unwrap();
    assert_eq!(everything(&reader).await, everything(&store).await);
    let before = everything(&store).await;
    let refused = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::Storage(_))));
    refused(reader.register_event(event(2)).await.map(drop));
    refused(reader.end_session(tid(1)).await.map(drop));
    refused(reader.check_writable().await);
    assert_eq!(everything(&store).await, before);
    // One that nobody has served from yet is not made into a store.
    let Some(empty) = database() else { return };
    assert!(PostgresStore::connect_read_only(&empty.url, options).await.is_err());
    assert_eq!(empty.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").trim(), "0");
}

#[tokio::test]
async fn a_schema_of_a_newer_version_is_refused_and_left_as_it_is() {
    let Some((store, place)) = postgres().await else { return };
    drop(store);
    let versions = place.sql("SELECT max(version) FROM schema_version");
    place.sql("INSERT INTO schema_version VALUES (7)");
    let message = connect(&place).await.err().unwrap().to_string();
    assert!(message.contains("schema 7") && message.contains("newer"), "{message}");
    assert_eq!(place.sql("SELECT version FROM schema_version ORDER BY 1"), format!("{versions}7\n"));
}

/// That of an SM-DP+, for instance, which counts its versions, too.
#[tokio::test]
async fn the_data_base_of_another_program_is_refused_and_left_as_it_is() {
    for version in ["", "INSERT INTO schema_version VALUES (1)"] {
        let Some(place) = database() else { return };
        place.sql(&format!(
            "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
             CREATE TABLE schema_version (version BIGINT PRIMARY KEY); {version}"
        ));
        assert!(connect(&place).await.is_err());
        let options = PostgresOptions::default();
        assert!(PostgresStore::connect_read_only(&place.url, options).await.is_err());
        let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        assert_eq!(place.sql(tables), "meta\nschema_version\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_migrate_once() {
    let Some(place) = database() else { return };
    let place = Arc::new(place);
    let nodes: Vec<_> = (0..8)
        .map(|_| {
            let place = place.clone();
            tokio::spawn(async move { connect(&place).await })
        })
        .collect();
    let mut stores = Vec::new();
    for node in nodes {
        stores.push(node.await.unwrap().unwrap());
    }
    assert_eq!(place.sql("SELECT count(*), max(version) FROM schema_version").trim(), "1|1");
    for (number, store) in (0..).zip(&stores) {
        add(store, event(number)).await;
    }
}
