//! Backups: from any kind of data base to any kind, whole or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use smdp::domain::{NewProfile, Order, Package, PackageProtection, ProfileState, SessionRecord};
use smdp::store::{Dumped, OrderFilter, ProfileFilter, Store, StoreError};
use zeroize::Zeroizing;

use crate::common::euicc::eid;
use crate::common::orders::{default_order, iccid, order, profile};
use crate::common::postgres::{self, Database};
use crate::kinds::{self, Place, SqliteFile, key, wrong_key};
use crate::promises::{
    NOW, add, at, bound, call, everything, happening, let_happen, notification, open, stock,
};
use crate::sealed::{holds, with_secrets};

/// Something of everything; gives the last order, which is there no more.
async fn fill<S: Store>(store: &S) -> Order {
    let protection = PackageProtection::ProfileProtectionKeys;
    stock(store, vec![NewProfile { protection, ..profile(1) }, NewProfile { operator: None, ..profile(2) }])
        .await;
    // More than are read at once.
    let small = |number| NewProfile { package: Package(Zeroizing::new(vec![7; 40])), ..profile(number) };
    stock(store, (1000..1450).map(small).collect()).await;
    let unfinished = store.begin_import(NOW, at(0)).await.unwrap();
    store.import_profiles(unfinished, NOW, vec![profile(3)]).await.unwrap();
    let (one, _) = with_secrets(store, 4, "1234").await;
    let for_an_smds = Order {
        smds_address: Some("smds.example.com".parse().unwrap()),
        expires: Some(at(NOW.unix_millis() + 5)),
        ..one
    };
    store.change_order(for_an_smds.clone(), None).await.unwrap();
    let one = store.order(for_an_smds.id).await.unwrap().unwrap();
    let session = open(store, 1).await;
    let happened = vec![happening(1, true), happening(2, false)];
    let handed_out = Order { eid: Some(eid(1)), state: ProfileState::Downloaded, happened, ..one };
    store.hand_out(handed_out, SessionRecord { order: Some(one.id), ..session }, bound(1)).await.unwrap();
    // An event at the SM-DS, in the middle of its registration.
    for state in [ProfileState::Confirmed, ProfileState::Downloaded] {
        let order = store.order(one.id).await.unwrap().unwrap();
        store.change_order(Order { state, ..order }, None).await.unwrap();
    }
    let [_] = store.claim_smds_events(NOW, NOW, 1, Vec::new()).await.unwrap().try_into().unwrap();
    store.add_orders(NOW, vec![default_order(5, eid(2))]).await.unwrap();
    let order_5 = store.order_of_iccid(iccid(5)).await.unwrap().unwrap();
    store.change_order(Order { expires: Some(at(-5)), ..order_5 }, Some(call("1"))).await.unwrap();
    for number in [3, u64::MAX] {
        store.accept_notification(notification(number), None, None).await.unwrap();
    }
    let last = add(store, 6).await;
    let_happen(store, last.id, vec![happening(3, true)]).await;
    let last = store.order(last.id).await.unwrap().unwrap();
    store.delete_order(last.clone()).await.unwrap();
    last
}

/// Backs one store up and restores it into another place.
async fn goes_over<From: Place, To: Place>(from: (From::Kind, From), to: To) {
    let (store, place) = from;
    let deleted = fill(&store).await;
    let backup = place.backup(&key()).await.unwrap();
    let before = everything(&store).await;
    assert_eq!(
        to.restore(&key(), &backup).await.unwrap(),
        Dumped { profiles: 455 + 1, orders: 2, rows: rows() }
    );
    let restored = to.open(&key()).await.unwrap();
    assert_eq!(everything(&restored).await, before);
    // The backup of what was restored is the same backup, except that it may be of another data base.
    drop(store);
    assert_eq!(lines(&to.backup(&key()).await.unwrap()), lines(&backup));
    // Numbers that were given are not given again, and those that are new do not collide.
    let new = add(&restored, 7).await;
    assert!(new.id > deleted.id);
    stock(&restored, vec![profile(8)]).await;
    let_happen(&restored, new.id, vec![happening(1, true)]).await;
    open(&restored, 9).await;
    restored.accept_notification(notification(9), None, None).await.unwrap();
    let new = restored.order(new.id).await.unwrap().unwrap();
    restored.change_order(new, Some(call("2"))).await.unwrap();
    // The import that was under way is still nobody's, and can be swept.
    assert!(restored.profile(iccid(3)).await.unwrap().is_none());
    restored.begin_import(at(NOW.unix_millis() + 2), at(NOW.unix_millis() + 1)).await.unwrap();
    restored.add_orders(NOW, vec![order(3)]).await.unwrap();
}

/// Profiles with their packages, an import, orders, bound package, session, notifications, happenings, call and event.
fn rows() -> u64 {
    2 * 456 + 1 + 2 + 1 + 1 + 2 + 2 + 1 + 1
}

