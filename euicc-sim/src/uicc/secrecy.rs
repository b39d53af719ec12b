//! What of a command and its response a trace does not show: codes on their way in, keys on their way out.

use protocol::trace::SecretData;

use super::target::{Reference, Target};
use super::{Position, binary, files, ins};
use crate::apdu::Command;
use crate::profile_package::FilePath;
use crate::state::CardState;

/// The EFs in which a terminal keeps the keys that AUTHENTICATE gave it (3GPP TS 31.102 §4.2, §4.4), each behind the
/// directory that it is in where its identifier alone would not do.
const KEY_FILES: [(Option<u16>, u16); 9] = [
    (None, 0x6F08),
    (None, 0x6F09),
    (None, 0x6FE4),
    (Some(0x5F3B), 0x4F20),
    (Some(0x5F3B), 0x4F52),
    (Some(0x5FC0), 0x4F03),
    (Some(0x5FC0), 0x4F04),
    (Some(0x5FC0), 0x4F05),
    (Some(0x7F20), 0x6F20),
];

/// By the header of a command, whether it would be carried out or not: a PIN that came under a wrong class or length is a
/// PIN all the same.
pub(crate) fn of_header(cla: u8, instruction: u8) -> SecretData {
    let codes = [ins::VERIFY_PIN, ins::CHANGE_PIN, ins::DISABLE_PIN, ins::ENABLE_PIN, ins::UNBLOCK_PIN];
    SecretData {
        command: codes.contains(&instruction),
        response: cla & 0x80 == 0 && instruction == ins::AUTHENTICATE,
    }
}

/// By the file that a command is for.
pub(crate) fn of_file(state: &CardState, position: &Position, command: &Command<'_>) -> SecretData {
    let reference = match command.instruction {
        ins::READ_BINARY | ins::UPDATE_BINARY => binary::reference(command),
        ins::READ_RECORD | ins::UPDATE_RECORD | ins::SEARCH_RECORD => {
            Reference::of_five_bits(command.p2 >> 3)
        }
        _ => return SecretData::default(),
    };
    let target = reference.and_then(|reference| Target::find(files(state), position, reference));
    let holds_keys = target.is_ok_and(|target| is_key_file(&target.body.path));
    SecretData { command: holds_keys, response: holds_keys }
}

fn is_key_file(path: &FilePath) -> bool {
    let directory = path.parent().map(|directory| directory.file_id());
    KEY_FILES.iter().any(|(within, file_id)| {
        path.file_id() == *file_id && within.is_none_or(|within| directory == Some(within))
    })
}
