//! SEARCH RECORD (ETSI TS 102 221 §11.1.7).

use super::access::Access;
use super::target::{Reference, Target};
use super::{Position, VerifiedCodes, files};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;

/// A search: where it begins, which way it goes, and what it looks for.
struct Search<'a> {
    reference: Reference,
    start: Start,
    is_forward: bool,
    begin: Begin,
    pattern: &'a [u8],
}

/// The first record to look at.
#[derive(Clone, Copy)]
enum Start {
    Number(u8),
    Current,
    /// The one behind the current record, or before it.
    BesideCurrent,
}

/// Where in a record the pattern may stand.
#[derive(Clone, Copy)]
enum Begin {
    Offset(u8),
    /// From the first byte with this value on.
    Value(u8),
}

impl<'a> Search<'a> {
    fn parse(command: &Command<'a>) -> Result<Self, StatusWord> {
        let start = if command.p1 == 0 { Start::Current } else { Start::Number(command.p1) };
        let reference = Reference::of_five_bits(command.p2 >> 3)?;
        let simple = |is_forward| Self {
            reference,
            start,
            is_forward,
            begin: Begin::Offset(0),
            pattern: command.data,
        };
        match command.p2 & 0x07 {
            0x04 => Ok(simple(true)),
            0x05 => Ok(simple(false)),
            0x06 => Self::enhanced(reference, start, command.data),
            _ => Err(StatusWord::WRONG_P1_P2),
        }
    }

    /// Table 11.13: a search indication byte, an offset or a value, the pattern.
    fn enhanced(reference: Reference, start: Start, data: &'a [u8]) -> Result<Self, StatusWord> {
        let [indication, byte, pattern @ ..] = data else { return Err(StatusWord::WRONG_LENGTH) };
        let begin = if indication & 0x08 == 0 { Begin::Offset(*byte) } else { Begin::Value(*byte) };
        let (start, is_forward) = match indication & 0xF7 {
            0x04 => (start, true),
            0x05 => (start, false),
            0x06 => (Start::BesideCurrent, true),
            0x07 => (Start::BesideCurrent, false),
            _ => return Err(StatusWord::WRONG_DATA),
        };
        Ok(Self { reference, start, is_forward, begin, pattern })
    }

    fn finds(&self, record: &[u8]) -> bool {
        let begin = match self.begin {
            Begin::Offset(offset) => Some(usize::from(offset)),
            Begin::Value(value) => record.iter().position(|byte| *byte == value),
        };
        let rest = begin.and_then(|begin| record.get(begin..)).unwrap_or_default();
        rest.windows(self.pattern.len().max(1)).any(|place| place == self.pattern)
    }

    /// The numbers of the records to look at, in order; `None` where the first one does not exist.
    fn numbers(&self, count: u8, pointer: Option<u8>) -> Option<Vec<u8>> {
        let first = match self.start {
            Start::Number(number) => number,
            Start::Current => pointer?,
            // Without a record pointer the search begins where the next or previous record would be read.
            Start::BesideCurrent => match (pointer, self.is_forward) {
                (None, true) => 1,
                (None, false) => count,
                (Some(number), true) => number.saturating_add(1),
                (Some(number), false) => number.saturating_sub(1),
            },
        };
        let beside = matches!(self.start, Start::BesideCurrent);
        if !beside && !(1..=count).contains(&first) {
            return None;
        }
        Some(if self.is_forward { (first..=count).collect() } else { (1..=first).rev().collect() })
    }
}

/// SEARCH RECORD: the numbers of the records that hold the pattern, in the order in which they were looked at. The first of
/// them becomes the current record.
///
/// # Errors
/// The status word where it is refused; 6282 where nothing is found. The record pointer is as before.
pub(super) fn search(
    isdr: &Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let search = Search::parse(command)?;
    let target = Target::find(files(isdr.state()), position, search.reference)?;
    let records = target.records()?;
    target.permit(codes, Access::Read)?;
    if search.pattern.is_empty() || search.pattern.len() > records.length() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let numbers = search.numbers(records.count(), target.record_pointer(position));
    let numbers = numbers.ok_or(StatusWord::RECORD_NOT_FOUND)?.into_iter();
    let found: Vec<u8> =
        numbers.filter(|number| records.get(*number).is_some_and(|record| search.finds(record))).collect();
    *position = Position {
        record: found.first().copied().or(target.record_pointer(position)),
        ..target.position_after(position)
    };
    if found.is_empty() {
        return Err(StatusWord::END_OF_FILE);
    }
    Ok(Response::data(found))
}
