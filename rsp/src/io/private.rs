//! Files that hold keys: nobody but their owner reads them.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// How such a file is opened for writing.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the file if it is not there, so that whoever opens it next finds it private.
pub fn touch(path: &Path) -> io::Result<File> {
    options().create(true).truncate(false).open(path)
}
