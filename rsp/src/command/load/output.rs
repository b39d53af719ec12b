//! What came of a run, on standard output and in files.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

#[derive(Args)]
#[command(next_help_heading = "Results")]
pub struct OutputArguments {
    /// Write them for programs and for `rsp load compare`, JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write them for spreadsheets, CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write them for people, one HTML page with plots
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl OutputArguments {
    /// Makes the files that are asked for where there are none, so that what cannot be written is found out before anything is
    /// measured.
    pub fn prepare(&self) -> Result<()> {
        [&self.json, &self.csv, &self.html].into_iter().flatten().try_for_each(|path| writable(path))
    }

    /// Writes the files that are asked for; one that cannot be written does not keep the others from being.
    pub fn write(
        &self,
        json: impl FnOnce() -> Result<String>,
        csv: impl FnOnce() -> String,
        html: impl FnOnce() -> String,
    ) -> Result<()> {
        let written = [
            write(self.json.as_deref(), json),
            write(self.csv.as_deref(), || Ok(csv())),
            write(self.html.as_deref(), || Ok(html())),
        ];
        written.into_iter().collect()
    }
}

/// Whether a file can be written, which is made if it is not there and left as it is otherwise.
pub fn writable(path: &Path) -> Result<()> {
    let opened = File::options().append(true).create(true).open(path);
    opened.map(drop).with_context(|| format!("cannot write {}", path.display()))
}

fn write(path: Option<&Path>, content: impl FnOnce() -> Result<String>) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, content()?).with_context(|| format!("cannot write {}", path.display()))
}

/// Prints a text. Who reads it may have read enough: `| head` is no failure.
pub fn print(text: impl AsRef<[u8]>) -> Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_ref()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot print the results"),
        _ => Ok(()),
    }
}
