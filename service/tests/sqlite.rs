//! A SQLite file before a thread takes it over, and after.

#![cfg(test)]

use service::database::sqlite::{
    Migration, SqliteDatabase, SqliteFile, SqliteSchema, SqliteTransaction, finished, version,
};
use service::database::{StoreError, Transaction, change_one, one};

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE) STRICT";
static ONE: SqliteSchema = SqliteSchema { owner: "test", landmark: "t", migrations: &[TABLE] };
static TWO: SqliteSchema = SqliteSchema {
    owner: "test",
    landmark: "t",
    migrations: &[TABLE, "INSERT INTO t (x) VALUES ('by SQL')"],
};

fn insert(tx: &SqliteTransaction<'_>, x: &str) -> Result<(), StoreError> {
    finished(change_one(tx, "INSERT INTO t (x) VALUES ($1)", &[x.into()]))
}

fn count(tx: &SqliteTransaction<'_>) -> Result<i64, StoreError> {
    finished(one(tx, "SELECT count(*) FROM t", &[]))?.unwrap().integer("count")
}

fn plain(_: Migration, _: &SqliteTransaction<'_>) -> Result<(), StoreError> {
    Ok(())
}

fn failed() -> StoreError {
    StoreError::Storage("as the test wants it".to_owned())
}

#[test]
fn a_file_is_brought_up_to_date_and_the_program_does_its_part_of_each_migration() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    assert_eq!(version(&path, &TWO), Ok(None));
    drop(SqliteFile::open(&path, &ONE, plain).unwrap());
    assert_eq!(version(&path, &TWO), Ok(Some(1)));

    let ours = |migration, tx: &SqliteTransaction<'_>| {
        assert_eq!(migration, Migration { to: 2, from: 1 });
        insert(tx, "by the program")
    };
    let file = SqliteFile::open(&path, &TWO, ours).unwrap();
    assert_eq!(file.transact(count), Ok(2));
    drop(file);
    assert_eq!(version(&path, &TWO), Ok(Some(2)));
    let newer = SqliteFile::open(&path, &ONE, plain).err().unwrap().to_string();
    assert!(newer.contains("newer version") && newer.contains(path.to_str().unwrap()), "{newer}");
}

#[test]
fn a_migration_whose_part_fails_has_not_happened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    drop(SqliteFile::open(&path, &ONE, plain).unwrap());
    let outcome = SqliteFile::open(&path, &TWO, |_, tx| insert(tx, "half").and(Err(failed())));
    assert!(outcome.is_err());
    let file = SqliteFile::open_read_only(&path, &ONE).unwrap();
    assert_eq!(file.transact(count), Ok(0));
}

#[test]
fn a_transaction_that_fails_is_undone() {
    let file = SqliteFile::in_memory(&ONE, plain).unwrap();
    assert_eq!(file.transact(|tx| insert(tx, "a").and(Err::<(), _>(failed()))), Err(failed()));
    assert_eq!(file.transact(count), Ok(0));
    assert_eq!(file.transact(|tx| insert(tx, "a")), Ok(()));
    assert_eq!(
        file.transact(|tx| insert(tx, "a")),
        Err(StoreError::Taken("UNIQUE constraint failed: t.x".to_owned()))
    );
    assert_eq!(file.transact(count), Ok(1));
}

#[tokio::test]
async fn a_file_has_one_writer_and_is_read_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let database = SqliteDatabase::open(&path, &ONE).unwrap();
    assert!(SqliteDatabase::open(&path, &ONE).err().unwrap().to_string().contains("in use"));

    let beside = SqliteDatabase::open_read_only(&path, &ONE).unwrap();
    database.write(|tx| insert(tx, "a")).await.unwrap();
    for of in [&database, &beside] {
        assert_eq!(of.read(count).await, Ok(1));
    }
    assert!(matches!(beside.write(|tx| insert(tx, "b")).await, Err(StoreError::Storage(_))));
    let conflict = database.write(|tx| finished(change_one(tx, "DELETE FROM t WHERE x = 'b'", &[]))).await;
    assert_eq!(conflict, Err(StoreError::Conflict));
    assert_eq!(database.write(|tx| finished(tx.execute("DELETE FROM t", &[]))).await, Ok(1));
}
