//! The trace as JSON lines.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use protocol::trace::{Event, Sink};

use super::private;

/// Writes one line for each event.
pub struct TraceFile(Mutex<BufWriter<File>>);

impl TraceFile {
    /// Creates the file, or empties it.
    pub fn create(path: &Path) -> Result<Self> {
        let file = private::options()
            .create(true)
            .truncate(true)
            .open(path)
            .with_context(|| format!("cannot write the trace {}", path.display()))?;
        Ok(Self(Mutex::new(BufWriter::new(file))))
    }
}

impl Sink for TraceFile {
    fn emit(&self, event: Event) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not stop a download; each line is flushed, so what is there is whole.
        let _ = serde_json::to_writer(&mut *file, &event)
            .map_err(std::io::Error::from)
            .and_then(|()| file.write_all(b"\n"))
            .and_then(|()| file.flush());
    }
}
