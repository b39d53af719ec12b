//! One thread owns the connection; what waits for it is committed together.
//!
//! A durable commit costs a write to the disk. Under load many requests wait for one, so the thread takes all that
//! have come, runs each in a savepoint of one transaction, commits once and answers after that. One that comes alone has the
//! transaction for itself. As long as several come at a time the thread waits a moment for more.

use std::collections::VecDeque;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::driver::{SqliteTransaction, run, transact};
use crate::database::StoreError;

/// How many requests share a commit at most.
const GROUP: usize = 256;
/// For how long others are waited for where several come at a time: a fraction of what an LPA waits for its answer, and each commit
/// that is spared costs as much as a signature.
const GATHER: Duration = Duration::from_millis(2);

/// Sends the answer of a request once it is known whether the commit succeeded.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A request, told where it runs.
type Job = Box<dyn FnOnce(Place<'_>) -> Reply + Send>;

/// Where a request runs.
enum Place<'a> {
    /// In a transaction of its own, which it begins and ends: nobody else was waiting.
    Alone(&'a Connection, &'static str),
    /// In a transaction that others share.
    Shared(&'a Connection),
    /// Nowhere, for this reason.
    Nowhere(StoreError),
}

/// A handle on the thread.
pub struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        Self::start_with(connection, "BEGIN IMMEDIATE", GATHER)
    }

    /// Starts the thread for requests that change nothing, and that wait for nobody who does.
    pub fn start_reading(connection: Connection) -> Result<Self, StoreError> {
        Self::start_with(connection, "BEGIN", Duration::ZERO)
    }

    fn start_with(connection: Connection, begin: &'static str, gather: Duration) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(&connection, begin, gather, &queue))
            .map_err(|error| StoreError::Storage(format!("cannot start a thread: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` in a transaction; what it returned comes back when the transaction is durable. An error undoes
    /// what `work` did, and nothing else.
    pub async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.run_in_place(|place| match place {
            Place::Alone(connection, begin) => transact(connection, begin, work),
            Place::Shared(connection) => in_savepoint(connection, work),
            Place::Nowhere(error) => Err(error),
        })
        .await
    }

    /// The same for one statement: nothing has to begin, to be committed or to be undone around it, since SQLite undoes by itself
    /// what a statement did that fails.
    pub async fn run_alone<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.run_in_place(|place| match place {
            Place::Alone(connection, _) => work(&SqliteTransaction::alone(connection)),
            Place::Shared(connection) => work(&SqliteTransaction::within(connection)),
            Place::Nowhere(error) => Err(error),
        })
        .await
    }

    async fn run_in_place<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Place<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |place| {
            let outcome = work(place);
            Box::new(move |committed| {
                // Nobody listens any more when the caller was cancelled; the change stands all the same.
                let _ = sender.send(outcome.and_then(|value| committed.map(|()| value)));
            })
        });
        let stopped = || StoreError::Storage("the store has stopped".to_owned());
        self.jobs.as_ref().ok_or_else(stopped)?.send(job).map_err(|_| stopped())?;
        receiver.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    /// Waits until everything that was asked for is written.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(connection: &Connection, begin: &'static str, gather: Duration, queue: &mpsc::Receiver<Job>) {
    let mut waiting = VecDeque::new();
    let mut crowded = false;
    while let Ok(first) = queue.recv() {
        if crowded {
            std::thread::sleep(gather);
        }
        waiting.push_back(first);
        waiting.extend(queue.try_iter().take(GROUP - 1));
        crowded = waiting.len() > 1;
        while let Some(job) = waiting.pop_front() {
            if waiting.is_empty() {
                job(Place::Alone(connection, begin))(Ok(()));
                continue;
            }
            waiting.push_front(job);
            let mut replies: Vec<Reply> = Vec::new();
            let committed = run_group(connection, begin, &mut waiting, &mut replies);
            for reply in replies {
                reply(committed.clone());
            }
        }
    }
}

