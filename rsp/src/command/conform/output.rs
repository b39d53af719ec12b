//! Reports on standard output and in files.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Prints a text. Who reads it may have read enough: `| head` is no failure.
pub fn print(text: impl AsRef<[u8]>) -> Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_ref()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot print the report"),
        _ => Ok(()),
    }
}

type Content<'a> = &'a mut dyn FnMut(&mut BufWriter<File>) -> io::Result<()>;

/// Writes a file, if one is asked for: whole, or not at all, so that nobody takes half a report for a good one.
pub fn write(
    path: Option<&Path>,
    mut content: impl FnMut(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let written = if is_device(path) { fill(path, &mut content) } else { replace(path, &mut content) };
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// The same with the rights of a private file.
pub fn write_private(
    path: Option<&Path>,
    mut content: impl FnMut(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    write(path, |file| {
        keep_private(file.get_ref())?;
        content(file)
    })
}

#[cfg(unix)]
fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.is_file() { file.set_permissions(fs::Permissions::from_mode(0o600)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn keep_private(_file: &File) -> io::Result<()> {
    Ok(())
}

/// A pipe or a terminal is written to; a file takes its place only if it is one.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|known| !known.is_file() && !known.is_dir())
}

fn replace(path: &Path, content: Content<'_>) -> io::Result<()> {
    // A link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let fresh = beside(&path);
    let replaced = fill(&fresh, content).and_then(|()| fs::rename(&fresh, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    replaced
}

fn fill(path: &Path, content: Content<'_>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    content(&mut file)?;
    file.flush()
}

/// A name in the same folder that no other run uses.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    PathBuf::from(name)
}
