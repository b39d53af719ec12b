//! Configuration files in TOML.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::de::DeserializeOwned;

/// What a file says, and where it stands: what it names is relative to it.
#[derive(Default)]
pub struct TomlFile<T> {
    pub content: T,
    folder: PathBuf,
}

impl<T: DeserializeOwned> TomlFile<T> {
    /// Reads a file; a mistake is told with its line.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let content = toml::from_str(&text).map_err(|error| mistake(path, &text, &error))?;
        Ok(Self { content, folder: path.parent().unwrap_or(Path::new("")).to_owned() })
    }

    /// A path that the file names.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// `smdp.toml:7: listen: …`. What stands there is not repeated: it may hold a password.
fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count();
    let key = text.lines().nth(line).and_then(|line| line.split_once('='));
    let key = key.map(|(key, _)| format!("{}: ", key.trim())).unwrap_or_default();
    anyhow!("{}:{}: {key}{}", path.display(), line + 1, error.message())
}
