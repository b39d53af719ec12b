//! What is current on a channel (ETSI TS 102 221 §8.4).

use super::ber_tlv::Transfer;
use crate::profile_package::{FilePath, InstalledFile};

/// The current directory, the current file in it, and the record pointer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Position {
    /// The ADF of the application that was selected on this channel, which 7FFF names.
    pub application: Option<FilePath>,
    /// The current directory: MF, DF or ADF.
    pub directory: FilePath,
    /// The current EF.
    pub file: Option<FilePath>,
    /// The current record of it, from 1.
    pub record: Option<u8>,
    /// The data object of it that is on its way in blocks.
    pub transfer: Option<Transfer>,
}

impl Position {
    /// A file is selected: a directory becomes the current one, an EF brings its directory with it. The record pointer is
    /// not set, and a transfer that was under way is over.
    pub fn at(&self, file: &InstalledFile) -> Self {
        let application = self.application.clone();
        if file.structure.is_directory() {
            return Self { application, directory: file.path.clone(), ..Self::default() };
        }
        let directory = file.path.parent().unwrap_or_default();
        Self { application, directory, file: Some(file.path.clone()), ..Self::default() }
    }

    /// The application with this ADF is selected.
    pub fn at_application(file: &InstalledFile) -> Self {
        Self { application: Some(file.path.clone()), directory: file.path.clone(), ..Self::default() }
    }

    /// What a channel begins with that is opened from this one: application and directory, no EF
    /// (ETSI TS 102 221 §8.7).
    pub fn inherited(&self) -> Self {
        Self { application: self.application.clone(), directory: self.directory.clone(), ..Self::default() }
    }
}
