//! READ BINARY and UPDATE BINARY (ETSI TS 102 221 §11.1.3, §11.1.4).

use super::access::Access;
use super::target::{Reference, Target};
use super::{Position, VerifiedCodes, files, store};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::Structure;

/// Table 11.10: the file, and the offset into it.
fn place(command: &Command<'_>) -> Result<(Reference, usize), StatusWord> {
    match command.p1 {
        high @ 0x00..=0x7F => Ok((Reference::Current, usize::from(u16::from_be_bytes([high, command.p2])))),
        short @ 0x81..=0x9E => Ok((Reference::ShortFileId(short & 0x1F), usize::from(command.p2))),
        _ => Err(StatusWord::WRONG_P1_P2),
    }
}

/// The file that a READ BINARY or UPDATE BINARY is for.
pub(super) fn reference(command: &Command<'_>) -> Result<Reference, StatusWord> {
    place(command).map(|(reference, _)| reference)
}

/// READ BINARY: what there is from the offset on, up to Le.
///
/// # Errors
/// The status word where it is refused.
pub(super) fn read(
    isdr: &Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if !command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let (reference, offset) = place(command)?;
    let target = Target::find(files(isdr.state()), position, reference)?;
    let content = target.content(&Structure::Transparent)?;
    target.permit(codes, Access::Read)?;
    let there = content.get(offset..).filter(|there| !there.is_empty()).ok_or(StatusWord::WRONG_OFFSET)?;
    *position = target.position_after(position);
    // Le 00 asks for what there is, any other for just as much (ISO/IEC 7816-4 §5.1.3).
    let is_short = command.expected.is_some_and(|length| length < 256 && length > there.len());
    let status = if is_short { StatusWord::END_OF_FILE } else { StatusWord::OK };
    Ok(Response { data: command.cut(there).to_vec(), status })
}

/// UPDATE BINARY.
///
/// # Errors
/// The status word where it is refused; nothing is written then.
pub(super) fn update(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let (reference, offset) = place(command)?;
    let target = Target::find(files(isdr.state()), position, reference)?;
    let mut content = target.content(&Structure::Transparent)?.to_vec();
    target.permit(codes, Access::Update)?;
    let there =
        content.get_mut(offset..).filter(|there| !there.is_empty()).ok_or(StatusWord::WRONG_OFFSET)?;
    let (written, _) = there.split_at_mut_checked(command.data.len()).ok_or(StatusWord::WRONG_LENGTH)?;
    written.copy_from_slice(command.data);
    let after = target.position_after(position);
    let path = target.body.path.clone();
    store(isdr, &path, content)?;
    *position = after;
    Ok(StatusWord::OK.into())
}
