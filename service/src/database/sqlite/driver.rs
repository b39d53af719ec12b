//! SQLite as a [`Transaction`]: every statement is done when it returns.

use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement, ToSql};

use crate::database::{Row, StoreError, Transaction, Value};

/// A connection in a transaction.
pub struct SqliteTransaction<'a> {
    connection: &'a Connection,
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
        ready(self.query(sql, parameters).map_err(storage))
    }

    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        ready(self.change(sql, parameters).map_err(storage))
    }
}

impl<'a> SqliteTransaction<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// Runs several statements, or one that takes no values and gives no rows.
    ///
    /// # Errors
    /// Where one fails.
    pub fn execute_batch(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(storage)
    }

    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    fn query(&self, sql: &str, parameters: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(sql)?;
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

    fn change(&self, sql: &str, parameters: &[Value]) -> rusqlite::Result<u64> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, parameters)?;
        Ok(statement.raw_execute()? as u64)
    }
}

/// `$1` is a name to SQLite, not a place.
fn bind(statement: &mut Statement<'_>, parameters: &[Value]) -> rusqlite::Result<()> {
    for (number, parameter) in (1..).zip(parameters) {
        if let Some(place) = statement.parameter_index(&format!("${number}"))? {
            statement.raw_bind_parameter(place, parameter)?;
        }
    }
    Ok(())
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
