//! One process has the store: SQLite would let several in, and each would think it was the only one.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::database::StoreError;

/// A locked file beside that of the store.
pub struct Lock(File);

impl Lock {
    /// Locks the store in this file, whatever links lead to it.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.canonicalize().unwrap_or_else(|_| path.to_owned()).into_os_string();
        name.push(".lock");
        let name = PathBuf::from(name);
        let failed =
            |error: std::io::Error| StoreError::Storage(format!("cannot lock {}: {error}", name.display()));
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Storage(format!(
                "{} is in use by another process; several processes can share a PostgreSQL data base",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl Drop for Lock {
    /// Closing would do it, too, unless this process is just starting another, which has the file until it runs.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
