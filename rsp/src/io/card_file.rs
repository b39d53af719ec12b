//! A card's memory as a file: replaced whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use euicc_sim::state::CardState;
use euicc_sim::{MemoryFailure, NonVolatile};

use super::private;

/// The file that keeps a card, and the lock that keeps other processes from it.
pub struct CardFile {
    path: PathBuf,
    _lock: File,
}

impl CardFile {
    /// Reads the state of a card.
    pub fn read(path: &Path) -> Result<CardState> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the card {}; `rsp card new` makes one", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not the state of a card", path.display()))
    }

    /// The memory behind a path, for this process alone: two that write would undo each other.
    pub fn lock(path: &Path) -> Result<Self> {
        let lock = private::touch(&beside(path, ".lock"))
            .with_context(|| format!("cannot lock the card {}", path.display()))?;
        lock.try_lock()
            .map_err(|_| anyhow::anyhow!("the card {} is in use by another process", path.display()))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    fn replace(&self, text: &[u8]) -> std::io::Result<()> {
        let fresh = beside(&self.path, ".new");
        let mut file = private::options().create(true).truncate(true).open(&fresh)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        // The rename itself has to reach the disk before the card may answer.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

/// A file beside another, named after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl NonVolatile for CardFile {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        let failure =
            |error: &dyn std::fmt::Display| MemoryFailure(format!("{}: {error}", self.path.display()));
        let text = serde_json::to_vec_pretty(state).map_err(|error| failure(&error))?;
        self.replace(&text).map_err(|error| failure(&error))
    }
}
