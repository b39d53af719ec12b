//! The life cycle of a file, and the commands that change it (ETSI TS 102 221 §11.1.14, §11.1.15).

use super::access::{self, Access};
use super::{Position, VerifiedCodes, change, files, reference, target};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::{Installed, InstalledFile};

const ACTIVATED: u8 = 0x05;
const DEACTIVATED: u8 = 0x04;

/// `specialFileInformation` bit 7: read and written even when deactivated (ETSI TS 102 222 §6.3.2.2.2).
const USABLE_WHEN_DEACTIVATED: u8 = 0x40;

/// What the life cycle status integer says (ETSI TS 102 221 §11.1.1.4.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LifeCycle {
    /// In use, or nothing is said.
    Usable,
    Deactivated,
    Terminated,
}

impl LifeCycle {
    pub fn of(file: &InstalledFile) -> Self {
        match file.life_cycle_status {
            0x0C..=0x0F => Self::Terminated,
            0x04 | 0x06 => Self::Deactivated,
            _ => Self::Usable,
        }
    }

    /// What SELECT tells of it (ETSI TS 102 221 §10.2.1.3).
    pub fn warning(self) -> StatusWord {
        match self {
            Self::Usable => StatusWord::OK,
            Self::Deactivated => StatusWord::FILE_DEACTIVATED,
            Self::Terminated => StatusWord::FILE_TERMINATED,
        }
    }

    /// Whether it lets a command at the content.
    ///
    /// # Errors
    /// 6985 where it does not.
    pub fn permit(self, access: Access, special_information: u8) -> Result<(), StatusWord> {
        let usable_when_deactivated = special_information & USABLE_WHEN_DEACTIVATED != 0
            && matches!(access, Access::Read | Access::Update);
        match self {
            Self::Usable => Ok(()),
            Self::Deactivated if usable_when_deactivated => Ok(()),
            Self::Deactivated | Self::Terminated => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
        }
    }
}

/// ACTIVATE FILE.
///
/// # Errors
/// The status word where it is refused; nothing is selected then that was not before.
pub(super) fn activate(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    set(isdr, codes, position, command, Access::Activate, ACTIVATED)
}

/// DEACTIVATE FILE.
///
/// # Errors
/// The status word where it is refused; nothing is selected then that was not before.
pub(super) fn deactivate(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    set(isdr, codes, position, command, Access::Deactivate, DEACTIVATED)
}

fn set(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
    access: Access,
    status: u8,
) -> Result<Response, StatusWord> {
    let files = files(isdr.state());
    let named = named(files, position, command)?;
    if named.structure.is_directory() {
        return Err(StatusWord::INCOMPATIBLE_STRUCTURE);
    }
    access::permit(files, codes, named, access)?;
    let body = target::body(files, named).ok_or(StatusWord::NOT_FOUND)?;
    if LifeCycle::of(body) == LifeCycle::Terminated {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    // The file becomes the current one; a second time changes nothing.
    let after = position.at(named);
    if body.life_cycle_status != status {
        let path = body.path.clone();
        change(isdr, &path, |file| file.life_cycle_status = status)?;
    }
    *position = after;
    Ok(StatusWord::OK.into())
}

fn named<'a>(
    files: &'a Installed,
    position: &Position,
    command: &Command<'_>,
) -> Result<&'a InstalledFile, StatusWord> {
    if command.p2 != 0 {
        return Err(StatusWord::WRONG_P1_P2);
    }
    match (command.p1, command.data) {
        (0x00, []) => {
            let current = position.file.as_ref().and_then(|path| files.file(path));
            current.ok_or(StatusWord::NO_CURRENT_EF)
        }
        (0x00, [high, low]) => {
            let file_id = u16::from_be_bytes([*high, *low]);
            reference::by_file_id(files, position, file_id).ok_or(StatusWord::NOT_FOUND)
        }
        (0x08, path) if reference::is_path(path) => {
            reference::by_path(files, position, path).ok_or(StatusWord::NOT_FOUND)
        }
        (0x09, path) if reference::is_path(path) => {
            reference::descend(files, &position.directory, path).ok_or(StatusWord::NOT_FOUND)
        }
        (0x00 | 0x08 | 0x09, _) => Err(StatusWord::LENGTH_INCONSISTENT),
        _ => Err(StatusWord::WRONG_P1_P2),
    }
}
