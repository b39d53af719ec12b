//! `rsp card inspect`: what a card holds, for people and for programs.

mod files;
mod names;
mod profile;
mod report;
mod text;

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use euicc_sim::state::CardState;
use serde_json::Value;

use self::report::{Report, Shown};
use crate::io::card_file::CardFile;

#[derive(Args)]
pub struct Inspect {
    /// The card's memory. It is read only, so the card may be in use
    #[arg(value_name = "FILE")]
    card: PathBuf,
    /// As one JSON object
    #[arg(long)]
    json: bool,
    /// With the files of the profiles
    #[arg(long)]
    files: bool,
    /// With private keys, PINs, PUKs, Ki, OPc and the contents of files that hold keys
    #[arg(long)]
    secrets: bool,
}

impl Inspect {
    pub fn run(self) -> Result<()> {
        let state = CardFile::read(&self.card)?;
        let report = Report::of(&state, Shown { files: self.files, secrets: self.secrets })?;
        let text = if self.json { serde_json::to_string_pretty(&report)? + "\n" } else { report.to_string() };
        match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

/// The same for a card that is in use, without files and secrets.
pub fn without_secrets(state: &CardState) -> Result<Value> {
    let report = Report::of(state, Shown { files: false, secrets: false })?;
    Ok(serde_json::to_value(report)?)
}
