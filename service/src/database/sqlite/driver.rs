//! SQLite as a [`Transaction`]: every statement is done when it returns.

use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement, ToSql};

use crate::database::{Row, StoreError, Transaction, Value};

/// A connection in a transaction; or without one, where each statement stands for itself.
pub struct SqliteTransaction<'a> {
    connection: &'a Connection,
    begun: bool,
}

impl Transaction for SqliteTransaction<'_> {
    // There is one writer only.
    const FOR_UPDATE: &'static str = "";
    const SKIP_LOCKED: &'static str = "";

    fn rows(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        ready(self.query(sql, parameters))
    }

    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        ready(self.change(sql, parameters))
    }
}

impl<'a> SqliteTransaction<'a> {
    /// In a transaction that has begun.
    pub(super) fn within(connection: &'a Connection) -> Self {
        Self { connection, begun: true }
    }

    /// Without one.
    pub(super) fn alone(connection: &'a Connection) -> Self {
        Self { connection, begun: false }
    }

    /// Runs several statements, or one that takes no values and gives no rows.
    ///
    /// # Errors
    /// Where one fails.
    pub fn execute_batch(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(storage)
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.must_go_on()?;
        queried(self.connection, sql, parameters).map_err(storage)
    }

    fn change(&self, sql: &str, parameters: &[Value]) -> Result<u64, StoreError> {
        self.must_go_on()?;
        changed(self.connection, sql, parameters).map_err(storage)
    }

    /// Where the disk fails, SQLite may undo the whole transaction at once; what came after would then be committed by itself.
    fn must_go_on(&self) -> Result<(), StoreError> {
        match self.begun && self.connection.is_autocommit() {
            true => Err(StoreError::Storage("the transaction was undone".to_owned())),
            false => Ok(()),
        }
    }
}

fn queried(connection: &Connection, sql: &str, parameters: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, parameters)?;
    let columns = statement.column_count();
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..columns).map(|column| Ok(value(row.get_ref(column)?)));
        rows.push(Row::new(values.collect::<rusqlite::Result<_>>()?));
    }
    Ok(rows)
}

fn changed(connection: &Connection, sql: &str, parameters: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, parameters)?;
    Ok(statement.raw_execute()? as u64)
}

/// `$1` is a name to SQLite, not a place.
fn bind(statement: &mut Statement<'_>, parameters: &[Value]) -> rusqlite::Result<()> {
    /// Those of nearly every statement; a restore has hundreds.
    const NAMES: [&str; 20] = [
        "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
        "$16", "$17", "$18", "$19", "$20",
    ];
    for (index, parameter) in parameters.iter().enumerate() {
        let place = match NAMES.get(index) {
            Some(name) => statement.parameter_index(name)?,
            None => statement.parameter_index(&format!("${}", index + 1))?,
        };
        if let Some(place) = place {
            statement.raw_bind_parameter(place, parameter)?;
        }
    }
    Ok(())
}

/// Runs a statement that takes and gives nothing: `BEGIN`, `COMMIT` and the like, prepared once.
pub(super) fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop).map_err(storage)
}

/// Runs `work` in a transaction of its own, which is undone where `work` fails.
pub(super) fn transact<T>(
    connection: &Connection,
    begin: &str,
    work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    run(connection, begin)?;
    let done = work(&SqliteTransaction::within(connection));
    // Where the disk fails, SQLite may have undone it already.
    let ended = match done {
        Ok(_) => run(connection, "COMMIT"),
        Err(_) if connection.is_autocommit() => Ok(()),
        Err(_) => run(connection, "ROLLBACK"),
    };
    if ended.is_err() && !connection.is_autocommit() {
        let _ = run(connection, "ROLLBACK");
    }
    done.and_then(|value| ended.map(|()| value))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(SqliteValue::Null),
            Self::Integer(number) => ToSqlOutput::Owned(SqliteValue::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        // No column holds such numbers; a reader that expects another kind says that the record is damaged.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

/// Runs what waits for nothing: the functions over a [`SqliteTransaction`].
///
/// # Errors
/// Those of the work, and one that waits nevertheless.
pub fn finished<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Err(StoreError::Storage("a statement of SQLite did not finish".to_owned())),
    }
}

/// An error of the data base, as ours.
pub fn storage(error: rusqlite::Error) -> StoreError {
    if let rusqlite::Error::SqliteFailure(failure, message) = &error
        && failure.code == ErrorCode::ConstraintViolation
        && failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
    {
        return StoreError::Taken(message.clone().unwrap_or_default());
    }
    StoreError::Storage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_as_many_places_as_it_needs() {
        let connection = Connection::open_in_memory().unwrap();
        let places: Vec<String> = (1..=600).map(|number| format!("${number}")).collect();
        let values: Vec<Value> = (1..=600i64).map(Value::from).collect();
        let sql = format!("SELECT {}", places.join(", "));
        let mut row = finished(SqliteTransaction::alone(&connection).rows(&sql, &values)).unwrap().remove(0);
        for expected in 1..=600 {
            assert_eq!(row.integer("place"), Ok(expected));
        }
    }

    #[test]
    fn once_a_transaction_is_undone_nothing_more_is_done_in_it() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        let outcome = transact(&connection, "BEGIN", |transaction| {
            finished(transaction.execute("INSERT INTO t VALUES (1)", &[]))?;
            // What SQLite does where a file cannot be written.
            transaction.execute_batch("ROLLBACK")?;
            let after = finished(transaction.execute("INSERT INTO t VALUES (2)", &[]));
            assert!(after.is_err() && finished(transaction.rows("SELECT x FROM t", &[])).is_err());
            Ok(())
        });
        assert!(outcome.is_err());
        let there: i64 = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(there, 0);
    }

    #[test]
    fn a_commit_that_fails_leaves_no_transaction_behind() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = ON; CREATE TABLE parent (id INTEGER PRIMARY KEY);
                 CREATE TABLE child (parent REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
            )
            .unwrap();
        let orphan = "INSERT INTO child VALUES (1)";
        assert!(transact(&connection, "BEGIN", |it| finished(it.execute(orphan, &[]))).is_err());
        assert!(connection.is_autocommit());
        let parent = "INSERT INTO parent VALUES (1)";
        assert_eq!(transact(&connection, "BEGIN", |it| finished(it.execute(parent, &[]))), Ok(1));
        assert_eq!(transact(&connection, "BEGIN", |it| finished(it.execute(orphan, &[]))), Ok(1));
    }
}
