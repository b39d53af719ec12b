//! The SQLite store in a file: what was answered is there when the file is opened again, and a file of a later version
//! is left alone.

use std::path::Path;

use smdp::domain::{Order, ProfileState, SessionRecord};
use smdp::store::{SqliteStore, Store, StoreError};

use crate::common::euicc::eid;
use crate::common::orders::{order, package};
use crate::promises::{add, open, tid};

/// A store in a file, and the folder that goes with the file when it is dropped.
pub fn temporary() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open(&folder.path().join("smdp.sqlite")).unwrap(), folder)
}

fn error(outcome: Result<SqliteStore, StoreError>) -> String {
    outcome.err().unwrap().to_string()
}

#[tokio::test]
async fn what_was_answered_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let (id, before) = {
        let store = SqliteStore::open(&file).unwrap();
        let (order, session) = (add(&store, 1).await, open(&store, 1).await);
        let bound = smdp::domain::Bound {
            eid: eid(1),
            euicc_otpk: vec![4; 65],
            ci: vec![1; 20],
            package: vec![0xBF, 0x36, 0],
        };
        let id = order.id;
        let downloaded = Order { eid: Some(eid(1)), state: ProfileState::Downloaded, ..order };
        store.hand_out(downloaded, SessionRecord { order: Some(id), ..session }, bound).await.unwrap();
        (id, contents(&store).await)
    };
    for _ in 0..2 {
        let store = SqliteStore::open(&file).unwrap();
        assert_eq!(contents(&store).await, before);
        assert_eq!(*store.package(id).await.unwrap().0, package(1));
        assert!(matches!(store.add_orders(vec![order(1)]).await, Err(StoreError::Taken(_))));
    }
}

async fn contents(store: &SqliteStore) -> String {
    let orders = store.orders().await.unwrap();
    let bound = store.bound(orders[0].id).await.unwrap();
    format!("{orders:?} {bound:?} {:?}", store.session(tid(1)).await.unwrap())
}

/// Answered means on the disk: another connection sees it although the first is still open, as after a crash.
#[tokio::test]
async fn what_was_answered_is_committed_before_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let store = SqliteStore::open(&file).unwrap();
    let order = add(&store, 1).await;
    let copy = folder.path().join("copy.sqlite");
    // What a killed process leaves behind: the file and its write-ahead log.
    for suffix in ["", "-wal"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(name(&file), name(&copy)).unwrap();
    }
    let recovered = SqliteStore::open(&copy).unwrap();
    assert_eq!(format!("{:?}", recovered.order(order.id).await.unwrap().unwrap()), format!("{order:?}"));
}

#[tokio::test]
async fn every_commit_goes_to_the_disk_in_wal_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let store = SqliteStore::open(&file).unwrap();
    add(&store, 1).await;
    let connection = rusqlite::Connection::open(&file).unwrap();
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    assert!(folder.path().join("smdp.sqlite-wal").exists());
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    drop(SqliteStore::open(&file).unwrap());
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let message = error(SqliteStore::open(&file));
    assert!(message.contains("schema 7") && message.contains("newer"), "{message}");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 7);
}

#[tokio::test]
async fn a_file_that_is_no_store_or_cannot_be_made_is_refused_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "this is no data base, but long enough to be looked at by SQLite".repeat(20))
        .unwrap();
    assert!(error(SqliteStore::open(&text)).contains("not a database"));
    let nowhere = folder.path().join("missing").join("smdp.sqlite");
    assert!(error(SqliteStore::open(&nowhere)).contains("missing"));
}

#[tokio::test]
async fn two_processes_may_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let (one, other) = (SqliteStore::open(&file).unwrap(), SqliteStore::open(&file).unwrap());
    let order = add(&one, 1).await;
    let seen = other.order(order.id).await.unwrap().unwrap();
    other.record_refused_attempt(Order { download_attempts: 1, ..seen }).await.unwrap();
    assert_eq!(one.record_refused_attempt(order).await, Err(StoreError::Conflict));
}

#[tokio::test]
async fn a_record_that_no_version_wrote_is_an_error_and_no_panic() {
    let changes = [
        "UPDATE download_order SET state = 'Lost'",
        "UPDATE download_order SET iccid = x'00'",
        "UPDATE download_order SET eid = '123'",
        "UPDATE download_order SET matching_id = 'lower case'",
        "UPDATE download_order SET confirmation_code_hash = x'00'",
        "UPDATE download_order SET protection = 'none'",
        "UPDATE download_order SET package_size = -1",
        "UPDATE rsp_session SET stage = '{}'",
        "UPDATE rsp_session SET stage = 'not JSON'",
    ];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("smdp.sqlite");
        let store = SqliteStore::open(&file).unwrap();
        let order = add(&store, 1).await;
        open(&store, 1).await;
        rusqlite::Connection::open(&file).unwrap().execute(change, []).unwrap();
        let order = store.order(order.id).await.map(|_| ());
        let session = store.session(tid(1)).await.map(|_| ());
        let error = order.and(session).unwrap_err();
        assert!(matches!(error, StoreError::Storage(_)), "{change}: {error}");
    }
}
