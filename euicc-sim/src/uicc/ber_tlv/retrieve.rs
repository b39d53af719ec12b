//! RETRIEVE DATA (ETSI TS 102 221 §11.3.1).

use std::borrow::Cow;

use asn1::tlv::{self, Tag};

use super::{Part, TAG_LIST, Transfer, objects, only_tag, part};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::Structure;
use crate::uicc::access::Access;
use crate::uicc::target::Target;
use crate::uicc::{Position, VerifiedCodes, files};

/// RETRIEVE DATA: a block of a data object, and whether there is more.
///
/// # Errors
/// The status word where it is refused.
pub(in crate::uicc) fn retrieve(
    isdr: &Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (part, reference) = part(command)?;
    // The first command says which object, the others have no data.
    if (part == Part::First) == command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let target = Target::find(files(isdr.state()), position, reference)?;
    let content = target.content(&Structure::BerTlv)?;
    target.permit(codes, Access::Read)?;
    let (tag, start) = match (part, &position.transfer) {
        (Part::First, _) => (only_tag(command.data).ok_or(StatusWord::WRONG_DATA)?, 0),
        (Part::Next, Some(Transfer::Retrieve { tag, end, .. })) => (*tag, *end),
        (Part::Previous, Some(Transfer::Retrieve { tag, start, .. })) => (*tag, *start),
        _ => return Err(StatusWord::CONDITIONS_NOT_SATISFIED),
    };
    let object = object(content, tag).ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
    // Behind the last block there is none.
    let rest = object.get(start..).filter(|rest| !rest.is_empty());
    let block = command.cut(rest.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?);
    let end = start.saturating_add(block.len());
    let status = if end < object.len() { StatusWord::MORE_DATA_AVAILABLE } else { StatusWord::OK };
    *position = Position {
        transfer: Some(Transfer::Retrieve { tag, start, end }),
        ..target.position_after(position)
    };
    Ok(Response { data: block.to_vec(), status })
}

/// A data object as it is stored, or the list of all tags.
fn object(content: &[u8], tag: Tag) -> Option<Cow<'_, [u8]>> {
    if tag == TAG_LIST {
        let tags: Vec<u8> = objects(content).flat_map(|object| object.tag.octets()).collect();
        return Some(Cow::Owned(tlv::wrap(TAG_LIST.0, &tags)));
    }
    objects(content).find(|object| object.tag == tag).map(|object| Cow::Borrowed(object.raw))
}