/// Runs those that wait, one after the other; where that has to stop, the rest go on waiting.
fn run_group(
    connection: &Connection,
    begin: &str,
    waiting: &mut VecDeque<Job>,
    replies: &mut Vec<Reply>,
) -> Result<(), StoreError> {
    if let Err(error) = run(connection, begin) {
        replies.extend(waiting.pop_front().map(|job| job(Place::Nowhere(error.clone()))));
        return Err(error);
    }
    while let Some(job) = waiting.pop_front() {
        replies.push(job(Place::Shared(connection)));
        // Where the disk fails, SQLite may undo the whole transaction, and those before in the group with it.
        if connection.is_autocommit() {
            return Err(StoreError::Storage(
                "the transaction was undone: another request failed in it".to_owned(),
            ));
        }
    }
    run(connection, "COMMIT").inspect_err(|_| {
        let _ = run(connection, "ROLLBACK");
    })
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    run(connection, "SAVEPOINT request")?;
    let outcome = work(&SqliteTransaction::within(connection));
    let undone = if outcome.is_ok() { Ok(()) } else { run(connection, "ROLLBACK TO request") };
    if let Err(error) = undone.and_then(|()| run(connection, "RELEASE request")) {
        // What cannot be undone alone is undone with all of the group.
        let _ = run(connection, "ROLLBACK");
        return Err(outcome.err().unwrap_or(error));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::super::driver::storage;
    use super::*;

    fn execute(transaction: &SqliteTransaction<'_>, sql: &str) -> Result<(), StoreError> {
        transaction.connection().execute_batch(sql).map_err(storage)
    }

    #[tokio::test]
    async fn what_is_told_to_others_is_true_when_sqlite_undoes_a_whole_transaction() {
        let writer = Writer::start(Connection::open_in_memory().unwrap()).unwrap();
        writer.run(|transaction| execute(transaction, "CREATE TABLE t (x)")).await.unwrap();
        let (go, wait) = mpsc::channel::<()>();
        // The others wait behind this one, so that they are in one group.
        let first = writer.run(move |_| wait.recv().map_err(|error| StoreError::Storage(error.to_string())));
        let kept = writer.run(|transaction| execute(transaction, "INSERT INTO t VALUES (1)"));
        // What SQLite does where a file cannot be written.
        let failing = writer.run(|transaction| -> Result<(), StoreError> {
            execute(transaction, "ROLLBACK")?;
            Err(StoreError::Storage("disk full".to_owned()))
        });
        let after = writer.run(|transaction| execute(transaction, "INSERT INTO t VALUES (2)"));
        let go = async { go.send(()).unwrap() };
        let (first, kept, failing, after, ()) = tokio::join!(first, kept, failing, after, go);
        let count = |transaction: &SqliteTransaction<'_>| {
            transaction
                .connection()
                .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
                .map_err(storage)
        };
        let there: i64 = writer.run(count).await.unwrap();
        let acknowledged = [&kept, &after].into_iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(there, i64::try_from(acknowledged).unwrap(), "{first:?}, {kept:?}, {after:?}");
        assert_eq!(failing, Err(StoreError::Storage("disk full".to_owned())));
    }

    #[tokio::test]
    async fn a_statement_that_fails_by_itself_takes_nobody_with_it_alone_or_in_company() {
        let writer = Writer::start(Connection::open_in_memory().unwrap()).unwrap();
        let create = "CREATE TABLE t (x INTEGER PRIMARY KEY, y NOT NULL)";
        writer.run_alone(move |alone| execute(alone, create)).await.unwrap();
        let insert = |sql: &'static str| writer.run_alone(move |alone| execute(alone, sql));
        insert("INSERT INTO t VALUES (1, 'alone')").await.unwrap();
        assert!(matches!(
            insert("INSERT INTO t VALUES (2, 'a'), (1, 'again')").await,
            Err(StoreError::Storage(_))
        ));
        let (go, wait) = mpsc::channel::<()>();
        // The others wait behind this one, so that they are in one group.
        let first = writer.run(move |_| wait.recv().map_err(|error| StoreError::Storage(error.to_string())));
        let others = [
            "INSERT INTO t VALUES (3, 'in company')",
            "INSERT INTO t VALUES (4, 'b'), (5, NULL)",
            "INSERT INTO t VALUES (6, 'in company')",
        ]
        .map(insert);
        let [before, failing, after] = others;
        let go = async { go.send(()).unwrap() };
        let (first, before, failing, after, ()) = tokio::join!(first, before, failing, after, go);
        assert!(first.is_ok() && before.is_ok() && failing.is_err() && after.is_ok());
        let there = writer.run(|transaction| {
            let sql = "SELECT group_concat(x) FROM (SELECT x FROM t ORDER BY x)";
            transaction.connection().query_row(sql, [], |row| row.get::<_, String>(0)).map_err(storage)
        });
        assert_eq!(there.await.as_deref(), Ok("1,3,6"));
    }
}
