//! PostgreSQL as a [`Transaction`].

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::Object;
use tokio::join;
use tokio::sync::Mutex;
use tokio_postgres::Statement;
use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::database::{Row, StoreError, Transaction, Value};

/// A connection of the pool, and what became of it.
struct Line {
    /// Until it went back to the pool, or was closed.
    connection: Option<Object>,
    /// Something was not answered, or not well.
    failed: AtomicBool,
    /// The server has ended the connection, which may be known before the connection is seen to be closed.
    ended: AtomicBool,
}

impl Line {
    fn new(connection: Object) -> Self {
        Self { connection: Some(connection), failed: AtomicBool::new(false), ended: AtomicBool::new(false) }
    }

    fn connection(&self) -> Result<&Object, StoreError> {
        self.connection.as_ref().ok_or_else(|| StoreError::Storage("the connection is closed".to_owned()))
    }

    /// Remembers that something failed.
    fn noting<T>(&self, outcome: Result<T, tokio_postgres::Error>) -> Result<T, StoreError> {
        outcome.map_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            self.ended.fetch_or(says_goodbye(&error), Ordering::Relaxed);
            storage(&error)
        })
    }

    fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    fn has_died(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
            || self.connection.as_ref().is_none_or(|connection| connection.is_closed())
    }
}

/// Whether it is the last thing that a connection tells: a server that is stopped sends a reason as the answer to whatever was
/// asked.
fn says_goodbye(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    error.is_closed() || matches!(severity, Some(Severity::Fatal | Severity::Panic))
}

/// A connection in a transaction. What is not committed when it is dropped is undone.
///
/// What begins the transaction travels with the first statement in it, so it costs no time of its own.
pub struct PostgresTransaction {
    /// PostgreSQL answers COMMIT without an error where a statement failed before, and undoes everything.
    line: Line,
    begin: &'static str,
    begun: AtomicBool,
    /// Statements that are asked for together go out in the order in which they were asked for, though some have to be prepared
    /// first: it is the order in which they lock.
    preparing: Mutex<()>,
}

impl PostgresTransaction {
    pub(super) fn on(connection: Object, begin: &'static str) -> Self {
        Self {
            line: Line::new(connection),
            begin,
            begun: AtomicBool::new(false),
            preparing: Mutex::default(),
        }
    }

    /// Commits; until this has returned without an error, nobody may be told that anything was done.
    ///
    /// # Errors
    /// Where a statement failed before, or the data base does.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.line.has_failed() {
            return Err(StoreError::Storage("a statement failed, so nothing can be committed".to_owned()));
        }
        if self.begun.load(Ordering::Relaxed) {
            self.line.noting(self.line.connection()?.batch_execute("COMMIT").await)?;
        }
        self.line.connection = None;
        Ok(())
    }

    /// Whether the connection has died, perhaps long before anything was asked of it. As long as no commit was asked for, nothing was
    /// done.
    pub fn has_died(&self) -> bool {
        self.line.has_died()
    }

    async fn prepared(&self, sql: &str) -> Result<Statement, StoreError> {
        let _turn = self.preparing.lock().await;
        self.line.noting(self.line.connection()?.prepare_cached(sql).await)
    }

    /// The first statement follows `BEGIN` at once. The data base has understood that one when the store was opened, so only the
    /// end of the connection can come between them.
    async fn begun<T>(
        &self,
        statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        if self.begun.swap(true, Ordering::Relaxed) {
            return self.line.noting(statement.await);
        }
        let begin = self.line.connection()?.batch_execute(self.begin);
        let (begun, outcome) = join!(biased; begin, statement);
        self.line.noting(begun.and(outcome))
    }
}

impl Drop for PostgresTransaction {
    /// Nobody waits for the end of what is given up, but the next one in the pool finds a connection without it.
    fn drop(&mut self) {
        const PATIENCE: Duration = Duration::from_secs(5);
        let begun = self.begun.load(Ordering::Relaxed);
        let Some(connection) = self.line.connection.take().filter(|_| begun || self.line.has_failed()) else {
            return;
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !self.line.has_failed() => {
                runtime.spawn(async move {
                    let undone = connection.batch_execute("ROLLBACK");
                    if !matches!(tokio::time::timeout(PATIENCE, undone).await, Ok(Ok(()))) {
                        close(connection);
                    }
                });
            }
            // What has failed once may fail again, for instance because a statement was prepared for another schema.
            _ => close(connection),
        }
    }
}

