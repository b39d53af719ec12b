//! READ RECORD and UPDATE RECORD (ETSI TS 102 221 §11.1.5, §11.1.6).

use super::access::Access;
use super::records::Records;
use super::target::{Reference, Target};
use super::{Position, VerifiedCodes, files, store};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;

/// Table 11.11: which record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Absolute(u8),
    Current,
    Next,
    Previous,
}

impl Mode {
    fn parse(command: &Command<'_>) -> Result<(Reference, Self), StatusWord> {
        let mode = match (command.p2 & 0x07, command.p1) {
            // P1 means nothing here, whatever it is.
            (0x02, _) => Self::Next,
            (0x03, _) => Self::Previous,
            (0x04, 0x00) => Self::Current,
            (0x04, number) => Self::Absolute(number),
            _ => return Err(StatusWord::WRONG_P1_P2),
        };
        Ok((Reference::of_five_bits(command.p2 >> 3)?, mode))
    }

    /// Past its end a linear fixed file has nothing, a cyclic one goes round. Gives the number of the record, and the record pointer after a command that was successful.
    fn resolve(self, records: Records<'_>, pointer: Option<u8>) -> Option<(u8, Option<u8>)> {
        let count = records.count();
        let number = match (self, pointer) {
            (Self::Absolute(number), _) => number,
            (Self::Current, pointer) => pointer?,
            (Self::Next, None) => 1,
            (Self::Next, Some(last)) if last >= count => records.is_cyclic.then_some(1)?,
            (Self::Next, Some(number)) => number.checked_add(1)?,
            (Self::Previous, None) => count,
            (Self::Previous, Some(..=1)) => records.is_cyclic.then_some(count)?,
            (Self::Previous, Some(number)) => number.checked_sub(1)?,
        };
        let moves = matches!(self, Self::Next | Self::Previous);
        (1..=count).contains(&number).then_some((number, if moves { Some(number) } else { pointer }))
    }
}

/// READ RECORD: a whole record.
///
/// # Errors
/// The status word where it is refused; the record pointer is as before.
pub(super) fn read(
    isdr: &Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if !command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let (reference, mode) = Mode::parse(command)?;
    let target = Target::find(files(isdr.state()), position, reference)?;
    let records = target.records()?;
    target.permit(codes, Access::Read)?;
    let found = mode.resolve(records, target.record_pointer(position));
    let (number, pointer) = found.ok_or(StatusWord::RECORD_NOT_FOUND)?;
    let record = records.get(number).ok_or(StatusWord::RECORD_NOT_FOUND)?;
    // ETSI TS 102 221 §7.3.1.1.2: a card that is asked for the wrong length tells the right one.
    if command.expected.is_some_and(|length| length != 256 && length != record.len()) {
        return Err(StatusWord::wrong_expected_length(record.len()));
    }
    *position = Position { record: pointer, ..target.position_after(position) };
    Ok(Response::data(command.cut(record)))
}

/// UPDATE RECORD: a whole record. In a cyclic file it takes the place of the oldest one and becomes record 1.
///
/// # Errors
/// The status word where it is refused; nothing is written then and the record pointer is as before.
pub(super) fn update(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (reference, mode) = Mode::parse(command)?;
    let target = Target::find(files(isdr.state()), position, reference)?;
    let records = target.records()?;
    target.permit(codes, Access::Update)?;
    if command.data.len() != records.length() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let (content, pointer) = match (records.is_cyclic, mode) {
        (true, Mode::Previous) => (records.rotated(command.data), Some(1)),
        // ETSI TS 102 221 §11.1.6: a cyclic file knows no other mode.
        (true, _) => return Err(StatusWord::INCOMPATIBLE_STRUCTURE),
        (false, mode) => {
            let found = mode.resolve(records, target.record_pointer(position));
            let (number, pointer) = found.ok_or(StatusWord::RECORD_NOT_FOUND)?;
            (records.with(number, command.data), pointer)
        }
    };
    let after = Position { record: pointer, ..target.position_after(position) };
    let path = target.body.path.clone();
    store(isdr, &path, content)?;
    *position = after;
    Ok(StatusWord::OK.into())
}