/// The lines, without the last numbers that one data base keeps and the other does not, and what follows from them.
fn lines(backup: &[u8]) -> Vec<String> {
    let text = String::from_utf8(backup.to_vec()).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('['));
    rows.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_sqlite() {
    goes_over(kinds::sqlite(), SqliteFile::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgresql() {
    let Some(to) = postgres::database() else { return };
    goes_over(kinds::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgresql_to_sqlite() {
    let Some(from) = kinds::postgres().await else { return };
    goes_over(from, SqliteFile::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgresql_to_postgresql() {
    let (Some(from), Some(to)) = (kinds::postgres().await, postgres::database()) else { return };
    goes_over(from, to).await;
}

#[tokio::test]
async fn both_data_bases_have_the_tables_and_columns_of_a_backup() {
    let (store, file) = kinds::sqlite();
    let backup = String::from_utf8(file.backup(&key()).await.unwrap()).unwrap();
    let named: Vec<String> = backup
        .lines()
        .filter_map(|line| Some(line.strip_prefix(r#"{"table":""#)?.split_once('"')?.0.to_owned()))
        .collect();
    let columns = |table: &str| {
        let sql = format!("SELECT group_concat(name, ' ') FROM pragma_table_info('{table}')");
        file.connection().query_row(&sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'meta'";
    let connection = file.connection();
    let mut statement = connection.prepare(sql).unwrap();
    let mut there: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut sorted = named.clone();
    sorted.sort();
    there.sort();
    assert_eq!(there, sorted);
    let Some((_, place)) = kinds::postgres().await else { return };
    let tables = place.sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'
         AND tablename NOT IN ('meta', 'schema_version') ORDER BY tablename COLLATE \"C\"",
    );
    assert_eq!(tables.lines().collect::<Vec<_>>(), sorted);
    for table in named {
        let theirs = place.sql(&format!(
            "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns
             WHERE table_name = '{table}'"
        ));
        assert_eq!(theirs.trim(), columns(&table), "{table}");
    }
    drop(store);
}

/// Of an order that is added while the backup is made, everything is in it or nothing.
async fn shows_one_moment<P: Place>(store: P::Kind, place: P) {
    let store = Arc::new(store);
    let (stop, added) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let server = {
        let (store, stop, added) = (store.clone(), stop.clone(), added.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let order = add(&*store, number).await;
                let_happen(&*store, order.id, vec![happening(1, false)]).await;
                added.store(number + 1, Ordering::SeqCst);
                if stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        })
    };
    while added.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        let known = added.load(Ordering::SeqCst);
        let backup = place.backup(&key()).await.unwrap();
        let to = SqliteFile::new();
        to.restore(&key(), &backup).await.unwrap();
        let restored = to.open(&key()).await.unwrap();
        let orders = restored.orders(OrderFilter::default()).await.unwrap();
        assert!(orders.len() >= known as usize, "what was acknowledged before is in it");
        for order in &orders {
            assert!(restored.package(order.profile).await.is_ok());
        }
        let profiles = restored.profiles(ProfileFilter::default()).await.unwrap();
        assert_eq!(profiles.len(), orders.len());
        let happened = restored.happenings(Default::default()).await.unwrap().len();
        assert_eq!(happened, orders.iter().filter(|order| order.version == 1).count());
    }
    stop.store(true, Ordering::SeqCst);
    server.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_sqlite_store_at_work_shows_one_moment() {
    let (store, place) = kinds::sqlite();
    shows_one_moment(store, place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_postgresql_store_at_work_shows_one_moment() {
    let Some((store, place)) = kinds::postgres().await else { return };
    shows_one_moment(store, place).await;
}

#[tokio::test]
async fn a_backup_holds_no_secret_in_the_clear() {
    let (store, place) = kinds::sqlite();
    let (order, secrets) = with_secrets(&store, 1, "1234").await;
    let backup = place.backup(&key()).await.unwrap();
    let decoded: Vec<u8> = String::from_utf8(backup)
        .unwrap()
        .split('"')
        .filter_map(|text| data_encoding::BASE64.decode(text.as_bytes()).ok())
        .flatten()
        .collect();
    assert!(holds(&decoded, order.iccid.bytes()), "the search finds what is there");
    for secret in secrets {
        assert!(!holds(&decoded, &secret));
    }
}

/// A small backup, and what it restores.
async fn small_backup() -> (Vec<u8>, String) {
    let (store, place) = kinds::sqlite();
    let package = Package(Zeroizing::new(vec![7; 40]));
    let small = NewProfile { package, ..profile(1) };
    store.add_orders(NOW, vec![smdp::domain::NewOrder { profile: small, ..order(1) }]).await.unwrap();
    let id = store.order_of_iccid(iccid(1)).await.unwrap().unwrap().id;
    let_happen(&store, id, vec![happening(1, true)]).await;
    (place.backup(&key()).await.unwrap(), everything(&store).await)
}

fn refusal(outcome: Result<Dumped, StoreError>) -> String {
    match outcome.unwrap_err() {
        StoreError::Storage(message) => message,
        other => panic!("{other}"),
    }
}

/// After whatever was refused, the place is as empty as before: the backup can still be restored.
async fn is_still_empty<P: Place>(place: &P, backup: &[u8], whole: &str) {
    place.restore(&key(), backup).await.unwrap();
    assert_eq!(everything(&place.open(&key()).await.unwrap()).await, whole);
}

#[tokio::test]
async fn a_backup_that_was_cut_anywhere_is_refused() {
    let (backup, whole) = small_backup().await;
    let place = SqliteFile::new();
    let lines = (0..backup.len()).filter(|place| backup[*place] == b'\n').flat_map(|end| [end, end + 1]);
    let cuts = lines.chain((0..backup.len()).step_by(53)).chain(backup.len() - 90..backup.len());
    for length in cuts.filter(|length| *length < backup.len()) {
        let message = refusal(place.restore(&key(), &backup[..length]).await);
        assert!(message.contains("cut off") || message.contains("no backup"), "{length}: {message}");
    }
    let longer = [&backup[..], b"\n"].concat();
    assert!(refusal(place.restore(&key(), &longer).await).contains("behind the end"));
    is_still_empty(&place, &backup, &whole).await;
}

#[tokio::test]
async fn a_backup_in_which_any_byte_was_changed_is_refused() {
    let (backup, whole) = small_backup().await;
    let place = SqliteFile::new();
    for changed in (0..backup.len()).step_by(7).chain(backup.len() - 90..backup.len()) {
        for bit in [0x01, 0x20] {
            let mut backup = backup.clone();
            backup[changed] ^= bit;
            let message = refusal(place.restore(&key(), &backup).await);
            assert!(message.contains("backup"), "byte {changed}: {message}");
        }
    }
    is_still_empty(&place, &backup, &whole).await;
}

/// Lines that are whole, but not those that were written.
#[tokio::test]
async fn a_backup_with_lines_that_are_missing_moved_or_doubled_is_refused() {
    let (backup, whole) = small_backup().await;
    let place = SqliteFile::new();
    let lines: Vec<&[u8]> = backup.split_inclusive(|byte| *byte == b'\n').collect();
    for number in 1..lines.len() {
        let (mut without, mut twice, mut moved) = (lines.clone(), lines.clone(), lines.clone());
        without.remove(number);
        twice.insert(number, lines[number]);
        moved.swap(number, number - 1);
        for lines in [without, twice, moved] {
            refusal(place.restore(&key(), &lines.concat()).await);
        }
    }
    is_still_empty(&place, &backup, &whole).await;
}

async fn refuses_what_does_not_fit<P: Place>(empty: P, used: (P::Kind, P)) {
    let (backup, whole) = small_backup().await;
    // The wrong key does not even leave its mark.
    let message = refusal(empty.restore(&wrong_key(), &backup).await);
    assert!(message.contains("another key"), "{message}");
    for (place, byte) in [(backup.len() / 2, b'#'), (backup.len() - 10, b'0' ^ backup[backup.len() - 10])] {
        let mut changed = backup.clone();
        changed[place] = byte;
        refusal(empty.restore(&key(), &changed).await);
    }
    refusal(empty.restore(&key(), &backup[..backup.len() / 2]).await);
    is_still_empty(&empty, &backup, &whole).await;

    let (store, place) = used;
    add(&store, 9).await;
    let before = everything(&store).await;
    drop(store);
    let message = refusal(place.restore(&key(), &backup).await);
    assert!(message.contains("not empty"), "{message}");
    assert_eq!(everything(&place.open(&key()).await.unwrap()).await, before);
}

#[tokio::test]
async fn sqlite_refuses_what_does_not_fit() {
    refuses_what_does_not_fit(SqliteFile::new(), kinds::sqlite()).await;
}

#[tokio::test]
async fn postgresql_refuses_what_does_not_fit() {
    let (Some(empty), Some(used)) = (postgres::database(), kinds::postgres().await) else { return };
    refuses_what_does_not_fit::<Database>(empty, used).await;
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_is_no_backup() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (store, place) = kinds::sqlite();
    add(&store, 1).await;
    let outcome = smdp::store::SqliteStore::backup(&place.path(), &key(), &mut Full(2000));
    assert!(refusal(outcome).contains("cannot be written"));
}

#[tokio::test]
async fn a_file_in_use_is_not_restored_into() {
    let (backup, _) = small_backup().await;
    let (_store, place) = kinds::sqlite();
    assert!(refusal(place.restore(&key(), &backup).await).contains("in use"));
}

#[tokio::test]
async fn what_is_no_backup_is_refused() {
    let place = SqliteFile::new();
    for content in ["\n", "{}\n", "[1,2]\n", "not JSON\n", "SQLite format 3\0 and much more\n"] {
        let message = refusal(place.restore(&key(), content.as_bytes()).await);
        assert!(message.contains("no backup"), "{message}");
    }
    let (backup, _) = small_backup().await;
    let backup = String::from_utf8(backup).unwrap();
    for other in ["3", "9"] {
        let other = format!("schema\":{other}");
        let changed = backup.replacen("schema\":4", &other, 1);
        let message = refusal(place.restore(&key(), changed.as_bytes()).await);
        assert!(message.contains(&other.replace("\":", " ")), "{message}");
    }
    assert!(!place.path().exists());
}
