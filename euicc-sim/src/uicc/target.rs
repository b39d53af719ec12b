//! The EF that a command works on.

use super::access::{self, Access};
use super::life_cycle::LifeCycle;
use super::records::Records;
use super::{Position, VerifiedCodes, reference};
use crate::apdu::StatusWord;
use crate::profile_package::{Installed, InstalledFile, Structure};

/// How a command names its EF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reference {
    Current,
    ShortFileId(u8),
}

impl Reference {
    /// Of five bits in which zero is the current EF and 31 means nothing (ETSI TS 102 221 §11.1.5.2).
    pub fn of_five_bits(bits: u8) -> Result<Self, StatusWord> {
        match bits {
            0 => Ok(Self::Current),
            1..=30 => Ok(Self::ShortFileId(bits)),
            _ => Err(StatusWord::WRONG_P1_P2),
        }
    }
}

/// An EF, found.
pub(super) struct Target<'a> {
    files: &'a Installed,
    reference: Reference,
    /// The file with the name that was used.
    named: &'a InstalledFile,
    /// The file with the content: another one where that is a link.
    pub body: &'a InstalledFile,
}

impl<'a> Target<'a> {
    /// Finds the file.
    ///
    /// # Errors
    /// 6986 without a current EF, 6A82 where no file has the short identifier.
    pub fn find(files: &'a Installed, position: &Position, reference: Reference) -> Result<Self, StatusWord> {
        let named = match reference {
            Reference::Current => {
                let current = position.file.as_ref().and_then(|path| files.file(path));
                current.ok_or(StatusWord::NO_CURRENT_EF)?
            }
            Reference::ShortFileId(number) => {
                reference::by_short_id(files, &position.directory, number).ok_or(StatusWord::NOT_FOUND)?
            }
        };
        let body = body(files, named).ok_or(StatusWord::NOT_FOUND)?;
        Ok(Self { files, reference, named, body })
    }

    /// The whole content of a file of the wanted structure.
    ///
    /// # Errors
    /// 6981 for files of other structures.
    pub fn content(&self, structure: &Structure) -> Result<&'a [u8], StatusWord> {
        if self.body.structure == *structure {
            Ok(&self.body.content)
        } else {
            Err(StatusWord::INCOMPATIBLE_STRUCTURE)
        }
    }

    /// The records.
    ///
    /// # Errors
    /// 6981 for files without records.
    pub fn records(&self) -> Result<Records<'a>, StatusWord> {
        Records::of(self.body).ok_or(StatusWord::INCOMPATIBLE_STRUCTURE)
    }

    /// Whether content may be read or changed now.
    ///
    /// # Errors
    /// 6982 where the access rule forbids it, 6985 where the file is deactivated.
    pub fn permit(&self, codes: &VerifiedCodes, access: Access) -> Result<(), StatusWord> {
        access::permit(self.files, codes, self.named, access)?;
        LifeCycle::of(self.body).permit(access, self.body.special_information)
    }

    /// The record pointer that counts: a short identifier resets it (ETSI TS 102 221 §8.4.3).
    pub fn record_pointer(&self, position: &Position) -> Option<u8> {
        position.record.filter(|_| self.reference == Reference::Current)
    }

    /// The position after the command: a short identifier makes its file the current one.
    pub fn position_after(&self, position: &Position) -> Position {
        match self.reference {
            Reference::Current => position.clone(),
            Reference::ShortFileId(_) => position.at(self.named),
        }
    }
}

/// The file with the content of an EF or directory: the file itself, or what it is a link to.
pub(super) fn body<'a>(files: &'a Installed, file: &'a InstalledFile) -> Option<&'a InstalledFile> {
    match &file.link {
        None => Some(file),
        Some(target) => {
            files.file(target).filter(|file| file.link.is_none() && !file.structure.is_directory())
        }
    }
}