/// Takes a connection out of its pool and closes it: the server undoes what was not committed.
fn close(connection: Object) {
    drop(Object::take(connection));
}

impl Transaction for PostgresTransaction {
    const FOR_UPDATE: &'static str = FOR_UPDATE;
    const SKIP_LOCKED: &'static str = SKIP_LOCKED;

    async fn rows(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql).await?;
        self.begun(rows(self.line.connection()?, &statement, parameters)).await
    }

    async fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql).await?;
        self.begun(self.line.connection()?.execute(&statement, &places(parameters))).await
    }
}

/// A connection on which each statement is a transaction of its own, to look something up.
pub struct PostgresAlone(Line);

impl PostgresAlone {
    pub(super) fn on(connection: Object) -> Self {
        Self(Line::new(connection))
    }

    /// Whether the connection has died, perhaps long before anything was asked of it.
    pub fn has_died(&self) -> bool {
        self.0.has_died()
    }

    async fn noting<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        // Until there is an answer, for who gives up waiting for it.
        self.0.failed.store(true, Ordering::Relaxed);
        let outcome = answer.await;
        self.0.failed.store(false, Ordering::Relaxed);
        self.0.noting(outcome)
    }
}

impl Drop for PostgresAlone {
    fn drop(&mut self) {
        // As above; and nobody is to wait behind what was given up.
        if self.0.has_failed()
            && let Some(connection) = self.0.connection.take()
        {
            close(connection);
        }
    }
}

impl Transaction for PostgresAlone {
    const FOR_UPDATE: &'static str = FOR_UPDATE;
    const SKIP_LOCKED: &'static str = SKIP_LOCKED;

    async fn rows(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, StoreError> {
        let connection = self.0.connection()?;
        self.noting(async {
            let statement = connection.prepare_cached(sql).await?;
            rows(connection, &statement, parameters).await
        })
        .await
    }

    async fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, StoreError> {
        let connection = self.0.connection()?;
        self.noting(async {
            let statement = connection.prepare_cached(sql).await?;
            connection.execute(&statement, &places(parameters)).await
        })
        .await
    }
}

const FOR_UPDATE: &str = "FOR UPDATE";
const SKIP_LOCKED: &str = "FOR UPDATE SKIP LOCKED";

async fn rows(
    connection: &Object,
    statement: &Statement,
    parameters: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    connection.query(statement, &places(parameters)).await?.iter().map(values).collect()
}

fn places(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn values(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    let values = (0..row.len()).map(|column| row.try_get(column));
    Ok(Row::new(values.collect::<Result<_, _>>()?))
}

type Failure = Box<dyn Error + Sync + Send>;

/// A number takes the width that the server expects in its place.
impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (self, kind) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Integer(number), &Type::INT8) => number.to_sql(kind, out),
            (Self::Integer(number), &Type::INT4) => i32::try_from(*number)?.to_sql(kind, out),
            (Self::Text(text), &Type::TEXT) => text.to_sql(kind, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            _ => Err(format!("a value that is no {kind}").into()),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(match *kind {
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::TEXT => Self::Text(String::from_sql(kind, raw)?),
            _ => Self::Bytes(Vec::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        <Self as ToSql>::accepts(kind)
    }
}

/// An error of the data base, as ours. The details that PostgreSQL adds hold whole records, so they are left out.
pub fn storage(error: &tokio_postgres::Error) -> StoreError {
    let Some(answer) = error.as_db_error() else { return StoreError::Storage(chain(error)) };
    match *answer.code() {
        SqlState::UNIQUE_VIOLATION => StoreError::Taken(answer.constraint().unwrap_or("a value").to_owned()),
        // Somebody else was first: another transaction won, or removed what this one was about to name.
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::FOREIGN_KEY_VIOLATION => StoreError::Conflict,
        _ => StoreError::Storage(chain(error)),
    }
}

/// An error with its causes.
pub fn chain(error: &tokio_postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        return format!("PostgreSQL: {} {}: {}", answer.severity(), answer.code().code(), answer.message());
    }
    let mut text = format!("PostgreSQL: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}
