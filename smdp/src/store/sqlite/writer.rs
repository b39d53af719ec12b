//! One thread owns the connection; what waits for it is committed together.
//!
//! A durable commit costs a write to the disk. Under load many requests wait for one, so the thread takes all that
//! have come, runs each in a savepoint of one transaction, commits once and answers after that.

use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::StoreError;

/// How many requests share a commit at most.
const GROUP: usize = 256;

/// Sends the answer of a request once it is known whether the commit succeeded.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A request; without a transaction it does nothing but pass the reason on.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Reply + Send>;

/// A handle on the thread.
pub struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(connection, &queue))
            .map_err(|error| StoreError::Storage(format!("cannot start a thread: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` in a transaction; what it returned comes back when the transaction is durable. An error undoes
    /// what `work` did, and nothing else.
    pub async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = connection.and_then(|connection| in_savepoint(connection, work));
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

fn serve(connection: Connection, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut replies: Vec<Reply> = Vec::new();
        let committed = run_group(&connection, first, queue, &mut replies);
        for reply in replies {
            reply(committed.clone());
        }
    }
}

fn run_group(
    connection: &Connection,
    first: Job,
    queue: &mpsc::Receiver<Job>,
    replies: &mut Vec<Reply>,
) -> Result<(), StoreError> {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE").map_err(storage) {
        replies.push(first(Err(error.clone())));
        return Err(error);
    }
    let jobs = std::iter::once(first).chain(queue.try_iter().take(GROUP - 1));
    replies.extend(jobs.map(|job| job(Ok(connection))));
    connection.execute_batch("COMMIT").map_err(|error| {
        let _ = connection.execute_batch("ROLLBACK");
        storage(error)
    })
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.execute_batch("SAVEPOINT request").map_err(storage)?;
    let outcome = work(connection);
    let end = if outcome.is_ok() { "RELEASE request" } else { "ROLLBACK TO request; RELEASE request" };
    connection.execute_batch(end).map_err(storage)?;
    outcome
}

/// An error of the data base, as ours.
pub fn storage(error: rusqlite::Error) -> StoreError {
    StoreError::Storage(error.to_string())
}
