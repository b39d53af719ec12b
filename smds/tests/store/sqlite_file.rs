//! The SQLite store in a file: what was answered is there when the file is opened again, and a file that is another's is
//! left alone.

use std::path::Path;

use smds::domain::NewEvent;
use smds::store::{Ending, Registration, SqliteStore, Store, StoreError};

use crate::kinds::{SqliteFile, sqlite};
use crate::promises::{
    LEASE, NOW, add, add_at_root, asking, eid, event, everything, later, numbers, record, session, tid,
    to_be_deleted, to_root, told,
};

fn error(outcome: Result<SqliteStore, StoreError>) -> String {
    outcome.err().unwrap().to_string()
}

#[tokio::test]
async fn what_was_answered_is_there_when_the_file_is_opened_again() {
    let place = SqliteFile::new();
    let open = || SqliteStore::open(&place.path()).unwrap();
    let (plain, undone, before) = {
        let store = open();
        let plain = add(&store, NewEvent { expires: Some(later(5)), ..event(1) }).await;
        add(&store, to_root(2)).await;
        let removed = add_at_root(&store, to_root(3)).await;
        store.end_event(removed, Ending::Removed, NOW).await.unwrap();
        store.open_session(session(1)).await.unwrap();
        let undone = add(&store, to_root(4)).await;
        store.undo_event(undone, NOW, None).await.unwrap();
        (plain, undone, everything(&store).await)
    };
    for _ in 0..2 {
        let store = open();
        assert_eq!(everything(&store).await, before);
        assert_eq!(store.register_event(event(3)).await, Ok(Registration::InUse));
        assert_eq!(store.register_event(event(2)).await, Ok(Registration::UnderWay));
        assert_eq!(to_be_deleted(&store).await, ["R-3"]);
    }
    let store = open();
    assert_eq!(numbers(&told(&store, asking(eid(1), None, NOW)).await), [plain]);
    assert_eq!(store.session(tid(1)).await, Ok(Some(session(1))));
    // Numbers that were given are not given again, not even when their event is gone.
    assert!(add(&store, event(5)).await > undone);
    assert_eq!(store.sweep_events(later(LEASE)).await, Ok(2));
}

/// Answered means on the disk: another connection sees it although the first is still open, as after a crash.
#[tokio::test]
async fn what_was_answered_is_committed_before_the_store_is_closed() {
    let (store, place) = sqlite();
    let number = add(&store, event(1)).await;
    let copy = place.path().with_file_name("copy.sqlite");
    // What a killed process leaves behind: the file and its write-ahead log.
    for suffix in ["", "-wal"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(name(&place.path()), name(&copy)).unwrap();
    }
    let recovered = SqliteStore::open(&copy).unwrap();
    assert_eq!(record(&recovered, number).await, record(&store, number).await);
}

/// A disk that is full is found out by nothing else.
#[tokio::test]
async fn whether_it_can_be_written_to_is_found_out_by_writing() {
    let (store, place) = sqlite();
    let log = place.path().with_file_name("smds.sqlite-wal");
    for _ in 0..4 {
        let before = std::fs::read(&log).unwrap();
        store.check_writable().await.unwrap();
        assert!(std::fs::read(&log).unwrap() != before);
    }
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    let (store, place) = sqlite();
    drop(store);
    place.connection().pragma_update(None, "user_version", 7).unwrap();
    let before = std::fs::read(place.path()).unwrap();
    for outcome in [SqliteStore::open(&place.path()), SqliteStore::open_read_only(&place.path())] {
        let message = error(outcome);
        assert!(message.contains("schema 7") && message.contains("newer"), "{message}");
    }
    assert!(std::fs::read(place.path()).unwrap() == before);
}

#[tokio::test]
async fn a_file_that_is_no_store_or_cannot_be_made_is_refused_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "this is no data base, but long enough to be looked at by SQLite".repeat(20))
        .unwrap();
    assert!(error(SqliteStore::open(&text)).contains("not a database"));
    let nowhere = folder.path().join("missing").join("smds.sqlite");
    assert!(error(SqliteStore::open(&nowhere)).contains("missing"));
}

