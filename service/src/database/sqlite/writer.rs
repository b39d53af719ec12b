//! One thread owns the connection; what waits for it is committed together.
//!
//! A durable commit costs a write to the disk. Under load many requests wait for one, so the thread takes all that
//! have come, runs each in a savepoint of one transaction, commits once and answers after that.

use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::driver::{SqliteTransaction, storage};
use crate::database::StoreError;

/// How many requests share a commit at most.
const GROUP: usize = 256;

/// Sends the answer of a request once it is known whether the commit succeeded.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A request; without a transaction it does nothing but pass the reason on.
type Job = Box<dyn FnOnce(Result<&SqliteTransaction<'_>, StoreError>) -> Reply + Send>;

/// A handle on the thread.
pub struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        Self::start_with(connection, "BEGIN IMMEDIATE")
    }

    /// Starts the thread for requests that change nothing, and that wait for nobody who does.
    pub fn start_reading(connection: Connection) -> Result<Self, StoreError> {
        Self::start_with(connection, "BEGIN")
    }

    fn start_with(connection: Connection, begin: &'static str) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(&connection, begin, &queue))
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
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let outcome = transaction.and_then(|transaction| in_savepoint(transaction, work));
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

fn serve(connection: &Connection, begin: &str, queue: &mpsc::Receiver<Job>) {
    let transaction = SqliteTransaction::new(connection);
    while let Ok(first) = queue.recv() {
        let mut replies: Vec<Reply> = Vec::new();
        let committed = run_group(&transaction, begin, first, queue, &mut replies);
        for reply in replies {
            reply(committed.clone());
        }
    }
}

fn run_group(
    transaction: &SqliteTransaction<'_>,
    begin: &str,
    first: Job,
    queue: &mpsc::Receiver<Job>,
    replies: &mut Vec<Reply>,
) -> Result<(), StoreError> {
    let connection = transaction.connection();
    if let Err(error) = connection.execute_batch(begin).map_err(storage) {
        replies.push(first(Err(error.clone())));
        return Err(error);
    }
    for job in std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)) {
        replies.push(job(Ok(transaction)));
        // Where the disk fails, SQLite may undo the whole transaction, and those before in the group with it.
        if connection.is_autocommit() {
            return Err(StoreError::Storage(
                "the transaction was undone: another request failed in it".to_owned(),
            ));
        }
    }
    connection.execute_batch("COMMIT").map_err(|error| {
        let _ = connection.execute_batch("ROLLBACK");
        storage(error)
    })
}

fn in_savepoint<T>(
    transaction: &SqliteTransaction<'_>,
    work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let connection = transaction.connection();
    connection.execute_batch("SAVEPOINT request").map_err(storage)?;
    let outcome = work(transaction);
    let end = if outcome.is_ok() { "RELEASE request" } else { "ROLLBACK TO request; RELEASE request" };
    if let Err(error) = connection.execute_batch(end) {
        // What cannot be undone alone is undone with all of the group.
        let _ = connection.execute_batch("ROLLBACK");
        return Err(outcome.err().unwrap_or_else(|| storage(error)));
    }
    outcome
}

#[cfg(test)]
mod tests {
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
}
