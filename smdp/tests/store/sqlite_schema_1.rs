//! A file of schema 1, which kept its secrets in the clear: everything comes over, and nothing stays readable.

use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use rusqlite::params;
use smdp::domain::{Kept, PackageProtection, ProfileState};
use smdp::store::{OrderFilter, SqliteStore, Store};

use crate::common::euicc::eid;
use crate::common::orders::{iccid, matching_id, profile};
use crate::kinds::{Place, SqliteFile, key};
use crate::promises::{bound, notification, open, tid};
use crate::sealed::holds;

const SCHEMA_1: &str = include_str!("../../src/store/sqlite/migrations/0001_orders_and_sessions.sql");
const ORDERS: u32 = 3;

/// Long enough to go over many pages.
fn package(number: u32) -> Vec<u8> {
    let bytes = |word: u32| word.wrapping_mul(2_654_435_761).wrapping_add(number).to_be_bytes();
    (0..5_000u32).flat_map(bytes).collect()
}

fn code(number: u32) -> ConfirmationCodeHash {
    ConfirmationCodeHash::of(&number.to_string())
}

/// What its version left behind, with a write-ahead log or without.
fn of_schema_1(journal: &str) -> SqliteFile {
    let place = SqliteFile::new();
    let file = place.connection();
    file.pragma_update(None, "journal_mode", journal).unwrap();
    file.execute_batch(SCHEMA_1).unwrap();
    for number in 1..=ORDERS {
        // Of what was deleted something is left in the file.
        for id in [100 + number, number] {
            let add = "INSERT INTO profile_package (id, content) VALUES (?1, ?2)";
            file.execute(add, params![id, package(id)]).unwrap();
        }
        file.execute("DELETE FROM profile_package WHERE id = ?1", [100 + number]).unwrap();
        file.execute(
            "INSERT INTO download_order VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, 'profile-protection-keys', ?7, ?1, 20000, 'Downloaded', 2, 1, 5)",
            params![
                number,
                iccid(number).bytes(),
                matching_id(number),
                eid(number).to_string(),
                code(number).as_bytes(),
                1_795_318_860_123i64,
                profile(number).metadata,
            ],
        )
        .unwrap();
    }
    let bound = bound(2);
    let Kept::Whole(package) = bound.kept else { panic!("it was kept whole") };
    let to = bound.to;
    let add = "INSERT INTO bound_package VALUES (1, ?1, ?2, ?3, ?4)";
    file.execute(add, params![to.eid.to_string(), to.euicc_otpk, to.ci, package]).unwrap();
    let (of, notified) = (eid(1).to_string(), notification(7));
    let add = "INSERT INTO notification VALUES (1, ?1, 7, ?2, 99, ?3)";
    file.execute(add, params![of, notified.digest, notified.bytes]).unwrap();
    let add = "INSERT INTO rsp_session VALUES (1, ?1, 1234567, 1, ?2, 3)";
    file.execute(add, params![tid(1).bytes(), r#"{"stage":"ended","of":null}"#]).unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    place
}

#[tokio::test]
async fn everything_of_schema_1_comes_over() {
    let place = of_schema_1("DELETE");
    let message = SqliteStore::open_read_only(&place.path(), &key()).err().unwrap().to_string();
    assert!(message.contains("older version"), "{message}");
    for _ in 0..2 {
        let store = place.open(&key()).await.unwrap();
        let orders = store.orders(OrderFilter::default()).await.unwrap();
        assert_eq!(orders.len(), ORDERS as usize);
        for (number, order) in (1..).zip(&orders) {
            assert_eq!(
                (order.id.0, order.iccid, order.eid),
                (number.into(), iccid(number), Some(eid(number)))
            );
            assert_eq!(order.matching_id.as_ref().unwrap().as_str(), matching_id(number));
            assert_eq!(order.confirmation_code.as_ref().unwrap().as_bytes(), code(number).as_bytes());
            assert_eq!(order.expires, Some(Timestamp::from_unix_millis(1_795_318_860_123)));
            assert_eq!(order.protection, PackageProtection::ProfileProtectionKeys);
            assert_eq!((&order.metadata, order.package_size), (&profile(number).metadata, 20_000));
            assert_eq!((order.state, order.version), (ProfileState::Downloaded, 5));
            assert_eq!((order.download_attempts, order.confirmation_code_attempts), (2, 1));
            assert_eq!(*store.package(order.profile).await.unwrap().0, package(number));
            let profile = store.profile(iccid(number)).await.unwrap().unwrap();
            assert_eq!((profile.order, profile.operator, profile.state), (Some(order.id), None, order.state));
        }
        assert_eq!(store.bound(orders[0].id).await.unwrap(), Some(bound(2)));
        assert_eq!(store.notifications(eid(1)).await.unwrap(), [notification(7)]);
        let session = store.session(tid(1)).await.unwrap().unwrap();
        assert_eq!((session.order, session.version, session.stage.name()), (Some(orders[0].id), 3, "ended"));
        // It is a store like any other.
        assert_eq!(store.earlier_call(crate::promises::call("1").key).await, Ok(None));
    }
    let store = place.open(&key()).await.unwrap();
    open(&store, 2).await;
}

#[tokio::test]
async fn nothing_that_was_in_the_clear_can_be_read_any_more() {
    for journal in ["DELETE", "WAL"] {
        let place = of_schema_1(journal);
        let secrets: Vec<Vec<u8>> = (1..=ORDERS)
            .flat_map(|number| {
                let part = |id: u32| package(id)[8_000..8_024].to_vec();
                [part(number), part(100 + number), code(number).as_bytes().to_vec()]
            })
            .collect();
        let before = place.content();
        assert!(secrets.iter().step_by(3).all(|secret| holds(&before, secret)), "the search finds them");
        let store = place.open(&key()).await.unwrap();
        let content = place.content();
        assert!(holds(&content, iccid(1).bytes()));
        for secret in &secrets {
            assert!(!holds(&content, secret), "{journal}, while it is open");
        }
        drop(store);
        let content = place.content();
        for secret in &secrets {
            assert!(!holds(&content, secret), "{journal}, once it is closed");
        }
    }
}

/// The migration was killed after it had sealed everything, before it removed what it had read.
#[tokio::test]
async fn what_an_interrupted_migration_left_in_the_clear_is_removed_by_the_next_start() {
    let place = SqliteFile::new();
    drop(place.open(&key()).await.unwrap());
    let secret = package(1)[8_000..8_024].to_vec();
    let file = place.connection();
    file.execute_batch("CREATE TABLE old (content BLOB); INSERT INTO meta VALUES ('clear pages', '1')")
        .unwrap();
    file.execute("INSERT INTO old VALUES (?1)", [package(1)]).unwrap();
    file.execute_batch("DROP TABLE old").unwrap();
    drop(file);
    assert!(holds(&place.content(), &secret), "the search finds it");
    let store = place.open(&key()).await.unwrap();
    assert!(!holds(&place.content(), &secret));
    drop(store);
}
