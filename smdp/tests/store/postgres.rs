//! What only PostgreSQL can show: several nodes, connections that die, and a server that goes and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use certs::workshop::{Holder, Workshop};
use certs::{Role, UnixTime};
use crypto::Curve;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::domain::{Order, OrderId};
use smdp::store::{HappeningFilter, PostgresOptions, PostgresStore, Store, StoreError};

use crate::common::postgres::{Database, Server};
use crate::kinds::{connect, key, postgres};
use crate::promises::{add, call, everything, happening, tid};

#[tokio::test]
async fn a_schema_of_a_newer_version_is_refused_and_left_as_it_is() {
    let Some((store, place)) = postgres().await else { return };
    add(&store, 1).await;
    drop(store);
    place.sql("INSERT INTO schema_version VALUES (7)");
    let message = connect(&place, &key()).await.err().unwrap().to_string();
    assert!(message.contains("schema 7") && message.contains("newer"), "{message}");
    assert_eq!(place.sql("SELECT version FROM schema_version ORDER BY 1"), "1\n2\n3\n4\n7\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_migrate_once() {
    let Some(place) = crate::common::postgres::database() else { return };
    let place = Arc::new(place);
    let nodes: Vec<_> = (0..8)
        .map(|_| {
            let place = place.clone();
            tokio::spawn(async move { connect(&place, &key()).await })
        })
        .collect();
    let mut stores = Vec::new();
    for node in nodes {
        stores.push(node.await.unwrap().unwrap());
    }
    assert_eq!(place.sql("SELECT count(*) FROM schema_version").trim(), "4");
    for (number, store) in (0..).zip(&stores) {
        add(store, number).await;
    }
}

#[tokio::test]
async fn a_node_that_migrates_nothing_needs_no_right_to_change_tables() {
    let Some((store, place)) = postgres().await else { return };
    add(&store, 1).await;
    place.sql(
        "CREATE ROLE clerk LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk;
         REVOKE CREATE ON SCHEMA public FROM public",
    );
    let url = place.url.replace("rsplab@", "clerk@");
    let clerk = PostgresStore::connect(&url, &key(), PostgresOptions::default()).await.unwrap();
    add(&clerk, 2).await;
    assert_eq!(everything(&store).await, everything(&clerk).await);
    drop(clerk);
    place.sql("DROP OWNED BY clerk; DROP ROLE clerk");
}

#[tokio::test]
async fn two_nodes_see_what_the_other_does() {
    let Some((one, place)) = postgres().await else { return };
    let other = connect(&place, &key()).await.unwrap();
    let order = add(&one, 1).await;
    let seen = other.order(order.id).await.unwrap().unwrap();
    other.record_refused_attempt(Order { download_attempts: 1, ..seen }).await.unwrap();
    assert_eq!(one.record_refused_attempt(order).await, Err(StoreError::Conflict));
    assert_eq!(everything(&one).await, everything(&other).await);
}

#[tokio::test]
async fn connections_that_died_between_two_calls_are_replaced() {
    let Some((store, place)) = postgres().await else { return };
    for number in 0..5 {
        add(&store, number).await;
        assert!(place.terminate_backends() > 0);
    }
    for _ in 0..20 {
        assert!(store.order_of_matching_id("ORDER-0".to_owned()).await.unwrap().is_some());
        assert!(place.terminate_backends() > 0);
    }
}

/// Whoever comes next does not wait behind what nobody waits for any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_up_that_was_given_up_holds_up_nobody() {
    let Some((store, place)) = postgres().await else { return };
    let order = add(&store, 1).await;
    let one_connection = PostgresOptions { connections: 1, ..PostgresOptions::default() };
    let node = PostgresStore::connect(&place.url, &key(), one_connection).await.unwrap();
    let (locked, wait) = std::sync::mpsc::channel();
    let locking = tokio::task::spawn_blocking(move || {
        locked.send(()).unwrap();
        place.sql("BEGIN; LOCK TABLE download_order; SELECT pg_sleep(4); COMMIT");
        place
    });
    wait.recv().unwrap();
    let waits = async {
        while tokio::time::timeout(Duration::from_millis(200), node.order(order.id)).await.is_ok() {}
    };
    waits.await;
    assert!(node.session(tid(1)).await.unwrap().is_none());
    assert!(!locking.is_finished());
    drop(locking.await.unwrap());
}

