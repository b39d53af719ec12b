//! A certificate tree on disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use certs::tree::Tree;

/// No file of a certificate tree is larger.
const MAX_FILE: u64 = 64 * 1024;

/// Reads every file below a folder, two levels deep as the tree is.
pub fn read(folder: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    for role in entries(folder)? {
        if !role.is_dir() {
            continue;
        }
        for file in entries(&role)? {
            let length = fs::metadata(&file).with_context(|| file.display().to_string())?.len();
            if length > MAX_FILE {
                bail!("{} has {length} bytes: that is no certificate and no key", file.display());
            }
            if file.is_file() {
                let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
                let name = file.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                tree.insert(name, content);
            }
        }
    }
    if tree.is_empty() {
        bail!("{} holds no certificates; `rsp certs make --out {0}` makes some", folder.display());
    }
    Ok(tree)
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    fs::read_dir(folder)
        .with_context(|| format!("cannot read folder {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

/// Writes a tree; a folder that holds anything is left alone.
pub fn write(tree: &Tree, folder: &Path) -> Result<()> {
    if folder.exists() && fs::read_dir(folder)?.next().is_some() {
        bail!("{} is not empty: certificates are not written over others", folder.display());
    }
    for (name, content) in tree {
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        write_private(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Keys are in the same tree, so nobody else may read any of it.
fn write_private(file: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    super::private::options().create_new(true).open(file)?.write_all(content)
}
