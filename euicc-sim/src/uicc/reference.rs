//! Ways to name a file (ETSI TS 102 221 §8.4): file identifier, path, short file identifier, AID.
//!
//! The identifier that a package gives an ADF is for the package alone: on the card an ADF has its AID, and 7FFF once its
//! application is selected.

use super::Position;
use crate::profile_package::{FilePath, Installed, InstalledFile, Structure};

const MF: u16 = 0x3F00;
/// The ADF of the current application.
const CURRENT_APPLICATION: u16 = 0x7FFF;

/// Bytes of the shortest name of an application: its RID.
const RID_LENGTH: usize = 5;

/// The file that an identifier means, seen from a position.
pub(super) fn by_file_id<'a>(
    files: &'a Installed,
    position: &Position,
    file_id: u16,
) -> Option<&'a InstalledFile> {
    match file_id {
        MF => return files.file(&FilePath::master_file()),
        CURRENT_APPLICATION => return files.file(position.application.as_ref()?),
        _ => {}
    }
    // ETSI TS 102 221 §8.4.1, §11.1.1.2: what is in the current directory, its parent, DFs beside it, itself.
    let directory = &position.directory;
    let parent = directory.parent();
    let parent_itself = || files.file(parent.as_ref()?).filter(|file| is_called(file, file_id));
    let sibling = || child(files, parent.as_ref()?, file_id).filter(|file| file.structure.is_directory());
    child(files, directory, file_id).or_else(parent_itself).or_else(sibling)
}

/// The file at a path from the MF, or, where the path begins with 7FFF, from the current application.
pub(super) fn by_path<'a>(
    files: &'a Installed,
    position: &Position,
    path: &[u8],
) -> Option<&'a InstalledFile> {
    match path.split_first_chunk::<2>() {
        Some((first, rest)) if u16::from_be_bytes(*first) == CURRENT_APPLICATION => {
            descend(files, position.application.as_ref()?, rest)
        }
        _ => descend(files, &FilePath::master_file(), path),
    }
}

/// Whether these are file identifiers, at least one.
pub(super) fn is_path(path: &[u8]) -> bool {
    !path.is_empty() && path.len().is_multiple_of(2)
}

/// The file at a path from a directory, which the path does not name.
pub(super) fn descend<'a>(
    files: &'a Installed,
    directory: &FilePath,
    path: &[u8],
) -> Option<&'a InstalledFile> {
    let (file_ids, []) = path.as_chunks::<2>() else { return None };
    let start = files.file(directory)?;
    file_ids.iter().try_fold(start, |file, file_id| child(files, &file.path, u16::from_be_bytes(*file_id)))
}

/// A file that is directly in a directory; an ADF is in none. A directory that is a link is the one that it leads to.
pub(super) fn child<'a>(
    files: &'a Installed,
    directory: &FilePath,
    file_id: u16,
) -> Option<&'a InstalledFile> {
    let file = files.file(&directory.child(file_id)).filter(|file| !is_adf(file))?;
    match &file.link {
        Some(target) if file.structure.is_directory() => files.file(target),
        _ => Some(file),
    }
}

/// The EF of a directory that has a short file identifier.
pub(super) fn by_short_id<'a>(
    files: &'a Installed,
    directory: &FilePath,
    short_file_id: u8,
) -> Option<&'a InstalledFile> {
    files.files.iter().find(|file| {
        file.short_file_id == Some(short_file_id) && file.path.parent().as_ref() == Some(directory)
    })
}

/// Which of the applications that a name fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Occurrence {
    FirstOrOnly,
    Last,
    Next,
    Previous,
}

/// The ADF that an AID means, whole or without its last bytes (ETSI TS 102 221 §11.1.1.2).
pub(super) fn by_name<'a>(
    files: &'a Installed,
    position: &Position,
    name: &[u8],
    occurrence: Occurrence,
) -> Option<&'a InstalledFile> {
    if name.len() < RID_LENGTH {
        return None;
    }
    let mut fitting = files
        .files
        .iter()
        .filter(|file| matches!(&file.structure, Structure::Adf { aid } if aid.starts_with(name)));
    let current = |file: &&InstalledFile| Some(&file.path) == position.application.as_ref();
    // Where the current application does not have this name, next and previous are the first and the last.
    let has_current = fitting.clone().any(|file| current(&file));
    match occurrence {
        Occurrence::Next if has_current => fitting.skip_while(|file| !current(file)).nth(1),
        Occurrence::Previous if has_current => fitting.take_while(|file| !current(file)).last(),
        Occurrence::FirstOrOnly | Occurrence::Next => fitting.next(),
        Occurrence::Last | Occurrence::Previous => fitting.next_back(),
    }
}

fn is_adf(file: &InstalledFile) -> bool {
    matches!(file.structure, Structure::Adf { .. })
}

fn is_called(file: &InstalledFile, file_id: u16) -> bool {
    file.path.file_id() == file_id && !is_adf(file)
}
