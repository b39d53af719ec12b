//! The SQLite store in a file: what was answered is there when the file is opened again, and a file of a later version
//! is left alone.

use std::path::Path;

use smdp::domain::{Order, ProfileState, SessionRecord};
use smdp::store::{OrderFilter, SqliteStore, Store, StoreError};

use crate::common::euicc::eid;
use crate::common::orders::{iccid, order, package};
use crate::kinds::{SqliteFile, key, wrong_key};
use crate::promises::{NOW, add, bound, everything, open, tid};

fn opened(file: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(file, &key())
}

fn error(outcome: Result<SqliteStore, StoreError>) -> String {
    outcome.err().unwrap().to_string()
}

#[tokio::test]
async fn what_was_answered_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let (id, before) = {
        let store = opened(&file).unwrap();
        let (order, session) = (add(&store, 1).await, open(&store, 1).await);
        let id = order.id;
        let downloaded = Order { eid: Some(eid(1)), state: ProfileState::Downloaded, ..order };
        store.hand_out(downloaded, SessionRecord { order: Some(id), ..session }, bound(1)).await.unwrap();
        (store.order(id).await.unwrap().unwrap().profile, everything(&store).await)
    };
    for _ in 0..2 {
        let store = opened(&file).unwrap();
        assert_eq!(everything(&store).await, before);
        assert_eq!(*store.package(id).await.unwrap().0, package(1));
        assert!(matches!(store.add_orders(NOW, vec![order(1)]).await, Err(StoreError::Taken(_))));
    }
}

/// Answered means on the disk: another connection sees it although the first is still open, as after a crash.
#[tokio::test]
async fn what_was_answered_is_committed_before_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let store = opened(&file).unwrap();
    let order = add(&store, 1).await;
    let copy = folder.path().join("copy.sqlite");
    // What a killed process leaves behind: the file and its write-ahead log.
    for suffix in ["", "-wal"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(name(&file), name(&copy)).unwrap();
    }
    let recovered = opened(&copy).unwrap();
    assert_eq!(format!("{:?}", recovered.order(order.id).await.unwrap().unwrap()), format!("{order:?}"));
}

#[tokio::test]
async fn every_commit_goes_to_the_disk_in_wal_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smdp.sqlite");
    let store = opened(&file).unwrap();
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
    drop(opened(&file).unwrap());
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let message = error(opened(&file));
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
    assert!(error(opened(&text)).contains("not a database"));
    let nowhere = folder.path().join("missing").join("smdp.sqlite");
    assert!(error(opened(&nowhere)).contains("missing"));
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_has_ended() {
    let place = SqliteFile::new();
    let store = opened(&place.path()).unwrap();
    let link = place.path().with_file_name("link.sqlite");
    std::os::unix::fs::symlink(place.path(), &link).unwrap();
    for path in [place.path(), link] {
        let message = error(opened(&path));
        assert!(message.contains("in use by another process") && message.contains("PostgreSQL"), "{message}");
    }
    // The refused ones have disturbed nobody.
    add(&store, 1).await;
    drop(store);
    assert!(opened(&place.path()).unwrap().order_of_iccid(iccid(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_store_can_be_looked_at_while_it_is_open_and_not_changed() {
    let place = SqliteFile::new();
    let store = opened(&place.path()).unwrap();
    let order_1 = add(&store, 1).await;
    let reader = SqliteStore::open_read_only(&place.path(), &key()).unwrap();
    assert_eq!(everything(&reader).await, everything(&store).await);
    add(&store, 2).await;
    assert_eq!(reader.orders(OrderFilter::default()).await.unwrap().len(), 2);
    let before = everything(&store).await;
    assert!(matches!(reader.add_orders(NOW, vec![order(3)]).await, Err(StoreError::Storage(_))));
    assert!(matches!(reader.record_refused_attempt(order_1).await, Err(StoreError::Storage(_))));
    assert!(matches!(reader.check_writable().await, Err(StoreError::Storage(_))));
    assert_eq!(everything(&store).await, before);
    let refused = error(SqliteStore::open_read_only(&place.path(), &wrong_key()));
    assert!(refused.contains("another key"), "{refused}");
    assert!(SqliteStore::open_read_only(&place.path().with_file_name("none"), &key()).is_err());
}

#[tokio::test]
async fn a_record_that_no_version_wrote_is_an_error_and_no_panic() {
    let changes = [
        "UPDATE download_order SET state = 'Lost'",
        "UPDATE profile SET iccid = x'00'",
        "UPDATE download_order SET eid = '123'",
        "UPDATE download_order SET matching_id = 'lower case'",
        "UPDATE download_order SET confirmation_code = x'00'",
        "UPDATE profile SET protection = 'none'",
        "UPDATE profile SET package_size = -1",
        "UPDATE rsp_session SET stage = '{}'",
        "UPDATE rsp_session SET stage = 'not JSON'",
    ];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("smdp.sqlite");
        let store = opened(&file).unwrap();
        let order = add(&store, 1).await;
        open(&store, 1).await;
        rusqlite::Connection::open(&file).unwrap().execute(change, []).unwrap();
        let order = store.order(order.id).await.map(|_| ());
        let session = store.session(tid(1)).await.map(|_| ());
        let error = order.and(session).unwrap_err();
        assert!(matches!(error, StoreError::Storage(_)), "{change}: {error}");
    }
}
