//! What besides its processors decides how fast a machine is, and which program was measured on it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::fs::statfs;
use serde::Serialize;

use super::bench::workspace;
use super::postgres;

/// What stands above the table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Surroundings {
    /// The file system that stores are on.
    pub file_system: String,
    /// Bytes of memory; nothing where the system does not tell.
    pub memory: u64,
    /// The revision of this program, `-dirty` where the working tree differs from it; `unknown` without git.
    pub revision: String,
    /// The version of PostgreSQL, where it is installed.
    pub postgres: Option<String>,
}

impl Surroundings {
    /// Those of a folder on this machine.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub fn of(folder: &Path) -> Result<Self> {
        let information = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        Ok(Self {
            file_system: file_system(folder)?,
            memory: memory(&information).unwrap_or_default(),
            revision: revision().unwrap_or_else(|| "unknown".to_owned()),
            postgres: postgres::version(),
        })
    }
}

/// The name of the file system that a folder is on; its number where it is a rare one.
///
/// # Errors
/// Where there is no such folder.
pub fn file_system(folder: &Path) -> Result<String> {
    let found = statfs(folder).with_context(|| format!("which file system is {} on?", folder.display()))?;
    // statfs(2); a type of any width and sign holds 32 bits.
    Ok(match found.f_type as u32 {
        0xEF53 => "ext4".to_owned(),
        0x5846_5342 => "xfs".to_owned(),
        0x9123_683E => "btrfs".to_owned(),
        0x2FC1_2FC1 => "zfs".to_owned(),
        0xF2F5_2010 => "f2fs".to_owned(),
        0x794C_7630 => "overlayfs".to_owned(),
        0x0102_1994 => "tmpfs".to_owned(),
        0x8584_58F6 => "ramfs".to_owned(),
        other => format!("file system {other:X}"),
    })
}

/// proc(5): `MemTotal`, which is told in units of 1024 bytes.
fn memory(information: &str) -> Option<u64> {
    let line = information.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    number.checked_mul(1024)
}

fn revision() -> Option<String> {
    let mut git = Command::new("git");
    let output = git.args(["describe", "--always", "--dirty"]).current_dir(workspace()).output().ok()?;
    let told = String::from_utf8(output.stdout).ok()?;
    Some(told.trim().to_owned()).filter(|told| output.status.success() && !told.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surroundings_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = Surroundings::of(folder.path()).unwrap();
        assert!(surroundings.memory > 0, "{surroundings:?}");
        assert!(!surroundings.file_system.is_empty() && !surroundings.revision.is_empty());
        assert!(Surroundings::of(&folder.path().join("nowhere")).is_err());
    }

    #[test]
    fn memory_is_told_in_bytes() {
        assert_eq!(memory("MemTotal:        4096 kB\nMemFree:  1 kB\n"), Some(4096 * 1024));
        assert_eq!(memory("MemFree: 1 kB\n"), None);
    }
}
