//! The file system while it is being built.

use std::collections::BTreeMap;

use asn1::profile::Status;

use super::failure::Fault;
use super::installed::{InstalledFile, Structure};
use super::path::FilePath;

/// The file identifier of the MF.
pub(super) const MF: u16 = 0x3F00;
/// Access rules of the MF, of ADFs and of what is directly below the MF.
pub(super) const EF_ARR_OF_MF: u16 = 0x2F06;
/// Access rules of all other files.
pub(super) const EF_ARR: u16 = 0x6F06;

/// Memory that a file takes beside its content.
const FILE_OVERHEAD: u32 = 32;

/// ISO 7816-4 status words, which PEStatus carries as they are.
const FILE_NOT_FOUND: Status = Status(0x6A82);
const FILE_ALREADY_EXISTS: Status = Status(0x6A89);

/// Files by path, and the memory that everything of the profile takes.
#[derive(Clone)]
pub(super) struct FileSystem {
    files: BTreeMap<FilePath, InstalledFile>,
    /// The element that is being carried out.
    pub(super) element: Option<u16>,
    /// The elements that created directories.
    creators: BTreeMap<FilePath, u16>,
    used: u32,
    free: u32,
}

impl FileSystem {
    pub(super) fn new(free: u32) -> Self {
        Self { files: BTreeMap::new(), element: None, creators: BTreeMap::new(), used: 0, free }
    }

    /// Accounts for `bytes` of memory before they are taken.
    pub(super) fn reserve(&mut self, bytes: u32) -> Result<(), Fault> {
        match self.used.checked_add(bytes).filter(|used| *used <= self.free) {
            Some(used) => {
                self.used = used;
                Ok(())
            }
            None => {
                let explanation =
                    format!("the profile needs more than the {} bytes that are free", self.free);
                Err(Fault::new(Status::NOT_ENOUGH_MEMORY, explanation))
            }
        }
    }

    /// Accounts for a file with a content of `size` bytes.
    pub(super) fn reserve_file(&mut self, size: u32) -> Result<(), Fault> {
        self.reserve(size.saturating_add(FILE_OVERHEAD))
    }

    pub(super) fn has_master_file(&self) -> bool {
        self.files.contains_key(&FilePath::master_file())
    }

    pub(super) fn file(&self, path: &FilePath) -> Option<&InstalledFile> {
        self.files.get(path)
    }

    /// The file at a path that the package names.
    pub(super) fn existing(&self, path: &FilePath) -> Result<&InstalledFile, Fault> {
        self.file(path).ok_or_else(|| Fault::new(FILE_NOT_FOUND, format!("there is no file {path}")))
    }

    /// Whether the directories lead to a new file, before anything is reserved for it.
    pub(super) fn check_place(&self, path: &FilePath) -> Result<(), Fault> {
        if self.files.contains_key(path) {
            return Err(Fault::new(FILE_ALREADY_EXISTS, format!("the file {path} is created twice")));
        }
        let Some(parent) = path.parent() else { return Ok(()) };
        if self.existing(&parent)?.structure.is_directory() {
            Ok(())
        } else {
            Err(Fault::invalid_parameter(format!("{parent} is not a directory")))
        }
    }

    pub(super) fn add(&mut self, file: InstalledFile) {
        if let Some(element) = self.element.filter(|_| file.structure.is_directory()) {
            self.creators.insert(file.path.clone(), element);
        }
        self.files.insert(file.path.clone(), file);
    }

    /// The element that created a directory.
    pub(super) fn creator(&self, directory: &FilePath) -> Option<u16> {
        self.creators.get(directory).copied()
    }

    /// Whether there is an ADF with this AID.
    pub(super) fn has_application(&self, aid: &[u8]) -> bool {
        self.files().any(|file| matches!(&file.structure, Structure::Adf { aid: own } if own == aid))
    }

    /// The path without links: each directory or file that is one gives way to what it leads to.
    pub(super) fn resolved(&self, path: &FilePath) -> FilePath {
        path.file_ids().fold(FilePath::master_file(), |directory, file_id| {
            let path = directory.child(file_id);
            self.file(&path).and_then(|file| file.link.clone()).unwrap_or(path)
        })
    }

    /// Moves `position` in an EF: `fillFileOffset`.
    pub(super) fn skip(&self, path: &FilePath, position: &mut usize, bytes: u16) -> Result<(), Fault> {
        // TCA profile package, BER-TLV files: one TLV follows the other.
        if self.existing(path)?.structure == Structure::BerTlv {
            return Err(Fault::bad_values(format!("the BER-TLV file {path} is filled with an offset")));
        }
        *position = position.saturating_add(usize::from(bytes));
        Ok(())
    }

    /// Writes content into an EF at `position`, which moves behind it.
    pub(super) fn write(
        &mut self,
        path: &FilePath,
        position: &mut usize,
        content: &[u8],
    ) -> Result<(), Fault> {
        let Some(file) = self.files.get_mut(path) else {
            return Err(Fault::new(FILE_NOT_FOUND, format!("there is no file {path}")));
        };
        if file.structure.is_directory() || file.link.is_some() {
            return Err(Fault::invalid_parameter(format!("the file {path} has no content of its own")));
        }
        let end = position.saturating_add(content.len());
        if end > usize::try_from(file.size).unwrap_or(usize::MAX) {
            return Err(Fault::bad_values(format!(
                "the content of {path} is longer than its {} bytes",
                file.size
            )));
        }
        // A BER-TLV file holds only what was written; all others are full from the start.
        if file.structure == Structure::BerTlv && end > file.content.len() {
            file.content.resize(end, 0);
        }
        if let Some(place) = file.content.get_mut(*position..end) {
            place.copy_from_slice(content);
        }
        *position = end;
        Ok(())
    }

    /// PE-USIM, ef-ust: the card takes back services that it does not have.
    pub(super) fn clear_services(&mut self, path: &FilePath, services: &[u8]) {
        let table = self.files.get_mut(path).map(|file| file.content.as_mut_slice()).unwrap_or_default();
        for bit in services.iter().map(|service| usize::from(*service).saturating_sub(1)) {
            if let Some(byte) = table.get_mut(bit / 8) {
                *byte &= !(1 << (bit % 8));
            }
        }
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &InstalledFile> {
        self.files.values()
    }

    /// Files in the order of their paths, bytes used.
    pub(super) fn into_parts(self) -> (Vec<InstalledFile>, u32) {
        (self.files.into_values().collect(), self.used)
    }
}
