//! A card's memory as a file: replaced whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use euicc_sim::state::{CardState, sealed};
use euicc_sim::{MemoryFailure, NonVolatile};

use super::private;

/// The name of the lock in a folder of cards: whoever holds it has all of them.
const FOLDER_LOCK: &str = ".lock";

/// The file that keeps a card, and the lock that keeps other processes from it.
pub struct CardFile {
    path: PathBuf,
    _lock: Arc<File>,
}

impl CardFile {
    /// Reads the state of a card. That disturbs nobody who uses it: a file is always whole.
    pub fn read(path: &Path) -> Result<CardState> {
        sealed::read(&text(path)?).with_context(|| {
            let name = path.display();
            format!(
                "the card {name} is refused and left as it is; `rsp card seal {name}` accepts what was edited"
            )
        })
    }

    /// Reads the state of a card that somebody edited, whatever its digest.
    pub fn read_edited(path: &Path) -> Result<CardState> {
        sealed::read_edited(&text(path)?)
            .with_context(|| format!("the card {} is refused and left as it is", path.display()))
    }

    /// The memory behind a path, for this process alone: two that write would undo each other.
    pub fn lock(path: &Path) -> Result<Self> {
        let path = resolved(path);
        let lock = take(&beside(&path, ".lock"))
            .with_context(|| format!("cannot lock the card {}", path.display()))?
            .with_context(|| format!("the card {} is in use by another process", path.display()))?;
        if folder_is_taken(folder_of(&path))? {
            bail!("the card {} is in use by another process, with its whole folder", path.display());
        }
        Ok(Self { path, _lock: Arc::new(lock) })
    }

    /// The card behind a path, and its memory for this process alone.
    pub fn open(path: &Path) -> Result<(Self, CardState)> {
        let file = Self::lock(path)?;
        let state = Self::read(path)?;
        Ok((file, state))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The memory of a card in a folder that is locked as a whole.
    pub(super) fn in_locked_folder(path: PathBuf, lock: &Arc<File>) -> Self {
        Self { path, _lock: Arc::clone(lock) }
    }

    /// Puts a state in the place of what is there.
    pub fn keep(&self, state: &CardState) -> Result<()> {
        let text = sealed::write(state)?;
        self.replace(&text).with_context(|| format!("cannot write the card {}", self.path.display()))
    }

    /// In this order a loss of power leaves the old state or the new one, whole.
    fn replace(&self, text: &[u8]) -> std::io::Result<()> {
        let fresh = self.write_fresh(text)?;
        fs::rename(&fresh, &self.path)?;
        // The rename itself has to reach the disk before the card may answer.
        File::open(folder_of(&self.path))?.sync_all()
    }

    fn write_fresh(&self, text: &[u8]) -> std::io::Result<PathBuf> {
        let fresh = beside(&self.path, ".new");
        let mut file = private::options().create(true).truncate(true).open(&fresh)?;
        file.write_all(text)?;
        file.sync_all()?;
        Ok(fresh)
    }
}

/// Writes a card where none is, at the pace of a factory: the disk is not waited for.
pub fn create(path: &Path, state: &CardState) -> Result<()> {
    let text = sealed::write(state)?;
    let written = private::options().create_new(true).open(path).and_then(|mut file| file.write_all(&text));
    written.with_context(|| format!("cannot write the card {}", path.display()))
}

/// Takes the lock of a folder of cards; nothing, where another process has it.
pub(super) fn take_folder(folder: &Path) -> Result<Option<File>> {
    take(&folder.join(FOLDER_LOCK)).with_context(|| format!("cannot lock the folder {}", folder.display()))
}

/// Whether another process has the lock of a folder. Those who only ask do not get into each other's way.
fn folder_is_taken(folder: &Path) -> Result<bool> {
    match File::open(folder.join(FOLDER_LOCK)).map(|lock| lock.try_lock_shared()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot look at the lock of {}", folder.display())),
        Ok(Ok(())) => Ok(false),
        Ok(Err(TryLockError::WouldBlock)) => Ok(true),
        Ok(Err(TryLockError::Error(error))) => Err(error.into()),
    }
}

/// Whether another process uses a card.
pub(super) fn is_in_use(path: &Path) -> Result<bool> {
    let lock = beside(path, ".lock");
    Ok(lock.exists() && take(&lock)?.is_none())
}

fn take(path: &Path) -> Result<Option<File>> {
    let lock = private::touch(path)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn text(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    let text = fs::read(path)
        .with_context(|| format!("cannot read the card {}; `rsp card new` makes one", path.display()))?;
    Ok(zeroize::Zeroizing::new(text))
}

/// The file itself where the path is a link to it, so that there is one lock whatever it is called.
fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside another, named after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl NonVolatile for CardFile {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        self.keep(state).map_err(|error| MemoryFailure(format!("{error:#}")))
    }
}
