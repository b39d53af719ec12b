//! INCREASE (ETSI TS 102 221 §11.1.8).

use super::access::Access;
use super::target::{Reference, Target};
use super::{Position, VerifiedCodes, files, store};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;

/// INCREASE: adds a value to the record that was written last and writes the sum over the oldest. The response is the sum
/// and the value.
///
/// # Errors
/// The status word where it is refused, 9850 where the sum does not fit into a record; nothing is written then.
pub(super) fn increase(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let reference = match (command.p1, command.p2) {
        (0x00, 0x00) => Reference::Current,
        (short @ 0x81..=0x9E, 0x00) => Reference::ShortFileId(short & 0x1F),
        _ => return Err(StatusWord::WRONG_P1_P2),
    };
    let target = Target::find(files(isdr.state()), position, reference)?;
    let records = target.records()?;
    if !records.is_cyclic {
        return Err(StatusWord::INCOMPATIBLE_STRUCTURE);
    }
    target.permit(codes, Access::Increase)?;
    if !(1..=records.length()).contains(&command.data.len()) {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let latest = records.get(1).ok_or(StatusWord::RECORD_NOT_FOUND)?;
    let sum = sum(latest, command.data).ok_or(StatusWord::MAXIMUM_REACHED)?;
    let content = records.rotated(&sum);
    let after = Position { record: Some(1), ..target.position_after(position) };
    let path = target.body.path.clone();
    store(isdr, &path, content)?;
    *position = after;
    Ok(Response::data([&sum, command.data].concat()))
}

/// The sum in as many bytes as `counter` has; `None` where it does not fit.
fn sum(counter: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let mut sum = counter.to_vec();
    let mut carry = false;
    let value = value.iter().rev().copied().chain(std::iter::repeat(0));
    for (byte, addend) in sum.iter_mut().rev().zip(value) {
        (*byte, carry) = byte.carrying_add(addend, carry);
    }
    (!carry).then_some(sum)
}
