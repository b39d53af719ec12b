//! Connections that only read, one for each that reads at the same time.
//!
//! In WAL mode they neither wait for the writer nor it for them, and see what was committed when they began.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use rusqlite::Connection;

use super::driver::SqliteTransaction;
use super::file::beside;
use super::migrations::SqliteSchema;
use crate::database::StoreError;

/// The readers of one file.
pub struct Readers {
    path: PathBuf,
    schema: &'static SqliteSchema,
    idle: Mutex<Vec<Connection>>,
    /// How many are kept for the next.
    kept: usize,
}

impl Readers {
    /// Of a file that is open already: one for each processor, so that none has to be opened while somebody waits.
    pub fn open(path: PathBuf, schema: &'static SqliteSchema) -> Result<Self, StoreError> {
        let kept = available_parallelism().map_or(1, NonZeroUsize::get);
        let idle = (0..kept).map(|_| beside(&path, schema)).collect::<Result<_, _>>()?;
        Ok(Self { path, schema, idle: Mutex::new(idle), kept })
    }

    /// Runs `work`, one statement, on one of them.
    pub fn run<T>(
        &self,
        work: impl FnOnce(&SqliteTransaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => beside(&self.path, self.schema)?,
        };
        let outcome = work(&SqliteTransaction::alone(&connection));
        let mut idle = self.idle();
        if idle.len() < self.kept {
            idle.push(connection);
        }
        outcome
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
