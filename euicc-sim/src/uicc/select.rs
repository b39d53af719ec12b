//! SELECT in the file system (ETSI TS 102 221 §8.4, §11.1.1).

use super::life_cycle::LifeCycle;
use super::reference::Occurrence;
use super::{Position, fcp, files, reference, target};
use crate::apdu::{Command, Response, StatusWord};
use crate::profile_package::{FilePath, Installed, InstalledFile};
use crate::state::CardState;

/// Table 11.1: how the data field names the file.
mod p1 {
    pub const FILE_ID: u8 = 0x00;
    pub const CHILD_DF: u8 = 0x01;
    pub const PARENT_DF: u8 = 0x03;
    pub const NAME: u8 = 0x04;
    pub const PATH_FROM_MF: u8 = 0x08;
    pub const PATH_FROM_CURRENT_DF: u8 = 0x09;
}

/// Table 11.2: what P2 asks for.
struct Control {
    wants_data: bool,
    terminates: bool,
    occurrence: Occurrence,
}

impl Control {
    fn parse(p1: u8, p2: u8) -> Result<Self, StatusWord> {
        let wants_data = match p2 & 0x9C {
            // Without a template that is asked for the control parameters are the control information that there is.
            0x00 | 0x04 => true,
            0x0C => false,
            _ => return Err(StatusWord::WRONG_P1_P2),
        };
        // Session control and occurrence belong to names.
        if p1 != p1::NAME && p2 & 0x63 != 0 {
            return Err(StatusWord::WRONG_P1_P2);
        }
        let terminates = match p2 & 0x60 {
            0x00 => false,
            0x40 => true,
            _ => return Err(StatusWord::WRONG_P1_P2),
        };
        let occurrence = match p2 & 0x03 {
            0 => Occurrence::FirstOrOnly,
            1 => Occurrence::Last,
            2 => Occurrence::Next,
            _ => Occurrence::Previous,
        };
        Ok(Self { wants_data, terminates, occurrence })
    }
}

/// What the command selects, and the response: file control parameters, or none for P2 0C, and a warning where the file
/// is deactivated.
///
/// # Errors
/// The status word where there is no such file; the position is as before.
pub(crate) fn select(
    state: &CardState,
    position: &Position,
    command: &Command<'_>,
) -> Result<(Position, Response), StatusWord> {
    let control = Control::parse(command.p1, command.p2)?;
    let files = files(state);
    let file = named(files, position, command, &control)?;
    let position = match (command.p1, control.terminates) {
        (p1::NAME, false) => Position::at_application(file),
        // §8.5.3: the session of an application ends where it was begun.
        (p1::NAME, true) if position.application.as_ref() != Some(&file.path) => {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        (p1::NAME, true) => Position::default(),
        _ => position.at(file),
    };
    // What is selected now; after the end of a session the MF.
    let selected = if control.terminates { files.file(&FilePath::master_file()) } else { Some(file) };
    let selected = selected.ok_or(StatusWord::NOT_FOUND)?;
    let status = target::body(files, selected).map(LifeCycle::of).ok_or(StatusWord::NOT_FOUND)?.warning();
    let data = if control.wants_data { fcp::template(files, selected) } else { Vec::new() };
    Ok((position, Response { data, status }))
}

fn named<'a>(
    files: &'a Installed,
    position: &Position,
    command: &Command<'_>,
    control: &Control,
) -> Result<&'a InstalledFile, StatusWord> {
    let found = match (command.p1, command.data) {
        // §11.1.1.2: nothing is the MF, and only without response data.
        (p1::FILE_ID, []) if control.wants_data => return Err(StatusWord::WRONG_P1_P2),
        (p1::FILE_ID, []) => files.file(&FilePath::master_file()),
        (p1::FILE_ID, [high, low]) => {
            reference::by_file_id(files, position, u16::from_be_bytes([*high, *low]))
        }
        (p1::CHILD_DF, [high, low]) => {
            let file_id = u16::from_be_bytes([*high, *low]);
            reference::child(files, &position.directory, file_id).filter(|file| file.structure.is_directory())
        }
        (p1::PARENT_DF, []) => position.directory.parent().and_then(|parent| files.file(&parent)),
        (p1::NAME, [_, ..]) => reference::by_name(files, position, command.data, control.occurrence),
        (p1::PATH_FROM_MF, path) if reference::is_path(path) => reference::by_path(files, position, path),
        (p1::PATH_FROM_CURRENT_DF, path) if reference::is_path(path) => {
            reference::descend(files, &position.directory, path)
        }
        (
            p1::FILE_ID
            | p1::CHILD_DF
            | p1::PARENT_DF
            | p1::NAME
            | p1::PATH_FROM_MF
            | p1::PATH_FROM_CURRENT_DF,
            _,
        ) => return Err(StatusWord::LENGTH_INCONSISTENT),
        _ => return Err(StatusWord::WRONG_P1_P2),
    };
    found.ok_or(StatusWord::NOT_FOUND)
}
