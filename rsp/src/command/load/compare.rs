//! `rsp load compare`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use benches::load::report::{compare, json, packaging};
use clap::Args;

use super::output::print;

/// Puts two results of --json beside each other: two runs against servers, or two of packaging.
#[derive(Args)]
pub struct Compare {
    /// The earlier result
    #[arg(value_name = "OLD.json")]
    old: PathBuf,
    /// The later one
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
}

impl Compare {
    pub fn run(self) -> Result<ExitCode> {
        let (old, new) = (read(&self.old)?, read(&self.new)?);
        print(match (json::read(&old), json::read(&new)) {
            (Ok(old), Ok(new)) => compare::write(&old, &new),
            (loaded, _) => match (packaging::json::read(&old), packaging::json::read(&new)) {
                (Ok(old), Ok(new)) => packaging::compare::write(&old, &new),
                (packaged, _) => {
                    // Whatever the first one is, the second is not.
                    let (told, path) = match (loaded, packaged) {
                        (Ok(_), _) => (json::read(&new).map(drop), &self.new),
                        (_, Ok(_)) => (packaging::json::read(&new).map(drop), &self.new),
                        (Err(error), _) => (Err(error), &self.old),
                    };
                    told.with_context(|| path.display().to_string())?;
                    bail!("{} and {} are no results of the same kind", self.old.display(), self.new.display())
                }
            },
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
