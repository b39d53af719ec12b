//! While the store fails nothing is done, and nothing is half done when it is well again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto::Curve;
use protocol::es11::Es11;
use rusqlite::Connection;
use smds::domain::EventState;
use smds::store::SqliteStore;
use tempfile::TempDir;

use crate::common::calls::{cascaded, deletion, event, event_id, smdp};
use crate::common::euicc::Euicc;
use crate::common::line::Fate;
use crate::common::server::{Server, refused};

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

/// A store on disk whose tables somebody can take away.
#[derive(Clone)]
struct Tables(PathBuf);

impl Tables {
    fn rename(&self, from: impl Fn(&str) -> bool, to: impl Fn(&str) -> String) {
        let connection = Connection::open(&self.0).unwrap();
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .unwrap();
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for table in tables.iter().filter(|table| from(table)) {
            connection.execute_batch(&format!("ALTER TABLE {table} RENAME TO {}", to(table))).unwrap();
        }
    }

    fn take_away(&self) {
        self.rename(|_| true, |table| format!("gone_{table}"));
    }

    fn give_back(&self) {
        self.rename(|table| table.starts_with("gone_"), |table| table["gone_".len()..].to_owned());
    }
}

struct Down {
    server: Server,
    tables: Tables,
    _folder: TempDir,
}

impl Down {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("smds.db");
        let server = Server::alternative_on(open(&file), 1, |_| ());
        Self { server, tables: Tables(file), _folder: folder }
    }

    /// The store fails at the moment in which the Root is called next.
    fn fails_while_the_root_is_called(&self, fate: Fate) {
        let tables = self.tables.clone();
        self.server.line.by_number(move |_| {
            tables.take_away();
            fate
        });
    }

    fn is_well(&self) {
        self.tables.give_back();
        self.server.line.always(Fate::Answered);
    }
}

fn open(file: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(file).unwrap())
}

#[tokio::test]
async fn every_function_fails_and_nothing_has_changed() {
    let Down { server, tables, _folder } = Down::new();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), cascaded(2)).await.unwrap();
    let initiated = server.opened(&euicc()).await;
    let (before, calls) = (server.records().await, server.line.sent());
    tables.take_away();
    for event in [event(1), event(3), cascaded(3)] {
        assert_eq!(refused(server.register(&smdp(1), event).await), "1.2/4.2");
    }
    for number in [1, 2, 3] {
        assert_eq!(refused(server.delete(&smdp(1), deletion(number)).await), "1.2/4.2");
    }
    let request = server.smds.initiate_authentication(euicc().initiate()).await;
    assert_eq!(refused(request), "1.2/4.2");
    let request = euicc().authenticate(&initiated, None);
    assert_eq!(refused(server.smds.authenticate_client(request.clone()).await), "1.2/4.2");
    let mut forged = euicc();
    forged.key = Euicc::new(Curve::P256, 2).key;
    let forged = forged.authenticate(&initiated, None);
    assert_eq!(refused(server.smds.authenticate_client(forged).await), "1.2/4.2");
    server.errands().round().await.unwrap_err();

    tables.give_back();
    assert_eq!(server.records().await, before);
    assert_eq!(server.line.sent(), calls, "the Root was not called");
    // The session was not ended by a fault of ours.
    let answer = server.smds.authenticate_client(request).await.unwrap();
    assert_eq!(answer.event_entries.len(), 2);
    server.delete(&smdp(1), deletion(2)).await.unwrap();
}

/// What the Root has registered cannot be confirmed here, or cannot be undone: it is undone when its time is over.
#[tokio::test]
async fn a_registration_that_cannot_be_finished_is_undone_later() {
    for fate in [Fate::Answered, Fate::AnswerLost, Fate::NotReached, Fate::Refused("1.6", "2.1")] {
        let down = Down::new();
        let server = &down.server;
        down.fails_while_the_root_is_called(fate);
        assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "1.2/4.2", "{fate:?}");
        down.is_well();
        assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Forwarding));
        assert_eq!(server.told(&euicc()).await, [""; 0]);
        assert_eq!(refused(server.register(&smdp(1), cascaded(1)).await), "1.2/4.4");
        server.outlast_lease();
        server.sweep().await;
        server.run_errands().await;
        server.settle();
        server.run_errands().await;
        assert_eq!(server.records().await, []);
        assert_eq!((server.book.records().len(), server.open_errands().await), (0, 0));
        server.register(&smdp(1), cascaded(1)).await.unwrap();
        assert_eq!((server.book.records().len(), server.told(&euicc()).await.len()), (1, 1));
    }
}

/// The Root has deleted it and this SM-DS has not: the caller tries again, and the Root's not knowing it is no error.
#[tokio::test]
async fn a_deletion_that_cannot_be_finished_is_repeated() {
    let down = Down::new();
    let server = &down.server;
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    down.fails_while_the_root_is_called(Fate::Answered);
    assert_eq!(refused(server.delete(&smdp(1), deletion(1)).await), "1.2/4.2");
    down.is_well();
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
    assert_eq!(server.book.records(), []);
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Deleted));
}

/// An errand that the Root has carried out and that cannot be struck off comes again after its lease.
#[tokio::test]
async fn an_errand_that_cannot_be_struck_off_is_run_again() {
    let down = Down::new();
    let server = &down.server;
    server.line.next([Fate::AnswerLost]);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    down.fails_while_the_root_is_called(Fate::Answered);
    server.errands().round().await.unwrap_err();
    down.is_well();
    assert_eq!((server.book.records().len(), server.open_errands().await), (0, 1));
    server.finish_errands().await;
    assert_eq!(server.book.refused(), ["8.9.5/3.9"]);
}

/// Those who took the Root from the configuration of an Alternative have its events still to delete.
#[tokio::test]
async fn a_forwarded_event_is_not_deleted_without_the_root() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smds.db");
    let alternative = Server::alternative_on(open(&file), 1, |_| ());
    alternative.register(&smdp(1), cascaded(1)).await.unwrap();
    let store = alternative.smds.store().clone();
    let alone = Server::root_on(store, 2, |_| ());
    assert_eq!(refused(alone.delete(&smdp(1), deletion(1)).await), "1.2/4.2");
    assert_eq!(alternative.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
    alternative.delete(&smdp(1), deletion(1)).await.unwrap();
}