/// Adds one to the attempts of an order, with a happening, until told to stop; gives how often that was acknowledged.
async fn keep_counting(store: Arc<PostgresStore>, id: OrderId, stop: Arc<AtomicBool>) -> u32 {
    let mut acknowledged = 0;
    while !stop.load(Ordering::Relaxed) {
        let Ok(Some(order)) = store.order(id).await else { continue };
        let attempts = order.download_attempts + 1;
        let changed = Order { download_attempts: attempts, happened: vec![happening(1, true)], ..order };
        match store.change_order(changed, None).await {
            Ok(()) => acknowledged += 1,
            Err(StoreError::Conflict | StoreError::Storage(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_half_done_or_lost_when_connections_die_in_the_middle() {
    let Some((store, place)) = postgres().await else { return };
    let store = Arc::new(store);
    let id = add(&*store, 1).await.id;
    let stop = Arc::new(AtomicBool::new(false));
    let nodes: Vec<_> =
        (0..6).map(|_| tokio::spawn(keep_counting(store.clone(), id, stop.clone()))).collect();
    let place = tokio::task::spawn_blocking(move || {
        let mut terminated = 0;
        while terminated < 60 {
            std::thread::sleep(Duration::from_millis(20));
            terminated += place.terminate_backends();
        }
        place
    })
    .await
    .unwrap();
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = 0;
    for node in nodes {
        acknowledged += node.await.unwrap();
    }
    let order = store.order(id).await.unwrap().unwrap();
    let history = store.happenings(HappeningFilter::default()).await.unwrap();
    assert_eq!(i64::from(order.download_attempts), order.version);
    assert_eq!(history.len(), order.download_attempts as usize, "each change with what happened");
    // A commit whose acknowledgement was lost counts, one that was acknowledged always.
    assert!(acknowledged > 0 && acknowledged <= order.download_attempts);
    drop(place);
}

/// The server says at COMMIT that nothing was done.
#[tokio::test]
async fn nothing_is_acknowledged_that_was_not_committed() {
    let Some((store, place)) = postgres().await else { return };
    let order = add(&store, 1).await;
    place.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''disk full''; END';
         CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON download_order DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let before = everything(&store).await;
    let changed = Order { download_attempts: 1, happened: vec![happening(1, true)], ..order };
    let Err(StoreError::Storage(message)) = store.change_order(changed.clone(), Some(call("1"))).await else {
        panic!("it was acknowledged");
    };
    assert!(message.contains("disk full"), "{message}");
    assert_eq!(everything(&store).await, before);
    place.sql("DROP TRIGGER refuse ON download_order");
    store.change_order(changed, Some(call("1"))).await.unwrap();
}

#[tokio::test]
async fn a_server_that_goes_and_comes_back_is_used_again() {
    let Some(mut server) = Server::new() else { return };
    server.start();
    let place = server.database();
    let store = connect(&place, &key()).await.unwrap();
    let order = add(&store, 1).await;
    for round in 2..4 {
        server.stop();
        for _ in 0..3 {
            let Err(StoreError::Storage(message)) = store.order(order.id).await else {
                panic!("who answered?")
            };
            assert!(message.contains("PostgreSQL"), "{message}");
            assert!(store.check_writable().await.is_err());
        }
        server.start();
        // What was acknowledged is there.
        assert!(store.order(order.id).await.unwrap().is_some());
        add(&store, round).await;
    }
    drop(store);
    drop(place);
}

/// Makes every call wait as long as this is held.
struct Locked(Option<std::thread::JoinHandle<()>>);

impl Locked {
    fn table(place: &Database, table: &'static str, seconds: f32) -> Self {
        let sql =
            format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT");
        let thread = place.sql_beside(&sql);
        let held = format!(
            "SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND granted
             AND mode = 'AccessExclusiveLock' AND database = (SELECT oid FROM pg_database
             WHERE datname = current_database())"
        );
        while place.sql(&held).trim() == "0" {
            std::thread::sleep(Duration::from_millis(10));
        }
        Self(Some(thread))
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.0.take().unwrap().join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_waits_too_long_fails_and_so_does_one_that_gets_no_connection() {
    let Some((_, place)) = postgres().await else { return };
    let options = PostgresOptions {
        connections: 2,
        wait_timeout: Duration::from_millis(200),
        call_timeout: Duration::from_millis(1000),
        ..PostgresOptions::default()
    };
    let store = Arc::new(PostgresStore::connect(&place.url, &key(), options).await.unwrap());
    let order = add(&*store, 1).await;
    let (late, crowded) = (AtomicU32::new(0), AtomicU32::new(0));
    {
        let _locked = Locked::table(&place, "download_order", 3.0);
        let calls: Vec<_> = (0..6)
            .map(|_| {
                let (store, id) = (store.clone(), order.id);
                tokio::spawn(async move { store.order(id).await })
            })
            .collect();
        for call in calls {
            let Err(StoreError::Storage(message)) = call.await.unwrap() else { panic!("it was locked") };
            let count = if message.contains("connections were in use") { &crowded } else { &late };
            assert!(
                message.contains("in use") || message.contains("time") || message.contains("within"),
                "{message}"
            );
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    assert_eq!((late.into_inner(), crowded.into_inner()), (2, 4));
    assert!(store.order(order.id).await.unwrap().is_some());
    store.record_refused_attempt(order).await.unwrap();
}

/// Whoever gave up does not leave its half-done work in the pool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_nobody_waits_for_any_more_is_undone() {
    let Some((store, place)) = postgres().await else { return };
    let order = add(&store, 1).await;
    {
        let _locked = Locked::table(&place, "happening", 1.0);
        let changed = Order { download_attempts: 1, happened: vec![happening(1, false)], ..order.clone() };
        let change = store.change_order(changed, None);
        assert!(tokio::time::timeout(Duration::from_millis(200), change).await.is_err());
    }
    for attempts in 2..20 {
        let order = store.order(order.id).await.unwrap().unwrap();
        store.record_refused_attempt(Order { download_attempts: attempts, ..order }).await.unwrap();
    }
    assert!(store.happenings(HappeningFilter::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_without_the_password() {
    let options = PostgresOptions { connect_timeout: Duration::from_secs(2), ..PostgresOptions::default() };
    for url in ["postgres://user:s3cret@127.0.0.1:1/smdp", "postgres://user:s3cret@host.invalid/smdp"] {
        let message = PostgresStore::connect(url, &key(), options).await.err().unwrap().to_string();
        assert!(message.contains("connect") && !message.contains("s3cret"), "{message}");
    }
    let Some((_, place)) = postgres().await else { return };
    let nowhere = place.url.replace("/smdp_", "/none_").replace("rsplab@", "rsplab:s3cret@");
    let message = PostgresStore::connect(&nowhere, &key(), options).await.err().unwrap().to_string();
    assert!(message.contains("does not exist") && !message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn over_tls_the_server_is_the_one_that_its_ca_says() {
    let Some(mut server) = Server::new() else { return };
    // The server's own clock decides here, so the certificates are of today.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut rng = ChaCha20Rng::seed_from_u64(77);
    let mut workshop = Workshop::new(UnixTime(i64::try_from(now).unwrap()), &mut rng);
    let [ca, other] = [0; 2].map(|_| workshop.certificate_issuer(Curve::P256).unwrap());
    let identity = workshop.issue(&ca, &Holder::Tls(Role::DpTls, &["localhost".to_owned()])).unwrap();
    let certificate = server.file("server.crt", identity.certificate().to_pem());
    let private_key = server.file("server.key", identity.key().to_pem().unwrap().as_bytes());
    let [ca, wrong_ca] =
        [("ca.pem", ca), ("wrong.pem", other)].map(|(name, ca)| server.file(name, ca.certificate().to_pem()));
    server.set("ssl=on");
    server.set(format!("ssl_cert_file={}", certificate.display()));
    server.set(format!("ssl_key_file={}", private_key.display()));
    server.start();
    let place = server.database();
    let url = |host: &str, parameters: &str| format!("{}?{parameters}", place.url.replace("127.0.0.1", host));
    let options = PostgresOptions::default();
    let reach = async |url: String| PostgresStore::connect(&url, &key(), options).await;
    let ca = format!("sslrootcert={}", ca.display());
    for mode in ["sslmode=require&", "sslmode=verify-full&", "sslmode=prefer&", ""] {
        let store = reach(url("localhost", &format!("{mode}{ca}&application_name=tls"))).await.unwrap();
        let used = place.sql(
            "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                              WHERE application_name = 'tls'",
        );
        assert_eq!(used.trim(), "t", "{mode}");
        drop(store);
    }
    // Another CA, another name.
    assert!(reach(url("localhost", &format!("sslrootcert={}", wrong_ca.display()))).await.is_err());
    assert!(reach(url("127.0.0.1", &ca)).await.is_err());
}