/// That of an SM-DP+, for instance, which counts its versions, too.
#[tokio::test]
async fn the_data_base_of_another_program_is_refused_and_left_as_it_is() {
    for version in [0, 1, 3] {
        let place = SqliteFile::new();
        let other = "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
                     CREATE TABLE download_order (id INTEGER PRIMARY KEY)";
        place.connection().execute_batch(other).unwrap();
        place.connection().pragma_update(None, "user_version", version).unwrap();
        let before = std::fs::read(place.path()).unwrap();
        for open in [SqliteStore::open, SqliteStore::open_read_only] {
            let message = error(open(&place.path()));
            assert!(message.contains("smds.sqlite"), "{message}");
            assert!(version == 0 || message.contains("not that of an SM-DS"), "{message}");
        }
        assert_eq!(tables(&place), ["download_order", "meta"], "version {version}");
        assert!(std::fs::read(place.path()).unwrap().len() == before.len());
    }
}

fn tables(place: &SqliteFile) -> Vec<String> {
    let connection = place.connection();
    let mut tables =
        connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_has_ended() {
    let (store, place) = sqlite();
    let link = place.path().with_file_name("link.sqlite");
    std::os::unix::fs::symlink(place.path(), &link).unwrap();
    for path in [place.path(), link] {
        let message = error(SqliteStore::open(&path));
        assert!(message.contains("in use by another process") && message.contains("PostgreSQL"), "{message}");
    }
    // The refused ones have disturbed nobody.
    let number = add(&store, event(1)).await;
    drop(store);
    record(&SqliteStore::open(&place.path()).unwrap(), number).await;
}

#[tokio::test]
async fn a_store_can_be_looked_at_while_it_is_open_and_not_changed() {
    let (store, place) = sqlite();
    let number = add(&store, to_root(1)).await;
    store.open_session(session(1)).await.unwrap();
    let reader = SqliteStore::open_read_only(&place.path()).unwrap();
    assert_eq!(everything(&reader).await, everything(&store).await);
    store.event_forwarded(number).await.unwrap();
    store.undo_event(add(&store, to_root(2)).await, NOW, Some(NOW)).await.unwrap();
    let before = everything(&store).await;
    assert_eq!(everything(&reader).await, before);
    assert_eq!(reader.event(number).await, store.event(number).await);

    let refused = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::Storage(_))));
    refused(reader.register_event(event(3)).await.map(drop));
    refused(reader.end_event(number, Ending::Deleted, NOW).await.map(drop));
    refused(reader.retrieve_events(tid(1), asking(eid(1), None, NOW)).await.map(drop));
    refused(reader.claim_root_deletions(NOW, later(1), 1).await.map(drop));
    refused(reader.check_writable().await);
    assert_eq!(everything(&store).await, before);
    assert!(SqliteStore::open_read_only(&place.path().with_file_name("none")).is_err());
}

#[tokio::test]
async fn a_record_that_no_version_wrote_is_an_error_and_no_panic() {
    let changes = [
        "UPDATE event SET state = 'Lost'",
        "UPDATE event SET caller = 'nobody'",
        "UPDATE event SET caller = ''",
        "UPDATE event SET eid = '123'",
        "UPDATE event SET event_id = ''",
        "UPDATE event SET forwarded_as = ''",
        "UPDATE event SET rsp_server_address = 'a b'",
        "UPDATE rsp_session SET opened = '{}'",
        "UPDATE rsp_session SET opened = 'not JSON'",
        "UPDATE root_deletion SET eid = 'x'",
        "UPDATE root_deletion SET event_id = ''",
        "UPDATE root_deletion SET attempts = -1",
    ];
    for change in changes {
        let (store, place) = sqlite();
        store.undo_event(add(&store, to_root(1)).await, NOW, Some(NOW)).await.unwrap();
        let number = add(&store, event(2)).await;
        store.open_session(session(1)).await.unwrap();
        place.connection().execute(change, []).unwrap();
        let event = store.event(number).await.map(drop);
        let session = store.session(tid(1)).await.map(drop);
        let errands = store.claim_root_deletions(NOW, NOW, 10).await.map(drop);
        let error = event.and(session).and(errands).unwrap_err();
        assert!(matches!(error, StoreError::Storage(_)), "{change}: {error}");
    }
}
